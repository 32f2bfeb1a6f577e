"""How the clocks of tickets stand, for a page of them: one query, however many; eight more after rules changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from guiche.core import written
from guiche.core.sql import AmongIds, ids_text
from guiche.sla import rules, states
from guiche.sla.clockwork import floored
from guiche.sla.metrics import FOR_CUSTOMERS, Metric, Motion
from guiche.sla.models import Clock, RuleSet
from guiche.sla.rules import Rules
from guiche.sla.states import State

if TYPE_CHECKING:
    from guiche.sla.querysets import ClockQuerySet
    from guiche.tickets.models import Ticket

_ORDER: dict[str, int] = {metric: place for place, metric in enumerate((*FOR_CUSTOMERS, Metric.TEAM))}


@dataclass(frozen=True, slots=True)
class TicketState:
    """The clocks of one ticket, in the order in which they are shown; `nearest` is never one between teams."""

    nearest: State | None = None
    all: Sequence[State] = ()


NO_CLOCKS = TicketState()


class _Row(NamedTuple):
    """The columns of a clock; plain values, for a page asks for hundreds."""

    ticket: int
    metric: str
    version: int
    calendar: int
    city: int | None
    target: int
    motion: str
    reason: str
    since: datetime
    elapsed: int
    due_at: datetime | None
    breaches_at: datetime | None
    breached_at: datetime | None
    met_at: datetime | None
    team: str | None
    stamp: str | None  # of the rules at the moment of reading, the same on every row


_COLUMNS = (
    *("ticket_id", "metric", "policy_version_id", "calendar_id", "city_calendar_id", "target_seconds"),
    *("motion", "reason", "since", "elapsed_seconds", "due_at", "breaches_at", "breached_at", "met_at"),
    *("team__name", "stamp"),
)
_MOMENTS = ("since", "due_at", "breaches_at", "breached_at", "met_at")


def nearest_of(tickets: Iterable[Ticket], now: datetime) -> dict[int, State]:
    """Return, by ticket id, the clock that a row of a list shows: of those that customers may know. One query."""
    best: dict[int, _Row] = {}
    for row in _rows(tickets, for_staff=False):
        known = best.get(row.ticket)
        if known is None or _rank(row) < _rank(known):
            best[row.ticket] = row
    if not best:
        return {}
    known_rules, now = _rules(next(iter(best.values()))), floored(now)
    return {ticket: _state(row, known_rules, now) for ticket, row in best.items()}


def states_of(tickets: Iterable[Ticket], now: datetime, *, for_staff: bool) -> dict[int, TicketState]:
    """Return every clock of tickets by their ids, those between teams only `for_staff`. One query."""
    rows, now = _rows(tickets, for_staff=for_staff), floored(now)
    if not rows:
        return {}
    known = _rules(rows[0])
    grouped: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        grouped[row.ticket].append(row)
    return {ticket: _ticket_state(own, known, now) for ticket, own in grouped.items()}


def of_ticket(ticket: Ticket, now: datetime, *, for_staff: bool) -> TicketState:
    """Return every clock of one ticket, those between teams only `for_staff`. One query."""
    return states_of([ticket], now, for_staff=for_staff).get(ticket.pk, NO_CLOCKS)


def clocks_within(*, for_staff: bool) -> ArraySubquery:
    """Return the clocks of a ticket as a column of the query that reads it, for `stands`: no query more."""
    clocks = _open_to(Clock.objects.filter(ticket=OuterRef("pk"), target_seconds__gt=0), for_staff=for_staff)
    columns = dict(zip(_Row._fields, _COLUMNS, strict=True))
    return ArraySubquery(clocks.order_by("id").values(one=JSONObject(**columns)))


def stands(kept: Sequence[Mapping[str, Any]], now: datetime) -> TicketState:  # Any: columns as JSON
    """Return how the clocks of `clocks_within` stand."""
    if not kept:
        return NO_CLOCKS
    rows = [
        _Row(**{**one, **{name: datetime.fromisoformat(one[name]) for name in _MOMENTS if one[name]}}) for one in kept
    ]
    return _ticket_state(rows, _rules(rows[0]), floored(now))


def silent_days(ticket: Ticket, kept: Sequence[Mapping[str, Any]], now: datetime) -> int | None:  # Any: as above
    """Return how many business days are left until silence closes `ticket`, in the calendar of `clocks_within`.

    None while silence does not close it, or without clocks. On the day itself there are none left.
    """
    if ticket.closes_at is None or not kept:
        return None
    own = next((one for one in kept if one["metric"] == Metric.SOLUTION), kept[0])
    calendar = rules.of_stamp(UUID(own["stamp"])).calendar(own["calendar"], own["city"])
    today, last = now.astimezone(calendar.zone).date(), ticket.closes_at.astimezone(calendar.zone).date()
    days = (today + timedelta(days=n) for n in range(1, (last - today).days + 1))
    return sum(calendar.opens_on(day) for day in days)


def _ticket_state(rows: list[_Row], known: Rules, now: datetime) -> TicketState:
    rows = sorted(rows, key=lambda row: (_ORDER[row.metric], row.team or ""))
    found = [_state(row, known, now) for row in rows]
    ranked = [(_rank(row), place) for place, row in enumerate(rows) if row.metric != Metric.TEAM]
    return TicketState(found[min(ranked)[1]] if ranked else None, found)


def _rank(row: _Row) -> tuple[int, float]:
    """The nearest first: what runs by its deadline, then what is paused by what is left of it, then what has ended."""
    if row.due_at is not None:
        return 0, row.due_at.timestamp()
    if row.motion == Motion.PAUSED:
        return 1, row.target - row.elapsed
    return 2, -_ORDER[row.metric]  # of an ended ticket the solution says more than the response


def _state(row: _Row, known: Rules, now: datetime) -> State:
    calendar, elapsed = known.calendar(row.calendar, row.city), row.elapsed
    if row.motion == Motion.RUNNING and now > row.since:
        elapsed += calendar.between(row.since, now)
    kind = states.kind_of(
        row.motion,
        now,
        target=row.target,
        elapsed=elapsed,
        due_at=row.due_at,
        breaches_at=row.breaches_at,
        breached_at=row.breached_at,
        met_at=row.met_at,
        at_risk_percent=known.by_version[row.version].at_risk_percent,
    )
    return State(
        row.metric,
        kind,
        row.reason,
        row.since,
        row.target,
        elapsed,
        row.due_at,
        row.breaches_at,
        calendar.zone,
        row.team or "",
    )


def _rows(tickets: Iterable[Ticket], *, for_staff: bool) -> list[_Row]:
    ids = [ticket.pk for ticket in tickets]
    return [_Row(*row) for row in written.rows(_asked, ids_text(ids), for_staff=for_staff)] if ids else []


def _asked(ids: str, *, for_staff: bool) -> Any:  # Any: columns instead of rows
    clocks = Clock.objects.filter(AmongIds("ticket_id", ids), target_seconds__gt=0)
    return _open_to(clocks, for_staff=for_staff).order_by("id").values_list(*_COLUMNS)


def _open_to(clocks: ClockQuerySet, *, for_staff: bool) -> ClockQuerySet:
    clocks = clocks if for_staff else clocks.for_customers()
    stamp = Subquery(RuleSet.objects.values(text=Cast("stamp", TextField()))[:1])
    return clocks.annotate(stamp=stamp)


def _rules(row: _Row) -> Rules:
    return rules.of_stamp(UUID(row.stamp)) if row.stamp else rules.current()
