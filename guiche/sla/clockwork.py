"""How a clock moves and what it says: the rules of deadlines, without rows. Pure; instants are whole seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import floor
from typing import NamedTuple

from guiche.calendars.worktime import Calendar
from guiche.sla.metrics import Metric, Motion, Reason
from guiche.workflows.stages import ENDED, Stage

ALL_USED = 100  # percent

_WAITS = {
    Stage.WAITING_ON_CUSTOMER: Reason.WAITING_ON_CUSTOMER,
    Stage.AWAITING_VALIDATION: Reason.AWAITING_VALIDATION,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a ticket stands: what every course follows from."""

    stage: Stage
    pauses: bool  # of its status
    team: int


class Course(NamedTuple):
    motion: Motion
    reason: Reason


def course(metric: str, standing: Standing, *, team: int | None, is_settled: bool, counts_delivery: bool) -> Course:
    """Return how a clock goes while its ticket stands so.

    `is_settled`: what it waits for has come, once and for ever: the first answer, the diagnosis. `team`: whose clock it
    is, of one between teams. `counts_delivery`: the delivery of the solution is its end.
    """
    if standing.stage in ENDED or is_settled:
        return Course(Motion.STOPPED, Reason.CLOSED)
    if metric == Metric.SOLUTION and counts_delivery and standing.stage == Stage.AWAITING_VALIDATION:
        return Course(Motion.STOPPED, Reason.AWAITING_VALIDATION)
    if metric == Metric.TEAM and team != standing.team:
        return Course(Motion.PAUSED, Reason.ELSEWHERE)
    if standing.pauses:
        return Course(Motion.PAUSED, _WAITS.get(standing.stage, Reason.ON_HOLD))
    return Course(Motion.RUNNING, Reason.WORKING)


class Past(NamedTuple):
    """A closed interval that counted, oldest first in a sequence."""

    start: datetime
    counted: int
    calendar: Calendar


class Reading(NamedTuple):
    """What a running clock says. `wakes_at`: when the next of the marks is reached."""

    due_at: datetime
    breaches_at: datetime
    wakes_at: datetime | None


class Seconds(NamedTuple):
    """A reading in seconds since 1970."""

    due: int
    breaches: int
    wakes: int | None


class Over(NamedTuple):
    """Where the time ran out, in seconds since 1970: due then, overdue from the next second that counted."""

    due: int
    breaches: int


def read(
    calendar: Calendar,
    *,
    since: datetime,
    elapsed: int,
    target: int,
    marks: Sequence[int] = (),
    past: Iterable[Past] = (),
) -> Reading:
    """Return what a clock says that has run since `since` and counted `elapsed` seconds before it.

    `marks`: percents of the target that are still to be told, in order; 100 is the breach. `past` is asked only where
    `elapsed` is more than the target: then the time ran out in one of those intervals.
    """
    over = ran_out(past, target) if elapsed > target else None
    found = reckon(calendar, seconds_of(since), elapsed, target, marks, over=over)
    return Reading(
        instant_of(found.due), instant_of(found.breaches), None if found.wakes is None else instant_of(found.wakes)
    )


def reckon(
    calendar: Calendar, since: int, elapsed: int, target: int, marks: Sequence[int], *, over: Over | None = None
) -> Seconds:
    """Return `read` of seconds since 1970. `over`: where the time ran out before `since`."""
    if elapsed > target and over is not None:
        due, breaches = over
    else:
        due = calendar.second_after(since, max(0, target - elapsed))
        breaches = calendar.opening_from(due)
    if not marks:
        return Seconds(due, breaches, None)
    if marks[0] >= ALL_USED:
        return Seconds(due, breaches, breaches)
    until_mark = -(-target * marks[0] // ALL_USED) - elapsed
    return Seconds(due, breaches, calendar.second_after(since, max(0, until_mark)))


def ran_out(past: Iterable[Past], target: int) -> Over | None:
    """Return where `target` seconds were used up inside of `past`; None when they were not."""
    left = target
    for one in past:
        if one.counted > left:
            return over_in(one.calendar, seconds_of(one.start), left)
        left -= one.counted
    return None


def over_in(calendar: Calendar, start: int, left: int) -> Over:
    """Return where the time ran out of which `left` seconds were left at `start`, by the calendar of that time."""
    due = calendar.second_after(start, left)
    return Over(due, calendar.opening_from(due))


def told_of(marks: Sequence[int], warned: int, used: int) -> int:
    """Return up to which percent people still know what is so, when another target has made it `used` percent."""
    return max((mark for mark in marks if mark <= min(used, warned)), default=0)


def left_of(marks: Sequence[int], warned: int, *, is_breached: bool) -> list[int]:
    """Return the percents of which nobody was told yet; the breach, the last, until it is recorded."""
    return [mark for mark in marks if mark > warned and not (is_breached and mark >= ALL_USED)]


def used_percent(elapsed: int, target: int) -> int:
    """Return how much of `target` is used, in whole percents, rounded down."""
    return elapsed * ALL_USED // target if target else ALL_USED


def floored(at: datetime) -> datetime:
    """Return `at` without what is smaller than a second."""
    return at.replace(microsecond=0)


def seconds_of(at: datetime) -> int:
    """Return an aware instant in whole seconds since 1970."""
    return floor(at.timestamp())


def instant_of(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
