"""A customer telephones: the desk finds or registers the person and opens the ticket in their name."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Crowd, Product, settle

pytestmark = pytest.mark.journey

ANA = "ana@lume.example"
NEW = "/mesa/chamados/novo/"


def find(page: Page, label: str, words: str, name: str) -> None:
    """Choose `name` in the box `label` by typing `words` and with the keys."""
    box = page.get_by_role("combobox", name=label)
    box.fill(words)
    expect(page.locator("[role=listbox]:visible [role=option]")).to_have_count(1)
    expect(page.locator("[role=listbox]:visible [role=option]")).to_contain_text(name)
    with page.expect_response(re.compile("/campos/")):
        box.press("ArrowDown")
        box.press("Enter")
    settle(page)


def begin(page: Page, title: str) -> None:
    page.get_by_label("Tipo").select_option("falha-tecnica")
    expect(page.get_by_label("Título")).to_be_visible()
    settle(page)
    page.get_by_label("Título").fill(title)
    page.get_by_label("Produto", exact=True).select_option(label="Visor")
    settle(page)
    page.get_by_label("Descrição").fill("Ligou da recepção.")
    page.locator("input[name=contact_phone]").fill("(11) 4000-1234")
    page.locator("input[name=severity]").nth(1).check()


def test_opens_for_somebody_known_with_enter(crowd: Crowd) -> None:
    with crowd.window(ANA) as page:
        page.goto(NEW)
        find(page, "Quem pediu", "braga", "Bruno Braga")
        expect(page.locator("#ficha").get_by_text("bruno@acme.example")).to_be_visible()
        begin(page, "Impressora da recepção parou")
        page.get_by_label("Duração").fill("7")
        expect(page.locator("input[name=contact_name]")).to_have_value("Bruno Braga")

        page.get_by_label("Título").press("Enter")

        page.wait_for_url(re.compile(r"/mesa/chamados/\d+/$"))
        expect(page.get_by_text("Aberto por Ana Analista para Bruno Braga").first).to_be_visible()


def test_keeps_what_was_typed_when_the_person_turns_out_to_be_another(crowd: Crowd) -> None:
    with crowd.window(ANA) as page:
        page.goto(NEW)
        begin_without_person(page)
        find(page, "Quem pediu", "caio", "Caio Costa")
        expect(page.get_by_label("Título")).to_have_value("Alguém ligou")
        expect(page.locator("input[name=contact_name]")).to_have_value("Caio Costa")
        find(page, "Quem pediu", "campos", "Carla Campos")
        expect(page.get_by_label("Título")).to_have_value("Alguém ligou")
        expect(page.locator("input[name=contact_name]")).to_have_value("Carla Campos")
        expect(page.get_by_text(re.compile("Rascunho salvo às"))).to_be_visible()

        page.goto(NEW)
        expect(page.get_by_label("Título")).to_have_value("Alguém ligou")
        page.get_by_role("button", name="Descartar rascunho").click()
        expect(page.get_by_role("combobox", name="Quem pediu")).to_have_value("")


def begin_without_person(page: Page) -> None:
    page.get_by_label("Tipo").select_option("falha-tecnica")
    expect(page.get_by_label("Título")).to_be_visible()
    settle(page)
    page.get_by_label("Título").fill("Alguém ligou")


def test_registers_who_is_new_and_warns_of_a_similar_ticket(crowd: Crowd) -> None:
    with crowd.window(ANA) as page:
        page.goto(NEW)
        page.get_by_text("Cadastre a pessoa aqui").click()
        find(page, "Organização", "acme", "Acme")
        page.locator("input[name=new_name]").fill("Nívea Novais")
        begin(page, "Impressora da recepção parou de novo")
        expect(page.locator("#semelhantes").get_by_role("link")).to_have_count(1)
        page.get_by_role("button", name="Abrir chamado").last.click()

        page.wait_for_url(re.compile(r"/mesa/chamados/\d+/$"))
        expect(page.get_by_text("Aberto por Ana Analista para Nívea Novais").first).to_be_visible()


def test_says_what_is_missing_and_keeps_the_rest(crowd: Crowd) -> None:
    with crowd.window(ANA, viewport={"width": 390, "height": 844}) as page:
        page.goto(NEW)
        begin_without_person(page)
        page.get_by_role("button", name="Abrir chamado").last.click()

        expect(page.locator("focus-errors")).to_be_focused()
        expect(page.get_by_label("Título")).to_have_value("Alguém ligou")


def test_opens_in_steps_without_javascript(crowd: Crowd) -> None:
    with crowd.window(ANA, java_script_enabled=False) as page:
        page.goto(NEW)
        page.get_by_role("combobox", name="Quem pediu").fill("caio")
        page.get_by_label("Tipo").select_option("falha-tecnica")
        page.get_by_role("button", name="Atualizar", exact=True).click()
        expect(page.locator("input[name=contact_name]")).to_have_value("Caio Costa")
        page.get_by_label("Título").fill("Tela preta no raio-x")
        page.get_by_label("Produto", exact=True).select_option(label="Visor")
        page.get_by_label("Descrição").fill("Sem script.")
        page.locator("input[name=contact_phone]").fill("(11) 4000-1234")
        page.locator("input[name=severity]").nth(1).check()
        page.get_by_label("Título").press("Enter")

        page.wait_for_url(re.compile(r"/mesa/chamados/\d+/$"))


def test_what_this_device_kept_comes_back_with_the_fields_of_its_type(crowd: Crowd, product: Product) -> None:
    with crowd.window(ANA) as page:
        page.goto(NEW)
        kept = {"key": f"opening:desk:{product.ids['ana']}", "text": "request_type=falha-tecnica&title=Sem+rede"}
        page.evaluate("kept => localStorage.setItem(kept.key, kept.text)", kept)

        page.goto(NEW)

        expect(page.get_by_label("Título")).to_have_value("Sem rede")
        expect(page.get_by_text(re.compile("Rascunho salvo às"))).to_be_visible()
        page.goto(NEW)
        page.get_by_role("button", name="Descartar rascunho").click()


def test_customers_are_reached_on_a_phone(crowd: Crowd) -> None:
    with crowd.window(ANA, viewport={"width": 390, "height": 844}) as page:
        page.goto("/mesa/")
        page.get_by_role("button", name="Mais", exact=True).click()
        page.locator("#conta").get_by_role("link", name="Clientes").click()

        page.wait_for_url("**/mesa/clientes/")


def test_a_refused_dialog_takes_the_focus_to_what_is_missing(crowd: Crowd) -> None:
    with crowd.window(ANA) as page:
        page.goto("/mesa/chamados/")
        page.get_by_role("link", name="Impressora da recepção parou", exact=True).click()
        page.wait_for_url(re.compile(r"/mesa/chamados/\d+/$"))
        page.locator("a[href*='/transferir/']").first.evaluate("link => link.click()")
        dialog = page.locator("#dialogo")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="Transferir").click()

        expect(dialog.locator("focus-errors")).to_be_focused()
