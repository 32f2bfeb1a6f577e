"""Where scripts do not run, one opens with a file, comments and judges all the same."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.files import samples
from tests.journeys.browsing import Crowd, deliver_solution, fill_opening

pytestmark = pytest.mark.journey


def test_everything_works_without_scripts(crowd: Crowd, tmp_path: Path) -> None:
    picture, notes = tmp_path / "tela.png", tmp_path / "passos.txt"
    picture.write_bytes(samples.picture())
    notes.write_text("1. abrir\n2. esperar\n")

    with crowd.window("bruno@acme.example", java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name="Falha técnica").first.click()
        fill_opening(page, "Sem scripts nesta máquina")
        page.locator("input[name=files-new]").set_input_files(str(picture))
        page.get_by_role("button", name="Abrir chamado").click()
        page.get_by_role("link", name="Acompanhar o chamado").click()
        number = page.url.rstrip("/").rsplit("/", 1)[-1]
        expect(page.locator(".timeline").get_by_text("tela.png").first).to_be_visible()

        page.get_by_label("Escrever comentário").fill("Segue o passo a passo.")
        page.locator("input[name=files-new]").set_input_files(str(notes))
        page.get_by_role("button", name="Comentar").click()
        expect(page.locator(".timeline").get_by_text("Segue o passo a passo.")).to_be_visible()
        expect(page.locator(".timeline").get_by_text("passos.txt").first).to_be_visible()

        deliver_solution(crowd, number, "Atualize o navegador.")
        page.goto(f"/chamados/{number}/")
        page.get_by_role("link", name="Reprovar").click()
        page.get_by_role("button", name="Reprovar").click()
        expect(page.locator(".error-summary")).to_be_visible()
        page.get_by_label("O que ainda está errado?").fill("Atualizei e nada mudou.")
        page.get_by_role("button", name="Reprovar").click()
        expect(page.locator(".timeline").get_by_text("Atualizei e nada mudou.")).to_be_visible()


def test_a_refused_form_keeps_what_was_typed(crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example", java_script_enabled=False) as page:
        page.goto("/chamados/novo/falha-tecnica/")
        page.get_by_label("Título").fill("Falta o resto")
        page.get_by_role("button", name="Abrir chamado").click()

        expect(page.locator(".error-summary")).to_be_visible()
        expect(page.get_by_label("Título")).to_have_value("Falta o resto")


def test_a_refused_form_names_the_deadline_of_what_was_chosen(crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example", java_script_enabled=False) as page:
        page.goto("/chamados/novo/falha-tecnica/")
        deadline = page.get_by_role("region", name="Prazo deste chamado")
        expect(deadline.get_by_text("escolha uma para ver as datas")).to_be_visible()
        page.locator("input[name=severity]").nth(1).check()
        page.get_by_role("button", name="Abrir chamado").click()

        expect(page.locator(".error-summary")).to_be_visible()
        expect(deadline.get_by_text("Primeira resposta")).to_be_visible()
