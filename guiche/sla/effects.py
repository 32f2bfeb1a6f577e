"""What another promise would do to the open tickets, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from guiche.sla import clockwork, open_clocks, recounting
from guiche.sla.metrics import Metric
from guiche.sla.reckoning import Outcome, Reckoner, Row
from guiche.sla.rules import Rules

ROWS = 50  # tickets that are named


class Effect(NamedTuple):
    """A ticket whose deadline would be another: the nearest one now and then, or when it would have run out."""

    ticket: int  # id
    metric: str
    due_at: datetime | None  # None: paused, or nothing promised
    new_due_at: datetime | None
    is_overdue: bool  # and it is not, as things stand

    @property
    def is_paused(self) -> bool:
        return self.due_at is None and self.new_due_at is None


@dataclass
class Effects:
    """How many open tickets there are, and what would become of them."""

    open_count: int = 0
    changed: int = 0
    sooner: int = 0  # of those changed, without becoming overdue
    later: int = 0
    paused: int = 0  # another time to be used, and no instant before or after
    overdue: int = 0
    rows: list[Effect] = field(default_factory=list)  # the first ROWS: overdue ones, those that move, paused ones

    @property
    def unchanged(self) -> int:
        return self.open_count - self.changed


def of(
    new: Rules, *, at: datetime, chooses: bool = False, replaced: int | None = None, since: datetime | None = None
) -> Effects:
    """Return what `new`, rules as a draft would have them, would do at `at`. Reads every open clock, writes nothing.

    `chooses`, `replaced`: as of `Reckoner`. `since`: the past is corrected from then on, and counted again.
    """
    reckoner = Reckoner(new, clockwork.seconds_of(at), chooses, replaced, recounts=since is not None)
    found = Effects(open_clocks.open_count())
    overdue, moved, paused = list[Effect](), list[Effect](), list[Effect]()
    for row_group in _tickets(reckoner, since):
        effect = _effect(row_group, reckoner.at)
        if effect is None:
            continue
        found.changed += 1
        _count(found, effect)
        kept = overdue if effect.is_overdue else paused if effect.is_paused else moved
        if len(kept) < ROWS:
            kept.append(effect)
    found.rows = [*overdue, *moved, *paused][:ROWS]
    return found


def _count(found: Effects, effect: Effect) -> None:
    if effect.is_overdue:
        found.overdue += 1
    elif effect.is_paused:
        found.paused += 1
    elif effect.new_due_at and (effect.due_at is None or effect.new_due_at < effect.due_at):
        found.sooner += 1
    else:
        found.later += 1


def _tickets(reckoner: Reckoner, since: datetime | None) -> Iterator[list[tuple[Row, Outcome | None]]]:
    """Yield the clocks of each ticket with what would become of them."""
    for rows in ranges(with_facts=reckoner.chooses):
        recounted = recounting.recounted(rows, reckoner.rules, since, reckoner.at) if since else None
        summed = [recounting.with_sum(row, recounted) for row in rows] if recounted else rows
        pairs = outcomes(summed, reckoner, recounted)
        for _ticket, pair in groupby(zip(rows, pairs, strict=True), key=lambda one: one[0].ticket):
            yield list(pair)


def ranges(*, with_facts: bool) -> Iterator[list[Row]]:
    """Yield the open clocks of all tickets, a range of them at a time."""
    last = open_clocks.last_ticket()
    for after in range(0, last, open_clocks.RANGE):
        yield open_clocks.rows(after, after + open_clocks.RANGE, with_facts=with_facts)


def outcomes(
    rows: Sequence[Row], reckoner: Reckoner, recounted: recounting.Recounted | None = None
) -> list[Outcome | None]:
    """Return what becomes of each clock. One query for those whose time may have run out before their stretch."""
    asked = [row.clock for row in rows if reckoner.needs_past(row)]
    past = open_clocks.past(asked, reckoner.rules) if asked else {}
    past |= recounting.as_ran(recounted, reckoner.rules) if recounted else {}
    return [reckoner.of(row, past.get(row.clock, ())) for row in rows]


def _effect(pairs: Sequence[tuple[Row, Outcome | None]], at: int) -> Effect | None:
    """Return how the nearest deadline of a ticket changes; one that would be overdue before all others."""
    own = [(row, outcome) for row, outcome in pairs if row.metric != Metric.TEAM]
    changes = [(row, outcome) for row, outcome in own if outcome is None or differs(row, outcome)]
    if not changes:
        return None
    row, outcome = min(changes, key=lambda one: (not _breaks(one[0], one[1], at), _after(one[1]) or 1 << 62))
    breaks = _breaks(row, outcome, at) and not any(_is_overdue(one, at) for one, _outcome in own)
    return Effect(row.ticket, row.metric, _instant(row.due), _instant(_after(outcome)), breaks)


def differs(row: Row, outcome: Outcome) -> bool:
    """Whether the deadline of a clock would be another one."""
    return (row.due, row.target, row.breached) != (outcome.due, outcome.target, outcome.breached)


def _after(outcome: Outcome | None) -> int | None:
    return None if outcome is None else outcome.due or outcome.breached


def _breaks(row: Row, outcome: Outcome | None, at: int) -> bool:
    """Whether it would be overdue that is not."""
    if outcome is None or _is_overdue(row, at):
        return False
    return outcome.breached is not None or (outcome.breaches is not None and outcome.breaches < at)


def _is_overdue(row: Row, at: int) -> bool:
    return row.breached is not None or (row.breaches is not None and row.breaches < at)


def _instant(second: int | None) -> datetime | None:
    return None if second is None else clockwork.instant_of(second)
