"""Until when a ticket is solved: said before it is sent, and the same afterwards."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Crowd, fill_opening, settle

pytestmark = pytest.mark.journey
FORM = "/chamados/novo/falha-tecnica/"


def solution(page: Page) -> str:
    """The instant that the page names, as machines read it."""
    named = page.get_by_role("region", name="Prazo deste chamado").locator("dt:text-is('Solução') + dd time")
    expect(named).to_be_visible()
    return named.get_attribute("datetime") or ""


def test_it_follows_what_is_chosen_and_is_kept(crowd: Crowd) -> None:
    with crowd.window("beatriz@acme.example") as page:
        page.goto(FORM)
        expect(page.get_by_text("Solução em 4 h úteis")).to_be_visible()
        mild, worst = page.locator("input[name=severity]").nth(0), page.locator("input[name=severity]").nth(3)

        mild.focus()
        page.keyboard.press("Space")
        late = solution(page)
        page.keyboard.press("ArrowUp")  # around to the last one
        expect(worst).to_be_focused()
        page.wait_for_function("was => !document.querySelector('#prazo-valores').innerHTML.includes(was)", arg=late)
        soon = solution(page)
        assert soon < late

        page.get_by_label("Produto", exact=True).select_option(label="Visor")
        settle(page)
        expect(worst).to_be_checked()
        page.get_by_label("Título").fill("Parou tudo, e com prazo")
        page.get_by_label("Descrição").fill("Nada abre.")
        page.get_by_label("Telefone", exact=True).fill("(11) 4000-1234")
        page.get_by_role("button", name="Abrir chamado").click()
        page.wait_for_url("**/aberto/")
        expect(page.get_by_text("Primeira resposta")).to_be_visible()
        expect(page.get_by_text("Solução", exact=True)).to_be_visible()


def test_on_a_phone_it_stands_over_the_button(crowd: Crowd) -> None:
    with crowd.window("beatriz@acme.example", viewport={"width": 390, "height": 844}) as page:
        page.goto(FORM)
        page.locator("input[name=severity]").nth(1).check()

        line = page.get_by_text(re.compile("^Prazo para a solução"))
        expect(line).to_be_visible()
        expect(page.get_by_role("heading", name="Prazo deste chamado")).to_be_hidden()


def test_it_stands_for_what_came_back_from_the_device(crowd: Crowd) -> None:
    crowd.expected = "ERR_INTERNET_DISCONNECTED|Failed to fetch|net::"
    with crowd.window("caio@acme.example") as page:
        page.goto(FORM)
        page.context.set_offline(True)
        page.get_by_label("Título").fill("Sem rede, com gravidade")
        page.evaluate("document.querySelectorAll('input[name=severity]')[1].click()")
        expect(page.get_by_text("Sem conexão")).to_be_visible()
        page.context.set_offline(False)

        page.goto(FORM)
        expect(page.locator("input[name=severity]").nth(1)).to_be_checked()
        assert solution(page)

        fill_opening(page, "Sem rede, com gravidade")
        page.get_by_role("button", name="Abrir chamado").click()
        page.wait_for_url("**/aberto/")


def test_the_mark_of_a_year_turns_when_it_is_opened(crowd: Crowd) -> None:
    with crowd.window("beatriz@acme.example") as page:
        page.goto("/prazos/")
        this_year, next_year = (page.locator("details.fold > summary > svg").nth(place) for place in (0, 1))

        expect(this_year).to_have_css("rotate", "90deg")
        expect(next_year).to_have_css("rotate", "none")
