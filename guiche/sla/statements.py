"""What is behind a clock, out of its rows: its statement, the agreements that it had, and who did what meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from guiche.accounts.anybody import anybody
from guiche.accounts.roles import Role
from guiche.calendars import worktime
from guiche.core import written
from guiche.organizations.models import Membership
from guiche.sla import ledger, rules
from guiche.sla.actions import counting
from guiche.sla.clockwork import floored
from guiche.sla.ledger import Piece, Statement
from guiche.sla.metrics import Motion
from guiche.sla.models import Clock, Interval
from guiche.sla.rules import Rules
from guiche.tickets.models import Activity

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.tickets.models import Ticket

# Of several things at one second, the first of these is what changed the course of a clock.
TELLING = (
    *("ticket.opened", "ticket.information_asked", "ticket.solution_offered", "ticket.solution_rejected"),
    *("ticket.done", "ticket.cancelled", "ticket.reopened", "ticket.moved", "ticket.diagnosed", "ticket.commented"),
    "ticket.team_changed",
)


class Behind(NamedTuple):
    """A statement, and the ids of the versions of policies that the clock ran under, oldest first."""

    statement: Statement
    agreements: Sequence[int]


class Act(NamedTuple):
    """What a person did to a ticket, to the second. `details` are those of its event.

    `is_member`: still of the organisation that the ticket is of now.
    """

    at: datetime
    kind: str
    person: int
    name: str
    is_staff: bool
    is_system: bool
    is_member: bool
    details: dict[str, Any]  # JSON


class _Closed(NamedTuple):
    """The columns of an interval; plain values, for a ticket may have hundreds."""

    start: datetime
    end: datetime
    counts: bool
    reason: str
    status: int | None
    policy_version: int
    calendar_version: int | None
    city_version: int | None
    counted_seconds: int
    counted_before: int | None
    recounted_at: datetime | None


_COLUMNS = (
    *("start", "end", "counts", "reason", "status_id", "policy_version_id", "calendar_version_id", "city_version_id"),
    *("counted_seconds", "counted_before", "recounted_at"),
)


def statement_of(clock: Clock, now: datetime) -> Statement:
    """Return what is behind `clock` up to `now`, or up to when it stopped; `status` of a line is an id. Two queries."""
    return behind(clock, rules.current(), now).statement


def behind(clock: Clock, known: Rules, now: datetime) -> Behind:
    """Return the statement of `clock` as `known` counts it, and its agreements. One query, however many stretches."""
    closed = [_Closed(*row) for row in written.rows(_closed, clock.pk)]
    pieces = [_piece(one, known) for one in closed]
    if clock.motion != Motion.STOPPED:
        pieces.append(_present(clock, known))
    elif not pieces:  # it stopped in the second in which it began
        pieces.append(Piece(clock.since, None, False, clock.reason, clock.status_id))
    until = clock.since if clock.motion == Motion.STOPPED else max(floored(now), clock.since)
    found = ledger.statement(pieces, now=until, target_seconds=clock.target_seconds)
    versions = dict.fromkeys([*(one.policy_version for one in closed), clock.policy_version_id])
    return Behind(found, list(versions))


def _closed(clock_id: int) -> Any:  # Any: columns instead of rows
    return Interval.objects.filter(clock=clock_id).order_by("start").values_list(*_COLUMNS)


def _piece(one: _Closed, known: Rules) -> Piece:
    calendar = _counted_by(known.stamp, one.calendar_version, one.city_version) if one.counts else None
    return Piece(
        start=one.start,
        end=one.end,
        counts=one.counts,
        reason=one.reason,
        status=one.status,
        calendar=calendar,
        counted_seconds=one.counted_seconds,
        counted_before=one.counted_before,
        recounted_at=one.recounted_at,
    )


def _present(clock: Clock, known: Rules) -> Piece:
    is_running = clock.motion == Motion.RUNNING
    calendar = counting.calendar_of(clock, known) if is_running else None
    return Piece(clock.since, None, is_running, clock.reason, clock.status_id, calendar)


@lru_cache(maxsize=64)
def _counted_by(stamp: UUID, version: int | None, city: int | None) -> worktime.Calendar:
    """Joined calendars are compiled as they are asked: the stretches of a ticket share one."""
    return rules.of_stamp(stamp).counted_by(version, city)


def acts_of(ticket: Ticket, reader: User) -> dict[datetime, Act]:
    """Return what `reader` may know of what was done to `ticket`, by the second at which it was. One query."""
    who = () if reader.works_here else (reader.pk,)  # staff see every line of a ticket that they see
    found: dict[datetime, Act] = {}
    for act in _acts(written.rows(_lines, ticket.pk, *who, roles=tuple(reader.roles))):
        held = found.get(act.at)
        if held is None or TELLING.index(act.kind) < TELLING.index(held.kind):
            found[act.at] = act
    return found


def _acts(rows: Sequence[Any]) -> Iterator[Act]:  # Any: columns instead of rows
    for at, kind, person, name, roles, is_member, details in rows:
        yield Act(floored(at), kind, person, name, bool(roles), Role.SYSTEM in roles, is_member, details)


def _lines(ticket_id: int, reader_id: int = 0, *, roles: tuple[str, ...]) -> Any:  # Any: as above
    seen = Activity.objects.filter(ticket=ticket_id, kind__in=TELLING).visible_to(anybody(reader_id, roles))
    places = Membership.objects.active().filter(user=OuterRef("actor"), organization=OuterRef("ticket__organization"))
    columns = ("at", "kind", "actor_id", "actor__name", "actor__roles", "is_member", "details")
    return seen.annotate(is_member=Exists(places)).order_by("id").values_list(*columns)
