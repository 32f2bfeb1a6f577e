"""On a phone one opens, follows and approves, and no page is wider than the screen."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Crowd, Product, deliver_solution, open_ticket

pytestmark = pytest.mark.journey

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def test_a_phone_is_enough(crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example", **PHONE) as page:
        page.goto("/")
        fits(page)
        page.get_by_role("navigation", name="Atalhos").get_by_role("link", name="Abrir").tap()
        page.wait_for_url("**/chamados/novo/")
        fits(page)
        number = open_ticket(page, "Do celular, na rua")
        fits(page)

        page.get_by_role("link", name="Acompanhar o chamado").tap()
        page.wait_for_url(f"**/chamados/{number}/")
        fits(page)
        page.get_by_label("Escrever comentário").fill("Estou no corredor.")
        page.get_by_role("button", name="Comentar").tap()
        expect(page.locator(".timeline").get_by_text("Estou no corredor.")).to_be_visible()

        deliver_solution(crowd, number, "Mude para a outra rede.")
        page.goto("/validar/")
        fits(page)
        page.goto(f"/chamados/{number}/")
        fits(page)
        page.get_by_role("button", name="Aprovar solução").tap()
        expect(page.get_by_text("Solução aprovada")).to_be_visible()


def fits(page: Page) -> None:
    page.wait_for_load_state()
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= 390, f"{page.url} is {width} wide"


def test_no_word_is_wider_than_the_page(crowd: Crowd) -> None:
    word = "pneumoultramicroscopico" * 6
    with crowd.window("bruno@acme.example", **PHONE) as page:
        number = open_ticket(page, word, description=f"Em https://acme.example/{word * 2} também.")
        for address in ("/", "/chamados/", f"/chamados/{number}/", f"/chamados/{number}/imprimir/"):
            page.goto(address)
            fits(page)
    with crowd.window("ana@lume.example", **PHONE) as page:
        for address in ("/mesa/chamados/", f"/mesa/chamados/{number}/"):
            page.goto(address)
            fits(page)


def test_the_ledger_of_a_deadline_is_not_wider_than_a_small_phone(crowd: Crowd, product: Product) -> None:
    with crowd.window("nilo@lume.example", viewport={"width": 320, "height": 640}) as page:
        page.goto(f"/mesa/chamados/{product.ids['corrected']}/prazo/")
        expect(page.get_by_role("heading", name="Cada intervalo")).to_be_visible()
        wider = "boxes => boxes.map(one => one.scrollWidth - one.clientWidth).filter(more => more > 0)"
        assert page.locator(".grid-box, .grid-scroll").evaluate_all(wider) == []
