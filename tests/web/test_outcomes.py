"""How tickets ended, told apart wherever it is told: what silence closed was approved by nobody."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone, translation

from guiche.accounts.models import User
from guiche.notifications import letters, recipients
from guiche.notifications.messages import tickets as said
from guiche.tickets.actions import moving
from guiche.tickets.models import Activity, Outcome, Ticket
from guiche.web.sheets import tickets as sheets
from tests.factories.tickets import MORNING, make_ticket

pytestmark = pytest.mark.django_db

LISTS = {"ana": "/mesa/chamados/?ver=encerrados", "bruno": "/chamados/?ver=concluidos"}


@pytest.fixture
def enter() -> Callable[[User], Client]:
    def entered(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return entered


def delivered(ana: User, bruno: User, suporte: SimpleNamespace, title: str) -> Ticket:
    ticket = make_ticket(requester=bruno, assignee=ana, status=suporte.working, title=title)
    return moving.take(ticket, suporte.offer, by=ana, at=MORNING, given={"solution": "Reiniciado."})


@pytest.fixture
def silent(ana: User, bruno: User, system: User, suporte: SimpleNamespace) -> Ticket:
    ticket = delivered(ana, bruno, suporte, "Ninguém disse nada")
    assert ticket.closes_at
    assert moving.close_by_silence(ticket, by=system, at=ticket.closes_at)
    return Ticket.objects.for_page().get(pk=ticket.pk)


@pytest.fixture
def approved(ana: User, bruno: User, suporte: SimpleNamespace) -> Ticket:
    return moving.take(delivered(ana, bruno, suporte, "Ficou bom"), suporte.approve, by=bruno, at=timezone.now())


class TestSilence:
    def test_is_kept_as_an_outcome_of_its_own(self, silent: Ticket, approved: Ticket) -> None:
        assert [list(Ticket.objects.ended_as(one)) for one in (Outcome.CLOSED_BY_SILENCE, Outcome.APPROVED)] == [
            [silent],
            [approved],
        ]

    @pytest.mark.parametrize("who", LISTS)
    def test_is_named_in_lists(
        self,
        enter: Callable[[User], Client],
        silent: Ticket,
        approved: Ticket,
        who: str,
        request: pytest.FixtureRequest,
    ) -> None:
        page = enter(request.getfixturevalue(who)).get(LISTS[who]).text

        rows = {title: row for row in page.split("<tr")[1:] for title in (silent.title, approved.title) if title in row}
        assert "Fechado por silêncio" in rows[silent.title]
        assert "Aprovado" not in rows[silent.title]
        assert "Aprovado" in rows[approved.title]

    def test_is_what_the_desk_may_ask_for(
        self, enter: Callable[[User], Client], ana: User, silent: Ticket, approved: Ticket
    ) -> None:
        desk = enter(ana)

        found = {outcome: desk.get(f"{LISTS['ana']}&desfecho={outcome}").text for outcome in ("silence", "approved")}

        assert silent.title in found["silence"]
        assert approved.title not in found["silence"]
        assert silent.title not in found["approved"]
        assert approved.title in found["approved"]

    def test_leaves_no_filter_that_nobody_sees(
        self, enter: Callable[[User], Client], ana: User, silent: Ticket
    ) -> None:
        page = enter(ana).get(f"{LISTS['ana']}&desfecho=silence").text

        assert 'href="?ver=abertos"' in page

    def test_is_called_an_approval_by_no_page_paper_or_letter(
        self, enter: Callable[[User], Client], ana: User, bruno: User, silent: Ticket
    ) -> None:
        pages = {f"/chamados/{silent.number}/": bruno, f"/chamados/{silent.number}/imprimir/": bruno}
        pages |= {f"/mesa/chamados/{silent.number}/": ana}
        for address, user in pages.items():
            page = enter(user).get(address).text.lower()
            assert "aprov" not in page, address
            assert "fechado por silêncio" in page, address
        assert "aprov" not in str(sheets.data(silent, bruno)).lower()

        ended = Activity.objects.get(ticket=silent, kind="ticket.done")
        told = recipients.of(ended)
        assert told
        for to in told:
            letter = letters.compose(Activity.objects.get(pk=ended.pk), to)
            with translation.override("pt-br"):
                news = said.news(ended, to.part, at_the_desk=bool(to.user and to.user.at_the_desk))
            assert "aprov" not in (letter.subject + letter.text + letter.html + news).lower()
