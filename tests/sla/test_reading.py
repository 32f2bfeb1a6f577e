"""guiche/sla/reading.py: what a page of tickets says of its clocks, to whom, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guiche.accounts.models import User
from guiche.sla import reading
from guiche.sla.metrics import Metric, Reason
from guiche.sla.models import PolicyVersion, Target
from guiche.sla.states import Kind
from guiche.tickets.actions import conversation, moving, triage
from guiche.tickets.models import Ticket
from tests.factories.accounts import make_team
from tests.factories.catalog import default_team, severity
from tests.factories.promises import assign, make_policy
from tests.factories.tickets import make_ticket

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2025 in São Paulo; the 12th is a Wednesday."""
    return datetime(2025, 11, day, hour, minute, tzinfo=UTC) + 3 * HOUR


def opened(requester: User, moment: datetime, level: int = 2, **more: object) -> Ticket:
    return make_ticket(requester=requester, at=moment, severity=severity(level), **more)


def of_team(hours: int) -> None:
    """Let the default team have `hours` with tickets of the second severity, beside twelve for the solution."""
    policy = make_policy({(2, Metric.SOLUTION): 12})
    version = PolicyVersion.objects.create(policy=policy, number=2)
    Target.objects.create(version=version, severity=severity(2), metric=Metric.SOLUTION, minutes=12 * 60)
    Target.objects.create(
        version=version, severity=severity(2), metric=Metric.TEAM, team=default_team(), minutes=hours * 60
    )
    version.effective_from = version.published_at = datetime(2021, 1, 1, tzinfo=UTC)
    version.save()
    assign(policy)


class TestNearest:
    def test_is_what_runs_out_first(self, bruno: User) -> None:
        ticket = opened(bruno, at(12, 9))

        state = reading.nearest_of([ticket], at(12, 10))[ticket.pk]

        assert (state.metric, state.kind, state.elapsed, state.remaining) == (
            Metric.FIRST_RESPONSE,
            Kind.ON_TIME,
            3600,
            2 * 3600,
        )
        assert state.due_at == at(12, 12)
        assert state.zone == ZoneInfo("America/Sao_Paulo")

    def test_counts_business_time_only(self, bruno: User) -> None:
        ticket = opened(bruno, at(14, 17), level=3)

        assert reading.nearest_of([ticket], at(17, 9))[ticket.pk].elapsed == 2 * 3600

    def test_reads_the_moment_to_the_second(self, bruno: User) -> None:
        ticket = opened(bruno, at(12, 9))

        almost = reading.nearest_of([ticket], at(12, 12) + timedelta(microseconds=999_999))
        after = reading.nearest_of([ticket], at(12, 12) + SECOND)

        assert (almost[ticket.pk].kind, after[ticket.pk].kind) == (Kind.AT_RISK, Kind.OVERDUE)

    def test_waits_for_the_opening_when_time_ran_out_at_closing(self, bruno: User) -> None:
        ticket = opened(bruno, at(14, 15))

        kinds = [reading.nearest_of([ticket], moment)[ticket.pk] for moment in (at(14, 18), at(16, 12), at(17, 8))]

        assert [one.kind for one in kinds] == [Kind.DUE_AT_OPENING] * 3
        assert kinds[0].opens_at == at(17, 8)
        assert reading.nearest_of([ticket], at(17, 8) + SECOND)[ticket.pk].kind == Kind.OVERDUE

    def test_paused_it_is_what_has_least_left(self, ana: User, bruno: User, suporte: SimpleNamespace) -> None:
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9))
        moving.take(ticket, suporte.offer, by=ana, at=at(12, 10), given={"solution": "Reinicie."})

        state = reading.nearest_of([ticket], at(13, 12))[ticket.pk]

        assert (state.metric, state.kind, state.reason) == (Metric.SOLUTION, Kind.PAUSED, Reason.AWAITING_VALIDATION)
        assert (state.since, state.remaining) == (at(12, 10), 11 * 3600)

    def test_ended_it_is_how_the_solution_went(self, ana: User, bruno: User, suporte: SimpleNamespace) -> None:
        ticket = opened(bruno, at(12, 9))
        conversation.comment(ticket, by=ana, at=at(12, 12, 1), body="Estamos vendo.")
        moving.take(ticket, suporte.start, by=ana, at=at(12, 13))
        moving.take(ticket, suporte.offer, by=ana, at=at(12, 14), given={"solution": "Reinicie."})
        moving.take(ticket, suporte.approve, by=bruno, at=at(12, 15))

        whole = reading.states_of([ticket], at(13, 12), for_staff=False)[ticket.pk]

        assert [(one.metric, one.kind) for one in whole.all] == [
            (Metric.FIRST_RESPONSE, Kind.MISSED),
            (Metric.SOLUTION, Kind.MET),
        ]
        assert whole.nearest == whole.all[1]
        assert reading.nearest_of([ticket], at(13, 12))[ticket.pk] == whole.nearest

    def test_of_a_cancelled_ticket_nothing_was_met(self, ana: User, bruno: User, suporte: SimpleNamespace) -> None:
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.cancel, by=ana, at=at(12, 10), given={"reason": "Aberto por engano."})

        assert reading.nearest_of([ticket], at(13, 12))[ticket.pk].kind == Kind.STOPPED

    def test_without_deadlines_there_is_none(self, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, type_slug="sugestao-de-melhoria", at=at(12, 9))

        assert reading.nearest_of([ticket], at(12, 10)) == {}
        assert reading.nearest_of([], at(12, 10)) == {}

    def test_of_what_is_promised_no_more_nothing_is_said(self, ana: User, bruno: User) -> None:
        ticket = opened(bruno, at(12, 9))
        ticket.clocks.update(target_seconds=0)

        assert reading.nearest_of([ticket], at(12, 10)) == {}


class TestBetweenTeams:
    def test_clocks_are_for_staff_alone_and_never_the_nearest(self, bruno: User) -> None:
        of_team(1)
        ticket = opened(bruno, at(12, 9))

        for_staff = reading.states_of([ticket], at(12, 9, 30), for_staff=True)[ticket.pk]
        for_customers = reading.states_of([ticket], at(12, 9, 30), for_staff=False)[ticket.pk]

        assert [one.metric for one in for_staff.all] == [Metric.SOLUTION, Metric.TEAM]
        assert for_staff.all[1].team == default_team().name
        assert for_staff.nearest is not None
        assert for_staff.nearest.metric == Metric.SOLUTION
        assert [one.metric for one in for_customers.all] == [Metric.SOLUTION]
        assert reading.nearest_of([ticket], at(12, 9, 30))[ticket.pk].metric == Metric.SOLUTION

    def test_with_another_team_it_is_paused(self, ana: User, bruno: User) -> None:
        of_team(1)
        ticket = opened(bruno, at(12, 9))
        triage.transfer(ticket, make_team(name="Implantação"), by=ana, at=at(12, 9, 15), reason="É de lá.")

        own = reading.states_of([ticket], at(12, 12), for_staff=True)[ticket.pk].all[1]

        assert (own.kind, own.reason, own.elapsed) == (Kind.PAUSED, Reason.ELSEWHERE, 15 * 60)


class TestCost:
    @pytest.mark.parametrize("many", [1, 30])
    def test_is_one_query_once_the_rules_are_known(self, bruno: User, many: int) -> None:
        tickets = [opened(bruno, at(12, 9)) for _ in range(many)]
        reading.nearest_of(tickets, at(12, 10))

        with CaptureQueriesContext(connection) as made:
            nearest = reading.nearest_of(tickets, at(12, 10))
            whole = reading.states_of(tickets, at(12, 10), for_staff=True)

        assert len(made) == 2
        assert len(nearest) == len(whole) == many

    def test_follows_rules_that_changed(self, bruno: User) -> None:
        ticket = opened(bruno, at(12, 9))
        before = reading.nearest_of([ticket], at(12, 11))[ticket.pk]
        policy = make_policy({(2, Metric.FIRST_RESPONSE): 3}, at_risk_percent=50)
        ticket.clocks.update(policy_version=policy.versions.get())

        after = reading.nearest_of([ticket], at(12, 11))[ticket.pk]

        assert (before.kind, after.kind) == (Kind.ON_TIME, Kind.AT_RISK)

    def test_comes_with_a_ticket_in_the_query_that_reads_it(self, ana: User, bruno: User) -> None:
        of_team(1)
        ticket = opened(bruno, at(12, 9))
        conversation.comment(ticket, by=ana, at=at(12, 9, 20), body="Estamos vendo.")
        now = at(12, 11)

        for for_staff in (True, False):
            rows = Ticket.objects.annotate(rows=reading.clocks_within(for_staff=for_staff))
            within = reading.stands(rows.get(pk=ticket.pk).rows, now)
            assert within == reading.of_ticket(ticket, now, for_staff=for_staff)
            assert len(within.all) == (2 if for_staff else 1)

    def test_comes_empty_with_a_ticket_without_clocks(self, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, type_slug="sugestao-de-melhoria", at=at(12, 9))
        rows = Ticket.objects.annotate(rows=reading.clocks_within(for_staff=True))

        assert reading.stands(rows.get(pk=ticket.pk).rows, at(12, 10)) == reading.NO_CLOCKS


class TestSilentDays:
    """Until silence closes a ticket, in the business days of its own calendar."""

    def left(self, ticket: Ticket, now: datetime) -> int | None:
        kept = Ticket.objects.annotate(kept=reading.clocks_within(for_staff=False)).get(pk=ticket.pk)
        return reading.silent_days(kept, kept.kept, now)

    def test_counts_the_days_that_are_to_come(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9))
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 11), given={"comment": "Qual servidor?"})

        # It closes on the 27th; the 15th and the 16th, the 20th, a holiday, and a weekend lie between.
        assert [self.left(ticket, at(day, 12)) for day in (12, 13, 14, 16, 19, 20, 26, 27)] == [10, 9, 8, 8, 5, 5, 1, 0]

    def test_of_a_ticket_that_silence_does_not_close_there_are_none(self, bruno):
        assert self.left(opened(bruno, at(12, 9)), at(12, 12)) is None
