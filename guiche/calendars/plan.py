"""What a version of a calendar says, as it is edited and kept: weekly hours, holidays, own days, worked days. Pure.

`holidays.py` knows which holidays there are; `plan_check.py` says what is wrong with a plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from guiche.calendars.hours import DAY, Closure, Hours, Window

WHOLE_DAY = (Window(0, DAY),)
WHOLE_WEEK = (WHOLE_DAY,) * 7
Week = tuple[tuple[Window, ...], ...]  # seven days, Monday first


class Level(StrEnum):
    """Whose holiday it is."""

    NATIONAL = "national"
    STATE = "state"
    CITY = "city"
    OPTIONAL = "optional"  # a day on which public offices may close: chosen one by one


class Holiday(NamedTuple):
    """A holiday of one year. `code` names it among those of its place, the same every year."""

    day: date
    name: str
    level: Level
    code: str


class MonthDay(NamedTuple):
    """A day of every year. That of 29 February is in leap years only."""

    month: int
    day: int

    def of(self, year: int) -> date | None:
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class OptionalDay:
    """An optional holiday that is kept, as `opens` and `closes` of OwnDay say."""

    code: str
    opens: int | None = None
    closes: int | None = None


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of the provider's own, once or every year: closed before `opens` and from `closes` on, or all of it.

    Both are seconds after midnight.
    """

    name: str
    day: date | MonthDay
    opens: int | None = None
    closes: int | None = None

    def of(self, year: int) -> date | None:
        """Return its date in `year`, None when it has none."""
        if isinstance(self.day, MonthDay):
            return self.day.of(year)
        return self.day if self.day.year == year else None


@dataclass(frozen=True, slots=True)
class WorkedDay:
    """A date with windows of its own instead of the weekly ones."""

    day: date
    name: str
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of a version. `declined` are the codes of holidays on which it is open all the same."""

    zone: str
    weekly: Week
    country: str = "BR"  # or blank: no holidays but the own ones
    state: str = ""
    city: str = ""  # one of `holidays.CITIES`, or blank
    optional: tuple[OptionalDay, ...] = ()
    declined: tuple[str, ...] = ()
    own: tuple[OwnDay, ...] = ()
    worked: tuple[WorkedDay, ...] = ()


Holidays = Callable[[int], Iterable[Holiday]]  # those that are kept in a year


class Unreadable(ValueError):
    """This was not written by `dump`."""


# Kept as JSON.


def dump(plan: Plan) -> dict[str, Any]:  # Any: JSON
    return {
        "zone": plan.zone,
        "weekly": [_dump_windows(windows) for windows in plan.weekly],
        "country": plan.country,
        "state": plan.state,
        "city": plan.city,
        "optional": [[one.code, one.opens, one.closes] for one in plan.optional],
        "declined": list(plan.declined),
        "own": [[one.name, _dump_day(one.day), one.opens, one.closes] for one in plan.own],
        "worked": [[one.day.isoformat(), one.name, _dump_windows(one.windows)] for one in plan.worked],
    }


def load(kept: Mapping[str, Any]) -> Plan:  # Any: JSON
    """Return the plan that `dump` wrote. Raises Unreadable."""
    try:
        return Plan(
            zone=kept["zone"],
            weekly=tuple(_windows(one) for one in kept["weekly"]),
            country=kept["country"],
            state=kept["state"],
            city=kept["city"],
            optional=tuple(OptionalDay(*one) for one in kept["optional"]),
            declined=tuple(kept["declined"]),
            own=tuple(OwnDay(name, _day(day), opens, closes) for name, day, opens, closes in kept["own"]),
            worked=tuple(WorkedDay(date.fromisoformat(day), name, _windows(of)) for day, name, of in kept["worked"]),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise Unreadable(str(wrong)) from wrong


def dump_holidays(years: Mapping[int, Iterable[Holiday]]) -> dict[str, list[list[str]]]:
    return {
        str(year): [[one.day.isoformat(), one.name, one.level.value, one.code] for one in ones]
        for year, ones in years.items()
    }


def load_holidays(kept: Mapping[str, Iterable[Iterable[str]]]) -> dict[int, tuple[Holiday, ...]]:
    return {int(year): tuple(_holiday(*one) for one in ones) for year, ones in kept.items()}


def _holiday(day: str, name: str, level: str, code: str) -> Holiday:
    return Holiday(date.fromisoformat(day), name, Level(level), code)


def _dump_windows(windows: Iterable[Window]) -> list[list[int]]:
    return [[one.opens, one.closes] for one in windows]


def _windows(kept: Iterable[Iterable[int]]) -> tuple[Window, ...]:
    return tuple(Window(*one) for one in kept)


def _dump_day(day: date | MonthDay) -> str:
    return f"{day.month:02d}-{day.day:02d}" if isinstance(day, MonthDay) else day.isoformat()


def _day(kept: str) -> date | MonthDay:
    month, dash, day = kept.partition("-")
    return MonthDay(int(month), int(day)) if dash and "-" not in day else date.fromisoformat(kept)


# As business time.


def hours(plan: Plan, holidays: Holidays) -> Hours:
    """Return what `plan` says, to be compiled; `holidays` are those kept, by year. Raises HoursRefused."""
    return Hours(
        ZoneInfo(plan.zone),
        dict(enumerate(plan.weekly)),
        lambda year: closures(plan, year, holidays(year)),
        {one.day: one.windows for one in plan.worked},
    )


def closures(plan: Plan, year: int, holidays: Iterable[Holiday]) -> dict[date, list[Closure]]:
    """Return what is closed in `year`; what lies on one time of a date is one closure, with all the names."""
    chosen = {one.code: one for one in plan.optional}
    found: dict[date, list[Closure]] = {}
    for holiday in holidays:
        part = chosen.get(holiday.code) if holiday.level == Level.OPTIONAL else None
        found.setdefault(holiday.day, []).extend(closed(holiday.name, part))
    for own in plan.own:
        if (day := own.of(year)) is not None:
            found.setdefault(day, []).extend(closed(own.name, own))
    return {day: _joined(ones) for day, ones in found.items()}


def closed(name: str, part: OwnDay | OptionalDay | None) -> list[Closure]:
    """Return what is closed of a day that opens late or closes early as `part` says; None: all of it."""
    if part is None or (part.opens is None and part.closes is None):
        return [Closure(name)]
    before = [Closure(name, 0, part.opens)] if part.opens else []
    after = [Closure(name, part.closes, DAY)] if part.closes is not None and part.closes < DAY else []
    return before + after


def _joined(ones: list[Closure]) -> list[Closure]:
    """Return `ones` of one date apart from each other, in order."""
    if len(ones) == 1:
        return ones
    cuts = sorted({one.opens for one in ones} | {one.closes for one in ones})
    found: list[Closure] = []
    for start, end in pairwise(cuts):
        names = dict.fromkeys(one.name for one in ones if one.opens <= start and end <= one.closes)
        name = " e ".join(names)
        if name and found and found[-1].closes == start and found[-1].name == name:
            found[-1] = Closure(name, found[-1].opens, end)
        elif name:
            found.append(Closure(name, start, end))
    return found
