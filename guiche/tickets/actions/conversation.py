"""Talking on a ticket: replies, internal notes, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.accounts.models import User as Person
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.files.models import StoredFile
from guiche.tickets import policies
from guiche.tickets.actions import moving, writing
from guiche.tickets.events import (
    CommentAdded,
    CommentEdited,
    CommentRedacted,
    DiagnosisRecorded,
    NoteAdded,
    StillNeeded,
)
from guiche.tickets.models import Comment, CommentKind, Ticket
from guiche.workflows.stages import Stage, Taker

if TYPE_CHECKING:
    from guiche.accounts.models import User

EDITABLE_FOR = timedelta(minutes=5)
JUST_NOW = timedelta(minutes=10)  # within which saying again that it is still needed tells nobody anything


@transaction.atomic
def comment(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    body: str,
    files: Sequence[StoredFile] = (),
    once_key: UUID | None = None,
) -> Comment:
    """Say something that everybody on `ticket` reads.

    A customer's words bring a ticket that waits for them back to work, and restart the count of silence. The same
    `once_key` says it once. Raises NotAllowed on a ticket that has ended (customers), WordsRefused without words.
    """
    ticket = Ticket.objects.locked(ticket)
    if said := _already_said(ticket, by, once_key):
        return said
    if not policies.can_comment(by, ticket):
        raise NotAllowed(_("This ticket has ended. Reopen it, or open a related one."))
    _check_not_empty(body, files)
    said = writing.write(ticket, CommentKind.REPLY, body, by=by, at=at, files=files, once_key=once_key)
    ticket.touched_at = at
    if not by.works_here:
        ticket.customer_spoke_at = at
    ticket.save(update_fields=["touched_at", "customer_spoke_at"])
    happened(CommentAdded(subject=ticket, by=by, at=at, comment=said))
    if not by.works_here and ticket.status.stage == Stage.WAITING_ON_CUSTOMER:
        _back_to_work(ticket, by, at)
    return said


def _back_to_work(ticket: Ticket, by: User, at: datetime) -> None:
    steps = ticket.status.ways_out.filter(
        target__stage=Stage.IN_PROGRESS, takers__overlap=[Taker.SYSTEM, Taker.CUSTOMER]
    )
    step = steps.select_related("target").order_by("position", "id").first()
    if step is not None:
        moving.enter(ticket, step, by=by, at=at)


@transaction.atomic
def still_need(ticket: Ticket, *, by: User, at: datetime) -> Ticket:
    """Keep silence from closing `ticket`: it is counted from `at` again. Return it with its new closing.

    It is no answer: the ticket stays where it stands. Said again just now, it does nothing: the count has begun. Raises
    NotAllowed to staff and once it has ended, Refused where silence closes nothing.
    """
    ticket = Ticket.objects.locked(ticket)
    if by.works_here:
        raise NotAllowed(_("Only the customer says that the ticket is still needed."))
    if not policies.can_comment(by, ticket):
        raise NotAllowed(_("This ticket has ended. Reopen it, or open a related one."))
    if ticket.closes_at is None:
        raise Refused(_("This ticket does not close by itself: there is nothing to keep open."))
    if ticket.timeline.filter(kind=StillNeeded.kind, at__gt=at - JUST_NOW).exists():
        return ticket
    ticket.customer_spoke_at = ticket.touched_at = at
    ticket.save(update_fields=["customer_spoke_at", "touched_at"])
    happened(StillNeeded(subject=ticket, by=by, at=at))
    return ticket


@transaction.atomic
def diagnose(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    body: str,
    files: Sequence[StoredFile] = (),
    once_key: UUID | None = None,
) -> Comment:
    """Record what the cause is, for everybody on `ticket`. The same `once_key` records it once.

    Raises NotAllowed unless `by` is at the desk and the ticket open, WordsRefused without words: files do not say it.
    """
    ticket = Ticket.objects.locked(ticket)
    if said := _already_said(ticket, by, once_key):
        return said
    if not policies.can_diagnose(by, ticket):
        raise NotAllowed(_("The team records a diagnosis while the ticket is open."))
    if not body.strip():
        sentence = _("Write the diagnosis before you record it.")
        raise writing.WordsRefused(sentence, fields={"body": sentence})
    said = writing.write(ticket, CommentKind.DIAGNOSIS, body, by=by, at=at, files=files, once_key=once_key)
    ticket.touched_at = at
    ticket.save(update_fields=["touched_at"])
    happened(DiagnosisRecorded(subject=ticket, by=by, at=at, comment=said))
    return said


@transaction.atomic
def note(
    ticket: Ticket,
    *,
    by: User,
    at: datetime,
    body: str,
    files: Sequence[StoredFile] = (),
    mentioned: Sequence[int] = (),
    once_key: UUID | None = None,
) -> Comment:
    """Write what only staff read. `mentioned` are ids of staff who are told."""
    ticket = Ticket.objects.locked(ticket)
    if said := _already_said(ticket, by, once_key):
        return said
    if not policies.can_note(by, ticket):
        raise NotAllowed(_("Internal notes are for the team."))
    _check_not_empty(body, files)
    said = writing.write(ticket, CommentKind.NOTE, body, by=by, at=at, files=files, once_key=once_key)
    people = Person.objects.at_the_desk().filter(pk__in=list(mentioned)[:50])
    details = {"mentioned": sorted(people.values_list("pk", flat=True))}
    happened(NoteAdded(subject=ticket, by=by, at=at, comment=said, details=details, internal=True))
    return said


def _already_said(ticket: Ticket, by: User, once_key: UUID | None) -> Comment | None:
    """The ticket is locked: a second press of the same button waits here, and finds what the first one said."""
    if once_key is None:
        return None
    return Comment.objects.filter(once_key=once_key, ticket=ticket, author=by).first()


def _check_not_empty(body: str, files: Sequence[StoredFile]) -> None:
    if not body.strip() and not files:
        raise writing.WordsRefused(
            _("Write something before sending."), fields={"body": _("Write something before sending.")}
        )


@transaction.atomic
def edit(comment: Comment, *, by: User, at: datetime, body: str) -> Comment:
    """Correct what one said, for five minutes; the earlier text is kept for staff, and no second letter goes out."""
    comment = Comment.objects.locked(comment)
    if not policies.can_edit(by, comment):
        raise NotAllowed(_("Only who wrote it can correct it."))
    if not is_correctable(comment, at):
        raise NotAllowed(_("More than 5 minutes have passed. Write the correction as a new comment."))
    _check_not_empty(body, ())
    body = writing.checked(body)
    if body == comment.body:
        return comment
    _replace(comment, body, by=by, at=at)
    internal = comment.kind == CommentKind.NOTE
    happened(CommentEdited(subject=comment.ticket, by=by, at=at, comment=comment, internal=internal))
    return comment


def is_correctable(comment: Comment, at: datetime) -> bool:
    """Whether its author may still correct `comment`: for EDITABLE_FOR, unless it was redacted."""
    return comment.redacted_at is None and at - comment.at <= EDITABLE_FOR


@transaction.atomic
def redact(comment: Comment, *, by: User, at: datetime, reason: str) -> Comment:
    """Take the words of a comment away for good reason; that it was there, and who did this, stays."""
    comment = Comment.objects.locked(comment)
    if not policies.can_redact(by):
        raise NotAllowed(_("Only an administrator can redact a comment."))
    if not reason.strip():
        raise writing.WordsRefused(_("Say the reason."), fields={"reason": _("Say the reason.")})
    comment.versions.all().delete()
    comment.body, comment.redacted_at = "", at
    comment.save(update_fields=["body", "redacted_at"])
    details = {"reason": reason.strip()}
    happened(CommentRedacted(subject=comment.ticket, by=by, at=at, comment=comment, details=details, internal=True))
    return comment


def _replace(comment: Comment, body: str, *, by: User, at: datetime) -> None:
    comment.versions.create(body=comment.body, replaced_at=at, replaced_by=by)
    comment.body, comment.edited_at = body, at
    comment.save(update_fields=["body", "edited_at"])
