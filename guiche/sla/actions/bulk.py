"""Another promise for many tickets: a pass through the open ones, range by range, that can be stopped and goes on.

After a change of a calendar the rest of every clock runs under the new one: that is reckoned on numbers and written in
bulk. After a change of what is promised each ticket that it concerns is given its new promise as if somebody had
changed the ticket (`retargeting`). Each range is one transaction with the progress it makes: a worker that is killed
leaves nothing half done, and nothing is done twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.calendars.models import CalendarVersion
from guiche.calendars.worktime import Calendar
from guiche.core.errors import Refused
from guiche.core.events import happened
from guiche.sla import clockwork, effects, open_clocks, recounting, rules
from guiche.sla.actions import permission, retargeting
from guiche.sla.events import RetargetingAsked
from guiche.sla.metrics import Metric
from guiche.sla.models import Clock, Policy, PolicyVersion, Retargeting
from guiche.sla.open_clocks import Held
from guiche.sla.reckoning import Outcome, Reckoner, Row
from guiche.sla.rules import Rules
from guiche.tickets import closing
from guiche.tickets.models import Ticket
from guiche.workflows.models import Status

if TYPE_CHECKING:
    from guiche.accounts.models import User

State = Retargeting.State


class RetargetingEnded(Refused):
    """It has ended: there is nothing to cancel."""


class MustEnd(Refused):
    """It cannot be left halfway."""


@transaction.atomic
def begin(
    *,
    by: User,
    at: datetime,
    calendar_version: CalendarVersion | None = None,
    policy_version: PolicyVersion | None = None,
    starts_at: datetime | None = None,
) -> Retargeting:
    """Ask for a pass through the open tickets, not before `starts_at` (now). The caller has asked whether `by` may.

    Of a calendar: the versions that replace each other. Of a policy: its open tickets get this version. Neither: what
    levels have is chosen anew.
    """
    asked = Retargeting.objects.create(
        calendar_version=calendar_version,
        policy_version=policy_version,
        asked_by=by,
        asked_at=at,
        starts_at=starts_at or at,
    )
    happened(RetargetingAsked(subject=asked, by=by, at=at))
    return asked


@transaction.atomic
def cancel(asked: Retargeting, *, by: User, at: datetime) -> None:
    """Stop a pass where it is: tickets that it has been through keep what they got.

    Not one of a calendar: that counts already, and a deadline must be what follows from it. Raises NotAllowed,
    RetargetingEnded, MustEnd.
    """
    permission.check(by)
    stop(asked, at=at)
    _note_interrupted(asked, by=by, at=at)


@transaction.atomic
def stop(asked: Retargeting, *, at: datetime) -> None:
    """Do what `cancel` does for a caller that asked whether it may, and tells of it. Raises what it raises."""
    asked = Retargeting.objects.select_for_update().get(pk=asked.pk)
    if asked.state in (State.DONE, State.CANCELLED):
        raise RetargetingEnded(_("This has ended already."))
    if not asked.can_be_interrupted:
        raise MustEnd(_("The calendar counts already: every deadline has to follow it. To go back, publish it again."))
    asked.state, asked.ended_at = State.CANCELLED, at
    asked.save(update_fields=["state", "ended_at"])


def _note_interrupted(asked: Retargeting, *, by: User, at: datetime) -> None:
    """Tell of it in the trail of what asked for the pass, so that it stands on that one's page."""
    about: Policy | None = None
    details: dict[str, object] = {}
    if asked.policy_version is not None:
        about = asked.policy_version.policy
        details = {"version": asked.policy_version.number, "name": about.name}
    record.write("deadlines.interrupted", by=by, at=at, subject=about, **details)


def run(asked: Retargeting, *, at: datetime, by: User) -> Retargeting:
    """Go through the tickets until the end or until it is cancelled. Safe to run twice, or beside itself."""
    if not _began(asked, at):
        return asked
    last = open_clocks.last_ticket()
    while _next_range(asked.pk, last, at, by):
        pass
    return Retargeting.objects.get(pk=asked.pk)


@transaction.atomic
def _began(asked: Retargeting, at: datetime) -> bool:
    asked = Retargeting.objects.select_for_update().get(pk=asked.pk)
    if asked.state == State.WAITING and asked.starts_at <= at:
        asked.state, asked.began_at, asked.total_count = State.RUNNING, at, open_clocks.open_count()
        asked.save(update_fields=["state", "began_at", "total_count"])
    return asked.state == State.RUNNING


@transaction.atomic
def _next_range(pk: int, last: int, at: datetime, by: User) -> bool:
    """Do the next range of tickets; return whether there is another one."""
    asked = Retargeting.objects.select_for_update().get(pk=pk)
    if asked.state != State.RUNNING:
        return False
    upto = asked.last_ticket + open_clocks.RANGE
    held = open_clocks.tickets(asked.last_ticket, upto, locked=True)
    changed = _retarget_range(asked, held, upto, at, by) if held else 0
    ended = upto >= last
    Retargeting.objects.filter(pk=pk).update(
        last_ticket=upto,
        done_count=F("done_count") + len(held),
        changed_count=F("changed_count") + changed,
        **({"state": State.DONE, "ended_at": at} if ended else {}),
    )
    return not ended


def _retarget_range(asked: Retargeting, held: Sequence[Held], upto: int, at: datetime, by: User) -> int:
    known = rules.held()
    if asked.calendar_version is None:
        return _choose_anew(asked, known, upto, at, by)
    version = asked.calendar_version
    rows = open_clocks.rows(asked.last_ticket, upto, with_facts=False)
    reckoner = Reckoner(known, clockwork.seconds_of(at), recounts=version.corrects_past)
    return reckon_range(held, rows, reckoner, since=version.effective_from if version.corrects_past else None)


def reckon_range(
    held: Sequence[Held], rows: Sequence[Row], reckoner: Reckoner, *, since: datetime | None = None
) -> int:
    """Reckon the clocks of a range under the calendars as they are now; return how many tickets have another deadline.

    `since`: the past is corrected from then on.
    """
    known = reckoner.rules
    recounted = recounting.recounted(rows, known, since, reckoner.at) if since else None
    summed = [recounting.with_sum(row, recounted) for row in rows] if recounted else rows
    outcomes = effects.outcomes(summed, reckoner, recounted)
    pairs = [(row, outcome) for row, outcome in zip(rows, outcomes, strict=True) if outcome is not None]
    open_clocks.write_clocks([(row.clock, outcome) for row, outcome in pairs if _is_other(row, outcome)])
    if recounted:
        recounting.write(recounted, clockwork.instant_of(reckoner.at))
    now = _as_now(held, pairs, known, reckoner.at)
    open_clocks.write_tickets([after for before, after in zip(held, now, strict=True) if before != after])
    return len(_moved(pairs))


def _is_other(row: Row, outcome: Outcome) -> bool:
    return (row.since, row.elapsed, row.due, row.breaches, row.wakes, row.warned, row.breached) != (
        outcome.since,
        outcome.elapsed,
        outcome.due,
        outcome.breaches,
        outcome.wakes,
        outcome.warned,
        outcome.breached,
    )


def _as_now(held: Sequence[Held], pairs: Sequence[tuple[Row, Outcome]], known: Rules, at: int) -> list[Held]:
    """Return the tickets with the instants that follow from their clocks."""
    dues: dict[int, int] = {}
    calendars: dict[int, tuple[int, int | None]] = {}
    for row, outcome in pairs:
        if row.metric == Metric.SOLUTION or row.ticket not in calendars:
            calendars[row.ticket] = (outcome.calendar, outcome.city)
        if outcome.due is not None and row.metric != Metric.TEAM:
            dues[row.ticket] = min(outcome.due, dues.get(row.ticket, outcome.due))
    silence = _Silence(known, at)
    return [silence.of(one._replace(next_due=dues.get(one.id)), calendars.get(one.id)) for one in held]


class _Silence:
    """When silence closes tickets, reckoned once for those that are alike."""

    def __init__(self, known: Rules, at: int) -> None:
        self.known, self.at = known, at
        self.statuses = {one.pk: one for one in Status.objects.filter(closes_after_days__isnull=False)}
        self.found: dict[tuple[int, int, tuple[int, int | None]], tuple[int | None, int | None]] = {}

    def of(self, ticket: Held, calendar: tuple[int, int | None] | None) -> Held:
        """A reminder that is due or was the last stays so. Without clocks the ticket keeps what it has."""
        status = self.statuses.get(ticket.status)
        if ticket.closes is None or calendar is None or status is None:
            return ticket
        key = (ticket.status, ticket.silent_since, calendar)
        if key not in self.found:
            self.found[key] = self._reckoned(status, ticket.silent_since, self.known.calendar(*calendar))
        closes_at, warns_at = self.found[key]
        keeps = ticket.warns is None or ticket.warns <= self.at
        return ticket._replace(closes=closes_at, warns=ticket.warns if keeps else warns_at)

    def _reckoned(self, status: Status, since: int, calendar: Calendar) -> tuple[int | None, int | None]:
        closes_at = closing.closing_of(status, clockwork.instant_of(since), calendar).closes_at
        if closes_at is None:
            return None, None
        after = clockwork.instant_of(self.at)
        return _second(closes_at), _second(closing.next_reminder(status, closes_at, calendar, after=after))


def _second(at: datetime | None) -> int | None:
    return None if at is None else clockwork.seconds_of(at)


def _choose_anew(asked: Retargeting, known: Rules, upto: int, at: datetime, by: User) -> int:
    """Give the tickets of a range what they are promised now; return how many have another deadline."""
    replaced = asked.policy_version.policy_id if asked.policy_version else None
    reckoner = Reckoner(known, clockwork.seconds_of(at), chooses=True, replaced=replaced)
    rows = open_clocks.rows(asked.last_ticket, upto, with_facts=True)
    pairs = list(zip(rows, effects.outcomes(rows, reckoner), strict=True))
    concerned: dict[int, bool] = defaultdict(bool)
    for row, outcome in pairs:
        agreed = outcome and (outcome.version, outcome.calendar, outcome.city, outcome.target)
        concerned[row.ticket] |= agreed != (row.version, row.calendar, row.city, row.target)
    waiting = list(_without_clocks(asked.last_ticket, upto))
    anew = [*(pk for pk, is_other in concerned.items() if is_other), *waiting]
    for ticket in Ticket.objects.filter(pk__in=anew).select_related("status", "request_type").order_by("pk"):
        retargeting.retarget(ticket, by=by, at=at, chooses_anew=True, replaced=replaced)
    return len(_moved(pairs)) + Clock.objects.filter(ticket__in=waiting).values("ticket").distinct().count()


def _moved(pairs: Iterable[tuple[Row, Outcome | None]]) -> set[int]:
    """Return the tickets whose customers have another deadline: those that the preview counted."""
    own = ((row, outcome) for row, outcome in pairs if row.metric != Metric.TEAM)
    return {row.ticket for row, outcome in own if outcome is None or effects.differs(row, outcome)}


def _without_clocks(after: int, upto: int) -> QuerySet[Ticket, int]:
    """Return open tickets of a range to which nothing was promised, and something may be now."""
    waiting = Ticket.objects.open().filter(pk__gt=after, pk__lte=upto, request_type__has_deadlines=True)
    return waiting.filter(clocks=None).values_list("pk", flat=True)
