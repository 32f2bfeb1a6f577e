"""What two plans of a calendar differ in, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from guiche.calendars import holidays, words
from guiche.calendars.plan import MonthDay, OptionalDay, OwnDay, Plan, WorkedDay
from guiche.core import formatting

_One = TypeVar("_One", OptionalDay, OwnDay, WorkedDay)


def changes(old: Plan, new: Plan) -> list[str]:
    """Return what `new` changes, one sentence each; nothing when they say the same."""
    found = [*_hours(old, new), *_places(old, new)]
    found += _days(old.optional, new.optional, lambda one: one.code, _optional_words)
    found += _declined(old, new)
    found += _days(old.own, new.own, lambda one: _own_day(one.day), _own_words)
    found += _days(old.worked, new.worked, lambda one: formatting.day(one.day), _worked_words)
    return found


def _hours(old: Plan, new: Plan) -> Iterator[str]:
    if old.weekly != new.weekly:
        yield _("The hours are now: %s.") % words.weekly(new.weekly)
    if old.zone != new.zone:
        yield _("The clock is now that of %s.") % words.zone(new.zone)


def _places(old: Plan, new: Plan) -> Iterator[str]:
    if (old.country, old.state, old.city) == (new.country, new.state, new.city):
        return
    if not new.country:
        yield _("No holidays are kept any more but the own days.")
        return
    if not new.state:
        yield _("The holidays are now the national ones alone.")
        return
    place = f"{new.city} ({new.state})" if new.city else holidays.STATES.get(new.state, new.state)
    yield _("The holidays are now the national ones and those of %s.") % place


def _declined(old: Plan, new: Plan) -> Iterator[str]:
    for code in sorted(set(new.declined) - set(old.declined)):
        yield _("%s is a working day now.") % code
    for code in sorted(set(old.declined) - set(new.declined)):
        yield _("%s is kept as a holiday again.") % code


def _days(
    old: Sequence[_One], new: Sequence[_One], key: Callable[[_One], str], said: Callable[[_One], str]
) -> Iterator[str]:
    """Yield what came, what is otherwise, and what went; `key` tells one day from the others."""
    before, after = {key(one): one for one in old}, {key(one): one for one in new}
    for name, one in after.items():
        if name not in before:
            yield _("New: %s.") % said(one)
        elif before[name] != one:
            yield _("Changed: %s.") % said(one)
    for name, one in before.items():
        if name not in after:
            yield _("Taken out: %s.") % said(one)


def _optional_words(one: OptionalDay) -> str:
    return ", ".join(part for part in (one.code, words.part(one)) if part)


def _own_words(one: OwnDay) -> str:
    return ", ".join(part for part in (_own_day(one.day), one.name, words.part(one)) if part)


def _worked_words(one: WorkedDay) -> str:
    return f"{formatting.day(one.day)}, {one.name}, {words.of_worked(one.windows)}"


def _own_day(day: date | MonthDay) -> str:
    if isinstance(day, MonthDay):
        return _("%(day)s/%(month)s of every year") % {"day": f"{day.day:02d}", "month": f"{day.month:02d}"}
    return formatting.day(day)
