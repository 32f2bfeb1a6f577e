"""Moving a ticket along its workflow: steps that people take, and what follows silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.core.errors import Conflict, NotAllowed
from guiche.core.events import happened
from guiche.files.models import StoredFile
from guiche.installation import models as installation
from guiche.tickets import policies
from guiche.tickets.actions import writing
from guiche.tickets.events import (
    ON_ENTERING,
    ClosingSoon,
    SolutionRejected,
    TicketMoved,
    TicketReopened,
)
from guiche.tickets.models import Comment, CommentKind, Outcome, Ticket
from guiche.workflows import moves
from guiche.workflows.models import Status, Transition
from guiche.workflows.stages import ENDED, Need, Stage, Taker

if TYPE_CHECKING:
    from guiche.accounts.models import User

KINDS = {Need.COMMENT: CommentKind.REPLY, Need.REASON: CommentKind.REASON, Need.SOLUTION: CommentKind.SOLUTION}


class CrossedWords(Conflict):
    """The customer wrote while staff decided; the page shows the new words before the step is taken."""


class TooLate(NotAllowed):
    """The window for reopening is over; a linked ticket is offered instead."""


@transaction.atomic
def take(
    ticket: Ticket,
    step: Transition,
    *,
    by: User,
    at: datetime,
    given: dict[str, str] | None = None,
    files: Sequence[StoredFile] = (),
    seen: int | None = None,
    once_key: UUID | None = None,
) -> Ticket:
    """Move `ticket` along `step`; `given` holds the words that the step asks for, by need.

    `seen` is the last timeline line that the person had on the screen: a step of staff that asks for a verdict or ends
    the ticket is not taken over newer words of the customer. Raises NotAllowed if the step is not for `by`, MovedOn if
    the ticket is no longer where it starts, MoveRefused if something asked for is missing, CrossedWords, TooLate.
    """
    given = given or {}
    ticket = Ticket.objects.locked(ticket)
    _check_allowed(ticket, step, by, at)
    moves.check(step, status=ticket.status, given=given)
    if by.works_here and step.target.stage in ENDED | {Stage.AWAITING_VALIDATION}:
        _check_nothing_new(ticket, by, seen)
    comment = _write_what_was_asked(ticket, step, given, by, at, files, once_key)
    enter(ticket, step, by=by, at=at, comment=comment)
    return ticket


def _check_allowed(ticket: Ticket, step: Transition, by: User, at: datetime) -> None:
    has = policies.rights(by, ticket)
    if not policies.can_take(by, ticket, step, has):
        raise NotAllowed(_("This step is for others to take."))
    reopening = ticket.status.stage == Stage.DONE and step.target.stage not in ENDED
    if reopening and not by.works_here and not is_reopenable(ticket, at):
        raise TooLate(
            _("The time to reopen this ticket is over. Open a related ticket and we will continue from there.")
        )


def is_reopenable(ticket: Ticket, at: datetime) -> bool:
    """Whether customers may still reopen `ticket`, which has ended: in calendar days, a setting."""
    if ticket.ended_at is None or ticket.status.stage != Stage.DONE:
        return False
    return (at - ticket.ended_at).total_seconds() <= installation.current().reopening_days * 86_400


def _check_nothing_new(ticket: Ticket, by: User, seen: int | None) -> None:
    if seen is None:
        return
    newer = ticket.timeline.filter(pk__gt=seen, comment__isnull=False).exclude(actor=by).select_related("actor").last()
    if newer is not None and not newer.actor.works_here:
        raise CrossedWords(_("%s wrote while you were writing. Read it before you decide.") % newer.actor.name)


def _write_what_was_asked(
    ticket: Ticket,
    step: Transition,
    given: dict[str, str],
    by: User,
    at: datetime,
    files: Sequence[StoredFile],
    once_key: UUID | None,
) -> Comment | None:
    """Write what the step asked for as one comment, of the kind of the last thing asked; None when nothing was said."""
    said = [(need, given[need].strip()) for need in Need if given.get(need, "").strip()]
    if not said:
        return None
    kind = _kind_of(said[-1][0], ticket, step)
    body = "\n\n".join(words for _need, words in said)
    comment = writing.write(ticket, kind, body, by=by, at=at, files=files, once_key=once_key)
    if kind == CommentKind.SOLUTION:
        ticket.solution = comment
    return comment


def _kind_of(need: Need, ticket: Ticket, step: Transition) -> CommentKind:
    rejects = ticket.status.stage == Stage.AWAITING_VALIDATION and step.target.stage not in ENDED
    if need == Need.COMMENT and rejects and Taker.CUSTOMER in step.takers:
        return CommentKind.REJECTION
    return KINDS[need]


def enter(ticket: Ticket, step: Transition, *, by: User, at: datetime, comment: Comment | None = None) -> None:
    """Put `ticket`, locked, where `step` leads, and say it happened. Rules were checked by the caller."""
    left, reached = ticket.status, step.target
    ticket.status = reached
    ticket.status_since = ticket.touched_at = at
    if not by.works_here:
        ticket.customer_spoke_at = at
    if left.stage == Stage.NEW and reached.stage == Stage.IN_PROGRESS and ticket.assignee_id is None and by.at_the_desk:
        ticket.assignee = by
    ticket.ended_at = at if reached.stage in ENDED else None
    ticket.outcome = _outcome(left, reached, by) if reached.stage in ENDED else ""
    ticket.closes_at = ticket.warns_at = None  # counted anew where the status closes: it is an event's to ask for
    ticket.save(
        update_fields=[
            *("status", "status_since", "touched_at", "customer_spoke_at", "assignee", "solution"),
            *("ended_at", "outcome", "closes_at", "warns_at"),
        ]
    )
    details = {
        "step": step.name,
        "from": left.name,
        "to": reached.name,
        "to_customer": reached.shown_to_customer,
        "family": reached.family,
        "stage": reached.stage,
        "pauses": reached.pauses_clocks,
        "outcome": ticket.outcome,
    }
    happened(_event(left, reached, comment)(subject=ticket, by=by, at=at, details=details, comment=comment))


def _event(left: Status, reached: Status, comment: Comment | None) -> type[TicketMoved]:
    if left.stage in ENDED and reached.stage not in ENDED:
        return TicketReopened
    if comment is not None and comment.kind == CommentKind.REJECTION:
        return SolutionRejected
    return ON_ENTERING.get(Stage(reached.stage), TicketMoved)


def _outcome(left: Status, reached: Status, by: User) -> Outcome:
    if reached.stage == Stage.CANCELLED:
        return Outcome.CANCELLED
    if by.is_system:
        return Outcome.CLOSED_BY_SILENCE
    if by.works_here:
        return Outcome.CONCLUDED_BY_STAFF
    return Outcome.APPROVED if left.stage == Stage.AWAITING_VALIDATION else Outcome.CONCLUDED_BY_CUSTOMER


@transaction.atomic
def close_by_silence(ticket: Ticket, *, by: User, at: datetime) -> bool:
    """Close `ticket` if silence has lasted until `at`; return whether it did.

    The row is locked and read again: whatever the customer said meanwhile has moved `closes_at` away, so their words
    always win. The moment of the end is when it was due, however late the job runs.
    """
    ticket = Ticket.objects.locked(ticket)
    if ticket.closes_at is None or ticket.closes_at > at:
        return False
    step = _silent_way_out(ticket.status)
    if step is None:
        return False
    enter(ticket, step, by=by, at=ticket.closes_at)
    return True


def _silent_way_out(status: Status) -> Transition | None:
    ends = status.ways_out.filter(takers__contains=[Taker.SYSTEM], target__stage__in=[str(stage) for stage in ENDED])
    return ends.select_related("target").order_by("position", "id").first()


@transaction.atomic
def warn_of_closing(ticket: Ticket, *, by: User, at: datetime) -> bool:
    """Say that silence will close `ticket`, once for each reminder that is due; return whether it was said.

    The next reminder is written by who counts silence, from this event. Of several that are due, since the job did not
    run, one is said.
    """
    ticket = Ticket.objects.locked(ticket)
    if ticket.warns_at is None or ticket.warns_at > at or ticket.closes_at is None:
        return False
    due, ticket.warns_at = ticket.warns_at, None
    ticket.save(update_fields=["warns_at"])
    if ticket.closes_at > at:
        details = {"closes_at": ticket.closes_at.isoformat(), "told_at": at.isoformat()}
        happened(ClosingSoon(subject=ticket, by=by, at=due, details=details))
    return ticket.closes_at > at
