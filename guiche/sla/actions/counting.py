"""What happens to one clock, in memory: stretches end and begin, and what it says follows. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from guiche.calendars import worktime
from guiche.sla import clockwork
from guiche.sla.clockwork import Course, Past
from guiche.sla.metrics import Motion
from guiche.sla.models import Clock, Interval
from guiche.sla.rules import Rules

# The columns that a clock's moving changes, and those that another agreement changes.
MOVED = (
    *("motion", "reason", "status", "since", "elapsed_seconds"),
    *("due_at", "breaches_at", "wakes_at", "warned_percent", "breached_at", "met_at"),
)
AGREED = ("policy_version", "calendar", "city_calendar", "target_seconds")


def calendar_of(clock: Clock, known: Rules) -> worktime.Calendar:
    return known.calendar(clock.calendar_id, clock.city_calendar_id)


def elapsed_at(clock: Clock, known: Rules, at: datetime) -> int:
    """Return the business seconds that `clock` has counted up to `at`."""
    if clock.motion != Motion.RUNNING or at <= clock.since:
        return clock.elapsed_seconds
    return clock.elapsed_seconds + calendar_of(clock, known).between(clock.since, at)


def is_breached(clock: Clock, at: datetime) -> bool:
    """Whether more than the target is used at `at`: just at the last second it is not."""
    return clock.breached_at is not None or (clock.breaches_at is not None and at > clock.breaches_at)


def end_stretch(clock: Clock, known: Rules, at: datetime) -> list[Interval]:
    """Close the present stretch at `at` and return it, cut where versions of calendars change; nothing without length.

    What ran out meanwhile is noted on the clock: `breached_at` says since when, whoever looked.
    """
    if clock.breached_at is None and clock.breaches_at is not None and at > clock.breaches_at:
        clock.breached_at = clock.breaches_at
    ended = list(_ended(clock, known, at)) if clock.since < at else []
    clock.elapsed_seconds += sum(one.counted_seconds for one in ended)
    clock.since = max(clock.since, at)
    return ended


def _ended(clock: Clock, known: Rules, at: datetime) -> Iterator[Interval]:
    if clock.motion != Motion.RUNNING:
        yield _interval(clock, clock.since, at)
        return
    calendar = calendar_of(clock, known)
    for part in known.parts(clock.calendar_id, clock.city_calendar_id, clock.since, at):
        one = _interval(clock, part.start, part.end)
        one.counts, one.calendar_version_id, one.city_version_id = True, part.version, part.city
        one.counted_seconds = calendar.between(part.start, part.end)
        yield one


def _interval(clock: Clock, start: datetime, end: datetime) -> Interval:
    return Interval(
        clock=clock,
        start=start,
        end=end,
        counts=False,
        reason=clock.reason,
        status_id=clock.status_id,
        policy_version_id=clock.policy_version_id,
    )


def begin_stretch(clock: Clock, course: Course, *, status_id: int | None, known: Rules) -> None:
    """Let `clock` go as `course` says from `clock.since` on, and reckon what it says."""
    clock.motion, clock.reason, clock.status_id = course.motion, course.reason, status_id
    reckon(clock, known)


def reckon(clock: Clock, known: Rules, fresh: Sequence[Interval] = ()) -> None:
    """Write on `clock` what follows from its stretch, target and calendar: when it is due, breached, and to be woken.

    `fresh`: intervals that were just ended and are not saved yet.
    """
    if clock.motion != Motion.RUNNING:
        clock.due_at = clock.breaches_at = clock.wakes_at = None
        return
    reading = clockwork.read(
        calendar_of(clock, known),
        since=clock.since,
        elapsed=clock.elapsed_seconds,
        target=clock.target_seconds,
        marks=marks_left(clock, known),
        past=past_of(clock, known, fresh) if clock.elapsed_seconds > clock.target_seconds else (),
    )
    clock.due_at, clock.breaches_at, clock.wakes_at = reading


def marks_left(clock: Clock, known: Rules) -> list[int]:
    return clockwork.left_of(known.marks, clock.warned_percent, is_breached=clock.breached_at is not None)


def past_of(clock: Clock, known: Rules, fresh: Sequence[Interval] = ()) -> list[Past]:
    """Return the closed intervals that counted, with the calendars that counted them. One query."""
    kept = list(clock.intervals.counted().order_by("start")) if clock.pk else []
    return [
        Past(one.start, one.counted_seconds, known.counted_by(one.calendar_version_id, one.city_version_id))
        for one in [*kept, *(one for one in fresh if one.counts)]
    ]
