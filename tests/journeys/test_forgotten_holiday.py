"""A holiday that everybody forgot is entered days later: the screen says what that does, and the ledger what it did."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Crowd, Product

pytestmark = pytest.mark.journey


def test_a_correction_is_looked_at_published_and_told_by_the_ledger(crowd: Crowd, product: Product, elisa: str) -> None:
    crowd.expected = r"status of 422"
    day = date.fromordinal(product.ids["forgotten"]).isoformat()
    ledger = f"/mesa/chamados/{product.ids['corrected']}/prazo/"
    with crowd.window("nilo@lume.example") as page:
        page.goto(ledger)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("foi recontada")).to_have_count(0)

    with crowd.window(elisa) as page:
        page.goto("/administracao/calendarios/")
        page.get_by_role("link", name="Padrão", exact=True).click()
        page.get_by_role("link", name="Data própria").click()
        page.get_by_label("Nome").fill("Padroeira da cidade")
        page.get_by_label("Dia", exact=True).fill(day)
        page.get_by_role("button", name="Incluir data").click()
        expect(page.get_by_role("listitem").filter(has_text="Padroeira da cidade").first).to_be_visible()

        page.get_by_role("link", name="Publicar versão").click()
        page.get_by_label("A partir de um dia").check()
        page.get_by_label("Dia", exact=True).fill(day)
        page.get_by_role("button", name="Ver o que muda").click()
        expect(page.locator("#id_day-error")).to_contain_text("publique como correção")

        page.get_by_label("Corrigir o passado").check()
        page.get_by_role("button", name="Ver o que muda").click()
        expect(page.get_by_role("heading", name="O que muda se valer para os abertos")).to_be_in_viewport()
        changed = page.locator("dl.kpis div").filter(has_text="Mudariam de prazo").locator("dd").first
        expect(changed).not_to_have_text("0")
        page.get_by_role("button", name="Publicar versão").click()
        expect(page.locator("#andamento-titulo")).to_contain_text("Concluído", timeout=60_000)

    with crowd.window("nilo@lume.example") as page:
        page.goto(ledger)
        expect(page.get_by_text("foi recontada")).to_be_visible()
        expect(page.get_by_text("Padroeira da cidade").first).to_be_visible()
