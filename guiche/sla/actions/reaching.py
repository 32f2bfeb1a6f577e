"""What the running clocks of a ticket have reached, put on record at its own instant: shares of the time, its end.

Whoever comes first does it: the minute's job, or what happens to the ticket, before it moves its clocks. What is on
record is the same, however late the job runs. Nothing is done to the ticket here: what an escalation is to do is a row
that the job takes up (`remedying`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from guiche.core.events import happened
from guiche.sla import escalations
from guiche.sla.actions import counting
from guiche.sla.clockwork import ALL_USED
from guiche.sla.escalations import Mark, Rule
from guiche.sla.events import DeadlineBreached, DeadlineWarned
from guiche.sla.models import Clock, DueRemedy
from guiche.sla.rules import Rules

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.tickets.models import Ticket

PUNCTUAL = 300  # seconds of business time after a mark in which it is not late to tell of it
_SAVED = ("warned_percent", "breached_at", "wakes_at")


def catch_up(ticket: Ticket, clocks: Sequence[Clock], known: Rules, *, by: User, at: datetime) -> None:
    """Record what `clocks` reached before `at`, a whole second. `ticket` is locked, and its clocks were read since."""
    for clock in clocks:
        if clock.wakes_at is not None and clock.wakes_at < at:
            _catch_up(ticket, clock, known, by, at)


def say_breached(ticket: Ticket, clock: Clock, known: Rules, *, by: User, passed: Sequence[Rule] = ()) -> None:
    """Record that the time ran out, at the instant at which it did, and leave behind what is to be done about it.

    `passed`: escalations of earlier marks whose people hear of this instead.
    """
    assert clock.breached_at is not None
    mark = Mark(ALL_USED, clock.breached_at)
    rules = _called(ticket, clock, known, mark)
    details = {
        "clock": clock.pk,
        "metric": clock.metric,
        "target_seconds": clock.target_seconds,
        "zone": _zone(clock, known),
        "told": _audience(ticket, [*passed, *rules]),
    }
    happened(DeadlineBreached(subject=ticket, by=by, at=clock.breached_at, details=details, internal=True))
    _leave_remedies(clock, mark, rules)


def _catch_up(ticket: Ticket, clock: Clock, known: Rules, by: User, at: datetime) -> None:
    marks = _passed(clock, known, at)
    if clock.breached_at is None:  # of one that ran out already nobody is warned any more
        called = [(mark, rules) for mark in marks if (rules := _called(ticket, clock, known, mark))]
        assert clock.breaches_at is not None
        is_over = at > clock.breaches_at
        _say_warned(ticket, clock, known, called, by=by, at=at, is_over=is_over)
        if is_over:
            clock.breached_at = clock.breaches_at
            say_breached(ticket, clock, known, by=by, passed=[rule for _mark, rules in called for rule in rules])
    clock.warned_percent = max([clock.warned_percent, *(mark.percent for mark in marks)])
    counting.reckon(clock, known)
    clock.save(update_fields=_SAVED)


def _passed(clock: Clock, known: Rules, at: datetime) -> list[Mark]:
    """Return the marks below the last that were reached before `at` and are not on record."""
    marks = [mark for mark in known.marks if clock.warned_percent < mark < ALL_USED]
    found = escalations.passed(
        counting.calendar_of(clock, known),
        since=clock.since,
        elapsed=clock.elapsed_seconds,
        target=clock.target_seconds,
        marks=marks,
        past=lambda: counting.past_of(clock, known),
        at=at,
    )
    return list(found)


def _say_warned(
    ticket: Ticket,
    clock: Clock,
    known: Rules,
    called: Sequence[tuple[Mark, list[Rule]]],
    *,
    by: User,
    at: datetime,
    is_over: bool,
) -> None:
    """Write every mark down; people hear of the highest one alone, and not of that either when the time is over."""
    everybody = [rule for _mark, rules in called for rule in rules]
    for place, (mark, rules) in enumerate(called, start=1):
        is_told = place == len(called) and not is_over
        details = {
            "clock": clock.pk,
            "metric": clock.metric,
            "percent": mark.percent,
            "due_at": clock.due_at.isoformat() if clock.due_at else "",
            "left_seconds": clock.target_seconds - escalations.seconds_at(clock.target_seconds, mark.percent),
            "zone": _zone(clock, known),
            "told": _audience(ticket, everybody) if is_told else {},
        }
        if is_told and (left := _left_late(clock, known, mark, at)) is not None:
            details["left_when_told"] = left
        happened(DeadlineWarned(subject=ticket, by=by, at=mark.at, details=details, internal=True))
        _leave_remedies(clock, mark, rules)


def _left_late(clock: Clock, known: Rules, mark: Mark, at: datetime) -> int | None:
    """Return the seconds that are left where `mark` is told of late; None while what was left at it is true enough."""
    now = counting.elapsed_at(clock, known, at)
    is_late = now - escalations.seconds_at(clock.target_seconds, mark.percent) > PUNCTUAL
    return max(0, clock.target_seconds - now) if is_late else None


def _zone(clock: Clock, known: Rules) -> str:
    """Return the zone in which the instants of the deadline are told."""
    return str(counting.calendar_of(clock, known).zone)


def _called(ticket: Ticket, clock: Clock, known: Rules, mark: Mark) -> list[Rule]:
    return escalations.called(
        known.escalations, mark, metric=clock.metric, severity=ticket.severity_id, team=ticket.team_id
    )


def _audience(ticket: Ticket, rules: Sequence[Rule]) -> dict[str, Any]:
    return escalations.audience(rules, assignee=ticket.assignee_id, team=ticket.team_id) if rules else {}


def _leave_remedies(clock: Clock, mark: Mark, rules: Sequence[Rule]) -> None:
    """Leave behind what is to be done, unless it was once done to this clock at this mark already."""
    due = [
        DueRemedy(clock=clock, escalation_id=rule.id, percent=mark.percent, reached_at=mark.at)
        for rule in rules
        if rule.remedy
    ]
    if due:
        DueRemedy.objects.bulk_create(due, ignore_conflicts=True)
