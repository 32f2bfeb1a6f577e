"""What is said of a clock is what the clock says, whatever became of its ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, example, given, settings

from guiche.sla import rules, statements
from guiche.sla.actions import counting
from guiche.sla.ledger import Statement
from guiche.sla.metrics import Metric, Motion
from guiche.sla.models import Clock
from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import Ticket
from tests.factories.tickets import make_ticket
from tests.sla import test_histories
from tests.sla.actions.test_keeping import at, opened
from tests.sla.test_histories import ACTS, DAY, FRIDAY, History, World, histories, severity

pytestmark = pytest.mark.django_db

world = test_histories.world  # the fixture
SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)
STAGES = ("new", "working", "waiting", "validating", "closed", "cancelled")


def live(world: World, history: History) -> tuple[Ticket, datetime]:
    """Return a ticket after `history`, and the moment a day later."""
    now = FRIDAY + timedelta(seconds=history.opened)
    ticket = make_ticket(requester=world.bruno, at=now, severity=severity(history.level))
    stages = {getattr(world.suporte, name).pk: name for name in STAGES}
    for gap, name in history.acts:
        now += timedelta(seconds=gap)
        if stages[Ticket.objects.values_list("status", flat=True).get(pk=ticket.pk)] in ACTS[name].stages:
            ACTS[name].do(world, ticket, now)
    return ticket, now + timedelta(seconds=DAY)


def check(clock: Clock, found: Statement, now: datetime) -> None:
    assert found.counted == found.stored == counting.elapsed_at(clock, rules.current(), now)
    assert not found.differs
    assert found.counted + found.uncounted == found.total
    assert all(before.end == after.start for before, after in pairwise(found.lines))
    assert found.end == (clock.since if clock.motion == Motion.STOPPED else now)


class TestStatement:
    @settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
    @given(history=histories(1, DAY))
    @example(history=test_histories.STOPPED_BEFORE)
    @example(history=test_histories.OVER_IN_ANOTHER_CALENDAR)
    def test_adds_up_to_what_the_clock_says(self, world, history):
        ticket, now = live(world, history)

        for clock in ticket.clocks.all():
            check(clock, statements.statement_of(clock, now), now)

    def test_begins_with_the_ticket(self, bruno):
        ticket = opened(bruno, at(12, 9, 14))

        for clock in ticket.clocks.all():
            assert statements.statement_of(clock, at(14, 9)).start == at(12, 9, 14)

    def test_of_what_stopped_as_it_began_has_one_line_without_length(self, ana, bruno):
        ticket = opened(bruno, at(12, 9))
        conversation.comment(ticket, by=ana, at=at(12, 9), body="Estamos vendo.")

        found = statements.statement_of(ticket.clocks.get(metric=Metric.FIRST_RESPONSE), at(14, 9))

        assert [(line.seconds, found.total, found.counted) for line in found.lines] == [(0, 0, 0)]

    def test_asks_twice_however_long_it_was(self, ana, bruno, suporte, django_assert_num_queries):
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9))
        for minute in range(0, 40, 4):
            moving.take(ticket, suporte.ask, by=ana, at=at(12, 10, minute), given={"comment": "Qual?"})
            conversation.comment(ticket, by=bruno, at=at(12, 10, minute + 2), body="Este.")
            ticket.refresh_from_db()
        clock = ticket.clocks.get(metric=Metric.SOLUTION)
        statements.statement_of(clock, at(12, 11))

        with django_assert_num_queries(2):
            found = statements.statement_of(clock, at(12, 11))

        assert len(found.lines) == 21


class TestActs:
    def test_are_those_that_a_reader_may_know(self, ana, bruno):
        ticket = opened(bruno, at(12, 9))
        conversation.note(ticket, by=ana, at=at(12, 9, 10), body="Só nós.")
        conversation.comment(ticket, by=ana, at=at(12, 9, 20), body="Estamos vendo.")

        for reader in (ana, bruno):
            acts = statements.acts_of(ticket, reader)
            assert [(one.kind, one.name) for one in acts.values()] == [
                ("ticket.opened", "Bruno Braga"),
                ("ticket.commented", "Ana Analista"),
            ]

    def test_of_one_second_are_told_by_the_one_that_matters(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 30))
        conversation.comment(ticket, by=ana, at=at(12, 10), body="Estamos vendo.")
        moving.take(
            ticket, suporte.ask, by=ana, at=at(12, 10, 0) + timedelta(milliseconds=300), given={"comment": "Qual?"}
        )

        act = statements.acts_of(ticket, bruno)[datetime(2025, 11, 12, 13, tzinfo=UTC)]

        assert act.kind == "ticket.information_asked"
