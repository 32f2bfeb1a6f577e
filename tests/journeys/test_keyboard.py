"""The keyboard alone opens, comments and approves."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Crowd, deliver_solution, open_ticket, settle

pytestmark = pytest.mark.journey

BRUNO = "bruno@acme.example"
NAME = """() => {
    const at = document.activeElement;
    const label = at.labels?.[0]?.innerText || "";
    return (at.getAttribute("aria-label") || label || at.innerText || "").trim();
}"""
# The ring is on the element, on the label of a choice, or on the box around a text.
SEEN_FOCUS = """() => {
    const at = document.activeElement;
    const places = [at, at.closest("label"), at.closest(".composer"), at.closest(".sev, .radio-card, .drop")];
    return places.some((place) => {
        const style = place && getComputedStyle(place);
        return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
}"""


def test_the_keyboard_alone_opens_comments_and_approves(crowd: Crowd) -> None:
    with crowd.window(BRUNO) as page:
        page.goto("/")
        press(page, "Pular para o conteúdo")
        press(page, "Falha técnica")
        page.wait_for_url("**/falha-tecnica/")
        write(page, "Título", "Sem mouse na recepção")
        reach(page, "Baixo impacto")
        page.keyboard.press("ArrowDown")
        write(page, "Descrição", "O mouse quebrou e o sistema trava.")
        write(page, "Telefone", "(11) 4000-1234")
        press(page, "Abrir chamado")
        page.wait_for_url("**/aberto/")
        press(page, "Acompanhar o chamado")
        page.wait_for_url("**/chamados/*/")
        number = page.url.rstrip("/").rsplit("/", 1)[-1]

        write(page, "Escrever comentário", "Consegui pelo teclado.")
        press(page, "Comentar")
        expect(page.locator(".timeline").get_by_text("Consegui pelo teclado.")).to_be_visible()

        deliver_solution(crowd, number, "Troque o mouse.")
        page.goto(f"/chamados/{number}/")
        press(page, "Aprovar solução")
        expect(page.get_by_text("Solução aprovada")).to_be_visible()


def test_the_focus_stays_where_one_acted(crowd: Crowd) -> None:
    with crowd.window(BRUNO) as page:
        number = open_ticket(page, "Teclado na mesa")
    with crowd.window("ana@lume.example") as page:
        page.goto(f"/mesa/chamados/{number}/")
        settle(page)
        focus(page, "Assumir")
        page.keyboard.press("Enter")
        expect(page.locator("#cabecalho [data-lands]")).to_be_focused()  # the new state, where the button was
        expect(page.locator("#cabecalho [data-lands]")).to_contain_text("Em atendimento")

        focus(page, "Transferir")
        page.keyboard.press("Enter")
        expect(page.locator("#dialogo select")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("link", name="Transferir")).to_be_focused()

        from_menu(page, "Mudar gravidade")
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Mais ações")).to_be_focused()
        from_menu(page, "Mudar gravidade")
        page.locator("#dialogo select").select_option(index=1)
        page.locator("#dialogo textarea").fill("Pior do que parecia.")
        page.locator("#dialogo").get_by_role("button", name="Mudar gravidade").press("Enter")
        expect(page.locator(".timeline").get_by_text("Pior do que parecia.")).to_be_visible()
        expect(page.get_by_role("button", name="Mais ações")).to_be_focused()

        page.get_by_label("Texto da resposta").fill("Estou vendo.")
        page.get_by_role("button", name="Enviar e pedir validação").press("Enter")
        expect(page.locator(".timeline").get_by_text("Estou vendo.")).to_be_visible()
        expect(page.get_by_label("Texto da resposta")).to_be_focused()


def test_the_list_of_keys_opens_by_its_key_and_by_its_button(crowd: Crowd) -> None:
    with crowd.window("ana@lume.example") as page:
        page.goto("/mesa/chamados/")
        settle(page)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Atalhos do teclado")).to_contain_text("Assumir o chamado")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

        page.get_by_role("link", name="Atalhos do teclado").click()
        expect(page.get_by_role("dialog", name="Atalhos do teclado")).to_be_visible()


def focus(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.focus()


def from_menu(page: Page, name: str) -> None:
    page.get_by_role("button", name="Mais ações").press("Enter")
    page.locator("#acoes").get_by_role("link", name=name).press("Enter")
    expect(page.locator("#dialogo select")).to_be_focused()
    settle(page)


def reach(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called `name`; the focus can be seen all the way."""
    for _step in range(120):
        page.keyboard.press("Tab")
        called = page.evaluate(NAME)
        assert not called or page.evaluate(SEEN_FOCUS), f"no visible focus on {called!r}"
        if called.startswith(name):
            return
    raise AssertionError(f"{name!r} cannot be reached by keyboard")


def press(page: Page, name: str) -> None:
    reach(page, name)
    page.keyboard.press("Enter")


def write(page: Page, name: str, words: str) -> None:
    reach(page, name)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)
