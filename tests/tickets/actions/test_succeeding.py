"""Tickets of people who leave, and of records that become one."""

from guiche.accounts.actions import merging, people
from guiche.accounts.roles import Role
from guiche.tickets.actions import sharing
from guiche.tickets.models import Ticket
from tests.factories.accounts import make_user
from tests.factories.organizations import make_membership
from tests.factories.tickets import NOON, make_ticket


class TestHandOver:
    def test_open_tickets_go_where_was_said(self, ana, bruno, elisa, restricted, suporte):
        other = make_user(roles=[Role.AGENT])
        seen = make_ticket(requester=bruno, assignee=ana)
        hidden = make_ticket(requester=bruno, assignee=ana, team=restricted)
        ended = make_ticket(requester=bruno, assignee=ana, status=suporte.closed)

        people.deactivate(ana, by=elisa, at=NOON, successor=other)

        assert [Ticket.objects.get(pk=one.pk).assignee for one in (seen, hidden, ended)] == [other, None, ana]
        assert seen.timeline.last().kind == "ticket.assigned"

    def test_without_a_successor_they_go_back_to_the_team(self, ana, bruno, elisa):
        ticket = make_ticket(requester=bruno, assignee=ana)

        people.deactivate(ana, by=elisa, at=NOON)

        assert Ticket.objects.get(pk=ticket.pk).assignee is None


class TestJoinRecords:
    def test_the_record_that_stays_has_the_tickets_of_both(self, bruno, elisa, acme, caio):
        twin = make_membership(organization=acme).user
        asked, shared = make_ticket(requester=twin), make_ticket(requester=caio)
        sharing.share(shared, twin.email, by=caio, at=NOON)
        sharing.share(shared, bruno.email, by=caio, at=NOON)

        merging.merge(twin, into=bruno, by=elisa, at=NOON)

        asked.refresh_from_db()
        assert (asked.requester, asked.opened_by) == (bruno, bruno)
        assert [row.user for row in shared.participants.all()] == [bruno]
