"""What happens to the clocks of a ticket when something happens to it."""

from datetime import datetime

from django.utils.translation import gettext as _

from guiche.calendars.events import CalendarArchived, CalendarPublished, CalendarWithdrawn
from guiche.core.errors import Refused
from guiche.sla import tasks, uses
from guiche.sla.actions import bulk, keeping, retargeting
from guiche.sla.events import (
    EscalationChanged,
    EscalationCreated,
    EscalationSwitchedOff,
    EscalationSwitchedOn,
    RetargetingAsked,
)
from guiche.sla.metrics import Metric
from guiche.tickets.events import (
    ClosingSoon,
    CommentAdded,
    DiagnosisRecorded,
    FieldsChanged,
    StillNeeded,
    TeamChanged,
    TicketMoved,
    TicketOpened,
)
from guiche.workflows.stages import Stage

MOST_NAMED = 5  # of those who count by a calendar


class CalendarInUse(Refused):
    """Somebody counts by this calendar: it cannot be archived."""


def start_clocks(event: TicketOpened) -> None:
    keeping.start(event.subject, at=event.at)


def note_words(event: CommentAdded) -> None:
    """Staff answer, or the customer speaks and silence begins again."""
    if _answers(event):
        keeping.follow(event.subject, by=event.by, at=event.at, settles=_settled(event))
    elif not event.by.works_here:
        keeping.count_silence(event.subject)


def note_diagnosis(event: DiagnosisRecorded) -> None:
    keeping.follow(event.subject, by=event.by, at=event.at, settles={Metric.DIAGNOSIS, Metric.FIRST_RESPONSE})


def count_again(event: StillNeeded) -> None:
    keeping.count_silence(event.subject)


def remind_again(event: ClosingSoon) -> None:
    """A reminder was given: the next one follows, unless it was due already when this one was said."""
    told_at = event.details.get("told_at")
    keeping.remind_again(event.subject, after=datetime.fromisoformat(told_at) if told_at else event.at)


def follow_status(event: TicketMoved) -> None:
    keeping.enter(event.subject, by=event.by, at=event.at, settles=_settled(event))


def follow_team(event: TeamChanged) -> None:
    keeping.change_team(event.subject, by=event.by, at=event.at)


def follow_fields(event: FieldsChanged) -> None:
    """Another severity keeps the agreement; another customer, contract, product or type may have another one."""
    changed = {change["field"] for change in event.details["changes"]}
    retargeting.retarget(event.subject, by=event.by, at=event.at, chooses_anew=bool(changed - {"severity", "title"}))


def mark_again_later(
    event: EscalationCreated | EscalationChanged | EscalationSwitchedOff | EscalationSwitchedOn,
) -> None:
    """Other percents are told of: running clocks are to be woken at them."""
    before, after = event.details["marks"]
    if before != after:
        tasks.mark_again.defer(added=sorted(set(after) - set(before)))


def _settled(event: CommentAdded | TicketMoved) -> set[Metric]:
    found = {Metric.FIRST_RESPONSE} if _answers(event) else set()
    if event.subject.status.stage == Stage.AWAITING_VALIDATION:
        found.add(Metric.DIAGNOSIS)
    return found


def _answers(event: CommentAdded | TicketMoved) -> bool:
    """Whether a person of staff said something that the customer reads."""
    return (
        event.comment is not None and event.by.works_here and not event.by.is_system and not event.comment.is_internal
    )


def retarget_for_calendar(event: CalendarPublished | CalendarWithdrawn) -> None:
    """Let open clocks run under the calendar as it is now; a version that begins later counts in what is due then."""
    version = event.subject.versions.get(number=event.details["version"])
    bulk.begin(calendar_version=version, by=event.by, at=event.at)


def keep_what_is_used(event: CalendarArchived) -> None:
    """Raise CalendarInUse for a calendar by which somebody counts."""
    calendar = event.subject
    who = uses.of_calendars([calendar.pk], event.at).get(calendar.pk, [])
    if who:
        named = "; ".join(who[:MOST_NAMED]) + ("…" if len(who) > MOST_NAMED else "")
        raise CalendarInUse(_("This calendar is in use: %s. Give them another one first.") % named)


def retarget_later(event: RetargetingAsked) -> None:
    tasks.retarget.defer(retargeting_id=event.subject.pk)
