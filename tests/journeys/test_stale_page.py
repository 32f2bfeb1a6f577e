"""A page that stayed open while its person signed in again on another tab: what was typed there is sent."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.browsing import Crowd, open_ticket, sign_in

pytestmark = pytest.mark.journey
ANA = "ana@lume.example"
BRUNO = "bruno@acme.example"
# The open page asks on while nobody is signed in: its stream and its news are refused, and so is the stale form.
GOES_OUT = "status of 40[13]|Error Code 40[13]|EventSource's response"
WORDS = "Continua lento depois do almoço."


def sign_in_beside(page: Page, email: str) -> None:
    """Sign out and in again on another tab of the same browser."""
    other = page.context.new_page()
    other.goto("/perfil/")
    other.context.clear_cookies(name="guiche")
    sign_in(other, email)
    other.close()


def test_a_comment_comes_back_and_is_sent_with_a_button(crowd: Crowd) -> None:
    crowd.expected = GOES_OUT
    with crowd.window() as page:
        sign_in(page, BRUNO)
        number = open_ticket(page, "Estação 7 sem rede")
        page.goto(f"/chamados/{number}/")
        page.locator("textarea[name=body]").fill(WORDS)
        sign_in_beside(page, BRUNO)

        page.get_by_role("button", name="Comentar").click()
        expect(page.get_by_label(re.compile("^Texto"))).to_have_value(WORDS)
        page.get_by_role("button", name="Enviar de novo").click()

        expect(page.locator(".timeline").get_by_text(WORDS)).to_have_count(1)
    crowd.forget(BRUNO)


def test_a_reply_of_the_desk_is_sent_with_the_second_press(crowd: Crowd) -> None:
    crowd.expected = GOES_OUT
    with crowd.window(BRUNO) as page:
        number = open_ticket(page, "Monitor do laudo apagado")
    with crowd.window() as page:
        sign_in(page, ANA)
        page.goto(f"/mesa/chamados/{number}/")
        page.get_by_label("Texto da resposta").fill(WORDS)
        sign_in_beside(page, ANA)

        page.get_by_role("button", name="Enviar", exact=True).click()
        expect(page.locator("#falha")).to_contain_text("envie mais uma vez")
        expect(page.get_by_label("Texto da resposta")).to_have_value(WORDS)
        page.get_by_role("button", name="Enviar", exact=True).click()

        expect(page.locator(".timeline").get_by_text(WORDS)).to_have_count(1)
    crowd.forget(ANA)


def test_a_form_without_script_comes_back_and_is_sent_with_a_button(crowd: Crowd) -> None:
    crowd.expected = GOES_OUT
    with crowd.window(java_script_enabled=False) as page:
        sign_in(page, BRUNO)
        page.goto("/perfil/")
        page.get_by_label("Telefone").fill("(11) 4000-9876")
        sign_in_beside(page, BRUNO)

        page.get_by_role("button", name="Salvar dados").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Esta página ficou aberta por muito tempo")
        expect(page.get_by_label("Texto 2")).to_have_value("(11) 4000-9876")
        page.get_by_role("button", name="Enviar de novo").click()

        expect(page.get_by_label("Telefone")).to_have_value("(11) 4000-9876")
    crowd.forget(BRUNO)


def test_the_gate_lets_in_who_signed_in_beside_it(crowd: Crowd) -> None:
    with crowd.window() as page:
        page.goto("/entrar/")
        other = page.context.new_page()
        sign_in(other, BRUNO)
        other.close()

        page.get_by_label("E-mail").fill(BRUNO)
        page.get_by_label("Senha", exact=True).fill("qualquer coisa")
        page.get_by_role("button", name="Entrar", exact=True).click()

        page.wait_for_url(re.compile(r"^(?!.*/entrar/)"))
    crowd.forget(BRUNO)
