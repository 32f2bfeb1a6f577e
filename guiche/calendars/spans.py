"""The offsets of a time zone over the years, as spans of UTC seconds. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

STEP = 43_200  # seconds: no zone changes its clocks twice in half a day
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to `end` (seconds since 1970, UTC) the wall clock shows `offset` seconds more."""

    start: int
    end: int
    offset: int


def spans(zone: ZoneInfo, start: int, end: int) -> list[Span]:
    """Return the spans of `zone` that make up `[start, end)`."""
    found: list[Span] = []
    since, offset = start, _offset(zone, start)
    for change, after in _changes(zone, start, end, offset):
        found.append(Span(since, change, offset))
        since, offset = change, after
    return [*found, Span(since, end, offset)]


def _changes(zone: ZoneInfo, start: int, end: int, offset: int) -> Iterator[tuple[int, int]]:
    """Yield each first second inside of `(start, end)` at which the offset is another one, and that offset."""
    low = start
    while low < end - 1:
        high = min(low + STEP, end - 1)
        after = _offset(zone, high)
        if after != offset:
            yield _first_with_another(zone, low, high, offset), after
        low, offset = high, after


def _first_with_another(zone: ZoneInfo, low: int, high: int, old: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle) == old else (low, middle)
    return high


def _offset(zone: ZoneInfo, second: int) -> int:
    shift = (EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()
    assert shift is not None  # a ZoneInfo always has one
    return int(shift.total_seconds())
