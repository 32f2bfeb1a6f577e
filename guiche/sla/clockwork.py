"""How a clock moves and what it says: the rules of deadlines, without rows. Pure; instants are whole seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    left = target - elapsed
    due = calendar.add(since, left) if left >= 0 else ran_out(past, target) or since
    breaches = calendar.next_open(due)
    return Reading(due, breaches, _wakes(calendar, since, elapsed, target, breaches, marks))


def _wakes(
    calendar: Calendar, since: datetime, elapsed: int, target: int, breaches: datetime, marks: Sequence[int]
) -> datetime | None:
    if not marks:
        return None
    if marks[0] >= ALL_USED:
        return breaches
    return calendar.add(since, max(0, -(-target * marks[0] // ALL_USED) - elapsed))


def ran_out(past: Iterable[Past], target: int) -> datetime | None:
    """Return the instant at which `target` seconds were used up inside of `past`; None when they were not."""
    left = target
    for one in past:
        if one.counted > left:
            return one.calendar.add(one.start, left)
        left -= one.counted
    return None


def used_percent(elapsed: int, target: int) -> int:
    """Return how much of `target` is used, in whole percents, rounded down."""
    return elapsed * ALL_USED // target if target else ALL_USED


def floored(at: datetime) -> datetime:
    """Return `at` without what is smaller than a second."""
    return at.replace(microsecond=0)
