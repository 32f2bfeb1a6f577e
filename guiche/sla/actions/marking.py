"""When running clocks are woken, after the percents changed of which people are told: all of them, range by range."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from guiche.sla import clockwork, escalations, open_clocks, rules
from guiche.sla.clockwork import ALL_USED
from guiche.sla.metrics import Motion
from guiche.sla.reckoning import Row
from guiche.sla.rules import Rules


class Woken(NamedTuple):
    clock: int
    wakes: int | None  # seconds since 1970
    warned: int


def mark_again(*, added: Sequence[int], at: datetime) -> int:
    """Write when each running clock is woken by the marks that there are now; return how many changed.

    `added`: marks that are new. Who has used more than that already is past it: nobody is told of it late. Safe to run
    twice or beside itself: each range is reckoned with the rules of its own moment, while its tickets are held.
    """
    last, changed = open_clocks.last_ticket(), 0
    for after in range(0, last, open_clocks.RANGE):
        changed += _mark_range(after, min(last, after + open_clocks.RANGE), added, clockwork.seconds_of(at))
    return changed


@transaction.atomic
def _mark_range(after: int, upto: int, added: Sequence[int], at: int) -> int:
    open_clocks.tickets(after, upto, locked=True)
    known = rules.held()
    pairs = [(row, _woken(row, known, added, at)) for row in open_clocks.rows(after, upto, with_facts=False)]
    changed = [new for row, new in pairs if new is not None and (new.wakes, new.warned) != (row.wakes, row.warned)]
    _write(changed)
    return len(changed)


def _woken(row: Row, known: Rules, added: Sequence[int], at: int) -> Woken | None:
    """Return when `row` is woken next; None for one that stands still, or that nobody is to be told of any more."""
    if row.motion != Motion.RUNNING or row.breached is not None or row.elapsed > row.target:
        return None
    calendar = known.calendar(row.calendar, row.city)
    used = row.elapsed + (calendar.seconds_between(row.since, at) if row.since < at else 0)
    past = [mark for mark in added if mark < ALL_USED and escalations.seconds_at(row.target, mark) <= used]
    warned = max([row.warned, *past])
    marks = clockwork.left_of(known.marks, warned, is_breached=False)
    return Woken(row.clock, clockwork.reckon(calendar, row.since, row.elapsed, row.target, marks).wakes, warned)


def _write(changed: Sequence[Woken]) -> None:
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sla_clock c SET wakes_at = to_timestamp(v.wakes), warned_percent = v.warned
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) v(id, wakes, warned) WHERE c.id = v.id
            """,
            [list(column) for column in zip(*changed, strict=True)],
        )
