"""A year of a calendar as twelve small drawings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiche.calendars.year import Day, Kind, Year

COLUMN, ROW = 20, 19  # steps of the drawing, in its own units
LEFT, TOP = 1, 15.5  # of the first day
WIDTH, HEIGHT = 18, 17.5  # of a day
_SHAPES = {Kind.HOLIDAY: ("full", "danger"), Kind.HALF: ("half", "wait"), Kind.EXTRA: ("extra", "")}


@dataclass(frozen=True, slots=True)
class Cell:
    """A day: where it lies, and how it is drawn."""

    number: int
    x: int
    y: float
    shape: str
    tone: str
    title: str
    is_open: bool
    is_today: bool

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2

    @property
    def line(self) -> float:
        """Where its number stands."""
        return self.y + 12.5


@dataclass(frozen=True, slots=True)
class Month:
    name: str
    label: str
    open_days: str  # a path around the days that are open as usual
    cells: Sequence[Cell]


def months(year: Year, today: date) -> list[Month]:
    names = _("January February March April May June July August September October November December").split()
    return [_month(name, days, today) for name, days in zip(names, year.months, strict=True)]


def weekday_letters() -> list[tuple[int, str]]:
    """Return where the letter of each weekday stands, Sunday first, and the letter."""
    names = _("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()
    letters = [name[0].upper() for name in (names[6], *names[:6])]
    return [(LEFT + COLUMN * n + WIDTH // 2, letter) for n, letter in enumerate(letters)]


def _month(name: str, days: Sequence[Day], today: date) -> Month:
    cells = [_cell(one, today) for one in days]
    usual = [cell for cell in cells if cell.is_open and cell.shape not in ("full", "extra")]
    path = "".join(f"M{cell.x} {cell.y:g}h{WIDTH}v{HEIGHT:g}h-{WIDTH}z" for cell in usual)
    count = sum(1 for one in days if one.seconds)
    said = {"month": name[:1].upper() + name[1:], "year": days[0].day.year, "n": count}
    label = ngettext("%(month)s %(year)s, %(n)s open day", "%(month)s %(year)s, %(n)s open days", count) % said
    return Month(name, label, path, cells)


def _cell(one: Day, today: date) -> Cell:
    first = one.day.replace(day=1)
    place = one.day.day - 1 + first.isoweekday() % 7  # Sunday is the first column
    x, y = LEFT + COLUMN * (place % 7), TOP + ROW * (place // 7)
    shape, tone = _SHAPES.get(one.kind, ("", ""))
    return Cell(one.day.day, x, y, shape, tone, one.title, one.seconds > 0, one.day == today)
