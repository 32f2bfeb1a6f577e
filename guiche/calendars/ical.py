"""Own days out of an iCalendar file, as a city hall or another calendar gives it, and what was left out and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from guiche.calendars import plan_check
from guiche.calendars.plan import MonthDay, OwnDay, Plan
from guiche.calendars.plan_check import LONGEST_NAME, Frozen
from guiche.core.errors import Refused
from guiche.core.text import typed

MOST_BYTES = 1024 * 1024
MOST_EVENTS = 2_000
MOST_DAYS = 2_000  # each is compared with all before it
MOST_DAYS_OF_ONE = 31
_EVENT = re.compile(rb"^[ \t]*BEGIN:VEVENT", re.IGNORECASE | re.MULTILINE)
_YEARLY_PARTS = {"FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "WKST"}


class FileRefused(Refused):
    """This file cannot be read as a calendar."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An event of the file that gives no own day, and why."""

    name: str
    day: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file gives."""

    days: tuple[OwnDay, ...]
    left_out: tuple[LeftOut, ...] = ()


class _Left(Exception):
    """Why an event is left out."""


def read(content: bytes) -> Reading:
    """Return the own days in an .ics file. Raises FileRefused for one that is too large or none at all."""
    if len(content) > MOST_BYTES:
        raise FileRefused(_("This file is larger than 1 MB. Export only the holidays."))
    _refuse_more_than(MOST_EVENTS, _EVENT.finditer(content))
    days: list[OwnDay] = []
    left: list[LeftOut] = []
    for event in _events(content):
        try:
            days += _days(event)
        except _Left as why:
            left.append(LeftOut(_name(event), _day(event, "DTSTART"), str(why)))
        if len(days) > MOST_DAYS:
            raise FileRefused(_("This file has more than 2,000 days. Export only the holidays."))
    return Reading(tuple(days), tuple(left))


def new_ones(reading: Reading, plan: Plan, frozen: Frozen) -> Reading:
    """Return `reading` without the days that `plan` has already, as its own or as kept holidays, or that come twice."""
    days: list[OwnDay] = []
    left = list(reading.left_out)
    for one in reading.days:
        if why := plan_check.already(one, [*plan.own, *days], frozen):
            left.append(LeftOut(one.name, one.day if isinstance(one.day, date) else None, why))
        else:
            days.append(one)
    return Reading(tuple(days), tuple(left))


def _events(content: bytes) -> list[Any]:  # Any: events of icalendar, whose fields may be of any kind
    import icalendar  # here, since most processes never read one

    try:
        found = icalendar.Calendar.from_ical(_text(content))
    except (ValueError, KeyError, IndexError, TypeError) as unreadable:
        raise FileRefused(_("This is no calendar file. Choose one that ends in .ics.")) from unreadable
    if getattr(found, "name", "") != "VCALENDAR":
        raise FileRefused(_("This is no calendar file. Choose one that ends in .ics."))
    events = list(found.walk("VEVENT"))
    _refuse_more_than(MOST_EVENTS, events)  # lines may be folded, so that no count of the bytes sees them
    return events


def _refuse_more_than(most: int, events: Iterable[object]) -> None:
    if len(list(islice(events, most + 1))) > most:
        raise FileRefused(_("This file has more than 2,000 events. Export only the holidays."))


def _text(content: bytes) -> str:
    """Return the words of a file: old programs write them in the Western alphabet, not in UTF-8 as the format asks."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _days(event: Any) -> Iterator[OwnDay]:
    """Yield the days of an event. Raises _Left."""
    start, name = _day(event, "DTSTART"), _name(event)
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        raise _Left(_("it was cancelled"))
    if start is None:
        raise _Left(_("it has no date, or a time of the day: only whole days are brought in"))
    if not name:
        raise _Left(_("it has no name"))
    if not plan_check.EARLIEST <= start < plan_check.LATEST:
        raise _Left(_("it lies before 1990 or after 2199"))
    is_yearly = _is_yearly(event, start)
    for day in _span(event, start):
        yield OwnDay(name, MonthDay(day.month, day.day) if is_yearly else day)


def _span(event: Any, start: date) -> list[date]:
    end = _day(event, "DTEND") or start + timedelta(days=1)  # the day after the last
    count = max(1, (end - start).days)
    if count > MOST_DAYS_OF_ONE:
        raise _Left(_("it lasts longer than a month"))
    return [start + timedelta(days=n) for n in range(count)]


def _is_yearly(event: Any, start: date) -> bool:
    """Whether it comes every year on the same day; False for what comes once. Raises _Left for what comes otherwise."""
    if event.get("RDATE") or event.get("EXDATE") or event.get("EXRULE") or event.get("RECURRENCE-ID"):
        raise _Left(_("it repeats with exceptions"))
    rule = event.get("RRULE")
    if rule is None:
        return False
    parts = {str(name).upper(): _listed(value) for name, value in rule.items()} if isinstance(rule, Mapping) else {}
    same = {"FREQ": ["YEARLY"], "INTERVAL": ["1"], "BYMONTH": [str(start.month)], "BYMONTHDAY": [str(start.day)]}
    if parts.get("FREQ") != ["YEARLY"] or not set(parts) <= _YEARLY_PARTS:
        raise _Left(_("it repeats otherwise than every year on the same day"))
    if any(parts.get(name, said) != said for name, said in same.items()):
        raise _Left(_("it repeats otherwise than every year on the same day"))
    return True


def _listed(value: Any) -> list[str]:
    return [
        str(one).upper() for one in (value if isinstance(value, Sequence) and not isinstance(value, str) else [value])
    ]


def _day(event: Any, field: str) -> date | None:
    """Return the date that `field` holds; None for none, a moment, or what cannot be read."""
    found = event.get(field)
    try:
        day = getattr(found, "dt", None)
    except (ValueError, AttributeError):
        return None
    return day if isinstance(day, date) and not isinstance(day, datetime) else None


def _name(event: Any) -> str:
    found = event.get("SUMMARY", "")
    words = found[0] if isinstance(found, list) and found else found
    return " ".join(typed(str(words)).split())[:LONGEST_NAME].rstrip()
