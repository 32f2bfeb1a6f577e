"""A form gets a field of every kind under a condition: from the editor to the customer, the ticket and the desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Crowd, settle

pytestmark = pytest.mark.journey

EDITOR = "/administracao/formularios/impressao/"
OPENING = "/chamados/novo/impressao/"
# Name of the field, words of its kind, and what the ticket says of the answer.
FIELDS = {
    "Etiqueta": ("Texto", "E-77"),
    "Relato": ("Texto longo", "Sai em branco"),
    "Páginas": ("Número", "1.200,5"),
    "Desde": ("Data", "19/11/2026"),
    "Modelo": ("Escolha", "DryPix"),
    "Cores": ("Várias escolhas", "Ciano, Preto"),
    "Parada": ("Caixa de marcar", "Sim"),
    "Operador": ("Pessoa", "Bruno Braga"),
}


@pytest.fixture(scope="module")
def form(crowd: Crowd, elisa: str) -> None:
    """A request type of its own, whose form Elisa publishes with all of FIELDS."""
    with crowd.window(elisa) as page:
        page.goto("/administracao/formularios/novo/")
        page.get_by_label("Nome", exact=True).fill("Impressão")
        page.get_by_label("Quando usar").fill("A impressora não imprime")
        page.get_by_label("Fluxo").select_option(label="Suporte")
        page.get_by_label("Equipe").select_option(label="Suporte")
        page.locator("form.settings button.btn--primary").click()
        page.wait_for_url(f"**{EDITOR}")
        add(page, "Onde", "Escolha", "Casa\nHospital")
        for name, (kind, _answer) in FIELDS.items():
            add(page, name, kind, {"Modelo": "DryPix\nDrystar", "Cores": "Ciano\nPreto\nAmarelo"}.get(name, ""))
            hang(page, "Onde", "Hospital", is_required=name == "Etiqueta")
        with crowd.window("bruno@acme.example") as other:
            other.goto(OPENING)
            expect(other.get_by_label("Título")).to_be_visible()
            expect(other.get_by_label("Onde")).to_have_count(0)
        page.get_by_role("button", name="Publicar formulário").click()
        expect(page.get_by_text("Formulário publicado").first).to_be_visible()
        expect(page.get_by_role("button", name="Publicar formulário")).to_have_count(0)


def add(page: Page, name: str, kind: str, options: str) -> None:
    """Make an own field at the end of the draft; the editor opens it."""
    page.goto(f"{EDITOR}campos/adicionar/")
    page.get_by_label("Nome do campo").fill(name)
    page.get_by_label("Tipo", exact=True).select_option(label=kind)
    page.get_by_label("Opções").fill(options)
    page.locator("form.settings button.btn--primary").click()
    page.wait_for_url(re.compile(r"\?campo=new-\d+"))


def hang(page: Page, field: str, answer: str, *, is_required: bool) -> None:
    """Give the open line a condition, with the keyboard alone."""
    page.locator("#add-condition").focus()
    page.keyboard.press("Enter")
    chosen = page.get_by_label("Campo da condição 1")
    expect(chosen).to_be_visible()
    settle(page)
    chosen.focus()
    chosen.select_option(label=field)
    expect(page.get_by_label("Valor da condição 1").locator("option", has_text=answer)).to_be_attached()
    settle(page)
    page.get_by_label("Valor da condição 1").select_option(label=answer)
    if is_required:
        page.get_by_label("Obrigatório").focus()
        page.keyboard.press("Space")
    page.locator("#line-form").get_by_role("button", name="Guardar no rascunho").last.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Aparece quando {field} é {answer}").first).to_be_visible()


def begin(page: Page, title: str) -> None:
    page.goto(OPENING)
    page.get_by_label("Título").fill(title)
    page.get_by_label("Descrição").fill("A impressora da recepção não imprime.")


def fill(page: Page) -> None:
    page.get_by_label("Etiqueta").fill("E-77")
    page.get_by_label("Relato").fill("Sai em branco")
    page.get_by_label("Páginas").fill("1200,5")
    page.get_by_label("Desde").fill("2026-11-19")
    page.get_by_label("Modelo").select_option("DryPix")
    page.get_by_label("Ciano").check()
    page.get_by_label("Preto").check()
    page.get_by_label("Parada").check()
    page.get_by_role("combobox", name="Operador").fill("Bruno Braga")


def sent(page: Page) -> str:
    """Send the form and return the number of the ticket."""
    page.get_by_role("button", name="Abrir chamado").last.click()
    page.wait_for_url("**/aberto/")
    found = re.search(r"/chamados/(\d+)/", page.url)
    assert found
    return found[1]


def check_answers(page: Page) -> None:
    for name, (_kind, answer) in FIELDS.items():
        expect(page.locator("dl.facts > div", has=page.locator(f"dt:text-is('{name}')")).locator("dd")).to_have_text(
            answer
        )


def test_are_asked_answered_shown_and_changed(form: None, crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example") as page:
        begin(page, "Laudo sai sem contraste no filme")
        page.get_by_label("Onde").select_option("Casa")
        settle(page)
        expect(page.get_by_label("Etiqueta")).to_have_count(0)
        page.get_by_label("Onde").select_option("Hospital")
        expect(page.get_by_role("combobox", name="Operador")).to_be_visible()
        settle(page)
        fill(page)
        page.get_by_role("option", name="Bruno Braga").click()
        number = sent(page)
        page.goto(f"/chamados/{number}/")
        check_answers(page)

    with crowd.window("ana@lume.example") as page:
        page.goto(f"/mesa/chamados/{number}/")
        check_answers(page)
        page.get_by_role("link", name="Alterar campos").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("Aparece quando Onde é Hospital").first).to_be_visible()
        dialog.get_by_label("Etiqueta").fill("E-78")
        dialog.get_by_label("Motivo").fill("Lida pelo telefone")
        dialog.get_by_role("button", name="Alterar campos").click()
        expect(page.locator(".timeline").get_by_text("Etiqueta de E-77 para E-78")).to_be_visible()


def test_are_asked_without_scripts_too(form: None, crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example", java_script_enabled=False) as page:
        begin(page, "Sem scripts")
        page.get_by_label("Onde").select_option("Hospital")
        page.get_by_role("button", name="Atualizar o que depende destas escolhas").first.click()
        fill(page)
        number = sent(page)
        page.goto(f"/chamados/{number}/")
        check_answers(page)


def test_a_required_field_that_is_hidden_is_not_asked(form: None, crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example") as page:
        begin(page, "Em casa")
        page.get_by_label("Onde").select_option("Hospital")
        page.get_by_label("Etiqueta").fill("E-99")
        settle(page)
        page.get_by_label("Onde").select_option("Casa")
        expect(page.get_by_label("Etiqueta")).to_have_count(0)
        number = sent(page)
        page.goto(f"/chamados/{number}/")
        expect(page.locator("dt:text-is('Onde')")).to_be_visible()
        expect(page.get_by_text("E-99")).to_have_count(0)


def test_a_field_is_dragged_to_another_place(form: None, crowd: Crowd, elisa: str) -> None:
    """Last of its file: the draft it begins is thrown away."""
    with crowd.window(elisa) as page:
        page.goto(EDITOR)
        expect(page.get_by_role("button", name="Descartar")).to_have_count(0)

        page.locator("#field-title .srow b").drag_to(page.locator("#field-attachments .srow b"))

        expect(page.get_by_role("button", name="Publicar formulário")).to_be_visible()
        expect(page.get_by_text("A ordem dos campos muda.")).to_be_visible()
        page.get_by_role("button", name="Descartar").click()
        expect(page.get_by_text("A ordem dos campos muda.")).to_have_count(0)
