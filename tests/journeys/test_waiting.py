"""What stops deadlines and ends tickets: a diagnosis at the desk, *I still need it*, a status that pauses."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Crowd, deliver_solution, open_ticket, settle

pytestmark = pytest.mark.journey

BRUNO, ANA = "bruno@acme.example", "ana@lume.example"


def test_a_diagnosis_is_recorded_as_such_and_read_by_the_customer(crowd: Crowd) -> None:
    with crowd.window(BRUNO) as page:
        number = open_ticket(page, "Disco cheio na recepção")
    with crowd.window(ANA) as page:
        page.goto(f"/mesa/chamados/{number}/")
        settle(page)
        page.keyboard.press("d")
        box = page.locator("form.composer textarea")
        expect(box).to_be_focused()
        expect(box).to_have_attribute("placeholder", "Qual é a causa. O cliente lê")
        expect(page.get_by_role("button", name="Enviar", exact=True)).to_be_hidden()
        expect(page.get_by_role("button", name="Guardar nota")).to_be_hidden()

        page.get_by_role("button", name="Registrar diagnóstico").click()
        expect(page.get_by_text("Escreva o diagnóstico antes de registrá-lo.")).to_be_visible()
        page.locator("form.composer textarea").fill("Os registros antigos encheram o disco.")
        page.get_by_role("button", name="Registrar diagnóstico").click()
        expect(page.locator(".timeline").get_by_text("Os registros antigos encheram o disco.")).to_be_visible()
        expect(page.get_by_role("button", name="Enviar", exact=True)).to_be_visible()
    with crowd.window(BRUNO) as page:
        page.goto(f"/chamados/{number}/")
        expect(page.locator(".timeline").get_by_text("registrou o diagnóstico")).to_be_visible()


@pytest.mark.parametrize(
    ("scripts", "title"), [(True, "Tela azul no consultório"), (False, "Senha recusada na portaria")]
)
def test_a_customer_keeps_a_ticket_from_closing_by_itself(crowd: Crowd, scripts: bool, title: str) -> None:
    with crowd.window(BRUNO) as page:
        number = open_ticket(page, title)
    deliver_solution(crowd, number, "Atualize o navegador.")

    with crowd.window(BRUNO, java_script_enabled=scripts) as page:
        page.goto(f"/chamados/{number}/ainda-preciso/")  # where the reminder leads
        page.get_by_role("button", name="Ainda preciso").click()
        page.wait_for_url(f"**/chamados/{number}/")
        expect(page.get_by_text("O chamado continua aberto.")).to_be_visible()
        expect(page.locator(".timeline").get_by_text("ainda precisa do chamado")).to_be_visible()
        expect(page.get_by_role("button", name="Aprovar solução")).to_be_visible()


def test_an_administrator_lets_a_status_pause_the_deadlines(crowd: Crowd, elisa: str) -> None:
    with crowd.window(elisa) as page:
        page.goto("/administracao/fluxos/suporte/")
        row = page.locator("li").filter(has=page.get_by_role("link", name="Editar Em atendimento"))
        expect(row).to_contain_text("Prazo conta")
        row.get_by_role("link", name="Editar Em atendimento").click()
        page.get_by_label("Pausa os prazos").check()
        page.get_by_role("button", name="Guardar no rascunho").click()
        expect(row).to_contain_text("Prazo pausado")
        expect(page.get_by_text("“Em atendimento” passa a pausar os prazos.")).to_be_visible()
        page.get_by_role("button", name="Descartar").click()
        expect(row).to_contain_text("Prazo conta")
