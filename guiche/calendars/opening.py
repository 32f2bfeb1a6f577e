"""What UTC seconds are open or not under the hours of a calendar, and why not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from guiche.calendars import hours as hours_of
from guiche.calendars.hours import DAY, Closure, Closures, Hours, Window
from guiche.calendars.spans import Span, spans

_ORDINAL_1970 = date(1970, 1, 1).toordinal()


class Opening(NamedTuple):
    """From `start` up to `end`, in seconds since 1970: whether open; if not, the name of the closure, or blank."""

    start: int
    end: int
    is_open: bool
    reason: str = ""


def of(hours: Hours, start: int, end: int) -> list[Opening]:
    """Return all of `[start, end)` in order, without holes; no two neighbours are of one kind."""
    closures = cache(hours.closures_of)
    pieces = (piece for span in spans(hours.zone, start, end) for piece in _in_span(hours, span, closures))
    return list(_merged(_filled(pieces, start, end)))


def common(parts: Sequence[Sequence[Opening]]) -> list[Opening]:
    """Return what several lists of the same seconds have in common: open where all are.

    The reason is that of the first that names one.
    """
    cuts = sorted({one.start for part in parts for one in part} | {part[-1].end for part in parts if part})
    places = [0] * len(parts)
    found = []
    for start, end in pairwise(cuts):
        for n, part in enumerate(parts):
            while part[places[n]].end <= start:
                places[n] += 1
        here = [part[places[n]] for n, part in enumerate(parts)]
        is_open = all(one.is_open for one in here)
        found.append(Opening(start, end, is_open, next((one.reason for one in here if one.reason), "")))
    return list(_merged(found))


def following(parts: Iterable[Sequence[Opening]]) -> list[Opening]:
    """Return lists that follow each other as one, with neighbours of one kind made one."""
    return list(_merged(piece for part in parts for piece in part))


def _in_span(hours: Hours, span: Span, closures: Closures) -> Iterator[Opening]:
    """Yield what is open, and what a closure closes, while one offset holds."""
    first, last = (span.start + span.offset) // DAY, (span.end - 1 + span.offset) // DAY
    eve = hours_of.own_windows(hours, _date(first - 1))
    for number in range(first, last + 1):
        day, midnight = _date(number), number * DAY - span.offset
        for opens, closes, is_open, reason in _on(hours, day, eve, closures(day.year).get(day, ())):
            start, end = max(midnight + opens, span.start), min(midnight + closes, span.end)
            if start < end:
                yield Opening(start, end, is_open, reason)
        eve = hours_of.own_windows(hours, day)


def _on(
    hours: Hours, day: date, eve: Sequence[Window], closures: Sequence[Closure]
) -> list[tuple[int, int, bool, str]]:
    windows = hours_of.windows_on(hours, day, eve)
    if not closures:
        return [(opens, closes, True, "") for opens, closes in windows]
    left = [(opens, closes, True, "") for opens, closes in hours_of.without(windows, closures)]
    return sorted(left + [(one.opens, one.closes, False, one.name) for one in closures if _matters(one, windows)])


def _matters(closure: Closure, windows: Iterable[tuple[int, int]]) -> bool:
    """Whether anything would be open then: a holiday on a Sunday closes nothing."""
    return any(opens < closure.closes and closure.opens < closes for opens, closes in windows)


def _filled(pieces: Iterable[Opening], start: int, end: int) -> Iterator[Opening]:
    """Yield `pieces` with what lies between them."""
    for piece in pieces:
        if start < piece.start:
            yield Opening(start, piece.start, False)
        yield piece
        start = piece.end
    if start < end:
        yield Opening(start, end, False)


def _merged(pieces: Iterable[Opening]) -> Iterator[Opening]:
    last: Opening | None = None
    for piece in pieces:
        if last and last.is_open == piece.is_open and last.reason == piece.reason:
            last = last._replace(end=piece.end)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _date(number: int) -> date:
    return date.fromordinal(_ORDINAL_1970 + number)
