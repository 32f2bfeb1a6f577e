"""Clocks through whole histories, at random, against a twin that walks through time; by the tickets' own actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from guiche.accounts.models import Team, User
from guiche.accounts.roles import Role
from guiche.calendars.hours import Window
from guiche.calendars.plan import Plan
from guiche.catalog.models import Product
from guiche.sla import rules
from guiche.sla.actions import counting
from guiche.sla.models import Policy, PolicyVersion, SeverityCalendar, Target
from guiche.tickets.actions import conversation, moving, triage
from guiche.tickets.models import Ticket
from tests.factories.accounts import make_team, make_user
from tests.factories.calendars import make_calendar, make_version
from tests.factories.catalog import make_product, severity
from tests.factories.promises import SINCE, assign
from tests.factories.tickets import make_ticket
from tests.sla.twin import Promise, Twin

HOUR, DAY = 3600, 86_400
SAO_PAULO, NEW_YORK = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/New_York")
# On 8 March New York's clocks go forward; the office changes its hours on that Friday, and back on the Monday.
FRIDAY = datetime(2026, 3, 6, 9, tzinfo=SAO_PAULO)
CHANGE, CHANGE_BACK = FRIDAY.replace(hour=15, minute=30), FRIDAY.replace(day=9, hour=10, minute=30)


def week(days: dict[int, list[tuple[int, int]]]) -> tuple[tuple[Window, ...], ...]:
    return tuple(tuple(Window(a * HOUR, b * HOUR) for a, b in days.get(day, [])) for day in range(7))


# Of each calendar: from when, where, and the hours of each weekday. Over midnight is hours past 24.
OFFICE = {day: [(8, 12), (13, 18)] for day in range(5)}
LATER_OFFICE = {day: [(9, 17)] for day in range(6)}
NIGHTS = {**{day: [(20, 28)] for day in range(5)}, 6: [(0, 6)]}
ALWAYS = {day: [(0, 24)] for day in range(7)}
CALENDARS = {
    "office": [(SINCE, SAO_PAULO, OFFICE), (CHANGE, SAO_PAULO, LATER_OFFICE), (CHANGE_BACK, SAO_PAULO, OFFICE)],
    "nights": [(SINCE, NEW_YORK, NIGHTS)],
    "always": [(SINCE, SAO_PAULO, ALWAYS)],
}
LEVELS = (1, 2, 3)
HOURS = {"first_response": (1, 2, 4), "diagnosis": (2, 3, 5), "solution": (4, 9, 12), "team": (2, 4, 6)}
PROMISES = {
    product: Promise(
        {(metric, level): (hours[level - 1] + more) * HOUR for metric, hours in HOURS.items() for level in LEVELS},
        calendars,
    )
    for product, more, calendars in (
        ("", 0, {1: "always", 2: "office", 3: "office"}),
        ("other", 1, {1: "nights", 2: "nights", 3: "always"}),
    )
}


def is_open(calendar: str, second: int) -> bool:
    return _is_open(calendar, second - second % 60)


@lru_cache(maxsize=200_000)
def _is_open(calendar: str, second: int) -> bool:
    """What the clock on the wall of the version in force shows; of one minute, since all windows are of whole ones."""
    _since, zone, hours = [one for one in CALENDARS[calendar] if one[0].timestamp() <= second][-1]
    local = datetime.fromtimestamp(second, zone)
    shown = local.hour + local.minute / 60
    today, eve = hours.get(local.weekday(), []), hours.get((local.weekday() - 1) % 7, [])
    return any(a <= shown < b for a, b in today) or any(a <= shown + 24 < b for a, b in eve)


class World(NamedTuple):
    """Who is there, and what is agreed."""

    ana: User
    bruno: User
    boss: User
    system: User
    suporte: Any  # the steps of the workflow by name
    product: Product
    teams: dict[str, Team]
    counts_delivery: bool


@pytest.fixture(params=[False, True], ids=["approval ends", "delivery ends"])
def world(request, ana, bruno, system, suporte) -> World:
    boss = make_user(name="Sônia Supervisora", email="sonia@lume.example", roles=[Role.SUPERVISOR])
    first = make_ticket(requester=bruno, at=FRIDAY)
    teams = {"one": first.team, "two": make_team(name="Desenvolvimento")}
    calendars = {}
    for name, versions in CALENDARS.items():
        plans = [(since, Plan(zone.key, week(hours), country="")) for since, zone, hours in versions]
        calendars[name] = make_calendar(plan=plans[0][1], since=plans[0][0])
        for since, plan in plans[1:]:
            make_version(calendars[name], plan=plan, since=since)
    product = make_product()
    for key, promise in PROMISES.items():
        policy = Policy.objects.create(name=f"Acordo {key}", slug=f"acordo-{key or 'geral'}")
        version = PolicyVersion.objects.create(policy=policy, number=1, counts_delivery=request.param)
        for (metric, level), seconds in promise.targets.items():
            for team in teams.values() if metric == "team" else [None]:
                what = {"severity": severity(level), "metric": metric, "team": team, "minutes": seconds // 60}
                Target.objects.create(version=version, **what)
        for level, name in promise.calendars.items():
            SeverityCalendar.objects.create(version=version, severity=severity(level), calendar=calendars[name])
        version.effective_from = version.published_at = SINCE
        version.save()
        assign(policy, **({"product": product} if key else {}))
    return World(ana, bruno, boss, system, suporte, product, teams, request.param)


class Act(NamedTuple):
    """Something that may happen: in which stages, what it does to the ticket, and what that means to the twin."""

    stages: tuple[str, ...]
    do: Callable[[World, Ticket, datetime], object]
    mean: Callable[[Twin], object]


OPEN = ("new", "working", "waiting", "validating")


def step(name: str, who: str, **given: str) -> Callable[[World, Ticket, datetime], object]:
    def do(world: World, ticket: Ticket, at: datetime) -> object:
        return moving.take(ticket, getattr(world.suporte, name), by=getattr(world, who), at=at, given=given)

    return do


def said(twin: Twin, stage: str) -> None:
    """Staff say something with the step that they take."""
    twin.answer()
    twin.move(stage)


def offered(twin: Twin) -> None:
    twin.has_answer = twin.has_diagnosis = True
    twin.move("validating")


def diagnosed(twin: Twin) -> None:
    twin.has_answer = True
    twin.diagnose()


def change(**fields: Any) -> Callable[[World, Ticket, datetime], object]:
    def do(world: World, ticket: Ticket, at: datetime) -> object:
        given = {"product": world.product if fields["product"] else None} if "product" in fields else {}
        given |= {"severity": severity(fields["level"])} if "level" in fields else {}
        return triage.change(ticket, by=world.ana, at=at, reason="Foi visto de novo.", **given)

    return do


def transfer(team: str) -> Callable[[World, Ticket, datetime], object]:
    def do(world: World, ticket: Ticket, at: datetime) -> object:
        return triage.transfer(ticket, world.teams[team], by=world.ana, at=at, reason="É deles.")

    return do


def says(who: str, how: str = "comment") -> Callable[[World, Ticket, datetime], object]:
    def do(world: World, ticket: Ticket, at: datetime) -> object:
        return getattr(conversation, how)(ticket, by=getattr(world, who), at=at, body="Pois bem.")

    return do


ACTS = {
    "start": Act(("new",), step("start", "ana"), lambda twin: twin.move("working")),
    "ask": Act(("working",), step("ask", "ana", comment="Qual?"), lambda twin: said(twin, "waiting")),
    "reply": Act(("waiting",), says("bruno"), lambda twin: twin.move("working")),
    "resume": Act(("waiting",), step("resume", "ana"), lambda twin: twin.move("working")),
    "offer": Act(("working",), step("offer", "ana", solution="Feito."), offered),
    "reject": Act(("validating",), step("reject", "bruno", comment="Não."), lambda twin: twin.move("working")),
    "approve": Act(("validating",), step("approve", "bruno"), lambda twin: twin.move("closed")),
    "reopen": Act(("closed",), step("reopen", "boss", comment="Voltou."), lambda twin: twin.move("working")),
    "withdraw": Act(("new",), step("cancel", "bruno", reason="Engano."), lambda twin: twin.move("cancelled")),
    "cancel": Act(("working",), step("cancel_working", "ana", reason="Engano."), lambda twin: said(twin, "cancelled")),
    "answer": Act(OPEN, says("ana"), lambda twin: twin.answer()),
    "note": Act(OPEN, says("ana", "note"), lambda twin: None),
    "chat": Act(("new", "working", "validating"), says("bruno"), lambda twin: None),
    "by itself": Act(OPEN, says("system"), lambda twin: None),
    "diagnose": Act(OPEN, says("ana", "diagnose"), diagnosed),
    "worst": Act(OPEN, change(level=1), lambda twin: twin.agree(level=1)),
    "bad": Act(OPEN, change(level=2), lambda twin: twin.agree(level=2)),
    "mild": Act(OPEN, change(level=3), lambda twin: twin.agree(level=3)),
    "other product": Act(OPEN, change(product="other"), lambda twin: twin.agree(product="other")),
    "no product": Act(OPEN, change(product=""), lambda twin: twin.agree(product="")),
    "to two": Act(OPEN, transfer("two"), lambda twin: twin.transfer("two")),
    "to one": Act(OPEN, transfer("one"), lambda twin: twin.transfer("one")),
}
# More often what moves a ticket on, so that histories get somewhere.
WEIGHTED = [*ACTS, "start", "ask", "reply", "offer", "reject", "approve", "reopen", "reopen", "start", "ask", "reply"]


class History(NamedTuple):
    opened: int  # seconds after FRIDAY
    level: int
    acts: list[tuple[int, str]]  # seconds after the one before, and what happens then if it can


def histories(unit: int, longest: int) -> st.SearchStrategy[History]:
    """Histories at whole `unit`s, in which whole hours are frequent: then time runs out just as something happens."""
    gap = st.sampled_from([0, 1800, HOUR, 2 * HOUR, 3 * HOUR, 5 * HOUR, 15 * HOUR]) | st.integers(
        0, longest // unit
    ).map(lambda n: n * unit)
    act = st.tuples(gap, st.sampled_from(WEIGHTED))
    return st.builds(History, st.just(0) | gap, st.sampled_from(LEVELS), st.lists(act, min_size=3, max_size=12))


def check(world: World, history: History, unit: int) -> None:
    opened = FRIDAY + timedelta(seconds=history.opened)
    ticket = make_ticket(requester=world.bruno, at=opened, severity=severity(history.level))
    when = int(opened.timestamp())
    twin = Twin(PROMISES, is_open, unit, at=when, level=history.level, counts_delivery=world.counts_delivery)
    compare(world, twin, ticket, "opened")
    for gap, name in [*history.acts, (DAY, "")]:
        twin.walk(twin.now + gap)
        if name and twin.stage in ACTS[name].stages:
            ACTS[name].do(world, ticket, datetime.fromtimestamp(twin.now, UTC))
            ACTS[name].mean(twin)
        compare(world, twin, ticket, name)


def compare(world: World, twin: Twin, ticket: Ticket, after: str) -> None:
    at, known = datetime.fromtimestamp(twin.now, UTC), rules.current()
    names = {team.pk: name for name, team in world.teams.items()}
    rows = {f"team {names[one.team_id]}" if one.team_id else one.metric: one for one in ticket.clocks.all()}
    assert set(rows) == set(twin.clocks)
    for key, expected in twin.clocks.items():
        row = rows[key]
        found = {
            "motion": row.motion,
            "target": row.target_seconds,
            "elapsed": counting.elapsed_at(row, known, at),
            "is breached": counting.is_breached(row, at),
            "due": row.due_at,
            "breaches": row.breaches_at if row.breached_at is None else row.breached_at,
            "met": row.met_at,
        }
        assert found == wanted(twin, expected), f"{key} after {after}"
        assert row.elapsed_seconds == sum(one.counted_seconds for one in row.intervals.all())
    dues = [row.due_at for row in rows.values() if row.due_at is not None and row.metric != "team"]
    assert Ticket.objects.get(pk=ticket.pk).next_due_at == min(dues, default=None)


def wanted(twin: Twin, clock: Any) -> dict[str, object]:
    due = breaches = None
    if clock.motion == "running":
        due, breaches = twin.due_and_breach(clock)
    breached = twin.breached_at(clock)
    return {
        "motion": clock.motion,
        "target": clock.target,
        "elapsed": twin.elapsed(clock),
        "is breached": breached is not None,
        "due": instant(due),
        "breaches": instant(breaches if breached is None else breached),
        "met": instant(clock.met_at),
    }


def instant(second: int | None) -> datetime | None:
    return None if second is None else datetime.fromtimestamp(second, UTC)


# More is used than another product promises, which another calendar counted: overdue since that one's next second.
OVER_IN_ANOTHER_CALENDAR = History(15 * HOUR, 2, [(0, "start"), (0, "other product"), (3 * HOUR, "no product")])
OVER_AT_CLOSING = History(0, 1, [(0, "start"), (5 * HOUR, "bad")])
# The clock of the first response stopped under the agreement that was left: what is promised now is the other one.
STOPPED_BEFORE = History(0, 1, [(0, "diagnose"), (0, "other product"), (0, "to two"), (HOUR, "worst")])
USED_UP_ON_THE_CHANGE = History(0, 1, [(0, "start"), (HOUR, "other product"), (1800, "no product")])
# Nothing is left just as it pauses: overdue from the next second that counts, and not before.
USED_UP_AT_A_PAUSE = History(0, 2, [(0, "start"), (2 * HOUR, "ask"), (HOUR, "reply"), (2 * HOUR, "worst")])
USED_UP_AND_ANSWERED = History(0, 1, [(0, "start"), (2 * HOUR, "ask"), (HOUR, "cancel")])

SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


class TestHistories:
    @settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
    @given(history=histories(60, DAY))
    @example(history=OVER_IN_ANOTHER_CALENDAR)
    @example(history=OVER_AT_CLOSING)
    @example(history=STOPPED_BEFORE)
    @example(history=USED_UP_ON_THE_CHANGE)
    @example(history=USED_UP_AT_A_PAUSE)
    @example(history=USED_UP_AND_ANSWERED)
    def test_go_as_the_twin_walks_minute_by_minute(self, world, history):
        check(world, history, 60)

    @settings(max_examples=10, deadline=None, suppress_health_check=SLOW)
    @given(history=histories(1, 6 * HOUR))
    def test_go_as_the_twin_walks_second_by_second(self, world, history):
        check(world, history, 1)
