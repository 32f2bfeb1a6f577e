"""Counting closed intervals again, where a version of a calendar corrects the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guiche.calendars.models import CalendarVersion
from guiche.sla import clockwork, rules
from guiche.sla.metrics import Motion, Reason
from guiche.sla.models import Clock, Interval
from guiche.sla.reckoning import Ran, Row
from guiche.sla.rules import Rules


@dataclass
class Recounted:
    """Clocks that are counted otherwise: all that counts of each, oldest first, as it is counted now.

    `until`: in seconds, when the stretches of those in `cut` were closed; their present ones begin then.
    """

    until: int
    pieces: dict[int, list[Interval]] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)


def recounted(rows: Sequence[Row], known: Rules, since: datetime, at: int) -> Recounted:
    """Return the clocks of which some was counted after `since`, and is counted otherwise by the version of that day.

    What has run since then is closed at the instant at which the version was published, so that it says so too. Nothing
    is written: pieces that are new have no id; changed ones keep theirs and say what was counted before.
    """
    until = min([at, *(clockwork.seconds_of(one.published_at) for one in known.since(since) if one.published_at)])
    before = rules.without(known, since)
    cut = [row for row in rows if _runs_otherwise(row, known, before, until)]
    found = Recounted(until, cut={row.clock for row in cut})
    clocks = [row.clock for row in rows]
    touched = set(Interval.objects.counted().filter(clock__in=clocks, end__gt=since).values_list("clock", flat=True))
    calendars = dict(CalendarVersion.objects.values_list("pk", "calendar"))
    pieces: dict[int, list[Interval]] = defaultdict(list)
    changed = set(found.cut)
    for one in Interval.objects.counted().filter(clock__in=touched | found.cut).order_by("clock", "start"):
        now = _pieces(one, known, calendars) if one.end > since else [one]
        pieces[one.clock_id] += now
        if now[0] is not one:
            changed.add(one.clock_id)
    statuses = dict(Clock.objects.filter(pk__in=found.cut).values_list("pk", "status"))
    for row in cut:
        pieces[row.clock] += _ended(row, statuses[row.clock], known, before, until)
    found.pieces = {clock: ones for clock, ones in pieces.items() if clock in changed}
    return found


def _runs_otherwise(row: Row, known: Rules, before: Rules, until: int) -> bool:
    if row.motion != Motion.RUNNING or row.since >= until:
        return False
    counted = [one.calendar(row.calendar, row.city).seconds_between(row.since, until) for one in (known, before)]
    return counted[0] != counted[1]


def _ended(row: Row, status: int | None, known: Rules, before: Rules, until: int) -> list[Interval]:
    """Return the stretch of a running clock up to `until` as a closed one, cut where versions change."""
    time, old = known.calendar(row.calendar, row.city), before.calendar(row.calendar, row.city)
    start, end = clockwork.instant_of(row.since), clockwork.instant_of(until)
    return [
        Interval(
            clock_id=row.clock,
            start=part.start,
            end=part.end,
            counts=True,
            reason=Reason.WORKING,
            status_id=status,
            policy_version_id=row.version,
            calendar_version_id=part.version,
            city_version_id=part.city,
            counted_seconds=time.between(part.start, part.end),
            counted_before=old.between(part.start, part.end),
        )
        for part in known.parts(row.calendar, row.city, start, end)
    ]


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
    pieces = counted.pieces.get(row.clock)
    if pieces is None:
        return row
    since = counted.until if row.clock in counted.cut else row.since
    return row._replace(since=since, elapsed=sum(one.counted_seconds for one in pieces))


def as_ran(counted: Recounted, known: Rules) -> dict[int, list[Ran]]:
    return {clock: [_ran(one, known) for one in pieces] for clock, pieces in counted.pieces.items()}


def _ran(one: Interval, known: Rules) -> Ran:
    calendar = known.counted_by(one.calendar_version_id, one.city_version_id)
    return Ran(clockwork.seconds_of(one.start), one.counted_seconds, calendar)


def write(counted: Recounted, at: datetime) -> None:
    """Write the pieces that are counted otherwise, saying when."""
    pieces = [
        one
        for ones in counted.pieces.values()
        for one in ones
        if one.counted_before is not None and not one.recounted_at
    ]
    for one in pieces:
        one.recounted_at = at
    kept = [one for one in pieces if one.pk]
    names = ["end", "calendar_version", "city_version", "counted_seconds", "counted_before", "recounted_at"]
    Interval.objects.bulk_update(kept, names)  # shorter first: then there is room for the rest
    Interval.objects.bulk_create([one for one in pieces if not one.pk])
