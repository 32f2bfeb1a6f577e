"""What was typed is not lost: not with the tab, not with the session; and two clicks open one ticket."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.browsing import Crowd, fill_opening, sign_in

pytestmark = pytest.mark.journey

CAIO = "caio@acme.example"
FORM = "/chamados/novo/falha-tecnica/"


def test_a_draft_survives_the_closed_tab(crowd: Crowd) -> None:
    with crowd.window("beatriz@acme.example") as page:
        page.goto(FORM)
        page.get_by_label("Título").fill("Ainda não terminei")
        page.get_by_label("Descrição").fill("Volto depois do almoço.")
        expect(page.get_by_text(re.compile("Rascunho salvo às"))).to_be_visible()

    with crowd.window("beatriz@acme.example") as page:
        page.goto(FORM)
        expect(page.get_by_label("Título")).to_have_value("Ainda não terminei")
        expect(page.get_by_label("Descrição")).to_have_value("Volto depois do almoço.")

        page.get_by_role("button", name="Descartar rascunho").click()
        expect(page.get_by_label("Título")).to_have_value("")


def test_a_draft_survives_the_session(crowd: Crowd) -> None:
    crowd.expected = "40[13]|EventSource"  # what a session that is over is answered
    with crowd.window() as page, crowd.window() as elsewhere:
        sign_in(page, CAIO)
        page.goto(FORM)
        fill_opening(page, "Digitado sem sessão", "A sessão caiu no meio.")
        sign_in(elsewhere, CAIO)
        elsewhere.goto("/perfil/sessoes/")
        elsewhere.get_by_role("button", name=re.compile("Encerrar (a outra|as outras)")).click()
        expect(elsewhere.get_by_text("As outras sessões foram encerradas.")).to_be_visible()

        page.get_by_label("Título").fill("Digitado sem sessão nenhuma")
        expect(page.get_by_text("Sem conexão")).to_be_visible()
        page.get_by_role("button", name="Abrir chamado").click()
        expect(page.get_by_role("heading", name="Sua sessão terminou")).to_be_visible()
        expect(page.get_by_label("Texto 1", exact=True)).to_have_value("Digitado sem sessão nenhuma")
        sign_in(page, CAIO)
        page.goto(FORM)
        expect(page.get_by_label("Título")).to_have_value("Digitado sem sessão nenhuma")
        expect(page.get_by_label("Descrição")).to_have_value("A sessão caiu no meio.")


def test_what_was_kept_on_the_device_is_gone_once_sent(crowd: Crowd) -> None:
    crowd.expected = "INTERNET_DISCONNECTED|htmx:"  # what is asked while the network is away
    with crowd.window("bruno@acme.example") as page:
        page.goto(FORM)
        fill_opening(page, "Caiu a rede por um instante")
        page.context.set_offline(True)
        page.get_by_label("Título").fill("Caiu a rede por um minuto")
        expect(page.get_by_text("Sem conexão")).to_be_visible()
        page.context.set_offline(False)
        page.get_by_role("button", name="Abrir chamado").click()
        page.wait_for_url("**/aberto/")

        page.goto(FORM)
        page.wait_for_timeout(300)
        assert page.get_by_label("Título").input_value() == ""


def test_two_clicks_open_one_ticket(crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example") as page:
        page.goto(FORM)
        fill_opening(page, "Clique duplo na pressa")
        page.get_by_role("button", name="Abrir chamado").dblclick()
        page.wait_for_url("**/aberto/")

        page.goto("/busca/?q=Clique+duplo")
        expect(page.get_by_role("link", name="Clique duplo na pressa")).to_have_count(1)


def test_a_form_sent_twice_by_the_network_opens_one_ticket(crowd: Crowd) -> None:
    with crowd.window("bruno@acme.example") as page:
        page.goto(FORM)
        fill_opening(page, "Enviado em dobro")
        twice = page.evaluate(
            """async () => {
                const form = document.querySelector("once-submit form");
                const send = () => fetch(form.action, {method: "POST", body: new FormData(form)});
                return (await Promise.all([send(), send()])).map((answer) => answer.url);
            }"""
        )
        assert len(set(twice)) == 1
        assert twice[0].endswith("/aberto/")
