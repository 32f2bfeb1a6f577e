"""What a calendar says, in words: its weekly hours, its zone, and why a day is not like the others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiche.calendars.holidays import STATES
from guiche.calendars.hours import DAY, Window
from guiche.calendars.plan import Holiday, Level, OptionalDay, OwnDay, Plan, Week
from guiche.core import formatting

_PLACES = {
    "America/Sao_Paulo": "Brasília",
    "America/Noronha": "Fernando de Noronha",
    "America/Araguaina": "Araguaína",
    "America/Belem": "Belém",
    "America/Cuiaba": "Cuiabá",
    "America/Eirunepe": "Eirunepé",
    "America/Maceio": "Maceió",
    "America/Santarem": "Santarém",
}


def weekly(week: Week) -> str:
    """Return "Segunda a sexta, 8h às 18h", "Segunda a quinta, 8h às 12h e 13h às 18h; sexta, 8h às 12h"."""
    if all(_is_whole(windows) for windows in week):
        return _("24 hours a day, every day")
    groups: dict[tuple[Window, ...], list[int]] = {}
    for weekday, windows in enumerate(week):
        if windows:
            groups.setdefault(tuple(sorted(windows)), []).append(weekday)
    parts = [f"{weekdays(days)}, {spans(windows)}" for windows, days in groups.items()]
    sentence = "; ".join(parts)
    return sentence[:1].upper() + sentence[1:]


def weekdays(days: Sequence[int]) -> str:
    """Return "segunda a sexta", "sábado e domingo", "segunda, quarta e sexta", for weekdays in order; 0 is Monday."""
    names = _("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()
    parts: list[str] = []
    for first, last in _runs(days):
        if last - first >= 2:
            parts.append(_("%(first)s to %(last)s") % {"first": names[first], "last": names[last]})
        else:
            parts += names[first : last + 1]
    return listed(parts)


def spans(windows: Iterable[Window]) -> str:
    """Return "8h às 12h e 13h às 18h", "o dia todo"."""
    ordered = sorted(windows)
    if _is_whole(ordered):
        return _("all day")
    return listed([f"{formatting.time_of_day(one.opens)} {_to(one.closes)}" for one in ordered])


def zone(name: str) -> str:
    """Return "horário de Brasília"."""
    return _("%(place)s time") % {"place": _PLACES.get(name) or name.rpartition("/")[2].replace("_", " ")}


# Days that are not like the others.


def of_holiday(holiday: Holiday, plan: Plan) -> str:
    """Return whose holiday it is, "nacional", "São Paulo", "ponto facultativo", or when it opens or closes."""
    if holiday.level == Level.OPTIONAL:
        chosen = next((one for one in plan.optional if one.code == holiday.code), None)
        return (chosen and part(chosen)) or _("optional day")
    whose = {Level.STATE: STATES.get(plan.state, ""), Level.CITY: plan.city}
    return whose.get(holiday.level) or _("national")


def of_own(own: OwnDay) -> str:
    """Return "data própria", or when it opens or closes."""
    return part(own) or _("own day")


def part(one: OwnDay | OptionalDay) -> str:
    """Return "abre às 13h", "fecha às 12h", "abre às 9h, fecha às 15h"; blank for a whole day."""
    said = []
    if one.opens is not None:
        said.append(_("opens %(at)s") % {"at": _at(one.opens)})
    if one.closes is not None:
        said.append(_("closes %(at)s") % {"at": _at(one.closes)})
    return ", ".join(said)


def of_worked(windows: Iterable[Window]) -> str:
    """Return "aberto das 8h às 12h", "aberto das 8h às 12h e das 13h às 18h", "aberto o dia todo"."""
    ordered = sorted(windows)
    if _is_whole(ordered):
        return _("open all day")
    return _("open %s") % listed([f"{_from(one.opens)} {_to(one.closes)}" for one in ordered])


# One o'clock has other words in Portuguese: à 1h, às 2h.


def _at(time: int) -> str:
    return ngettext("at %(time)s", "at %(time)s", _hour_number(time)) % {"time": formatting.time_of_day(time)}


def _from(time: int) -> str:
    return ngettext("from %(time)s", "from %(time)s", _hour_number(time)) % {"time": formatting.time_of_day(time)}


def _to(time: int) -> str:
    return ngettext("to %(time)s", "to %(time)s", _hour_number(time)) % {"time": formatting.time_of_day(time)}


def _hour_number(time: int) -> int:
    return 1 if (time if time <= DAY else time - DAY) // 3600 == 1 else 2


def _is_whole(windows: Sequence[Window]) -> bool:
    return tuple(windows) == (Window(0, DAY),)


def _runs(days: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for day in days:
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def listed(parts: Sequence[str]) -> str:
    """Return "a, b e c"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(several)s and %(last)s") % {"several": ", ".join(parts[:-1]), "last": parts[-1]}
