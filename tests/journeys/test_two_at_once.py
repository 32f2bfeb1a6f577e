"""Two people act at the same time: one wins, the other is told and loses no text."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Crowd, open_ticket, settle

pytestmark = pytest.mark.journey

SOLUTION = "Reinicie o serviço de laudos."


def test_a_solution_does_not_go_out_over_new_words(crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example") as bruno, crowd.window("ana@lume.example") as ana:
        number = open_ticket(bruno, "Laudo sem assinatura")
        ana.goto(f"/mesa/chamados/{number}/")
        ana.get_by_role("button", name="Assumir").first.click()
        settle(ana)
        ana.get_by_label("Texto da resposta").fill(SOLUTION)

        bruno.goto(f"/chamados/{number}/")
        bruno.get_by_label("Escrever comentário").fill("Agora parou de vez.")
        bruno.get_by_role("button", name="Comentar").click()
        expect(bruno.locator(".timeline").get_by_text("Agora parou de vez.")).to_be_visible()

        ana.get_by_role("button", name="Enviar e pedir validação").click()
        expect(ana.locator("#encontro")).to_contain_text("Bruno")
        expect(ana.get_by_label("Texto da resposta")).to_have_value(SOLUTION)
        expect(ana.locator(".timeline").get_by_text("Agora parou de vez.")).to_be_visible()
        settle(ana)

        ana.get_by_role("button", name="Enviar e pedir validação").click()
        expect(ana.locator(".timeline").get_by_text(SOLUTION)).to_be_visible()
        bruno.goto(f"/chamados/{number}/")
        expect(bruno.get_by_role("button", name="Aprovar solução")).to_be_visible()


def test_one_of_two_takes_the_ticket_and_the_other_is_told(crowd: Crowd) -> None:
    with crowd.window("ana@lume.example") as ana, crowd.window("ivo@lume.example") as ivo:
        with crowd.window("bruno@acme.example") as bruno:
            number = open_ticket(bruno, "Impressora do balcão")
        for page in (ana, ivo):
            page.goto(f"/mesa/chamados/{number}/")
        ivo.get_by_label("Texto da resposta").fill("Vou olhar em seguida.")

        ana.get_by_role("button", name="Assumir").first.click()
        expect(ana.get_by_text("Você é responsável")).to_be_visible()
        ivo.get_by_role("button", name="Assumir").first.click()

        expect(ivo.locator("#encontro")).to_contain_text("Ana Analista")
        expect(ivo.get_by_label("Texto da resposta")).to_have_value("Vou olhar em seguida.")
