"""Whether what is stored of deadlines is what follows from the events: reckoned again, from the timeline on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from guiche.accounts.roles import Role
from guiche.sla import clockwork, rules
from guiche.sla.actions import counting
from guiche.sla.clockwork import Course, Standing, floored
from guiche.sla.metrics import Metric, Motion
from guiche.sla.models import Clock, Interval
from guiche.sla.rules import Rules
from guiche.tickets.models import Activity, Ticket
from guiche.workflows.stages import Stage

BATCH = 500
_ANSWERS = ("ticket.commented", "ticket.diagnosed")
_DELIVERS = "ticket.solution_offered"


class Difference(NamedTuple):
    """What is stored of one ticket and is not what follows from its events."""

    number: int
    what: str  # of a clock, or a column of the ticket
    stored: object
    expected: object


class Happening(NamedTuple):
    """What a line of the timeline means to clocks."""

    at: datetime
    standing: Standing | None  # None: it moved nothing
    settles: frozenset[Metric]


def differences(*, at: datetime) -> Iterator[Difference]:
    """Yield all that differs, ticket by ticket. Reads every ticket that has clocks; writes nothing."""
    known, last = rules.current(), 0
    while True:
        tickets = Ticket.objects.filter(pk__gt=last, clocks__isnull=False).distinct().order_by("pk")
        batch = list(tickets.select_related("status__workflow")[:BATCH])
        if not batch:
            return
        last = batch[-1].pk
        yield from _of_batch(batch, known, floored(at))


def _of_batch(batch: Sequence[Ticket], known: Rules, at: datetime) -> Iterator[Difference]:
    ids = [ticket.pk for ticket in batch]
    clocks: dict[int, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.filter(ticket__in=ids, target_seconds__gt=0).order_by("pk"):
        clocks[clock.ticket_id].append(clock)
    intervals: dict[int, list[Interval]] = defaultdict(list)
    for one in Interval.objects.filter(clock__ticket__in=ids).order_by("clock", "start"):
        intervals[one.clock_id].append(one)
    lines: dict[int, list[Activity]] = defaultdict(list)
    for line in Activity.objects.filter(ticket__in=ids).select_related("actor", "comment").order_by("id"):
        lines[line.ticket_id].append(line)
    for ticket in batch:
        own = clocks[ticket.pk]
        for clock in own:
            yield from of_clock(ticket, clock, intervals[clock.pk], known)
            yield from _of_course(ticket, clock, intervals[clock.pk], lines[ticket.pk], known)
        dues = [clock.due_at for clock in own if clock.due_at is not None and clock.metric != Metric.TEAM]
        if ticket.next_due_at != min(dues, default=None):
            yield Difference(ticket.number, "next_due_at", ticket.next_due_at, min(dues, default=None))


def of_clock(ticket: Ticket, clock: Clock, intervals: Sequence[Interval], known: Rules) -> Iterator[Difference]:
    """Yield what of a clock does not follow from its intervals and the calendars that counted them."""
    for before, after in pairwise([*((one.start, one.end) for one in intervals), (clock.since, clock.since)]):
        if before[1] != after[0]:
            yield Difference(ticket.number, f"{clock.metric}: a hole", before[1], after[0])
    for one in intervals:
        if one.counts:
            calendar = known.counted_by(one.calendar_version_id, one.city_version_id)
            counted = calendar.between(one.start, one.end)
            if counted != one.counted_seconds:
                yield Difference(ticket.number, f"{clock.metric}: counted", one.counted_seconds, counted)
    elapsed = sum(one.counted_seconds for one in intervals)
    if elapsed != clock.elapsed_seconds:
        yield Difference(ticket.number, f"{clock.metric}: elapsed", clock.elapsed_seconds, elapsed)
    stored = (clock.due_at, clock.breaches_at, clock.wakes_at)
    counting.reckon(clock, known)
    if stored != (clock.due_at, clock.breaches_at, clock.wakes_at):
        yield Difference(
            ticket.number, f"{clock.metric}: due", stored, (clock.due_at, clock.breaches_at, clock.wakes_at)
        )


def _of_course(
    ticket: Ticket, clock: Clock, intervals: Sequence[Interval], lines: Sequence[Activity], known: Rules
) -> Iterator[Difference]:
    """Yield where the stretches of a clock are not those that the timeline gives. Clocks between teams are left out."""
    begin = intervals[0].start if intervals else clock.since
    happenings = happenings_of(ticket, lines)
    if clock.metric == Metric.TEAM or happenings is None or floored(ticket.opened_at) != begin:
        return
    expected = stretches(clock, begin, happenings, known)
    stored = _merged([(one.start, one.counts, str(one.reason)) for one in intervals] + [_present(clock)])
    if stored != expected:
        yield Difference(ticket.number, f"{clock.metric}: course", stored, expected)


def _present(clock: Clock) -> tuple[datetime, bool, str]:
    return (clock.since, clock.motion == Motion.RUNNING, str(clock.reason))


def happenings_of(ticket: Ticket, lines: Sequence[Activity]) -> list[Happening] | None:
    """Return what the timeline says, oldest first; None where it is older than what it must say."""
    found = [Happening(floored(ticket.opened_at), Standing(Stage.NEW, False, ticket.team_id), frozenset())]
    for line in lines:
        moved = line.details.get("to") is not None and line.kind != "ticket.team_changed"
        if moved and "stage" not in line.details:
            return None
        stage = Stage(line.details["stage"]) if moved else None
        standing = Standing(stage, line.details["pauses"], ticket.team_id) if stage else None
        settles = _settled(line)
        if standing or settles:
            found.append(Happening(floored(line.at), standing, settles))
    return found


def _settled(line: Activity) -> frozenset[Metric]:
    said = line.comment is not None and not line.comment.is_internal
    staff = line.actor.works_here and not line.actor.has_role(Role.SYSTEM)
    settles = {Metric.FIRST_RESPONSE} if said and staff else set()
    if line.kind in (_DELIVERS, "ticket.diagnosed"):
        settles.add(Metric.DIAGNOSIS)
    return frozenset(settles)


def stretches(
    clock: Clock, begin: datetime, happenings: Sequence[Happening], known: Rules
) -> list[tuple[datetime, bool, str]]:
    """Return when each stretch of a clock begins, whether it counts and why, as `happenings` give it."""
    standing, settled = happenings[0].standing, False
    found: list[tuple[datetime, bool, str]] = []
    for one in happenings:
        standing = one.standing or standing
        settled = settled or clock.metric in one.settles
        assert standing is not None
        course = _course(clock, standing, settled, known)
        if course.motion == Motion.STOPPED and clock.metric in (Metric.FIRST_RESPONSE, Metric.DIAGNOSIS):
            settled = True
        found.append((max(one.at, begin), course.motion == Motion.RUNNING, str(course.reason)))
    return _merged(found)


def _course(clock: Clock, standing: Standing, settled: bool, known: Rules) -> Course:
    version = known.by_version[clock.policy_version_id]
    return clockwork.course(
        clock.metric, standing, team=None, is_settled=settled, counts_delivery=version.counts_delivery
    )


def _merged(stretches: Sequence[tuple[datetime, bool, str]]) -> list[tuple[datetime, bool, str]]:
    """Leave out stretches without length, and those that go on as the one before."""
    found: list[tuple[datetime, bool, str]] = []
    for start, counts, reason in stretches:
        if found and found[-1][0] == start:
            found.pop()
        if not found or found[-1][1:] != (counts, reason):
            found.append((start, counts, reason))
    return found
