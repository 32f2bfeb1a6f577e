"""Who else follows a ticket."""

from datetime import timedelta

import pytest

from guiche.accounts import attempts
from guiche.core.errors import NotAllowed, Refused
from guiche.tickets.actions import sharing
from guiche.tickets.models import ReadMark, Ticket
from tests.factories.tickets import NOON, make_ticket


class TestShare:
    def test_is_for_who_arranges_it(self, bruno, caio):
        ticket = make_ticket(requester=bruno)
        sharing.share(ticket, caio.email, by=bruno, at=NOON)

        with pytest.raises(NotAllowed):
            sharing.share(ticket, "outro@acme.example", by=caio, at=NOON)

    def test_twice_is_once(self, bruno, caio):
        ticket = make_ticket(requester=bruno)

        for _ in range(2):
            sharing.share(ticket, caio.email.upper(), by=bruno, at=NOON)
            sharing.share(ticket, "TI@acme.example", by=bruno, at=NOON)

        assert (ticket.participants.count(), ticket.copies.count()) == (1, 1)

    @pytest.mark.parametrize(
        "address", ["", "nada", "a@b@c", "x" * 300 + "@acme.example", "a@acme.example\r\nBcc: x@y.example"]
    )
    def test_refuses_what_is_no_address(self, address, bruno):
        with pytest.raises(Refused) as refusal:
            sharing.share(make_ticket(requester=bruno), address, by=bruno, at=NOON)

        assert "address" in refusal.value.fields

    def test_staff_are_copied_not_added(self, ana, bruno):
        ticket = make_ticket(requester=bruno)

        sharing.share(ticket, ana.email, by=bruno, at=NOON)

        assert not ticket.participants.exists()


class TestCopiesOfOnePerson:
    """Case 83: our letters are nobody's way to write to strangers."""

    @pytest.fixture
    def spent(self, bruno):
        """Bruno added, and took off again, as many addresses as one person may in a day."""
        for _ in range(attempts.COPIES_OF_PERSON.count - 1):
            attempts.take(attempts.COPIES_OF_PERSON, str(bruno.pk), at=NOON)
        ticket = make_ticket(requester=bruno)
        sharing.share(ticket, "ti@fora.example", by=bruno, at=NOON)
        sharing.stop_sharing(ticket, by=bruno, at=NOON, copy_id=ticket.copies.get().pk)

    def test_case_083_are_limited_whatever_the_ticket(self, spent, bruno):
        other = make_ticket(requester=bruno)

        with pytest.raises(Refused, match="100") as refusal:
            sharing.share(other, "outro@fora.example", by=bruno, at=NOON + timedelta(hours=23))

        assert set(refusal.value.fields) == {"address", "copies"}
        assert not other.copies.exists()

    def test_are_free_again_the_next_day(self, spent, bruno):
        ticket = make_ticket(requester=bruno)

        sharing.share(ticket, "outro@fora.example", by=bruno, at=NOON + timedelta(hours=25))

        assert ticket.copies.exists()

    def test_of_others_and_of_colleagues_are_not_counted(self, spent, bruno, beatriz, caio):
        ticket = make_ticket(requester=bruno)

        sharing.share(ticket, caio.email, by=bruno, at=NOON)
        sharing.share(ticket, "outro@fora.example", by=beatriz, at=NOON)

        assert (ticket.participants.count(), ticket.copies.count()) == (1, 1)


class TestStopSharing:
    def test_one_may_always_leave(self, bruno, caio):
        ticket = make_ticket(requester=bruno)
        sharing.share(ticket, caio.email, by=bruno, at=NOON)

        sharing.stop_sharing(ticket, by=caio, at=NOON, participant_id=ticket.participants.get().pk)

        assert not Ticket.objects.visible_to(caio).exists()

    def test_case_37_ids_count_inside_their_ticket(self, bruno, caio, carla):
        mine, theirs = make_ticket(requester=bruno), make_ticket(requester=carla)
        sharing.share(theirs, "ti@bela.example", by=carla, at=NOON)

        sharing.stop_sharing(mine, by=bruno, at=NOON, copy_id=theirs.copies.get().pk)

        assert theirs.copies.exists()


class TestContact:
    def test_changes_for_the_whole_ticket(self, bruno, beatriz):
        ticket = make_ticket(requester=bruno)

        sharing.change_contact(
            ticket, by=beatriz, at=NOON, name="Jonas", phone="(12) 98800-1122", email="Jonas@acme.example"
        )

        ticket.refresh_from_db()
        assert (ticket.contact_name, ticket.contact_email) == ("Jonas", "jonas@acme.example")
        assert ticket.timeline.last().kind == "ticket.contact_changed"

    def test_needs_a_name(self, bruno):
        with pytest.raises(Refused):
            sharing.change_contact(make_ticket(requester=bruno), by=bruno, at=NOON, name=" ")


class TestMarkRead:
    def test_an_older_mark_never_wins(self, bruno):
        ticket = make_ticket(requester=bruno)

        for seen in (5, 9, 7):
            sharing.mark_read(ticket, by=bruno, activity_id=seen)

        assert ReadMark.objects.get().activity_id == 9
