"""What a calendar says, in words: its weekly hours, its zone, and why a day is not like the others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

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
    return _listed(parts)


def spans(windows: Iterable[Window]) -> str:
    """Return "8h às 12h e 13h às 18h", "o dia todo"."""
    ordered = sorted(windows)
    if _is_whole(ordered):
        return _("all day")
    return _listed([_("%(opens)s to %(closes)s") % _times(one) for one in ordered])


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
        said.append(_("opens at %s") % formatting.time_of_day(one.opens))
    if one.closes is not None:
        said.append(_("closes at %s") % formatting.time_of_day(one.closes))
    return ", ".join(said)


def of_worked(windows: Iterable[Window]) -> str:
    """Return "aberto das 8h às 12h", "aberto das 8h às 12h e das 13h às 18h", "aberto o dia todo"."""
    ordered = sorted(windows)
    if _is_whole(ordered):
        return _("open all day")
    return _("open %s") % _listed([_("from %(opens)s to %(closes)s") % _times(one) for one in ordered])


def _times(window: Window) -> dict[str, str]:
    return {"opens": formatting.time_of_day(window.opens), "closes": formatting.time_of_day(window.closes)}


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


def _listed(parts: Sequence[str]) -> str:
    """Return "a, b e c"."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(several)s and %(last)s") % {"several": ", ".join(parts[:-1]), "last": parts[-1]}
