"""How a ledger writes times, days and amounts: whole, so that they can be added up."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup

MINUTE, HOUR = 60, 3600  # seconds


class Words(NamedTuple):
    """The patterns of a language, looked up once."""

    weekdays: list[str]
    short_weekdays: list[str]
    months: list[str]
    short_months: list[str]
    first: str
    time: str
    time_seconds: str
    amount: str
    amount_seconds: str
    figure: str
    day: str
    day_of_week: str
    short_day: str
    moment: str


def time(local: datetime) -> str:
    """Return "9h14", "18h00"."""
    return words_of(get_language() or "en").time % {"hour": local.hour, "minute": f"{local.minute:02d}"}


def at(local: datetime) -> str:
    """Return "às 9h14", "à 1h05"."""
    return ngettext("at %(time)s", "at %(time)s", 1 if local.hour == 1 else 2) % {"time": time(local)}


def whole_time(local: datetime) -> str:
    """Return `time`, and its seconds where there are any: "9h14min05s"."""
    if not local.second:
        return time(local)
    parts = {"hour": local.hour, "minute": f"{local.minute:02d}", "second": f"{local.second:02d}"}
    return words_of(get_language() or "en").time_seconds % parts


def amount(seconds: int) -> str:
    """Return "1h 17min", "14h 00min", "0h 54min", "0h 54min 07s": all of it, always with its hours."""
    words = words_of(get_language() or "en")
    minutes, rest = divmod(seconds, MINUTE)
    parts = {"hours": minutes // 60, "minutes": f"{minutes % 60:02d}", "seconds": f"{rest:02d}"}
    return (words.amount_seconds if rest else words.amount) % parts


def figure(seconds: int) -> Markup:
    """Return `amount` as a figure of the head of a page, its last unit in small type."""
    words = words_of(get_language() or "en")
    minutes, rest = divmod(seconds, MINUTE)
    shown = words.figure % {"hours": minutes // 60, "minutes": f"{minutes % 60:02d}"}
    unit = _("min") + (f" {rest:02d}" + _("s") if rest else "")
    return Markup("{}<small>{}</small>").format(shown, unit)


def spreadsheet(seconds: int) -> str:
    """Return "1:17:00", which programs for spreadsheets add up."""
    minutes, rest = divmod(seconds, MINUTE)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"


def day(value: date) -> str:
    """Return "1º de setembro de 2025"."""
    words = words_of(get_language() or "en")
    return words.day % _parts(value, words)


def day_of_week(value: date) -> str:
    """Return "quarta, 12 de novembro de 2025"."""
    words = words_of(get_language() or "en")
    return words.day_of_week % _parts(value, words)


def short_day(value: date) -> str:
    """Return "sex, 14 nov"."""
    words = words_of(get_language() or "en")
    return words.short_day % _parts(value, words)


def short_weekday(value: date) -> str:
    """Return "sex"."""
    return words_of(get_language() or "en").short_weekdays[value.weekday()]


def moment(local: datetime) -> str:
    """Return "13 de novembro de 2025, 10h42"."""
    return words_of(get_language() or "en").moment % {"day": day(local), "time": whole_time(local)}


def _parts(value: date, words: Words) -> dict[str, object]:
    weekday, month = value.weekday(), value.month - 1
    return {
        "weekday": words.weekdays[weekday],
        "short_weekday": words.short_weekdays[weekday],
        "day": words.first if value.day == 1 else value.day,
        "month": words.months[month],
        "short_month": words.short_months[month],
        "year": value.year,
    }


@lru_cache(maxsize=8)
def words_of(language: str) -> Words:
    """Return the words of `language`, which must be the active one."""
    months = _("January February March April May June July August September October November December")
    return Words(
        weekdays=_("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split(),
        short_weekdays=_("Mon Tue Wed Thu Fri Sat Sun").split(),
        months=months.split(),
        short_months=_("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split(),
        first=_("1st"),
        time=_("%(hour)s:%(minute)s"),
        time_seconds=_("%(hour)s:%(minute)s:%(second)s"),
        amount=_("%(hours)sh %(minutes)smin"),
        amount_seconds=_("%(hours)sh %(minutes)smin %(seconds)ss"),
        figure=_("%(hours)sh %(minutes)s"),
        day=_("%(month)s %(day)s, %(year)s"),
        day_of_week=_("%(weekday)s, %(month)s %(day)s, %(year)s"),
        short_day=_("%(short_weekday)s, %(short_month)s %(day)s"),
        moment=_("%(day)s, %(time)s"),
    )
