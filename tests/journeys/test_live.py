"""A page that is open hears of what others do, without being asked again."""

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Crowd, open_ticket, say, settle

pytestmark = pytest.mark.journey

SECONDS_30 = 30_000


def test_bell_and_thread_of_an_open_page_follow_within_half_a_minute(crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example") as bruno, crowd.window("ana@lume.example") as ana:
        number = open_ticket(bruno, "Tela de espera parada")
        bruno.goto(f"/chamados/{number}/")
        bruno.wait_for_timeout(1_000)  # the stream begins after the page
        said_before = bruno.locator("[data-live=bell]").inner_text()

        ana.goto(f"/mesa/chamados/{number}/")
        ana.get_by_role("button", name="Assumir").first.click()
        settle(ana)
        say(ana, "Estamos olhando agora.", "Enviar")

        expect(bruno.locator("#novidades")).to_contain_text("nov", timeout=SECONDS_30)
        expect(bruno.locator("[data-live=bell]")).not_to_have_text(said_before, timeout=SECONDS_30)

        ana.wait_for_timeout(500)
        bruno.get_by_label("Escrever comentário").fill("Obrigado.")
        bruno.get_by_role("button", name="Comentar").click()
        expect(ana.locator("#novidades")).to_contain_text("1 resposta nova", timeout=SECONDS_30)
        ana.locator("#novidades").get_by_role("button").click()
        expect(ana.locator(".timeline").get_by_text("Obrigado.")).to_be_visible()
