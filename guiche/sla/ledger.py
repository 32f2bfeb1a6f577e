"""The lines behind a deadline: what counted, what did not, why and on whose side, adding up to the second. Pure.

From the stored stretches of a clock (`Piece`) to what a person reads (`Statement`), the code that a printed sheet is
compared by (`check_code`), and the days of closing by silence (`closing_days`). Its picture: `strip.drawn`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Literal, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from guiche.calendars.worktime import Calendar, Stretch

Side: TypeAlias = Literal["provider", "customer", "calendar", "nobody"]

WORKING = "working"
OUTSIDE_HOURS, HOLIDAY = "outside_hours", "holiday"  # of a clock that runs, while its calendar is closed
SIDES: dict[str, Side] = {
    WORKING: "provider",
    "elsewhere": "provider",
    "on_hold": "provider",
    "waiting_on_customer": "customer",
    "awaiting_validation": "customer",
    OUTSIDE_HOURS: "calendar",
    HOLIDAY: "calendar",
    "closed": "nobody",
}
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stored stretch of a clock: it ran (`counts`) under `calendar`, or it did not and why.

    No `end`: it lasts. `counted_seconds` are what was stored of it, None while it lasts. After a correction of the past
    `counted_before` is what had been stored until `recounted_at`.
    """

    start: datetime
    end: datetime | None
    counts: bool
    reason: str
    status: object | None = None
    calendar: Calendar | None = None
    counted_seconds: int | None = None
    counted_before: int | None = None
    recounted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `reason` is one of SIDES, `name` that of the holiday, `running_sum` what counted up to its end."""

    start: datetime
    end: datetime
    is_open_ended: bool
    counts: bool
    reason: str
    name: str
    status: object | None
    is_recounted: bool
    running_sum: int

    @property
    def seconds(self) -> int:
        return _seconds(self.start, self.end)

    @property
    def counted(self) -> int:
        return self.seconds if self.counts else 0

    @property
    def uncounted(self) -> int:
        return 0 if self.counts else self.seconds

    @property
    def side(self) -> Side:
        return SIDES[self.reason]


class Difference(NamedTuple):
    """What was stored of a stretch is not what its calendar says of it now."""

    start: datetime
    end: datetime
    stored: int
    said: int


class Recount(NamedTuple):
    """A correction of the past counted a stretch again."""

    start: datetime
    end: datetime
    before: int
    after: int
    at: datetime


class Day(NamedTuple):
    date: date
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Statement:
    """All lines of a clock, in order and without holes, and their sums; every amount in seconds.

    `stored` is what the clock itself says it counted, which its deadline is made of: the same as `counted` unless
    `differs` says where it is not.
    """

    lines: Sequence[Line]
    target: int
    stored: int
    differs: Sequence[Difference]
    recounts: Sequence[Recount]

    @property
    def start(self) -> datetime:
        return self.lines[0].start

    @property
    def end(self) -> datetime:
        return self.lines[-1].end

    @property
    def counted(self) -> int:
        return sum(line.counted for line in self.lines)

    @property
    def uncounted(self) -> int:
        return sum(line.uncounted for line in self.lines)

    @property
    def total(self) -> int:
        """Return the seconds since the opening: what counted and what did not."""
        return _seconds(self.start, self.end)

    @property
    def counted_lines(self) -> int:
        return sum(line.counts for line in self.lines)

    @property
    def remaining(self) -> int:
        return max(0, self.target - self.stored)

    @property
    def over(self) -> int:
        return max(0, self.stored - self.target)

    def uncounted_on(self, side: Side) -> int:
        """Return the seconds that did not count on one side."""
        return sum(line.uncounted for line in self.lines if line.side == side)

    def by_day(self, zone: ZoneInfo) -> list[Day]:
        """Return the lines by the date in `zone` on which each starts."""
        days = groupby(self.lines, key=lambda line: line.start.astimezone(zone).date())
        return [Day(day, tuple(lines)) for day, lines in days]


def statement(pieces: Sequence[Piece], *, now: datetime, target_seconds: int) -> Statement:
    """Return what is behind a clock whose stretches are `pieces`, oldest first and each from where the last ended.

    Raises ValueError for pieces that do not follow each other, and for one that ran under no calendar.
    """
    whole = [_floored(piece) for piece in pieces]
    _check(whole)
    ended = [(one, max(one.start, one.end or _whole(now))) for one in whole]
    differences = [_difference(one, end) for one, end in ended]
    return Statement(
        lines=list(_summed(line for one, end in ended for line in _expanded(one, end))),
        target=target_seconds,
        stored=sum(found.stored for found in differences),
        differs=[found for found in differences if found.stored != found.said],
        recounts=[_recount(one, end) for one, end in ended if one.recounted_at],
    )


def _check(pieces: Sequence[Piece]) -> None:
    if not pieces:
        raise ValueError("a clock without a stretch")
    if any(before.end != after.start for before, after in pairwise(pieces)):
        raise ValueError("the stretches of a clock do not follow each other")
    if any(one.end and one.end < one.start for one in pieces):
        raise ValueError("a stretch of a clock ends before it starts")


def _expanded(piece: Piece, end: datetime) -> Iterator[Line]:
    """Yield the lines of `piece`, without their sum; one that lasts has at least one line, however short."""
    if not piece.counts:
        if piece.start < end or piece.end is None:
            yield _line(piece, Stretch(piece.start, end, False), piece.reason, piece.end is None)
        return
    for one in _stretches(piece, end):
        reason = piece.reason if one.is_open else HOLIDAY if one.reason else OUTSIDE_HOURS
        yield _line(piece, one, reason, piece.end is None and one.end == end)


def _stretches(piece: Piece, end: datetime) -> Sequence[Stretch]:
    if piece.start < end:
        calendar = _calendar(piece)
        if calendar.between(piece.start, end) == _seconds(piece.start, end):  # most are, and then it is told sooner
            return [Stretch(piece.start, end, True)]
        return calendar.intervals(piece.start, end)
    return [replace(one, end=end) for one in _calendar(piece).intervals(end, end + SECOND) if piece.end is None]


def _line(piece: Piece, one: Stretch, reason: str, is_open_ended: bool) -> Line:
    is_recounted = piece.recounted_at is not None
    return Line(one.start, one.end, is_open_ended, one.is_open, reason, one.reason, piece.status, is_recounted, 0)


def _summed(lines: Iterable[Line]) -> Iterator[Line]:
    total = 0
    for line in lines:
        total += line.counted
        yield replace(line, running_sum=total)


def _difference(piece: Piece, end: datetime) -> Difference:
    said = _calendar(piece).between(piece.start, end) if piece.counts else 0
    return Difference(piece.start, end, said if piece.counted_seconds is None else piece.counted_seconds, said)


def _recount(piece: Piece, end: datetime) -> Recount:
    assert piece.recounted_at  # asked for those alone
    after = piece.counted_seconds or 0
    before = after if piece.counted_before is None else piece.counted_before
    return Recount(piece.start, end, before, after, piece.recounted_at)


def _calendar(piece: Piece) -> Calendar:
    if piece.calendar is None:
        raise ValueError("a stretch that ran under no calendar")
    return piece.calendar


def _floored(piece: Piece) -> Piece:
    return replace(piece, start=_whole(piece.start), end=piece.end and _whole(piece.end))


def _whole(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _seconds(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds())


# The code of a printed sheet.


def check_code(number: int, metric: str, found: Statement) -> str:
    """Return the short code, "7F3A-91C2", of exactly these lines: a sheet that shows another one was changed."""
    rows = [f"{number} {metric} {found.target} {found.stored}"]
    for line in found.lines:
        start, end = (int(one.timestamp()) for one in (line.start, line.end))
        rows.append(f"{start} {end} {line.counted} {line.running_sum} {line.reason} {line.name}")
    digits = hashlib.sha256("\n".join(rows).encode()).hexdigest().upper()
    return f"{digits[:4]}-{digits[4:8]}"


# Closing by silence.


class ClosingDay(NamedTuple):
    """A date on the way: the `number`th that counts, or a holiday that does not, and then without a number."""

    date: date
    counts: bool
    name: str
    number: int | None


def closing_days(calendar: Calendar, since: datetime, days: int) -> list[ClosingDay]:
    """Return the dates after `since`'s up to the `days`th that counts; without those on which nothing opens anyway.

    The last is that of `calendar.add_business_days(since, days)`. Raises NeverOpens, TooFar.
    """
    if days <= 0:
        return []
    calendar.add_business_days(since, days)  # or there is no end
    found: list[ClosingDay] = []
    day, number = since.astimezone(calendar.zone).date(), 0
    while number < days:
        day += timedelta(days=1)
        counts, name = calendar.opens_on(day), _closure_of(calendar, day)
        number += counts
        if counts or name:
            found.append(ClosingDay(day, counts, name, number if counts else None))
    return found


def _closure_of(calendar: Calendar, day: date) -> str:
    midnight, next_midnight = (datetime.combine(one, time(), calendar.zone) for one in (day, day + timedelta(days=1)))
    return " e ".join(dict.fromkeys(one.reason for one in calendar.intervals(midnight, next_midnight) if one.reason))
