"""Counting closed intervals again, where a version of a calendar corrects the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from guiche.calendars.models import CalendarVersion
from guiche.sla import clockwork
from guiche.sla.models import Interval
from guiche.sla.reckoning import Ran, Row
from guiche.sla.rules import Rules

Recounted = Mapping[int, Sequence[Interval]]  # of a clock: all that counts, oldest first, as it is counted now


def recounted(rows: Sequence[Row], known: Rules, since: datetime) -> dict[int, list[Interval]]:
    """Return the counted intervals of those clocks of which some lie after `since` and are counted otherwise now.

    Nothing is written: pieces that are new have no id; changed ones keep theirs and say what was counted before.
    """
    clocks = [row.clock for row in rows]
    touched = Interval.objects.counted().filter(clock__in=clocks, end__gt=since).values("clock")
    calendars = dict(CalendarVersion.objects.values_list("pk", "calendar"))
    found: dict[int, list[Interval]] = defaultdict(list)
    changed = set()
    for one in Interval.objects.counted().filter(clock__in=touched).order_by("clock", "start"):
        pieces = _pieces(one, known, calendars) if one.end > since else [one]
        found[one.clock_id] += pieces
        if pieces[0] is not one:
            changed.add(one.clock_id)
    return {clock: pieces for clock, pieces in found.items() if clock in changed}


def _pieces(one: Interval, known: Rules, calendars: Mapping[int, int]) -> list[Interval]:
    """Return `one` as the present versions of its calendars count it: itself where they are those that did."""
    assert one.calendar_version_id is not None
    calendar = calendars[one.calendar_version_id]
    city = None if one.city_version_id is None else calendars[one.city_version_id]
    parts = list(known.parts(calendar, city, one.start, one.end))
    if [(part.version, part.city) for part in parts] == [(one.calendar_version_id, one.city_version_id)]:
        return [one]
    time, before = known.calendar(calendar, city), known.counted_by(one.calendar_version_id, one.city_version_id)
    pieces = []
    for part in parts:
        piece = _copy(one, part.start, part.end, keeps_id=part is parts[0])
        piece.calendar_version_id, piece.city_version_id = part.version, part.city
        piece.counted_seconds = time.between(part.start, part.end)
        piece.counted_before = before.between(part.start, part.end)
        pieces.append(piece)
    return pieces


def _copy(one: Interval, start: datetime, end: datetime, *, keeps_id: bool) -> Interval:
    names = ("clock_id", "counts", "reason", "status_id", "policy_version_id")
    return Interval(
        pk=one.pk if keeps_id else None, start=start, end=end, **{name: getattr(one, name) for name in names}
    )


def with_sum(row: Row, counted: Recounted) -> Row:
    """Return `row` with the sum of what is counted now."""
    pieces = counted.get(row.clock)
    return row if pieces is None else row._replace(elapsed=sum(one.counted_seconds for one in pieces))


def as_ran(counted: Recounted, known: Rules) -> dict[int, list[Ran]]:
    return {clock: [_ran(one, known) for one in pieces] for clock, pieces in counted.items()}


def _ran(one: Interval, known: Rules) -> Ran:
    calendar = known.counted_by(one.calendar_version_id, one.city_version_id)
    return Ran(clockwork.seconds_of(one.start), one.counted_seconds, calendar)


def write(counted: Recounted, at: datetime) -> None:
    """Write the pieces that are counted otherwise, saying when."""
    pieces = [
        one for ones in counted.values() for one in ones if one.counted_before is not None and not one.recounted_at
    ]
    for one in pieces:
        one.recounted_at = at
    kept = [one for one in pieces if one.pk]
    names = ["end", "calendar_version", "city_version", "counted_seconds", "counted_before", "recounted_at"]
    Interval.objects.bulk_update(kept, names)  # shorter first: then there is room for the rest
    Interval.objects.bulk_create([one for one in pieces if not one.pk])
