"""Reading and writing many clocks at once, in the shape of `reckoning`: one query for a range of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from guiche.sla import clockwork
from guiche.sla.models import Interval
from guiche.sla.reckoning import Outcome, Ran, Row
from guiche.sla.rules import Rules

RANGE = 5_000  # ids of tickets that are held at a time: a fraction of a second

CLOCKS = """
SELECT
    c.id, c.ticket_id, c.metric, c.team_id, c.policy_version_id, c.calendar_id, c.city_calendar_id, c.target_seconds,
    c.motion, extract(epoch FROM c.since)::bigint, c.elapsed_seconds, extract(epoch FROM c.due_at)::bigint,
    extract(epoch FROM c.breaches_at)::bigint, extract(epoch FROM c.wakes_at)::bigint, c.warned_percent,
    extract(epoch FROM c.breached_at)::bigint
FROM sla_clock c
WHERE c.ticket_id > %s AND c.ticket_id <= %s AND c.motion <> 'stopped' AND c.target_seconds > 0
ORDER BY c.ticket_id, c.id
"""
CLOCKS_AND_FACTS = """
SELECT
    c.id, c.ticket_id, c.metric, c.team_id, c.policy_version_id, c.calendar_id, c.city_calendar_id, c.target_seconds,
    c.motion, extract(epoch FROM c.since)::bigint, c.elapsed_seconds, extract(epoch FROM c.due_at)::bigint,
    extract(epoch FROM c.breaches_at)::bigint, extract(epoch FROM c.wakes_at)::bigint, c.warned_percent,
    extract(epoch FROM c.breached_at)::bigint,
    t.organization_id, t.request_type_id, t.contract_id, t.product_id, t.module_id, t.service_id, t.severity_id,
    coalesce(s.city, ''), coalesce(s.state, '')
FROM sla_clock c JOIN tickets_ticket t ON t.id = c.ticket_id LEFT JOIN organizations_site s ON s.id = t.site_id
WHERE c.ticket_id > %s AND c.ticket_id <= %s AND c.motion <> 'stopped' AND c.target_seconds > 0
ORDER BY c.ticket_id, c.id
"""
TICKETS = """
SELECT
    id, extract(epoch FROM next_due_at)::bigint, extract(epoch FROM closes_at)::bigint,
    extract(epoch FROM warns_at)::bigint, status_id,
    extract(epoch FROM greatest(status_since, customer_spoke_at))::bigint
FROM tickets_ticket
WHERE id > %s AND id <= %s AND ended_at IS NULL
ORDER BY id
"""
HELD = f"{TICKETS} FOR NO KEY UPDATE"
WRITE_CLOCKS = """
UPDATE sla_clock c
SET since = to_timestamp(v.since), elapsed_seconds = v.elapsed, due_at = to_timestamp(v.due),
    breaches_at = to_timestamp(v.breaches), wakes_at = to_timestamp(v.wakes), warned_percent = v.warned,
    breached_at = to_timestamp(v.breached)
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[]) v(id, since, elapsed, due, breaches, wakes, warned, breached)
WHERE c.id = v.id
"""
WRITE_TICKETS = """
UPDATE tickets_ticket t
SET next_due_at = to_timestamp(v.due), closes_at = to_timestamp(v.closes), warns_at = to_timestamp(v.warns)
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) v(id, due, closes, warns)
WHERE t.id = v.id
"""
_NO_FACTS = (0, 0, None, None, None, None, None, None)


class Held(NamedTuple):
    """An open ticket, with the instants that follow from its promises; `silent_since`: when silence began."""

    id: int
    next_due: int | None
    closes: int | None
    warns: int | None
    status: int
    silent_since: int


def last_ticket() -> int:
    """Return the highest id of a ticket."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM tickets_ticket")
        return int(cursor.fetchone()[0])


def open_count() -> int:
    """Return how many open tickets there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tickets_ticket WHERE ended_at IS NULL")
        return int(cursor.fetchone()[0])


def rows(after: int, upto: int, *, with_facts: bool) -> list[Row]:
    """Return the clocks of tickets with ids in `(after, upto]` that are not stopped."""
    with connection.cursor() as cursor:
        if with_facts:
            cursor.execute(CLOCKS_AND_FACTS, [after, upto])
            return [Row._make((*one[:-2], one[-2:])) for one in cursor.fetchall()]
        cursor.execute(CLOCKS, [after, upto])
        return [Row._make((*one, *_NO_FACTS)) for one in cursor.fetchall()]


def tickets(after: int, upto: int, *, locked: bool) -> list[Held]:
    """Return the open tickets with ids in `(after, upto]`; `locked`: nobody else writes them in this transaction."""
    with connection.cursor() as cursor:
        if locked:
            cursor.execute(HELD, [after, upto])
        else:
            cursor.execute(TICKETS, [after, upto])
        return [Held._make(one) for one in cursor.fetchall()]


def past(clock_ids: Sequence[int], known: Rules) -> dict[int, list[Ran]]:
    """Return the closed intervals that counted of some clocks, oldest first."""
    found: dict[int, list[Ran]] = {pk: [] for pk in clock_ids}
    for one in Interval.objects.counted().filter(clock__in=clock_ids).order_by("clock", "start"):
        calendar = known.counted_by(one.calendar_version_id, one.city_version_id)
        found[one.clock_id].append(Ran(clockwork.seconds_of(one.start), one.counted_seconds, calendar))
    return found


def write_clocks(changed: Sequence[tuple[int, Outcome]]) -> None:
    """Write what clocks say now: since when they go, when they are due and what follows; not what is promised."""
    if changed:
        rows = [
            (pk, one.since, one.elapsed, one.due, one.breaches, one.wakes, one.warned, one.breached)
            for pk, one in changed
        ]
        with connection.cursor() as cursor:
            cursor.execute(WRITE_CLOCKS, [list(column) for column in zip(*rows, strict=True)])


def write_tickets(changed: Sequence[Held]) -> None:
    """Write when tickets are due, close and warn."""
    if changed:
        rows = [(one.id, one.next_due, one.closes, one.warns) for one in changed]
        with connection.cursor() as cursor:
            cursor.execute(WRITE_TICKETS, [list(column) for column in zip(*rows, strict=True)])
