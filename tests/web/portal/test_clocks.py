"""Deadlines at the portal: on the home, in lists, on the page of a ticket and on paper."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from guiche.accounts.models import User
from guiche.sla.metrics import Metric
from guiche.tickets.actions import moving, sharing
from guiche.tickets.models import Ticket
from tests.factories.catalog import default_team, severity
from tests.factories.promises import promise_day_and_night
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import HTMX, text_of


@pytest.fixture(autouse=True)
def promised(db: None) -> None:
    """An answer in one hour, a solution in four, by day and by night; an hour for the team."""
    hours = {Metric.FIRST_RESPONSE: 1, Metric.SOLUTION: 4}
    promise_day_and_night(hours, team={default_team(): 1})


@pytest.fixture
def portal(client: Client, bruno: User) -> Client:
    client.force_login(bruno)
    return client


def opened(requester: User, *, minutes_ago: int, **more: object) -> Ticket:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return make_ticket(requester=requester, at=at, severity=severity(2), **more)


def offered(requester: User, analyst: User, steps: SimpleNamespace) -> Ticket:
    """A ticket whose solution waits for the customer, after 45 minutes of work."""
    ticket = opened(requester, minutes_ago=60)
    moving.take(ticket, steps.start, by=analyst, at=timezone.now() - timedelta(minutes=50))
    given = {"solution": "Reinicie."}
    return moving.take(ticket, steps.offer, by=analyst, at=timezone.now() - timedelta(minutes=15), given=given)


class TestLists:
    def test_home_says_what_each_counts_towards(self, portal: Client, bruno: User) -> None:
        opened(bruno, minutes_ago=50)

        page = portal.get("/").text

        assert "<small>para a resposta</small>" in page
        assert "Primeira resposta em risco: vence " in page

    @pytest.mark.parametrize("address", ["/chamados/", "/chamados/?ver=todos", "/busca/?q=imagens"])
    def test_say_the_nearest_deadline_of_each_row(self, address: str, portal: Client, bruno: User) -> None:
        opened(bruno, minutes_ago=70, title="Imagens demoram")
        make_ticket(requester=bruno, title="Imagens maiores", type_slug="sugestao-de-melhoria")

        page = text_of(portal.get(address))

        assert "Vencido há 10min" in page
        assert "Sem prazo" in page

    def test_say_how_an_ended_one_went(self, portal: Client, ana: User, bruno: User, suporte: SimpleNamespace) -> None:
        ticket = offered(bruno, ana, suporte)
        moving.take(ticket, suporte.approve, by=bruno, at=timezone.now())

        assert "Solução dentro do prazo, em 45min de 4 h úteis" in text_of(portal.get("/chamados/?ver=concluidos"))


class TestTicket:
    def test_has_a_clock_for_each_goal_and_none_between_teams(self, portal: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=50)

        page = text_of(portal.get(f"/chamados/{ticket.number}/"))

        assert "Prazos (SLA) Primeira resposta" in page
        assert "Equipe" not in page

    def test_says_why_it_stands_still_and_what_lets_it_go_on(
        self, portal: Client, ana: User, bruno: User, suporte: SimpleNamespace
    ) -> None:
        ticket = offered(bruno, ana, suporte)

        page = text_of(portal.get(f"/chamados/{ticket.number}/"))

        assert "Pausado, restam 3h 15min" in page  # the head of the page on a phone
        assert "Restam 3h 15min de 4 h úteis. Pausado desde " in page
        assert "aguardando validação. Volta a contar se você reprovar." in page

    def test_who_has_no_verdict_is_not_told_of_one(
        self, client: Client, ana: User, bruno: User, carla: User, suporte: SimpleNamespace
    ) -> None:
        ticket = offered(bruno, ana, suporte)
        sharing.share(ticket, carla.email, by=ana, at=timezone.now())
        client.force_login(carla)

        page = text_of(client.get(f"/chamados/{ticket.number}/"))

        assert "Volta a contar se a solução for reprovada." in page
        assert "se você reprovar" not in page

    def test_says_where_nothing_is_promised(self, portal: Client, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, type_slug="sugestao-de-melhoria")

        assert "Este tipo de chamado não tem prazo." in text_of(portal.get(f"/chamados/{ticket.number}/"))

    def test_leads_nowhere_that_does_not_exist(self, portal: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=5)
        ledger = f"/chamados/{ticket.number}/prazo/"

        page = portal.get(f"/chamados/{ticket.number}/").text

        assert (ledger in page) == (portal.get(ledger).status_code == 200)


class TestAskedAgain:
    def test_says_aloud_what_has_become_urgent(self, portal: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=50)
        address = f"/chamados/{ticket.number}/relogios/"

        crossed = portal.get(f"{address}?visto=on_time.on_time", headers=HTMX).text
        again = portal.get(f"{address}?visto=at_risk.on_time", headers=HTMX).text

        assert 'id="aviso"' in crossed
        assert 'id="aviso"' not in again
        assert "Equipe" not in crossed

    def test_foreign_and_missing_ones_answer_alike(self, client: Client, bruno: User, carla: User) -> None:
        ticket = opened(bruno, minutes_ago=5)
        client.force_login(carla)

        answers = [client.get(f"/chamados/{number}/relogios/").status_code for number in (ticket.number, 987_654)]

        assert answers == [404, 404]


class TestPaper:
    def test_says_whole_dates_and_nothing_between_teams(self, portal: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=50)

        page = text_of(portal.get(f"/chamados/{ticket.number}/imprimir/"))

        year = timezone.localtime().year
        assert "Prazo: Primeira resposta Em risco: vence " in page
        assert f" de {year}, às " in page or f" de {year}, à " in page
        assert "Equipe" not in page

    def test_is_the_same_as_pdf(self, portal: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=50)

        answer = portal.get(f"/chamados/{ticket.number}/imprimir.pdf")

        assert answer.content.startswith(b"%PDF")
