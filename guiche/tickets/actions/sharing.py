"""Who else follows a ticket: participants, copies, the contact, and who asked for silence."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from guiche.accounts import attempts
from guiche.accounts.models import User as Person
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.organizations.models import Membership
from guiche.tickets import policies
from guiche.tickets.events import ContactChanged, ParticipantAdded, ParticipantRemoved
from guiche.tickets.models import CopiedAddress, Following, Participant, Ticket

if TYPE_CHECKING:
    from guiche.accounts.models import User

MOST_FOLLOWERS = 50
LONGEST_ADDRESS = 254  # characters, as the column holds


class SharingRefused(Refused):
    """This person or address cannot be added."""


@transaction.atomic
def share(ticket: Ticket, address: str, *, by: User, at: datetime, whole: bool = False) -> None:
    """Let whoever has `address` follow `ticket`: as a participant when it is somebody we know, by letters otherwise.

    A customer adds people of the ticket's own organisation, and addresses in copy; staff add anybody, and `whole` lets
    somebody of another organisation read what was said before. Raises NotAllowed, SharingRefused.
    """
    ticket = Ticket.objects.locked(ticket)
    if not policies.can_arrange(by, ticket):
        raise NotAllowed(_("Only who opened the ticket, the portal administrator or the team can share it."))
    let_follow(ticket, address, by=by, at=at, whole=whole)


def let_follow(ticket: Ticket, address: str, *, by: User, at: datetime, whole: bool = False) -> None:
    """Add the follower; the caller has checked that `by` may."""
    address = _checked(address)
    if ticket.participants.count() + ticket.copies.count() >= MOST_FOLLOWERS:
        raise SharingRefused(_("This ticket already has %s people following it.") % MOST_FOLLOWERS)
    person = Person.objects.active().filter(email=address).first()
    member = person is not None and _belongs(person, ticket)
    if person is not None and (member or by.works_here) and not person.works_here:
        _add_person(ticket, person, by=by, at=at, sees_from=None if member or whole else at)
    else:
        _add_copy(ticket, address, by=by, at=at)


def _checked(address: str) -> str:
    address = address.strip().lower()
    try:
        validate_email(address if len(address) <= LONGEST_ADDRESS else "")
    except ValidationError:
        message = _("“%s” is not an e-mail address. Example: name@hospital.com.br") % address[:80]
        message = message if address else _("Write the e-mail address of who will follow the ticket.")
        raise SharingRefused(message, fields={"address": message, "copies": message}) from None
    return address


def _belongs(person: User, ticket: Ticket) -> bool:
    return Membership.objects.active().filter(user=person, organization_id=ticket.organization_id).exists()


def _add_person(ticket: Ticket, person: User, *, by: User, at: datetime, sees_from: datetime | None) -> None:
    if person.pk in (ticket.requester_id, ticket.opened_by_id):
        return
    _row, added = Participant.objects.get_or_create(
        ticket=ticket, user=person, defaults={"added_by": by, "added_at": at, "sees_from": sees_from}
    )
    if added:
        details = {"name": person.name, "user_id": person.pk}
        happened(ParticipantAdded(subject=ticket, by=by, at=at, details=details))


def _add_copy(ticket: Ticket, address: str, *, by: User, at: datetime) -> None:
    if ticket.copies.filter(address=address).exists():
        return
    _count_copy(by, at)
    CopiedAddress.objects.create(ticket=ticket, address=address, added_by=by, added_at=at)
    happened(ParticipantAdded(subject=ticket, by=by, at=at, details={"address": address}))


def _count_copy(by: User, at: datetime) -> None:
    """Let one person write to so many strangers a day, whatever the tickets and whoever was taken off again."""
    limit = attempts.COPIES_OF_PERSON
    if attempts.take(limit, str(by.pk), at=at) is None:
        message = _(
            "You have added %d addresses in copy within a day, the most that one person may. "
            "Leave this one out and add it tomorrow, or ask the team to add it."
        )
        message %= limit.count
        raise SharingRefused(message, fields={"address": message, "copies": message})


@transaction.atomic
def stop_sharing(
    ticket: Ticket, *, by: User, at: datetime, participant_id: int | None = None, copy_id: int | None = None
) -> None:
    """Take a participant or a copied address off `ticket`. One may always take oneself off."""
    ticket = Ticket.objects.locked(ticket)
    row = _follower(ticket, participant_id, copy_id)
    own = isinstance(row, Participant) and row.user_id == by.pk
    if not own and not policies.can_arrange(by, ticket):
        raise NotAllowed(_("Only who opened the ticket, the portal administrator or the team can change this."))
    if row is None:
        return
    name = row.user.name if isinstance(row, Participant) else row.address
    row.delete()
    happened(ParticipantRemoved(subject=ticket, by=by, at=at, details={"name": name}))


def _follower(ticket: Ticket, participant_id: int | None, copy_id: int | None) -> Participant | CopiedAddress | None:
    if participant_id is not None:
        return ticket.participants.select_related("user").filter(pk=participant_id).first()
    return ticket.copies.filter(pk=copy_id).first() if copy_id is not None else None


@transaction.atomic
def change_contact(
    ticket: Ticket, *, by: User, at: datetime, name: str, phone: str = "", email: str = "", best_time: str = ""
) -> Ticket:
    """Say who answers for `ticket` at the customer from now on. Raises NotAllowed, SharingRefused without a name."""
    ticket = Ticket.objects.locked(ticket)
    if not policies.can_arrange(by, ticket):
        raise NotAllowed(_("Only who opened the ticket, the portal administrator or the team can change the contact."))
    if not name.strip():
        raise SharingRefused(_("Give the name of the contact."), fields={"name": _("Give the name of the contact.")})
    ticket.contact_name, ticket.contact_phone = name.strip()[:120], phone.strip()[:40]
    ticket.contact_email = _checked(email) if email.strip() else ""
    ticket.best_time = best_time.strip()[:80]
    ticket.touched_at = at
    ticket.save(update_fields=["contact_name", "contact_phone", "contact_email", "best_time", "touched_at"])
    details = {"name": ticket.contact_name, "phone": ticket.contact_phone, "email": ticket.contact_email}
    happened(ContactChanged(subject=ticket, by=by, at=at, details=details))
    return ticket


def follow(ticket: Ticket, *, by: User, by_email: bool, in_bell: bool) -> None:
    """Keep what `by`, who sees `ticket`, wants to hear of it."""
    Following.objects.update_or_create(ticket=ticket, user=by, defaults={"by_email": by_email, "in_bell": in_bell})


def mark_read(ticket: Ticket, *, by: User, activity_id: int) -> None:
    """Remember that `by` has seen the timeline up to `activity_id`; an older mark never replaces a newer one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_readmark (ticket_id, user_id, activity_id) VALUES (%s, %s, %s) "
            "ON CONFLICT (user_id, ticket_id) DO UPDATE SET activity_id = EXCLUDED.activity_id "
            "WHERE tickets_readmark.activity_id < EXCLUDED.activity_id",
            [ticket.pk, by.pk, activity_id],
        )
