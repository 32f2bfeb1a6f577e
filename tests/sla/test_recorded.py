"""What is on record of deadlines after a random history, with the minute's job at random moments or never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiche.accounts.models import User
from guiche.sla.actions import waking
from guiche.sla.models import Clock, Escalation
from guiche.tickets.models import Activity, Ticket
from tests.factories.catalog import severity
from tests.factories.promises import make_escalation
from tests.factories.tickets import make_ticket
from tests.sla.test_histories import ACTS, DAY, FRIDAY, HOUR, PROMISES, SLOW, History, World, histories, is_open, world
from tests.sla.twin import Twin

__all__ = ["world"]  # the fixture

# Acts that give the clocks another promise: what is on record then was true of the one before.
RETARGETS = {"worst", "bad", "mild", "other product", "no product"}
Record = tuple[list[tuple[str, datetime, str, int]], list[tuple[object, ...]]]


@pytest.fixture
def warned(world: World, system: User) -> World:
    """Of every deadline at several shares, those between teams too."""
    Escalation.objects.all().delete()
    for percent in (50, 90, 100):
        make_escalation(percent=percent, metric="")
    make_escalation(percent=75, metric="team")
    return world


def live(world: World, system: User, history: History, runs: list[int]) -> tuple[Ticket, Twin]:
    """Let a ticket live through `history`, the job running after `runs` seconds; the twin lives it too."""
    opened = FRIDAY + timedelta(seconds=history.opened)
    ticket = make_ticket(requester=world.bruno, at=opened, severity=severity(history.level))
    when = int(opened.timestamp())
    twin = Twin(PROMISES, is_open, 60, at=when, level=history.level, counts_delivery=world.counts_delivery)
    pending = sorted(when + run for run in runs)
    for gap, name in [*history.acts, (DAY, "")]:
        if name and twin.stage not in ACTS[name].stages:
            continue
        twin.walk(twin.now + gap)
        while pending and pending[0] <= twin.now:
            wake(system, pending.pop(0))
        if name:
            ACTS[name].do(world, ticket, datetime.fromtimestamp(twin.now, UTC))
            ACTS[name].mean(twin)
    wake(system, twin.now)
    return ticket, twin


def wake(system: User, second: int) -> None:
    waking.wake_due(by=system, at=datetime.fromtimestamp(second, UTC) + waking.GRACE)


def record_of(ticket: Ticket) -> Record:
    rows = Activity.objects.filter(ticket=ticket, kind__startswith="ticket.deadline_")
    clocks = Clock.objects.filter(ticket=ticket).order_by("metric", "team__name")
    names = {clock.pk: f"{clock.metric} {clock.team}" for clock in clocks}
    said = [(row.kind, row.at, names[row.details["clock"]], row.details.get("percent", 100)) for row in rows]
    return sorted(said), [(one.metric, one.breached_at, one.met_at, one.warned_percent) for one in clocks]


some_runs = st.lists(st.integers(0, 5 * DAY // 60).map(lambda n: n * 60), max_size=40)


class TestRecord:
    @settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
    @given(history=histories(60, DAY), runs=some_runs)
    def test_does_not_depend_on_when_the_job_ran(self, warned, system, history, runs):
        often, _twin = live(warned, system, history, runs)
        never, _twin = live(warned, system, history, [])
        each_65_minutes, _twin = live(warned, system, history, list(range(0, 5 * DAY, 65 * 60)))

        assert record_of(often) == record_of(never) == record_of(each_65_minutes)

    @settings(max_examples=15, deadline=None, suppress_health_check=SLOW)
    @given(history=histories(60, 6 * HOUR), runs=some_runs)
    def test_holds_the_breaches_that_the_twin_walks_into(self, warned, system, history, runs):
        ticket, twin = live(warned, system, history, runs)
        names = {team.pk: name for name, team in warned.teams.items()}
        clocks = {f"team {names[one.team_id]}" if one.team_id else one.metric: one for one in ticket.clocks.all()}
        retargeted = any(name in RETARGETS for _gap, name in history.acts)

        for key, expected in twin.clocks.items():
            second = twin.breached_at(expected)
            instant = None if second is None else datetime.fromtimestamp(second, UTC)
            assert clocks[key].breached_at == instant, key
            lines = ticket.timeline.filter(kind="ticket.deadline_breached", details__clock=clocks[key].pk)
            if not retargeted:
                assert [line.at for line in lines] == ([] if instant is None else [instant]), key
            assert instant is None or lines.exists(), key
