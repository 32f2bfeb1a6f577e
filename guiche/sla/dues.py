"""Until when what was promised to a ticket is due, as it stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from guiche.core import written
from guiche.sla import rules
from guiche.sla.metrics import FOR_CUSTOMERS, Metric
from guiche.sla.models import Clock

if TYPE_CHECKING:
    from guiche.tickets.models import Ticket


class Due(NamedTuple):
    """A deadline that runs. `zone`: as whose clocks show it, it is said."""

    metric: Metric
    at: datetime
    zone: ZoneInfo


def of(ticket: Ticket) -> list[Due]:
    """Return the deadlines of `ticket` that run and that customers know of, by metric. Two queries."""
    clocks = written.rows(_running, ticket.pk)
    if not clocks:
        return []
    known = rules.current()
    found = [
        Due(Metric(one.metric), one.due_at, known.calendar(one.calendar_id, one.city_calendar_id).zone)
        for one in clocks
        if one.due_at is not None
    ]
    return sorted(found, key=lambda one: FOR_CUSTOMERS.index(one.metric))


def _running(ticket_id: int) -> Any:  # Any: `written` wants ids, the query set's type wants a row
    return Clock.objects.for_customers().filter(ticket=ticket_id, due_at__isnull=False)
