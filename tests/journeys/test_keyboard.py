"""The keyboard alone opens, comments and approves."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Crowd, deliver_solution

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
