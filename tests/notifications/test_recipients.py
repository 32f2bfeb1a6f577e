"""Who is told of what, over the cast."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from guiche.accounts.models import Team, User
from guiche.accounts.roles import Role
from guiche.core.events import happened
from guiche.notifications import actions, recipients
from guiche.notifications.groups import OF_KIND, SHIPPED, Channels, Group
from guiche.notifications.recipients import TOLD, Part, Recipient
from guiche.organizations.models import Membership, Organization
from guiche.tickets import events
from guiche.tickets.actions import conversation, moving, sharing, triage
from guiche.tickets.models import Activity, Ticket
from tests.factories.accounts import make_user
from tests.factories.catalog import default_team
from tests.factories.organizations import make_membership
from tests.factories.tickets import MORNING, NOON, make_ticket

pytestmark = pytest.mark.django_db


def told(activity: Activity) -> dict[str, str]:
    """Name or address → part, of everybody who is told of `activity`."""
    return {_name(one): one.part.value for one in recipients.of(activity)}


def _name(one: Recipient) -> str:
    return one.user.first_name if one.user else one.address


def last(ticket: Ticket, kind: str = "") -> Activity:
    """The newest line of the timeline, read with the ticket as it is now."""
    rows = Activity.objects.filter(ticket=ticket)
    return (rows.filter(kind=kind) if kind else rows).order_by("-id")[0]


@pytest.fixture
def everybody(ana: User, bruno: User, beatriz: User, caio: User, carla: User, suporte: SimpleNamespace) -> Ticket:
    """Caio's ticket, opened by Beatriz, Ana's to solve; Bruno and Carla (of Bela) take part, Nina is in copy."""
    ticket = make_ticket(requester=caio, by=beatriz, assignee=ana, status=suporte.working)
    for address in ("bruno@acme.example", "nina@fora.example"):
        sharing.share(ticket, address, by=beatriz, at=MORNING + timedelta(minutes=5))
    sharing.share(ticket, "carla@bela.example", by=ana, at=MORNING + timedelta(minutes=6))
    return ticket


class TestTold:
    def test_lists_every_group_once_shipped(self) -> None:
        assert set(TOLD) == set(OF_KIND)
        assert set(SHIPPED) == set(Group)

    def test_of_an_opening_the_requester_and_the_team(self, ana: User, beatriz: User, caio: User) -> None:
        default_team().people.add(ana)

        ticket = make_ticket(requester=caio, by=beatriz)

        assert told(last(ticket, "ticket.opened")) == {"Caio": "requester", "Beatriz": "receipt", "Ana": "team"}

    def test_of_an_opening_the_copies_once(self, bruno: User, caio: User) -> None:
        ticket = make_ticket(requester=bruno, copies=["caio@acme.example", "nina@fora.example"])

        found = {"Bruno": "receipt", "Caio": "participant", "nina@fora.example": "copy"}
        assert told(last(ticket, "ticket.opened")) == found
        assert [told(row) for row in ticket.timeline.filter(kind="ticket.participant_added")] == [{}, {}]

    def test_the_team_by_bell_only(self, ana: User, bruno: User) -> None:
        default_team().people.add(ana)

        found = recipients.of(last(make_ticket(requester=bruno), "ticket.opened"))

        assert [(one.by_email, one.in_bell) for one in found if one.user == ana] == [(False, True)]

    def test_of_a_reply_of_the_team_those_who_follow(self, everybody: Ticket, ana: User) -> None:
        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")

        assert told(last(everybody)) == {
            "Caio": "requester",
            "Bruno": "participant",
            "Carla": "participant",
            "nina@fora.example": "copy",
        }

    def test_of_a_diagnosis_those_who_are_told_of_a_reply(self, everybody: Ticket, ana: User) -> None:
        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")
        of_reply = told(last(everybody))

        conversation.diagnose(everybody, by=ana, at=NOON, body="O disco encheu.")

        assert last(everybody).kind == "ticket.diagnosed"
        assert told(last(everybody)) == of_reply

    def test_of_a_reply_of_the_customer_the_assignee_too(self, everybody: Ticket, caio: User) -> None:
        conversation.comment(everybody, by=caio, at=NOON, body="E agora?")

        assert told(last(everybody)) == {
            "Ana": "assignee",
            "Bruno": "participant",
            "Carla": "participant",
            "nina@fora.example": "copy",
        }

    def test_of_a_solution_the_opener_too(self, everybody: Ticket, ana: User, suporte: SimpleNamespace) -> None:
        moving.take(everybody, suporte.offer, by=ana, at=NOON, given={"solution": "Reiniciado."})

        assert told(last(everybody)) == {
            "Caio": "requester",
            "Beatriz": "opener",
            "Bruno": "participant",
            "Carla": "participant",
            "nina@fora.example": "copy",
        }

    def test_of_an_approval_everybody_but_who_approved(
        self, everybody: Ticket, ana: User, caio: User, suporte: SimpleNamespace
    ) -> None:
        moving.take(everybody, suporte.offer, by=ana, at=NOON, given={"solution": "Reiniciado."})
        moving.take(everybody, suporte.approve, by=caio, at=NOON + timedelta(hours=1))

        assert told(last(everybody)) == {
            "Ana": "assignee",
            "Beatriz": "opener",
            "Bruno": "participant",
            "Carla": "participant",
            "nina@fora.example": "copy",
        }

    def test_of_closing_soon_no_copies(self, everybody: Ticket, system: User) -> None:
        with transaction.atomic():
            details = {"closes_at": (NOON + timedelta(days=2)).isoformat()}
            happened(events.ClosingSoon(subject=everybody, by=system, at=NOON, details=details))

        assert set(told(last(everybody))) == {"Ana", "Caio", "Beatriz", "Bruno", "Carla"}

    def test_of_an_assignment_the_new_assignee_alone(self, everybody: Ticket, ana: User) -> None:
        rui = make_user(name="Rui Rocha", roles=[Role.AGENT])

        triage.assign(everybody, rui, by=ana, at=NOON)

        assert told(last(everybody)) == {"Rui": "assignee"}

    def test_of_an_assignment_nobody_once_it_was_handed_on(self, everybody: Ticket, ana: User) -> None:
        rui = make_user(name="Rui Rocha", roles=[Role.AGENT])
        triage.assign(everybody, rui, by=ana, at=NOON)
        first_id = last(everybody).pk

        triage.assign(everybody, ana, by=rui, at=NOON)

        assert told(Activity.objects.get(pk=first_id)) == {}

    def test_44_of_a_note_the_assignee_and_the_mentioned_alone(self, everybody: Ticket, ana: User) -> None:
        rui = make_user(name="Rui Rocha", roles=[Role.AGENT])
        sara = make_user(name="Sara Sá", roles=[Role.AGENT])

        conversation.note(everybody, by=sara, at=NOON, body="Só entre nós", mentioned=[rui.pk])

        assert told(last(everybody)) == {"Rui": "mentioned", "Ana": "assignee"}

    def test_44_of_a_note_nobody_who_left_the_desk(self, everybody: Ticket, ana: User) -> None:
        sara = make_user(name="Sara Sá", roles=[Role.AGENT])
        conversation.note(everybody, by=sara, at=NOON, body="Só entre nós")
        User.objects.filter(pk=ana.pk).update(roles=[Role.EDITOR])

        assert told(last(everybody)) == {}

    def test_of_sharing_the_one_who_was_added(self, everybody: Ticket) -> None:
        rows = everybody.timeline.filter(kind="ticket.participant_added").order_by("id")

        assert [told(row) for row in rows] == [{"Bruno": "added"}, {"nina@fora.example": "copy"}, {"Carla": "added"}]

    def test_each_once_whatever_their_parts(self, ana: User, caio: User, bruno: User, suporte: SimpleNamespace) -> None:
        ticket = make_ticket(requester=caio, by=caio, assignee=ana, status=suporte.working)

        moving.take(ticket, suporte.offer, by=ana, at=NOON, given={"solution": "Reiniciado."})

        assert [one.address for one in recipients.of(last(ticket))] == ["caio@acme.example"]

    def test_one_letter_for_a_reply_that_moves_the_ticket(
        self, ana: User, caio: User, suporte: SimpleNamespace
    ) -> None:
        ticket = make_ticket(requester=caio, assignee=ana, status=suporte.waiting)

        conversation.comment(ticket, by=caio, at=NOON, body="Aqui está.")

        said, moved = ticket.timeline.order_by("id")[1:]
        assert (said.kind, moved.kind) == ("ticket.commented", "ticket.moved")
        assert (told(said), told(moved)) == ({"Ana": "assignee"}, {})


class TestSilence:
    def test_217_nobody_who_was_deactivated(self, everybody: Ticket, ana: User) -> None:
        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")

        User.objects.filter(email="bruno@acme.example").update(is_active=False)

        assert "Bruno" not in told(last(everybody))

    def test_217_no_copy_to_the_address_of_somebody_deactivated(self, everybody: Ticket, ana: User) -> None:
        make_user(email="nina@fora.example", is_active=False)

        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")

        assert "nina@fora.example" not in told(last(everybody))

    def test_nobody_whose_membership_ended(self, everybody: Ticket, ana: User, caio: User) -> None:
        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")

        Membership.objects.filter(user=caio).update(is_active=False)

        assert "Caio" not in told(last(everybody))

    def test_nobody_of_a_restricted_team_that_is_not_theirs(
        self, everybody: Ticket, caio: User, restricted: Team
    ) -> None:
        Ticket.objects.filter(pk=everybody.pk).update(team=restricted)
        everybody.refresh_from_db()

        conversation.comment(everybody, by=caio, at=NOON, body="E agora?")

        assert "Ana" not in told(last(everybody))

    def test_a_muted_ticket_tells_nothing(self, everybody: Ticket, ana: User, caio: User) -> None:
        sharing.follow(everybody, by=caio, by_email=False, in_bell=False)

        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")

        assert "Caio" not in told(last(everybody))

    def test_a_muted_ticket_may_still_ring(self, everybody: Ticket, ana: User, caio: User) -> None:
        sharing.follow(everybody, by=caio, by_email=False, in_bell=True)

        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")

        one = next(one for one in recipients.of(last(everybody)) if one.user == caio)
        assert (one.by_email, one.in_bell) == (False, True)

    def test_a_muted_person_is_no_copy_either(self, bruno: User, beatriz: User, ana: User, acme: Organization) -> None:
        ticket = make_ticket(requester=bruno, copies=["novo@acme.example"])
        newcomer = make_user(name="Novo Nunes", email="novo@acme.example")
        make_membership(user=newcomer, organization=acme)
        sharing.share(ticket, "novo@acme.example", by=beatriz, at=NOON)
        sharing.follow(ticket, by=newcomer, by_email=False, in_bell=False)

        conversation.comment(ticket, by=ana, at=NOON, body="Estamos vendo.")

        assert told(last(ticket)) == {"Bruno": "requester"}

    def test_a_preference_turns_letters_off(self, everybody: Ticket, ana: User, caio: User) -> None:
        actions.prefer({Group.REPLY: Channels(by_email=False, in_bell=True)}, by=caio)

        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")

        one = next(one for one in recipients.of(last(everybody)) if one.user == caio)
        assert (one.by_email, one.in_bell) == (False, True)

    def test_who_opens_gets_one_letter_of_it_unless_turned_off(self, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        [one] = recipients.of(last(ticket))
        assert (one.part, one.by_email, one.in_bell) == (Part.RECEIPT, True, False)

        actions.prefer({Group.RECEIPT: Channels(by_email=False, in_bell=False)}, by=bruno)

        assert told(last(ticket)) == {}

    def test_somebody_without_an_address_by_bell(self, everybody: Ticket, ana: User, caio: User) -> None:
        User.objects.filter(pk=caio.pk).update(email=None)

        conversation.comment(everybody, by=ana, at=NOON, body="Estamos vendo.")

        one = next(one for one in recipients.of(last(everybody)) if one.user == caio)
        assert (one.by_email, one.in_bell) == (False, True)
