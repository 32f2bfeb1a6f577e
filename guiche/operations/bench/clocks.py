"""Clocks for tickets that were loaded without the actions that begin them: reckoned as those would."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from guiche.sla import clockwork, open_clocks, rules
from guiche.sla.actions import bulk
from guiche.sla.reckoning import Reckoner

# Where a clock stands follows from the stage of its ticket. What was counted until it paused or stopped is a third of
# the time, as of office hours; the due instants of those that run are reckoned afterwards.
BEGIN = """
INSERT INTO sla_clock (ticket_id, metric, policy_version_id, calendar_id, target_seconds, motion, reason, status_id,
    since, elapsed_seconds, due_at, breaches_at, warned_percent, met_at)
SELECT t.id, g.metric, g.version_id, c.id, g.minutes * 60,
    m.motion, m.reason, t.status_id,
    CASE m.motion WHEN 'running' THEN opened.at ELSE greatest(since.at, opened.at + interval '1 second') END,
    CASE m.motion WHEN 'running' THEN 0 ELSE extract(epoch FROM since.at - opened.at)::int / 3 END,
    CASE m.motion WHEN 'running' THEN opened.at END,
    CASE m.motion WHEN 'running' THEN opened.at END,
    0,
    CASE m.motion WHEN 'stopped' THEN greatest(since.at, opened.at + interval '1 second') END
FROM tickets_ticket t
JOIN catalog_requesttype r ON r.id = t.request_type_id AND r.has_deadlines
JOIN workflows_status s ON s.id = t.status_id
JOIN sla_target g ON g.severity_id = t.severity_id AND g.metric IN ('first_response', 'solution')
JOIN sla_policyversion v ON v.id = g.version_id AND v.number = 1
JOIN calendars_calendar c ON c.is_default
CROSS JOIN LATERAL (SELECT date_trunc('second', t.opened_at) AS at) opened
CROSS JOIN LATERAL (SELECT date_trunc('second', t.status_since) AS at) since
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN s.stage IN ('done', 'cancelled') OR (g.metric = 'first_response' AND s.stage <> 'new') THEN 'stopped'
        WHEN s.pauses_clocks THEN 'paused'
        ELSE 'running' END,
    CASE
        WHEN s.stage IN ('done', 'cancelled') OR (g.metric = 'first_response' AND s.stage <> 'new') THEN 'closed'
        WHEN s.pauses_clocks THEN s.stage
        ELSE 'working' END
) m (motion, reason)
"""
PASSED = """
INSERT INTO sla_interval (clock_id, start, "end", counts, reason, policy_version_id, calendar_version_id,
    counted_seconds)
SELECT k.id, date_trunc('second', t.opened_at), k.since, true, 'working', k.policy_version_id, v.id, k.elapsed_seconds
FROM sla_clock k
JOIN tickets_ticket t ON t.id = k.ticket_id
JOIN calendars_calendarversion v ON v.calendar_id = k.calendar_id AND v.number = 1
WHERE k.motion <> 'running'
"""


def begin_all(at: datetime) -> None:
    """Give every ticket that has deadlines its clocks and its nearest deadline, as of `at`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BEGIN)
        cursor.execute(PASSED)
    reckoner = Reckoner(rules.current(), clockwork.seconds_of(at))
    for after in range(0, open_clocks.last_ticket(), open_clocks.RANGE):
        upto = after + open_clocks.RANGE
        with transaction.atomic():
            held = open_clocks.tickets(after, upto, locked=True)
            bulk.reckon_range(held, open_clocks.rows(after, upto, with_facts=False), reckoner)


def take_back(last_ticket: int) -> None:
    """Remove the clocks of tickets that measuring has opened."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM sla_interval USING sla_clock c WHERE clock_id = c.id AND c.ticket_id > %s", [last_ticket]
        )
        cursor.execute("DELETE FROM sla_clock WHERE ticket_id > %s", [last_ticket])
