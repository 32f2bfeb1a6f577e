"""The picture of a ledger: segments along a line of time, and ticks under them. Pure.

`drawn` gives the places, in units of the picture; words, and which of them, are for the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from guiche.sla.ledger import Line, Statement

Room: TypeAlias = Literal["none", "time", "time_and_reason"]
Anchor: TypeAlias = Literal["start", "middle", "end"]

GAP = 2.0  # between neighbours
SIGN = 6.6  # width of a letter, in the units of a picture 1,000 wide
TIME, TIME_AND_REASON = 6 * SIGN, 22 * SIGN  # room for "4h 27", for "14h fora do horário"
CLOCK, DAY_AND_CLOCK = 6 * SIGN, 11 * SIGN  # room for "13h33", for "qui, 13h33"
TONES = {"waiting_on_customer": "wait", "awaiting_validation": "wait", "on_hold": "wait"}


@dataclass(frozen=True, slots=True)
class Segment:
    """A line as drawn: what counts has no tone. `room` says what fits inside of it."""

    line: Line
    x: float
    width: float
    tone: str
    room: Room

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a line begins; one that `is_labelled` has room for its time, with the day where that is a new one."""

    x: float
    at: datetime
    anchor: Anchor
    is_labelled: bool
    names_day: bool


@dataclass(frozen=True, slots=True)
class Strip:
    segments: Sequence[Segment]
    ticks: Sequence[Tick]


def drawn(found: Statement, zone: ZoneInfo, width: float = 1000.0) -> Strip:
    """Return the picture of a statement, from its start on the left to its end; clocks and days are those of `zone`."""
    if not found.total:
        return Strip([], [])
    scale = width / found.total
    placed = [(line, (line.start - found.start).total_seconds() * scale) for line in found.lines if line.seconds]
    segments = [_segment(line, x, line.seconds * scale) for line, x in placed]
    return Strip(segments, list(_ticks([(line.start, x) for line, x in placed], zone, width)))


def _segment(line: Line, x: float, width: float) -> Segment:
    inset = GAP / 2 if width > 2 * GAP else 0.0
    left, right = round(x + inset, 1), round(x + width - inset, 1)
    inner = round(right - left, 1)
    room: Room = "none" if inner < TIME else "time"
    if not line.counts and inner >= TIME_AND_REASON:
        room = "time_and_reason"
    tone = "" if line.counts else TONES.get(line.reason, "neutral")
    return Segment(line, left, inner, tone, room)


def _ticks(starts: Sequence[tuple[datetime, float]], zone: ZoneInfo, width: float) -> Iterator[Tick]:
    """Yield a tick for each start, from left to right; a label that would run into the last one is left out."""
    free, day = 0.0, starts[0][0].astimezone(zone).date()
    for start, x in starts:
        today = start.astimezone(zone).date()
        room = CLOCK if today == day else DAY_AND_CLOCK
        anchor = _anchor(x, room, free, width)
        if anchor is None:
            yield Tick(round(x, 1), start, "middle", is_labelled=False, names_day=False)
            continue
        yield Tick(round(x, 1), start, anchor, is_labelled=True, names_day=today != day)
        free, day = x + _AFTER[anchor] * room, today


_AFTER: dict[Anchor, float] = {"start": 1.0, "middle": 0.5, "end": 0.0}  # how much of a label is right of its tick


def _anchor(x: float, room: float, free: float, width: float) -> Anchor | None:
    """Return how a label as wide as `room` hangs on `x` between `free` and `width`; None where it cannot."""
    anchors: tuple[Anchor, ...] = ("middle", "start", "end")
    for anchor in anchors:
        after = _AFTER[anchor]
        if free <= x - (1 - after) * room and x + after * room <= width:
            return anchor
    return None
