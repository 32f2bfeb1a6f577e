"""A year of a calendar, day by day: open or not, what is special about it, and how much that makes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from guiche.calendars import compiling, words, worktime
from guiche.calendars import hours as hours_of
from guiche.calendars import plan as plans
from guiche.calendars.hours import DAY, Closure, Hours
from guiche.calendars.plan import Holiday, Plan
from guiche.core import formatting

if TYPE_CHECKING:
    from guiche.calendars.models import CalendarVersion

_ONE = timedelta(days=1)


class Kind(StrEnum):
    """What a day is, as the year is drawn."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"  # closed as a whole, whatever the weekday
    HALF = "half"  # less than its weekday has
    EXTRA = "extra"  # more than its weekday has


@dataclass(frozen=True, slots=True)
class Day:
    """A date. What is special about it has a `name`, and `words` for whose it is or when it is open."""

    day: date
    kind: Kind
    seconds: int  # that are open
    name: str = ""
    words: str = ""

    @property
    def title(self) -> str:
        """Return "domingo, 7 de setembro, Natal", with the hours of a day that has its own; blank for any other."""
        if not self.name:
            return ""
        when = formatting.long_day(self.day, datetime(self.day.year, 7, 1, tzinfo=UTC))
        said = [when, self.name] + ([self.words] if self.kind in (Kind.HALF, Kind.EXTRA) else [])
        return ", ".join(said)


@dataclass(frozen=True, slots=True)
class Year:
    """All days of a year, in order."""

    number: int
    days: tuple[Day, ...]

    @property
    def open_days(self) -> int:
        return sum(1 for one in self.days if one.seconds)

    @property
    def open_seconds(self) -> int:
        return sum(one.seconds for one in self.days)

    @property
    def special(self) -> list[Day]:
        """The days that have a name: holidays, half days, own and worked days."""
        return [one for one in self.days if one.name]

    @property
    def months(self) -> list[list[Day]]:
        return [[one for one in self.days if one.day.month == month] for month in range(1, 13)]


def of(versions: Iterable[CalendarVersion], number: int) -> Year:
    """Return the year `number` under the published versions of a calendar, as they follow each other."""
    published = list(versions)
    turns = [(since, _Said(version)) for since, version in compiling.in_turn(published)]
    calendar = compiling.stitched(published)
    return Year(number, tuple(_day(day, calendar, _on(turns, day, calendar)) for day in _dates(number)))


def of_version(version: CalendarVersion, number: int) -> Year:
    """Return the year `number` as it would be under `version` alone: a draft's, too."""
    said, calendar = _Said(version), compiling.version_calendar(version)
    return Year(number, tuple(_day(day, calendar, said) for day in _dates(number)))


class _Said:
    """What a version says, made ready to be asked day by day."""

    def __init__(self, version: CalendarVersion) -> None:
        self.plan: Plan = compiling.plan_of(version)
        self._version = version
        self._holidays: dict[int, tuple[Holiday, ...]] = {}
        self._closures: dict[int, dict[date, list[Closure]]] = {}
        self.worked = {one.day: one for one in self.plan.worked}
        self.hours: Hours = plans.hours(self.plan, self.holidays)

    def holidays(self, year: int) -> tuple[Holiday, ...]:
        if year not in self._holidays:
            self._holidays[year] = compiling.holidays_of(self._version, year)
        return self._holidays[year]

    def closures(self, day: date) -> list[Closure]:
        if day.year not in self._closures:
            self._closures[day.year] = plans.closures(self.plan, day.year, self.holidays(day.year))
        return self._closures[day.year].get(day, [])

    def named(self, day: date) -> list[tuple[str, str]]:
        """Return the names of what is special about `day`, each with its words."""
        found = [(one.name, words.of_holiday(one, self.plan)) for one in self.holidays(day.year) if one.day == day]
        found += [(one.name, words.of_own(one)) for one in self.plan.own if one.of(day.year) == day]
        if (worked := self.worked.get(day)) is not None:
            found.append((worked.name, words.of_worked(worked.windows)))
        return found


def _on(turns: Sequence[tuple[datetime, _Said]], day: date, calendar: worktime.Calendar) -> _Said:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=calendar.zone)
    return next((said for since, said in reversed(turns) if since <= noon), turns[0][1])


def _day(day: date, calendar: worktime.Calendar, said: _Said) -> Day:
    seconds = calendar.between(_midnight(day, calendar), _midnight(day + _ONE, calendar))
    named = said.named(day)
    if not named:
        return Day(day, Kind.OPEN if seconds else Kind.CLOSED, seconds)
    kind = _kind(day, seconds, said)
    name = " e ".join(dict.fromkeys(name for name, _words in named))
    said_of_it = ", ".join(dict.fromkeys(one for _name, one in named))
    if kind == Kind.HOLIDAY and not said.plan.weekly[day.weekday()]:
        said_of_it = ", ".join([said_of_it, words.weekdays([day.weekday()])])
    return Day(day, kind, seconds, name, said_of_it)


def _kind(day: date, seconds: int, said: _Said) -> Kind:
    closures = said.closures(day)
    if sum(one.closes - one.opens for one in closures) == DAY:
        return Kind.HOLIDAY
    usual = sum(one.closes - one.opens for one in said.plan.weekly[day.weekday()])
    if not seconds:
        return Kind.HOLIDAY if usual and closures else Kind.CLOSED
    windows = hours_of.windows_on(said.hours, day, hours_of.own_windows(said.hours, day - _ONE))
    left = sum(closes - opens for opens, closes in hours_of.without(windows, closures))
    own = sum(one.closes - one.opens for one in said.worked[day].windows) if day in said.worked else usual
    if own > usual:
        return Kind.EXTRA
    whole = sum(closes - opens for opens, closes in windows)
    return Kind.HALF if left < whole or own < usual else Kind.OPEN


def _dates(number: int) -> list[date]:
    first = date(number, 1, 1)
    return [first + timedelta(days=n) for n in range((date(number + 1, 1, 1) - first).days)]


def _midnight(day: date, calendar: worktime.Calendar) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
