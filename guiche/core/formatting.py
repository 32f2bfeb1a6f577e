"""How moments, days, sizes and numbers are written on a screen, in the person's language and zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup

# Words of a name that give no initial.
PARTICLES = frozenset({"da", "das", "de", "del", "di", "do", "dos", "du", "e", "y", "van", "von"})
_DAY = 86_400  # seconds
_UNITS = ("KB", "MB", "GB", "TB")


class Words(NamedTuple):
    """What a language needs to write moments; looked up once per language, not once per moment."""

    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    first: str
    clock: str
    full_hour: str
    today: str
    yesterday: str
    tomorrow: str
    this_year: str
    other_year: str
    long_day: str
    long_day_other_year: str
    long_moment: str
    hours: str
    hours_minutes: str
    minutes: str
    at: str
    at_one: str
    said_today: str
    said_yesterday: str
    said_tomorrow: str
    said_weekday: str
    said_day: str
    said_day_other_year: str


def moment(value: datetime | None, now: datetime | None = None) -> Markup:
    """Return a `<time>` with the moment as `moment_text` says it and the whole of it in `title`; nothing for None."""
    if value is None:
        return Markup("")
    local = timezone.localtime(value)
    words = _words(get_language() or "en")
    text = _moment_text(local, timezone.localtime(now), words)
    # Safe: digits and our own words only.
    return Markup(f'<time datetime="{local.isoformat(timespec="seconds")}" title="{_full(local, words)}">{text}</time>')  # noqa: S704


def moment_text(value: datetime, now: datetime | None = None) -> str:
    """Return "hoje, 9h48", "ontem, 16h20", "amanhã, 12h42", "qua, 19 nov, 9h14", or "19/11/2025" in another year."""
    return _moment_text(timezone.localtime(value), timezone.localtime(now), _words(get_language() or "en"))


def full_moment(value: datetime) -> str:
    """Return "quarta, 19 de novembro de 2025, 9h14"."""
    return _full(timezone.localtime(value), _words(get_language() or "en"))


def relative(value: datetime | None, now: datetime | None = None) -> Markup:
    """Return a `<time>` with "agora", "há 12 min", "há 2 h", "ontem", "há 3 dias", then the moment. None: nothing."""
    if value is None:
        return Markup("")
    local, present = timezone.localtime(value), timezone.localtime(now)
    words = _words(get_language() or "en")
    text = _ago(local, present) or _moment_text(local, present, words)
    return Markup(f'<time datetime="{local.isoformat(timespec="seconds")}" title="{_full(local, words)}">{text}</time>')  # noqa: S704


def clock(value: datetime) -> str:
    """Return "9h48", "9h" on the hour."""
    return _clock(timezone.localtime(value), _words(get_language() or "en"))


def time_of_day(seconds: int) -> str:
    """Return "9h48", "9h", for seconds after midnight; past 24:00 it is a time of the next day."""
    minutes = (seconds if seconds <= _DAY else seconds - _DAY) // 60
    words = _words(get_language() or "en")
    pattern = words.clock if minutes % 60 else words.full_hour
    return pattern % {"hour": minutes // 60, "minute": f"{minutes % 60:02d}"}


def said(value: datetime, now: datetime | None = None, zone: tzinfo | None = None) -> str:
    """Return a moment as it stands inside a sentence: "hoje às 11h54", "segunda às 8h", "terça, 25 de novembro, às 8h".

    In `zone`, else in the active one. Days ahead are named by their weekday up to six days on.
    """
    local, present = timezone.localtime(value, zone), timezone.localtime(now, zone)
    words = _words(get_language() or "en")
    at = (words.at_one if local.hour == 1 else words.at) % {"time": _clock(local, words)}
    return _said_pattern(local, present, words) % {**_parts(local, words), "at": at}


def said_whole(value: datetime, zone: tzinfo | None = None) -> str:
    """Return a moment as it stands inside a sentence on paper: "terça, 25 de novembro de 2025, às 8h"."""
    local = timezone.localtime(value, zone)
    words = _words(get_language() or "en")
    at = (words.at_one if local.hour == 1 else words.at) % {"time": _clock(local, words)}
    return words.said_day_other_year % {**_parts(local, words), "at": at}


def _said_pattern(local: datetime, present: datetime, words: Words) -> str:
    days = (local.date() - present.date()).days
    if -1 <= days <= 1:
        return (words.said_today, words.said_tomorrow, words.said_yesterday)[days]
    if 1 < days < 7:  # a week
        return words.said_weekday
    return words.said_day if local.year == present.year else words.said_day_other_year


def duration(seconds: int) -> str:
    """Return "1h 12min", "7h 05min", "31h", "35min"; what is less than a minute is left out."""
    hours, minutes = divmod(seconds // 60, 60)
    words = _words(get_language() or "en")
    if not hours:
        return words.minutes % {"minutes": minutes}
    return (words.hours_minutes if minutes else words.hours) % {"hours": hours, "minutes": f"{minutes:02d}"}


def day(value: date | None) -> str:
    """Return "19/11/2025"; nothing for None. A datetime counts in the active zone."""
    return "" if value is None else _numeric_day(_local_day(value), _words(get_language() or "en"))


def long_day(value: date | None, now: datetime | None = None) -> str:
    """Return "terça, 25 de novembro", with its year when it is another one; nothing for None."""
    if value is None:
        return ""
    local = _local_day(value)
    words = _words(get_language() or "en")
    pattern = words.long_day if local.year == timezone.localtime(now).year else words.long_day_other_year
    return pattern % _parts(local, words)


def filesize(count: int) -> str:
    """Return "380 KB", "8,1 MB", "13 MB"; bytes below 1,024."""
    if count < 1024:
        return ngettext("%(n)s byte", "%(n)s bytes", count) % {"n": number(count)}
    size = float(count)
    for unit in _UNITS:
        size /= 1024
        if size < 1000 or unit == _UNITS[-1]:
            break
    rounded = round(size, 1) if unit != "KB" and size < 10 else round(size)
    return f"{number(int(rounded) if rounded == int(rounded) else rounded)} {unit}"


def number(value: float) -> str:
    """Return "62.000" or "4,6"."""
    return str(formats.number_format(value, use_l10n=True, force_grouping=True))


@lru_cache(maxsize=2048)
def initials(name: str) -> str:
    """Return the first letters of the first and last name, "MD"; "?" for an empty one."""
    parts = [part for part in name.split() if part.lower() not in PARTICLES]
    if not parts:
        return "?"
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()


def dialled(phone: str) -> str:
    """Return a telephone number as a `tel:` link wants it: "(11) 4000-0000" → "1140000000"."""
    return "".join(sign for sign in phone if sign.isdecimal() or sign == "+")


def _moment_text(local: datetime, present: datetime, words: Words) -> str:
    days = (local.date() - present.date()).days
    if days == 0:
        return words.today % {"time": _clock(local, words)}
    if days == -1:
        return words.yesterday % {"time": _clock(local, words)}
    if days == 1:
        return words.tomorrow % {"time": _clock(local, words)}
    if local.year != present.year:
        return _numeric_day(local, words)
    return words.this_year % {**_parts(local, words), "time": _clock(local, words)}


def _ago(local: datetime, present: datetime) -> str:
    """Return how long ago it was, in words; nothing for what is to come or older than a week."""
    passed = present - local
    if passed < timedelta() or passed >= timedelta(days=7):
        return ""
    minutes = int(passed.total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(n)s min ago") % {"n": minutes}
    days = (present.date() - local.date()).days
    if days == 0 or minutes < 12 * 60:
        return _("%(n)s h ago") % {"n": minutes // 60}
    if days == 1:
        return _("yesterday")
    return _("%(n)s days ago") % {"n": days}


def _clock(local: datetime, words: Words) -> str:
    pattern = words.clock if local.minute else words.full_hour
    return pattern % {"hour": local.hour, "minute": f"{local.minute:02d}"}


def _full(local: datetime, words: Words) -> str:
    return words.long_moment % {**_parts(local, words), "time": _clock(local, words)}


def _numeric_day(local: date, words: Words) -> str:
    return words.other_year % {"day": f"{local.day:02d}", "month": f"{local.month:02d}", "year": local.year}


def _parts(local: date, words: Words) -> dict[str, object]:
    weekday = local.weekday()
    return {
        "weekday": words.weekdays[weekday],
        "short_weekday": words.short_weekdays[weekday],
        "day": words.first if local.day == 1 else local.day,
        "month": words.months[local.month - 1],
        "short_month": words.short_months[local.month - 1],
        "year": local.year,
    }


def _local_day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=8)
def _words(language: str) -> Words:
    """Return the words of `language`, which must be the active one."""
    return Words(
        weekdays=tuple(_("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()),
        short_weekdays=tuple(_("Mon Tue Wed Thu Fri Sat Sun").split()),
        months=tuple(
            _("January February March April May June July August September October November December").split()
        ),
        short_months=tuple(_("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()),
        first=_("1st"),
        clock=_("%(hour)s:%(minute)s"),
        full_hour=_("%(hour)s:00"),
        today=_("today, %(time)s"),
        yesterday=_("yesterday, %(time)s"),
        tomorrow=_("tomorrow, %(time)s"),
        this_year=_("%(short_weekday)s, %(short_month)s %(day)s, %(time)s"),
        other_year=_("%(month)s/%(day)s/%(year)s"),
        long_day=_("%(weekday)s, %(month)s %(day)s"),
        long_day_other_year=_("%(weekday)s, %(month)s %(day)s, %(year)s"),
        long_moment=_("%(weekday)s, %(month)s %(day)s, %(year)s, %(time)s"),
        hours=_("%(hours)sh"),
        hours_minutes=_("%(hours)sh %(minutes)smin"),
        minutes=_("%(minutes)smin"),
        at=ngettext("at %(time)s", "at %(time)s", 2),
        at_one=ngettext("at %(time)s", "at %(time)s", 1),  # other words in Portuguese: à 1h, às 2h
        said_today=_("today %(at)s"),
        said_yesterday=_("yesterday %(at)s"),
        said_tomorrow=_("tomorrow %(at)s"),
        said_weekday=_("%(weekday)s %(at)s"),
        said_day=_("%(weekday)s, %(month)s %(day)s, %(at)s"),
        said_day_other_year=_("%(weekday)s, %(month)s %(day)s, %(year)s, %(at)s"),
    )
