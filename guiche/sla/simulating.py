"""When a ticket opened at some moment would be due, and the sum that gives it, day by day. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from guiche.calendars.worktime import Calendar, Stretch

NIGHT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A date with its open spans, or several dates on which nothing opens, and why: the names of holidays."""

    first: date
    last: date
    spans: Sequence[tuple[datetime, datetime]]  # in the calendar's zone
    seconds: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Simulation:
    """`due_at` and `breaches_at` in the calendar's zone; they differ where the time runs out at closing."""

    opened_at: datetime
    due_at: datetime
    breaches_at: datetime
    seconds: int
    lines: Sequence[Line]


def simulate(calendar: Calendar, opened_at: datetime, seconds: int) -> Simulation:
    """Return what a promise of `seconds` in `calendar` comes to. Raises NeverOpens, TooFar."""
    due = calendar.add(opened_at, seconds)
    return Simulation(
        opened_at.astimezone(calendar.zone),
        due.astimezone(calendar.zone),
        calendar.next_open(due).astimezone(calendar.zone),
        seconds,
        list(_joined(_days(calendar, opened_at, due))),
    )


def _days(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Line]:
    stretches = calendar.intervals(start, end)
    day, last = (moment.astimezone(calendar.zone).date() for moment in (start, end))
    while day <= last:
        midnight, next_midnight = (_midnight(calendar, one) for one in (day, day + NIGHT))
        here = [cut for one in stretches if (cut := _cut(one, midnight, next_midnight)).start < cut.end]
        spans = [(_local(calendar, one.start), _local(calendar, one.end)) for one in here if one.is_open]
        closed = "" if spans else " · ".join(dict.fromkeys(one.reason for one in here if one.reason))
        if here:
            yield Line(day, day, spans, sum(one.seconds for one in here if one.is_open), closed)
        day += NIGHT


def _joined(lines: Iterator[Line]) -> Iterator[Line]:
    """Yield `lines`, those on which nothing opens for the same reason as one."""
    kept: Line | None = None
    for line in lines:
        if kept is not None and not kept.spans and not line.spans and kept.name == line.name:
            kept = replace(kept, last=line.last)
            continue
        if kept is not None:
            yield kept
        kept = line
    if kept is not None:
        yield kept


def _cut(stretch: Stretch, start: datetime, end: datetime) -> Stretch:
    return replace(stretch, start=max(stretch.start, start), end=min(stretch.end, end))


def _midnight(calendar: Calendar, day: date) -> datetime:
    # In UTC at once: differences of a zone's own datetimes ignore the change of its clocks.
    return datetime.combine(day, time(), calendar.zone).astimezone(UTC)


def _local(calendar: Calendar, moment: datetime) -> datetime:
    return moment.astimezone(calendar.zone)
