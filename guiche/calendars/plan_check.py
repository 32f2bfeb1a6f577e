"""What is wrong with a plan of a calendar, said beside its fields. Pure.

Fields: zone, state, city, weekly (all of it), weekly-0 to weekly-6, own and worked (all of them), and of the nth one
own-N-name, own-N-day, own-N-hours, worked-N-name, worked-N-day, worked-N-hours, optional-N.
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from guiche.calendars import holidays as known
from guiche.calendars import plan as plans
from guiche.calendars.hours import DAY, HoursRefused, Window
from guiche.calendars.plan import Holiday, MonthDay, OptionalDay, OwnDay, Plan
from guiche.core.errors import Refused

MOST_WINDOWS = 8  # on one day
MOST_OWN = 400
MOST_WORKED = 200
LONGEST_NAME = 120
EARLIEST, LATEST = date(1990, 1, 1), date(2200, 1, 1)

Frozen = Mapping[int, Iterable[Holiday]]  # the holidays that are kept, by year
Faults = Iterator[tuple[str, str]]  # field and sentence


class PlanRefused(Refused):
    """A calendar cannot say this."""


def check(plan: Plan, frozen: Frozen | None = None) -> None:
    """Raise PlanRefused, with a sentence for each field, unless `plan` can be published.

    `frozen` are the holidays that it keeps in the years to come: an own day must not be one of them, nor a worked one.
    """
    found: dict[str, str] = {}
    for field, sentence in _faults(plan, frozen or {}):
        found.setdefault(field, sentence)
    if not found:
        found = dict(_refused_by_engine(plan, frozen or {}))
    if found:
        raise PlanRefused(" ".join(dict.fromkeys(found.values())), fields=found)


def _faults(plan: Plan, frozen: Frozen) -> Faults:
    yield from _place(plan)
    yield from _week(plan)
    yield from _optional(plan)
    yield from _own(plan, frozen)
    yield from _worked(plan, frozen)


def _refused_by_engine(plan: Plan, frozen: Frozen) -> Faults:
    """What only shows when all is put together: a long night of one worked day that reaches into the next."""
    try:
        plans.hours(plan, lambda year: frozen.get(year, ()))
    except HoursRefused as refused:
        yield {"days": "worked"}.get(refused.part, "weekly"), _("Two intervals overlap. Let one end before the other.")


def _place(plan: Plan) -> Faults:
    if plan.zone not in zoneinfo.available_timezones():
        yield "zone", _("Choose a time zone from the list.")
    if plan.state and plan.state not in known.STATES:
        yield "state", _("Choose a state from the list.")
    elif plan.city and plan.city not in known.cities_of(plan.state):
        yield "city", _("Choose a city from the list.")


# Hours.


def _week(plan: Plan) -> Faults:
    if len(plan.weekly) != 7 or not any(plan.weekly):
        yield "weekly", _("Write the hours of at least one weekday: a calendar that never opens counts nothing.")
        return
    for weekday, windows in enumerate(plan.weekly):
        if sentence := windows_fault(windows):
            yield f"weekly-{weekday}", sentence
    placed = sorted(
        (number * DAY + one.opens, number * DAY + one.closes, number)
        for number, windows in enumerate(plan.weekly)
        for one in windows
    )
    first = placed[0]
    for one, after in pairwise([*placed, (first[0] + 7 * DAY, first[1] + 7 * DAY, first[2])]):
        if after[0] < one[1] and after[2] != one[2]:
            yield f"weekly-{after[2]}", _("The hours of the day before go on until after this interval begins.")


def windows_fault(windows: Sequence[Window]) -> str:
    """Return what is wrong with the intervals of one day, blank when nothing is."""
    if len(windows) > MOST_WINDOWS:
        return _("A day has at most %d intervals.") % MOST_WINDOWS
    for one in windows:
        if one.opens == one.closes:
            return _("An interval ends when it begins: it would count nothing. Correct it or take it out.")
        if one.closes < one.opens:
            return _("An interval ends before it begins. Correct one of the two times.")
        if one.opens not in range(DAY) or one.closes > one.opens + DAY:
            return _("An interval begins between 0:00 and 23:59 and lasts at most 24 hours.")
    ordered = sorted(windows)
    if any(after.opens < one.closes for one, after in pairwise(ordered)):
        return _("Two intervals overlap. Let one end before the other.")
    return ""


# Days.


def _optional(plan: Plan) -> Faults:
    codes = Counter(one.code for one in plan.optional)
    for n, one in enumerate(plan.optional):
        if codes[one.code] > 1:
            yield f"optional-{n}", _("This day is chosen twice. Take one of them out.")
        elif sentence := _part_fault(one):
            yield f"optional-{n}", sentence


def _part_fault(one: OwnDay | OptionalDay) -> str:
    """What is wrong with when a day opens late or closes early."""
    opens, closes = one.opens, one.closes
    if any(time is not None and not 0 < time < DAY for time in (opens, closes)):
        return _("Write a time between 0:01 and 23:59, or leave it empty.")
    if opens is not None and closes is not None and closes <= opens:
        return _("It closes before it opens. Correct one of the two times, or leave both empty to close all day.")
    return ""


def _name_fault(name: str) -> str:
    if not name.strip():
        return _("Write a name: it is shown beside every deadline that skips this day.")
    return _("Write at most %d characters.") % LONGEST_NAME if len(name) > LONGEST_NAME else ""


def _own(plan: Plan, frozen: Frozen) -> Faults:
    if len(plan.own) > MOST_OWN:
        yield "own", _("A calendar has at most %d days of its own.") % MOST_OWN
        return
    for n, one in enumerate(plan.own):
        if sentence := _name_fault(one.name):
            yield f"own-{n}-name", sentence
        if sentence := _day_fault(one.day) or already(one, plan.own[:n], frozen):
            yield f"own-{n}-day", sentence
        if sentence := _part_fault(one):
            yield f"own-{n}-hours", sentence


def _day_fault(day: date | MonthDay) -> str:
    if isinstance(day, MonthDay):
        return "" if day.of(2000) else _("This day does not exist. Correct it.")
    return "" if EARLIEST <= day < LATEST else _("Choose a day from 1990 to 2199.")


def already(own: OwnDay, others: Iterable[OwnDay], frozen: Frozen) -> str:
    """Return why `own` would be there twice, beside `others` and the kept holidays; blank when it would not."""
    for other in others:
        if _same_day(own.day, other.day):
            return _("This day is there already: %s. Take one of them out.") % other.name
    if names := _holiday_names(own, frozen):
        return _("This day is a holiday already: %s.") % names
    return ""


def _same_day(one: date | MonthDay, other: date | MonthDay) -> bool:
    if isinstance(one, MonthDay) == isinstance(other, MonthDay):
        return one == other
    return (one.month, one.day) == (other.month, other.day)


def _holiday_names(own: OwnDay, frozen: Frozen) -> str:
    """The names of the holidays on which `own` falls in every year that is known; blank where one is free of them."""
    names: dict[str, None] = {}
    for year, holidays in frozen.items():
        if (day := own.of(year)) is None:
            continue
        here = [one.name for one in holidays if one.day == day]
        if not here:
            return ""
        names.update(dict.fromkeys(here))
    return ", ".join(names)


def _worked(plan: Plan, frozen: Frozen) -> Faults:
    if len(plan.worked) > MOST_WORKED:
        yield "worked", _("A calendar has at most %d days with hours of their own.") % MOST_WORKED
        return
    days = Counter(one.day for one in plan.worked)
    for n, one in enumerate(plan.worked):
        if sentence := _name_fault(one.name):
            yield f"worked-{n}-name", sentence
        if sentence := _day_fault(one.day) or _worked_day_fault(plan, one.day, frozen, is_twice=days[one.day] > 1):
            yield f"worked-{n}-day", sentence
        if not one.windows:
            yield f"worked-{n}-hours", _("Write from when to when. A day that is closed is a day of its own.")
        elif sentence := windows_fault(one.windows):
            yield f"worked-{n}-hours", sentence


def _worked_day_fault(plan: Plan, day: date, frozen: Frozen, *, is_twice: bool) -> str:
    if is_twice:
        return _("This day is there twice. Take one of them out.")
    closures = plans.closures(plan, day.year, frozen.get(day.year, ())).get(day, [])
    names = [one.name for one in closures if (one.opens, one.closes) == (0, DAY)]
    if names:
        return _("This day is closed: %s. Take that out first, a holiday wins over hours of the day.") % names[0]
    return ""
