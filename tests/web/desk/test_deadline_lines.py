"""What the timeline says of deadlines, to the desk alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from guiche.accounts.models import User
from guiche.sla.actions import waking
from guiche.tickets.actions import conversation
from guiche.tickets.models import Ticket
from tests.sla.actions.test_keeping import at, opened
from tests.web.desk.conftest import seen_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(bruno: User, system: User) -> Ticket:
    """Of severity 2, opened at 9h, at ten past noon: nobody answered within 3 h."""
    ticket = opened(bruno, at(12, 9))
    waking.wake_due(by=system, at=at(12, 12, 10))
    return ticket


def test_the_desk_reads_what_was_reached(desk: Client, late: Ticket) -> None:
    page = text_of(desk.get(f"/mesa/chamados/{late.number}/"))

    assert "Faltam 45min para a primeira resposta ( 75 % do prazo)." in page
    assert "O prazo da primeira resposta venceu." in page


def test_what_was_recorded_late_stands_where_it_belongs(desk: Client, ana: User, bruno: User, system: User) -> None:
    ticket = opened(bruno, at(12, 9))
    conversation.note(ticket, by=ana, at=at(12, 11, 50), body="Ligar para o fornecedor.")
    conversation.note(ticket, by=ana, at=at(12, 12, 5), body="Ninguém atendeu.")
    waking.wake_due(by=system, at=at(12, 12, 10))

    response = desk.get(f"/mesa/chamados/{ticket.number}/")

    page = text_of(response)
    said = ("75 % do prazo)", "Ligar para o fornecedor", "resposta venceu.", "Ninguém atendeu")
    assert sorted(said, key=page.index) == list(said)
    assert f'name="seen" value="{seen_of(ticket)}"' in response.content.decode()


def test_its_customer_reads_none_of_it(enter: Callable[[User], Client], bruno: User, late: Ticket) -> None:
    page = text_of(enter(bruno).get(f"/chamados/{late.number}/"))

    assert "Imagens" in page
    assert "do prazo)" not in page
    assert "resposta venceu." not in page
