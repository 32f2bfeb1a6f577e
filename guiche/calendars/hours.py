"""What a calendar says: weekly windows, closures, days with hours of their own. Pure; checked where it is made.

Windows are wall-clock times, in seconds after midnight, half-open `[opens, closes)`. One that closes after 24:00 goes
on into the next date, and what lies there is part of that date: a holiday on it closes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY = 86_400  # seconds of the wall clock


class HoursRefused(ValueError):
    """What was said makes no calendar. `part` names what is wrong: weekly, closures, days."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(reason)
        self.part, self.reason = part, reason


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Open from `opens` (0 to 86,399) up to `closes`, in seconds after the midnight of its date; at most 24 hours."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Closure:
    """A holiday, or with `opens` and `closes` the part of a date that is closed: half a day."""

    name: str
    opens: int = 0
    closes: int = DAY


Closures = Callable[[int], Mapping[date, Sequence[Closure]]]  # of a year


def no_closures(_year: int) -> Mapping[date, Sequence[Closure]]:
    return {}


@dataclass(frozen=True, slots=True, eq=False)
class Hours:
    """Weekly windows (0 is Monday), the closures of each year, and dates that have windows of their own.

    A closure wins over everything; a date of `days` has its own windows instead of the weekly ones. `zone` is where the
    wall clock hangs.

    Raises HoursRefused for windows that overlap, are empty or longer than a day, and for what lies outside of a date.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Sequence[Window]]
    closures: Closures = no_closures
    days: Mapping[date, Sequence[Window]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if wrong := [day for day in self.weekly if day not in range(7)]:
            raise HoursRefused("weekly", f"no weekday: {wrong[0]}")
        _check("weekly", ((day * DAY, windows) for day, windows in self.weekly.items()), around=7 * DAY)
        _check("days", ((day.toordinal() * DAY, windows) for day, windows in self.days.items()))

    def closures_of(self, year: int) -> Mapping[date, Sequence[Closure]]:
        """Return the closures of a year. Raises HoursRefused for one without length, and for a date closed twice."""
        found = self.closures(year)
        for day, ones in found.items():
            _check_closures(day, sorted(ones, key=lambda one: one.opens))
        return found


def _check_closures(day: date, ones: Sequence[Closure]) -> None:
    if any(not 0 <= one.opens < one.closes <= DAY for one in ones):
        raise HoursRefused("closures", f"{day}: a closure is empty, or longer than its date")
    if any(after.opens < one.closes for one, after in pairwise(ones)):
        raise HoursRefused("closures", f"{day} is closed twice")


def _check(part: str, dated: Iterable[tuple[int, Sequence[Window]]], *, around: int = 0) -> None:
    """See that no two windows overlap; `around`: after that many seconds the first comes again."""
    sound = [(start, one) for start, windows in dated for one in _sound(part, windows)]
    placed = sorted((start + one.opens, start + one.closes) for start, one in sound)
    if around and placed:
        placed.append((placed[0][0] + around, placed[0][1] + around))
    for (_opens, closes), (next_opens, _closes) in pairwise(placed):
        if next_opens < closes:
            raise HoursRefused(part, "two windows overlap")


def _sound(part: str, windows: Sequence[Window]) -> Sequence[Window]:
    for one in windows:
        if not 0 <= one.opens < DAY:
            raise HoursRefused(part, "a window opens outside of its date")
        if not one.opens < one.closes <= one.opens + DAY:
            raise HoursRefused(part, "a window is empty, or longer than a day")
    return windows


def own_windows(hours: Hours, day: date) -> Sequence[Window]:
    """Return the windows that begin on `day`, whatever is closed."""
    own = hours.days.get(day)
    return hours.weekly.get(day.weekday(), ()) if own is None else own


def windows_on(hours: Hours, day: date, eve: Sequence[Window]) -> list[tuple[int, int]]:
    """Return what lies on `day` before anything is closed, in order; `eve`: the windows that begin on the day before.

    A date with hours of its own has nothing from the night before it.
    """
    own = [(one.opens, min(one.closes, DAY)) for one in own_windows(hours, day)]
    spill = [] if day in hours.days else [(0, one.closes - DAY) for one in eve if one.closes > DAY]
    return _united(sorted(spill + own))


def _united(windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return `windows`, in order, with those that overlap made one: a long night may reach into weekly hours."""
    found: list[tuple[int, int]] = []
    for opens, closes in windows:
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return found


def without(windows: Sequence[tuple[int, int]], closures: Sequence[Closure]) -> list[tuple[int, int]]:
    """Return what is left of `windows` where none of `closures` lies."""
    left = list(windows)
    for one in closures:
        left = [
            piece
            for opens, closes in left
            for piece in ((opens, min(closes, one.opens)), (max(opens, one.closes), closes))
            if piece[0] < piece[1]
        ]
    return left
