"""Another promise to a ticket that is under way: what was counted stays, the rest runs under the new one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from guiche.accounts.roles import Role
from guiche.sla import choosing, clockwork, rules
from guiche.sla.actions import counting, keeping, reaching
from guiche.sla.choosing import Agreement, Facts, Version
from guiche.sla.clockwork import Course, floored
from guiche.sla.metrics import Metric, Motion, Reason
from guiche.sla.models import Clock, Interval
from guiche.sla.rules import Rules
from guiche.tickets.models import Comment, CommentKind, Ticket

if TYPE_CHECKING:
    from guiche.accounts.models import User


def retarget(ticket: Ticket, *, by: User, at: datetime, chooses_anew: bool, replaced: int | None = None) -> None:
    """Give the clocks of `ticket`, which is locked, what it is promised as it is now; stopped ones stay as they are.

    `chooses_anew`: its agreement may be another one; otherwise the version that it has stays, whatever came since.
    `replaced`: a policy whose tickets leave the version that they have.
    """
    at, known = floored(at), rules.held()
    facts = keeping.facts_of(ticket, known)
    clocks = list(Clock.objects.of(ticket).order_by("pk"))
    reaching.catch_up(ticket, clocks, known, by=by, at=at)
    kept = keeping.version_of(clocks, known)
    if kept is not None and kept.policy == replaced:
        kept = None
    agreement = agreement_now(ticket, kept, known, facts, at, chooses_anew=chooses_anew)
    ended: list[Interval] = []
    for clock in (one for one in clocks if one.motion != Motion.STOPPED):
        was_breached = clock.breached_at is not None
        ended += _retarget_clock(clock, _target(clock, agreement), agreement, facts, known, at)
        if clock.breached_at is not None and not was_breached:
            reaching.say_breached(ticket, clock, known, by=by)
    if ended:
        Interval.objects.bulk_create(ended)
    begun = _begin_missing(ticket, clocks, agreement, facts, known, at) if agreement and ticket.is_open else []
    keeping.keep_on_ticket(ticket, [*clocks, *begun])


def agreement_now(
    ticket: Ticket, kept: Version | None, known: Rules, facts: Facts, at: datetime, *, chooses_anew: bool
) -> Agreement | None:
    """Return what is promised to `ticket` as it is now, `kept` being the version that it has; None: nothing."""
    if not ticket.request_type.has_deadlines:
        return None
    return choosing.choose(known.book, facts, at, keep=kept, only=None if chooses_anew else kept)


def _target(clock: Clock, agreement: Agreement | None) -> int:
    """Return the seconds that are promised; 0: nothing is, any more."""
    if agreement is None:
        return 0
    if clock.team_id is not None:
        return agreement.team_target(clock.team_id) or 0
    return agreement.targets.get(clock.metric, 0)


def _retarget_clock(
    clock: Clock,
    target: int,
    agreement: Agreement | None,
    facts: Facts,
    known: Rules,
    at: datetime,
) -> list[Interval]:
    """Change one clock and save it; return the stretch that another calendar ends."""
    if agreement is None or not target:
        return _withdraw(clock, known, at)
    calendar, city = known.calendars_of(agreement, facts)
    other_calendar = (clock.calendar_id, clock.city_calendar_id) != (calendar, city)
    ended = counting.end_stretch(clock, known, at) if other_calendar and clock.motion == Motion.RUNNING else []
    clock.calendar_id, clock.city_calendar_id = calendar, city
    set_target(clock, agreement.version.id, target, known, at, fresh=ended)
    clock.save(update_fields=[*counting.AGREED, *counting.MOVED])
    return ended


def set_target(
    clock: Clock, version_id: int, target: int, known: Rules, at: datetime, *, fresh: Sequence[Interval] = ()
) -> None:
    """Give `clock` another target, without saving. What was told of the old one may have to be told again.

    A breach stays one, at the instant that the new target gives it, or is none any more. `fresh`: intervals just ended
    and not saved yet.
    """
    clock.policy_version_id, clock.target_seconds = version_id, target
    elapsed, was_breached = counting.elapsed_at(clock, known, at), clock.breached_at is not None
    clock.warned_percent = clockwork.told_of(known.marks, clock.warned_percent, clockwork.used_percent(elapsed, target))
    clock.breached_at = None
    counting.reckon(clock, known, fresh)
    if elapsed <= target:
        return
    if clock.motion == Motion.PAUSED:
        over = clockwork.ran_out(counting.past_of(clock, known, fresh), target)
        clock.breached_at = clockwork.instant_of(over.breaches) if over else None
    elif was_breached:
        clock.breached_at = clock.breaches_at
        counting.reckon(clock, known, fresh)


def _withdraw(clock: Clock, known: Rules, at: datetime) -> list[Interval]:
    """Nothing is promised any more: the clock stays as it was, stopped and without a target."""
    ended = counting.end_stretch(clock, known, at)
    clock.target_seconds = 0
    counting.begin_stretch(clock, Course(Motion.STOPPED, Reason.CLOSED), status_id=clock.status_id, known=known)
    clock.save(update_fields=[*counting.AGREED, *counting.MOVED])
    return ended


def _begin_missing(
    ticket: Ticket, clocks: Sequence[Clock], agreement: Agreement, facts: Facts, known: Rules, at: datetime
) -> list[Clock]:
    """Begin what is promised from now on and was not before: withdrawn clocks go on, others begin."""
    held = {(clock.metric, clock.team_id): clock for clock in clocks}
    begun: list[Clock] = []
    for new in keeping.new_clocks(ticket, agreement, facts, known, at):
        old = held.get((new.metric, new.team_id))
        if (old is not None and old.target_seconds) or _came_already(ticket, new.metric):
            continue
        begun.append(_revived(old, new, known, at) if old else new)
    Clock.objects.bulk_create(clock for clock in begun if clock.pk is None)
    return begun


def _revived(old: Clock, new: Clock, known: Rules, at: datetime) -> Clock:
    """Let a withdrawn clock go on as `new` would, with what it counted until then."""
    Interval.objects.bulk_create(counting.end_stretch(old, known, at))
    for name in counting.AGREED:
        setattr(old, name, getattr(new, name))
    course = Course(Motion(new.motion), Reason(new.reason))
    counting.begin_stretch(old, course, status_id=new.status_id, known=known)
    old.save(update_fields=[*counting.AGREED, *counting.MOVED])
    return old


def _came_already(ticket: Ticket, metric: str) -> bool:
    """Whether what the metric waits for was there before the promise."""
    if metric == Metric.FIRST_RESPONSE:
        said = Comment.objects.filter(ticket=ticket, is_internal=False).exclude(author__roles=[])
        return said.exclude(author__roles__contains=[Role.SYSTEM]).exists()
    if metric == Metric.DIAGNOSIS:
        recorded = Comment.objects.filter(ticket=ticket, kind=CommentKind.DIAGNOSIS)
        return ticket.solution_id is not None or recorded.exists()
    return False
