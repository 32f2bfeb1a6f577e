"""Keeping the clocks of one ticket: its row is locked by the caller, `at` is when it happened.

A clock's course follows from where the ticket stands; after each event it is compared with the present stretch, and
only a difference closes that stretch as an interval and begins another.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from guiche.calendars import worktime
from guiche.core import written
from guiche.organizations.models import Site
from guiche.sla import choosing, clockwork, rules
from guiche.sla.actions import counting, reaching
from guiche.sla.choosing import Agreement, Facts, Version
from guiche.sla.clockwork import Course, Standing, floored
from guiche.sla.metrics import FOR_CUSTOMERS, Metric, Motion
from guiche.sla.models import Clock, Interval
from guiche.sla.rules import Rules
from guiche.tickets import closing
from guiche.tickets.actions import timing
from guiche.tickets.models import Ticket
from guiche.workflows.stages import Stage

if TYPE_CHECKING:
    from guiche.accounts.models import User

ONCE_FOR_ALL = frozenset({Metric.FIRST_RESPONSE, Metric.DIAGNOSIS})


def start(ticket: Ticket, *, at: datetime) -> None:
    """Begin the clocks of a ticket that was just opened."""
    at, known = floored(at), rules.held()
    facts = facts_of(ticket, known)
    agreement = choosing.choose(known.book, facts, at)
    clocks: list[Clock] = []
    if agreement is not None and ticket.request_type.has_deadlines:
        clocks = new_clocks(ticket, agreement, facts, known, at)
        Clock.objects.bulk_create(clocks)
    keep_on_ticket(ticket, clocks)
    _keep_silence(ticket, clocks, known, facts)


def follow(ticket: Ticket, *, by: User, at: datetime, settles: Collection[Metric] = ()) -> None:
    """Let the clocks go as the ticket stands now. `settles`: what has come, once and for ever."""
    clocks, known = clocks_of(ticket), rules.held()
    at = floored(at)
    _follow(ticket, clocks, known, at, settles, by)
    keep_on_ticket(ticket, clocks)


def enter(ticket: Ticket, *, by: User, at: datetime, settles: Collection[Metric] = ()) -> None:
    """Follow a ticket into another status, where silence is counted from the beginning."""
    clocks, known = clocks_of(ticket), rules.held()
    _follow(ticket, clocks, known, floored(at), settles, by)
    keep_on_ticket(ticket, clocks)
    _keep_silence(ticket, clocks, known)


def change_team(ticket: Ticket, *, by: User, at: datetime) -> None:
    """Let the clocks between teams follow the ticket; the first time with a team begins its clock."""
    clocks, known = clocks_of(ticket), rules.held()
    at = floored(at)
    _follow(ticket, clocks, known, at, (), by)
    if clocks and not any(clock.team_id == ticket.team_id for clock in clocks):
        facts, kept = facts_of(ticket, known), version_of(clocks, known)
        agreement = choosing.choose(known.book, facts, at, only=kept)
        seconds = agreement.team_target(ticket.team_id) if agreement else None
        if agreement and seconds:
            new_clock(ticket, Metric.TEAM, seconds, agreement, facts, known, at).save()


def count_silence(ticket: Ticket) -> None:
    """Count anew when silence closes `ticket`: its customer has spoken."""
    if ticket.closes_at is not None:
        _keep_silence(ticket, clocks_of(ticket), rules.held())


def remind_again(ticket: Ticket, *, after: datetime) -> None:
    """Write the first instant after `after` at which the customer is reminded that silence closes `ticket`."""
    if ticket.closes_at is not None:
        calendar = calendar_for(ticket, clocks_of(ticket), rules.held())
        timing.keep(ticket, warns_at=closing.next_reminder(ticket.status, ticket.closes_at, calendar, after=after))


# What the actions of this room share.


def facts_of(ticket: Ticket, known: Rules) -> Facts:
    """Return what promises to `ticket` depend on. One query when it has a site and calendars of cities are kept."""
    city, state = written.rows(_place, ticket.site_id)[0] if ticket.site_id and known.cities else ("", "")
    return Facts(
        organization=ticket.organization_id,
        request_type=ticket.request_type_id,
        contract=ticket.contract_id,
        product=ticket.product_id,
        module=ticket.module_id,
        service=ticket.service_id,
        severity=ticket.severity_id,
        city=city,
        state=state,
    )


def _place(site_id: int) -> Any:  # Any: two columns instead of a row
    return Site.objects.filter(pk=site_id).values_list("city", "state")


def clocks_of(ticket: Ticket) -> list[Clock]:
    """Return the clocks of a ticket that still promise something."""
    return written.rows(_clocks_of, ticket.pk)


def _clocks_of(ticket_id: int) -> Any:  # Any: `written` wants ids, the query set's type wants a row
    return Clock.objects.filter(ticket=ticket_id, target_seconds__gt=0).order_by("pk")


def version_of(clocks: Sequence[Clock], known: Rules) -> Version | None:
    """Return the version that a ticket is promised by: of a clock that goes, since stopped ones stay with theirs."""
    going = [clock for clock in clocks if clock.motion != Motion.STOPPED] or clocks
    return known.by_version[going[-1].policy_version_id] if going else None


def standing_of(ticket: Ticket) -> Standing:
    return Standing(Stage(ticket.status.stage), ticket.status.pauses_clocks, ticket.team_id)


def new_clocks(ticket: Ticket, agreement: Agreement, facts: Facts, known: Rules, at: datetime) -> list[Clock]:
    """Return, unsaved, the clocks that `agreement` asks for, going as the ticket stands since `at`."""
    promised = [(metric, agreement.targets[metric]) for metric in FOR_CUSTOMERS if metric in agreement.targets]
    if seconds := agreement.team_target(ticket.team_id):
        promised.append((Metric.TEAM, seconds))
    return [new_clock(ticket, metric, seconds, agreement, facts, known, at) for metric, seconds in promised]


def new_clock(
    ticket: Ticket, metric: Metric, seconds: int, agreement: Agreement, facts: Facts, known: Rules, at: datetime
) -> Clock:
    calendar, city = known.calendars_of(agreement, facts)
    clock = Clock(
        ticket=ticket,
        metric=metric,
        team_id=ticket.team_id if metric == Metric.TEAM else None,
        policy_version_id=agreement.version.id,
        calendar_id=calendar,
        city_calendar_id=city,
        target_seconds=seconds,
        since=at,
    )
    counting.begin_stretch(clock, course_of(clock, ticket, known), status_id=ticket.status_id, known=known)
    return clock


def course_of(clock: Clock, ticket: Ticket, known: Rules, settles: Collection[Metric] = ()) -> Course:
    """Return how `clock` goes as its ticket stands; what was settled stays so."""
    settled = clock.metric in ONCE_FOR_ALL and (clock.motion == Motion.STOPPED or clock.metric in settles)
    return clockwork.course(
        clock.metric,
        standing_of(ticket),
        team=clock.team_id,
        is_settled=settled,
        counts_delivery=known.by_version[clock.policy_version_id].counts_delivery,
    )


def _follow(
    ticket: Ticket, clocks: Sequence[Clock], known: Rules, at: datetime, settles: Collection[Metric], by: User
) -> None:
    reaching.catch_up(ticket, clocks, known, by=by, at=at)
    ended: list[Interval] = []
    for clock in clocks:
        course = course_of(clock, ticket, known, settles)
        if course == (clock.motion, clock.reason) or course.motion == clock.motion == Motion.STOPPED:
            continue
        ended += counting.end_stretch(clock, known, at)
        counting.begin_stretch(clock, course, status_id=ticket.status_id, known=known)
        clock.met_at = clock.since if _is_met(clock, ticket, settles) else None
        clock.save(update_fields=list(counting.MOVED))
    if ended:
        Interval.objects.bulk_create(ended)


def _is_met(clock: Clock, ticket: Ticket, settles: Collection[Metric]) -> bool:
    """Whether what was promised came in time. A ticket that was cancelled, or never answered, has met nothing."""
    if clock.motion != Motion.STOPPED or clock.breached_at is not None:
        return False
    if clock.metric in ONCE_FOR_ALL:
        return clock.metric in settles or clock.met_at is not None
    return ticket.status.stage != Stage.CANCELLED


def keep_on_ticket(ticket: Ticket, clocks: Sequence[Clock]) -> None:
    """Write the nearest deadline that runs on the ticket; those between teams are nobody's to wait for."""
    dues = [clock.due_at for clock in clocks if clock.due_at is not None and clock.metric != Metric.TEAM]
    timing.keep(ticket, next_due_at=min(dues, default=None))


def _keep_silence(ticket: Ticket, clocks: Sequence[Clock], known: Rules, facts: Facts | None = None) -> None:
    """Write when silence closes the ticket, in its own calendar."""
    if ticket.status.closes_after_days is None:
        timing.keep(ticket, closes_at=None, warns_at=None)
        return
    since = max(ticket.status_since, ticket.customer_spoke_at)
    found = closing.closing_of(ticket.status, since, calendar_for(ticket, clocks, known, facts))
    timing.keep(ticket, closes_at=found.closes_at, warns_at=found.warns_at)


def calendar_for(
    ticket: Ticket, clocks: Sequence[Clock], known: Rules, facts: Facts | None = None
) -> worktime.Calendar:
    """Return the calendar in which days of silence are counted: that of its deadlines, or the one it would have."""
    for clock in sorted(clocks, key=lambda one: one.metric != Metric.SOLUTION):
        return counting.calendar_of(clock, known)
    facts = facts or facts_of(ticket, known)
    agreement = choosing.choose(known.book, facts, ticket.opened_at)
    if agreement is None:
        return known.calendar(known.book.default_calendar)
    return known.calendar(*known.calendars_of(agreement, facts))
