"""Business time: which seconds count, and arithmetic with them, exact to the second. Pure.

Instants are aware datetimes in any zone, read to the second (what is smaller is left out); amounts are seconds as int;
answers are in UTC, but for an argument that is its own answer. Whether a second counts is decided by the wall clock at
that second: of an hour that comes twice both are counted, of one that is skipped nothing.

`compiled(hours)` makes a Calendar, `joined(calendars)` what they have in common, `stitched(parts)` one that follows
them in time. A Calendar holds open intervals in UTC with their running sums, grows by itself as far as it is asked, and
may be shared by threads.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from math import floor
from zoneinfo import ZoneInfo

from guiche.calendars import hours as hours_of
from guiche.calendars import opening
from guiche.calendars.hours import Hours
from guiche.calendars.opening import Opening
from guiche.calendars.spans import spans

FIRST_YEAR, LAST_YEAR = 1900, 2300  # nothing is computed outside of them
EMPTY_YEARS = 30  # after so many years without an open second there is none to come
DAY = hours_of.DAY
QUIET = EMPTY_YEARS * 366 * DAY  # seconds
_ORDINAL_1970 = date(1970, 1, 1).toordinal()


class WorktimeError(ValueError):
    """There is no answer."""


class NeverOpens(WorktimeError):
    """No open second in the thirty years that were looked through."""


class NeverCloses(WorktimeError):
    """No closing in the thirty years that were looked through."""


class TooFar(WorktimeError):
    """The answer lies outside of the years 1900 to 2299."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time that counts, or that does not and why: `reason` names a closure, and is blank outside of the windows."""

    start: datetime
    end: datetime
    is_open: bool
    reason: str = ""

    @property
    def seconds(self) -> int:
        return int((self.end - self.start).total_seconds())


@dataclass(frozen=True, slots=True)
class _Table:
    """The open intervals of `[since, until)`: apart, in order. `sums[n]`: open seconds before the nth."""

    since: int
    until: int
    starts: list[int]
    ends: list[int]
    sums: list[int]

    @classmethod
    def of(cls, since: int, until: int, openings: Sequence[Opening]) -> _Table:
        found = [one for one in openings if one.is_open]
        sums = [0, *accumulate(one.end - one.start for one in found)]
        return cls(since, until, [one.start for one in found], [one.end for one in found], sums)

    def count(self, second: int) -> int:
        """Return the open seconds before `second`."""
        n = bisect_right(self.starts, second) - 1
        return self.sums[n] + min(second, self.ends[n]) - self.starts[n] if n >= 0 else 0

    def is_open(self, second: int) -> bool:
        n = bisect_right(self.starts, second) - 1
        return n >= 0 and second < self.ends[n]


class Calendar:
    """The business time of one place; see the module. Made by `compiled`, `joined` and `stitched`."""

    def __init__(self, zone: ZoneInfo, openings: Callable[[int, int], Sequence[Opening]]) -> None:
        """`openings(start, end)` returns all stretches of those UTC seconds, open and not, in order."""
        self.zone, self._openings = zone, openings
        self._table: _Table | None = None

    # Sums.

    def add(self, start: datetime, seconds: int) -> datetime:
        """Return the earliest instant from `start` on with `seconds` open ones in between: at closing, if just then.

        Raises ValueError for negative seconds, NeverOpens, TooFar.
        """
        if seconds <= 0:
            return _unmoved(start, seconds)
        return _instant(self.second_after(_second(start), seconds))

    def subtract(self, end: datetime, seconds: int) -> datetime:
        """Return the latest instant up to `end` with `seconds` open ones in between: the mirror of `add`."""
        if seconds <= 0:
            return _unmoved(end, seconds)
        until = _second(end)
        table = self._reaching(until, until)
        while (wanted := table.count(until) - seconds) < 0:
            table = self._earlier(table, until)
        n = bisect_right(table.sums, wanted) - 1
        return _instant(table.starts[n] + wanted - table.sums[n])

    def between(self, a: datetime, b: datetime) -> int:
        """Return the open seconds in `[a, b)`; negative when `b` is before `a`."""
        return self.seconds_between(_second(a), _second(b))

    # The same for seconds since 1970, for who has many to reckon.

    def second_after(self, since: int, seconds: int) -> int:
        """Return `add` of a second since 1970; `seconds` is not negative."""
        if not seconds:
            return since
        table = self._reaching(since, since)
        while table.sums[-1] < (wanted := table.count(since) + seconds):
            table = self._later(table, since)
        n = bisect_left(table.sums, wanted) - 1
        return table.starts[n] + wanted - table.sums[n]

    def seconds_between(self, first: int, second: int) -> int:
        table = self._reaching(min(first, second), max(first, second))
        return table.count(second) - table.count(first)

    def opening_from(self, second: int) -> int:
        """Return `next_open` of a second since 1970."""
        table = self._reaching(second, second)
        if table.is_open(second):
            return second
        while (n := bisect_left(table.starts, second)) == len(table.starts):
            table = self._later(table, second)
        return table.starts[n]

    # Opening and closing.

    def is_open(self, moment: datetime) -> bool:
        second = _second(moment)
        return self._reaching(second, second).is_open(second)

    def next_open(self, moment: datetime) -> datetime:
        """Return the first open instant from `moment` on, which is `moment` itself while it is open."""
        second = _second(moment)
        opens = self.opening_from(second)
        return moment if opens == second else _instant(opens)

    def next_close(self, moment: datetime) -> datetime:
        """Return the earliest closing after `moment`. Windows that touch do not close."""
        second = _second(moment)
        table = self._reaching(second, second)
        # What ends with the table may go on after it.
        while (n := bisect_right(table.ends, second)) == len(table.ends) or table.ends[n] == table.until:
            if table.is_open(second) and table.until - second > QUIET:
                raise NeverCloses(f"nothing closes in the {EMPTY_YEARS} years after {moment:%Y}")
            table = self._later(table, second)
        return _instant(table.ends[n])

    def previous_close(self, moment: datetime) -> datetime:
        """Return the latest closing that is not after `moment`."""
        second = _second(moment)
        table = self._reaching(second, second + 1)
        while (n := bisect_right(table.ends, second) - 1) < 0:
            table = self._earlier(table, second)
        return _instant(table.ends[n])

    def intervals(self, a: datetime, b: datetime) -> list[Stretch]:
        """Return what `[a, b)` is made of: open stretches, and those that are not with the reason of each."""
        first, second = _second(a), _second(b)
        found = self.openings(first, second)
        return [Stretch(_instant(one.start), _instant(one.end), one.is_open, one.reason) for one in found]

    def openings(self, start: int, end: int) -> Sequence[Opening]:
        """Return what those UTC seconds are made of, in order and without holes."""
        return self._openings(start, end) if start < end else []

    # Days.

    def add_business_days(self, start: datetime, days: int) -> datetime:
        """Return the same time of the clock on the `days`th date after `start`'s that has an open second.

        A time that the clocks skip becomes the one an hour later; of one that comes twice, the first is meant.
        """
        return self._moved(start, days, step=1)

    def subtract_business_days(self, end: datetime, days: int) -> datetime:
        """Return the mirror of `add_business_days`."""
        return self._moved(end, days, step=-1)

    def _moved(self, moment: datetime, days: int, *, step: int) -> datetime:
        if days <= 0:
            return _unmoved(moment, days)
        local = datetime.fromtimestamp(_second(moment), self.zone)
        day, empty = local.date(), 0
        while days:
            day += timedelta(days=step)
            has_open = self.opens_on(day)
            days, empty = days - has_open, 0 if has_open else empty + 1
            if empty > EMPTY_YEARS * 366:
                raise NeverOpens(f"nothing opens in the {EMPTY_YEARS} years around {local.date()}")
        # To UTC at once: sums of a zone's own datetimes ignore the clock change between them.
        return datetime.combine(day, local.time().replace(fold=0), self.zone).astimezone(UTC)

    def opens_on(self, day: date) -> bool:
        """Whether any second at which the clock shows `day` is open."""
        midnight = (day.toordinal() - _ORDINAL_1970) * DAY
        for span in spans(self.zone, midnight - DAY, midnight + 2 * DAY):
            start, end = max(span.start, midnight - span.offset), min(span.end, midnight + DAY - span.offset)
            if start < end:
                table = self._reaching(start, end)
                if table.count(end) > table.count(start):
                    return True
        return False

    # The table, and how it grows. It is replaced, never changed: threads share it.

    def _reaching(self, first: int, last: int) -> _Table:
        """Return the table, grown until `first` and `last` lie inside of it."""
        table = self._table
        if table is not None and table.since <= first and last < table.until:
            return table
        since, until = _year_of(first), _year_of(last) + 1
        if table is not None:
            since, until = min(since, _year_of(table.since)), max(until, _year_of(table.until))
        return self._grown(since, until)

    def _later(self, table: _Table, second: int) -> _Table:
        """Return a table that reaches further, for an answer after `second`."""
        quiet = table.until - QUIET
        if quiet > second and table.count(quiet) == table.sums[-1]:
            raise NeverOpens(f"nothing opens in the {EMPTY_YEARS} years before {_instant(table.until):%Y}")
        since, until = _year_of(table.since), _year_of(table.until)
        return self._grown(since, until + max(1, until - since))

    def _earlier(self, table: _Table, second: int) -> _Table:
        quiet = table.since + QUIET
        if quiet < second and not table.count(quiet):
            raise NeverOpens(f"nothing opens in the {EMPTY_YEARS} years after {_instant(table.since):%Y}")
        since, until = _year_of(table.since), _year_of(table.until)
        return self._grown(since - max(1, until - since), until)

    def _grown(self, since: int, until: int) -> _Table:
        """Return a table from the year `since` up to `until`, as far as business time is known at all."""
        first, last = _start_of(max(since, FIRST_YEAR)), _start_of(min(until, LAST_YEAR))
        old = self._table
        if since >= LAST_YEAR or until <= FIRST_YEAR or (old and (old.since, old.until) == (first, last)):
            raise TooFar(f"business time is known from {FIRST_YEAR} to {LAST_YEAR - 1}")
        self._table = table = _Table.of(first, last, self.openings(first, last))
        return table


def compiled(hours: Hours) -> Calendar:
    """Return the calendar of `hours`. Nothing is computed before it is asked."""
    return Calendar(hours.zone, lambda start, end: opening.of(hours, start, end))


def joined(calendars: Sequence[Calendar]) -> Calendar:
    """Return the calendar that is open where all of `calendars` are; days and their clock are those of the first."""

    def openings(start: int, end: int) -> list[Opening]:
        return opening.common([one.openings(start, end) for one in calendars])

    return Calendar(calendars[0].zone, openings)


def stitched(parts: Sequence[tuple[datetime | None, Calendar]]) -> Calendar:
    """Return the calendar that follows `parts` in time: the first from ever, each later one from its instant on.

    Days and their clock are those of the last; of two from the same second on, the later one holds.

    Raises ValueError for no parts, instants that do not ascend, and a later part without one.
    """
    if not parts:
        raise ValueError("no parts")
    calendars = [calendar for _since, calendar in parts]
    since = [_second(_known(one)) for one, _calendar in parts[1:]]
    if any(after < before for before, after in pairwise(since)):
        raise ValueError("the instants do not ascend")

    def openings(start: int, end: int) -> list[Opening]:
        turns = zip(calendars, [start, *since], [*since, end], strict=True)
        return opening.following(one.openings(max(start, first), min(end, last)) for one, first, last in turns)

    return Calendar(calendars[-1].zone, openings)


def _known(since: datetime | None) -> datetime:
    if since is None:
        raise ValueError("a later part without its instant")
    return since


def _unmoved(moment: datetime, amount: int) -> datetime:
    if amount < 0:
        raise ValueError("the amount is negative")
    return moment


def _second(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return floor(moment.timestamp())


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _year_of(second: int) -> int:
    return _instant(second).year


def _start_of(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
