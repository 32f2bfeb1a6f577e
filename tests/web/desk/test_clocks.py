"""Deadlines at the desk: in the queue, in lists, beside a ticket."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from guiche.accounts.models import Team, User
from guiche.sla.metrics import Metric
from guiche.tickets.actions import moving
from guiche.tickets.models import Ticket
from tests.factories.accounts import make_team
from tests.factories.catalog import default_team, severity
from tests.factories.promises import promise_day_and_night
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import HTMX, text_of

MINE = "/mesa/fila/minha/"


@pytest.fixture(autouse=True)
def promised(db: None) -> None:
    """An answer in one hour, a solution in four, by day and by night; an hour for the team."""
    hours = {Metric.FIRST_RESPONSE: 1, Metric.SOLUTION: 4}
    promise_day_and_night(hours, team={default_team(): 1})


def opened(requester: User, *, minutes_ago: int, **more: object) -> Ticket:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return make_ticket(requester=requester, at=at, severity=severity(2), **more)


def midday() -> datetime:
    """A moment of today from which nothing of a few hours is of another day."""
    return timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)


class TestQueue:
    def test_groups_by_when_things_are_due(
        self, desk: Client, ana: User, bruno: User, suporte: SimpleNamespace
    ) -> None:
        mine = {"requester": bruno, "assignee": ana, "severity": severity(2)}
        today = make_ticket(**mine, at=midday() - timedelta(hours=2), title="Vence já")
        later = make_ticket(**mine, at=midday() + timedelta(days=2), title="Tem tempo")
        waiting = make_ticket(**mine, at=midday(), title="Com o cliente")
        unpromised = make_ticket(requester=bruno, assignee=ana, title="Uma ideia", type_slug="sugestao-de-melhoria")
        moving.take(waiting, suporte.start, by=ana, at=midday())
        moving.take(waiting, suporte.offer, by=ana, at=midday(), given={"solution": "Reinicie."})

        page = text_of(desk.get(MINE))

        order = [
            "Vence hoje, 1",
            today.title,
            "Próximos dias, 1",
            later.title,
            "Sem prazo correndo, 1",
            unpromised.title,
            "Esperando o cliente, 1",
            waiting.title,
        ]
        places = [page.index(words) for words in order]
        assert places == sorted(places)

    def test_a_row_says_its_nearest_deadline(self, desk: Client, ana: User, bruno: User) -> None:
        opened(bruno, minutes_ago=50, assignee=ana)

        page = desk.get(MINE).text

        assert "Primeira resposta em risco: vence " in page
        assert "Equipe" not in page[page.index('class="qitem"') :][:1500]

    def test_is_asked_for_again_while_it_is_looked_at(self, desk: Client, ana: User, bruno: User) -> None:
        opened(bruno, minutes_ago=5, assignee=ana)

        page = desk.get(MINE).text

        assert page.index('<while-visible data-every="60">') < page.index('id="linhas"')
        trigger = re.search(r'id="linhas".*?hx-trigger="([^"]*)"', page)
        assert trigger is not None
        assert "live" in trigger[1].split()  # the word that <while-visible> looks for

    def test_an_empty_one_says_what_is_due_next(self, desk: Client, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, at=midday() + timedelta(days=1), severity=severity(2))

        page = text_of(desk.get(MINE))

        assert "Fila vazia Próximo prazo amanhã às 13h, em outra fila." in page
        assert f"Abrir #{ticket.number}" in page

    def test_an_empty_one_tells_nothing_of_tickets_that_one_may_not_see(
        self, desk: Client, bruno: User, restricted: Team
    ) -> None:
        opened(bruno, minutes_ago=5, team=restricted)

        assert "Próximo prazo" not in text_of(desk.get(MINE))


class TestLists:
    @pytest.mark.parametrize("address", ["/mesa/chamados/", "/mesa/busca/?q=imagens", "/mesa/chamados/?ver=todos"])
    def test_say_the_nearest_deadline_of_each_row(self, address: str, desk: Client, bruno: User) -> None:
        opened(bruno, minutes_ago=70, title="Imagens demoram")
        make_ticket(requester=bruno, title="Imagens maiores", type_slug="sugestao-de-melhoria")

        page = text_of(desk.get(address))

        assert "Primeira resposta com prazo vencido há 10min" in page
        assert "Sem prazo" in page

    def test_of_a_customer_and_of_a_person_too(self, desk: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=70)

        for address in (f"/mesa/clientes/{ticket.organization_id}/", f"/mesa/pessoas/{bruno.pk}/"):
            assert "Primeira resposta com prazo vencido há 10min" in text_of(desk.get(address))


class TestPanel:
    def test_has_a_clock_for_each_goal_and_those_between_teams(self, desk: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=50)

        page = text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))

        assert "Prazos Primeira resposta" in page
        assert f"Equipe {default_team().name}" in page
        assert "Em risco: vence" in page

    def test_its_bar_shows_what_is_used(self, desk: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=60)

        page = desk.get(f"/mesa/chamados/{ticket.number}/").text

        assert 'aria-label="Usadas 1h de 4 h úteis"><rect width="25" height="6"/>' in page

    def test_says_where_nothing_is_promised(self, desk: Client, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, type_slug="sugestao-de-melhoria")

        assert "Prazos Sem prazo" in text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))

    def test_of_an_ended_ticket_is_asked_for_no_more(self, desk: Client, bruno: User, suporte: SimpleNamespace) -> None:
        running, ended = opened(bruno, minutes_ago=5), opened(bruno, minutes_ago=5, status=suporte.closed)

        pages = [desk.get(f"/mesa/chamados/{ticket.number}/").text for ticket in (running, ended)]

        assert ["/relogios/" in page for page in pages] == [True, False]


class TestAskedAgain:
    def test_says_aloud_what_has_become_urgent_and_says_it_once(self, desk: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=50)
        address = f"/mesa/chamados/{ticket.number}/relogios/"

        crossed = desk.get(f"{address}?visto=on_time.on_time.on_time", headers=HTMX).text
        seen = "visto=at_risk.on_time.at_risk"
        again = desk.get(f"{address}?{seen}", headers=HTMX).text

        assert 'id="aviso"' in crossed
        assert text_of_announced(crossed).startswith("Primeira resposta em risco: vence ")
        assert "Solução" not in text_of_announced(crossed)
        assert seen in crossed  # what the next asking carries
        assert 'id="aviso"' not in again

    def test_says_when_time_runs_out(self, desk: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=61)

        answer = desk.get(f"/mesa/chamados/{ticket.number}/relogios/?visto=at_risk.on_time.overdue", headers=HTMX).text

        assert text_of_announced(answer).startswith("Primeira resposta com prazo vencido há 1min: ")

    @pytest.mark.parametrize("seen", ["", "on_time", "on_time.on_time.on_time.on_time", "%00", "<script>.a.b"])
    def test_of_a_panel_with_other_clocks_it_says_nothing_aloud(self, seen: str, desk: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=5)

        answer = desk.get(f"/mesa/chamados/{ticket.number}/relogios/?visto={seen}", headers=HTMX)

        assert answer.status_code == 200
        assert 'id="aviso"' not in answer.text
        assert "<script>" not in answer.text

    def test_renews_the_bar_of_a_phone(self, desk: Client, bruno: User) -> None:
        ticket = opened(bruno, minutes_ago=5)

        answer = desk.get(f"/mesa/chamados/{ticket.number}/relogios/", headers=HTMX).text

        assert 'id="prazo-barra" hx-swap-oob="true"' in answer

    def test_foreign_and_missing_ones_answer_alike(self, desk: Client, bruno: User, restricted: Team) -> None:
        hidden = make_ticket(requester=bruno, team=restricted)

        answers = [desk.get(f"/mesa/chamados/{number}/relogios/").status_code for number in (hidden.number, 987_654)]

        assert answers == [404, 404]


class TestChange:
    def test_shows_the_clocks_as_they_go_after_it(
        self, desk: Client, ana: User, bruno: User, suporte: SimpleNamespace
    ) -> None:
        ticket = opened(bruno, minutes_ago=30, team=make_team(name="Implantação"))
        moving.take(ticket, suporte.start, by=ana, at=timezone.now())

        answer = desk.post(
            f"/mesa/chamados/{ticket.number}/passos/{suporte.ask.pk}/",
            {"question": "Qual é o servidor?", "comment": "Qual é o servidor?"},
            headers=HTMX,
        )

        assert "Pausado" in text_of(answer)
        assert 'id="prazo-barra" hx-swap-oob="true"' in answer.text


def text_of_announced(answer: str) -> str:
    start = answer.index('id="aviso"')
    return answer[answer.index(">", start) + 1 : answer.index("</p>", start)]
