"""The clocks of a ticket from its opening to its end, through the tickets' own actions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guiche.accounts.models import User
from guiche.sla.metrics import Metric, Motion, Reason
from guiche.sla.models import Clock, PolicyVersion, Target
from guiche.tickets.actions import conversation, moving, triage
from guiche.tickets.models import Ticket
from tests.factories.accounts import make_team
from tests.factories.catalog import severity, shipped_type
from tests.factories.promises import assign, make_policy, make_version
from tests.factories.tickets import make_ticket

HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2025 in São Paulo, three hours behind UTC; the 12th is a Wednesday, the 20th a holiday."""
    return datetime(2025, 11, day, hour, minute, second, tzinfo=UTC) + 3 * HOUR


def opened(requester: User, moment: datetime, level: int = 2) -> Ticket:
    return make_ticket(requester=requester, at=moment, severity=severity(level))


def clock(ticket: Ticket, metric: str = Metric.SOLUTION) -> Clock:
    return Clock.objects.get(ticket=ticket, metric=metric)


def due(ticket: Ticket) -> datetime | None:
    return Ticket.objects.get(pk=ticket.pk).next_due_at


class TestOpening:
    def test_promises_an_answer_and_a_solution(self, bruno):
        ticket = opened(bruno, at(12, 9, 14))

        response, solution = clock(ticket, Metric.FIRST_RESPONSE), clock(ticket)

        assert (response.due_at, solution.due_at) == (at(12, 12, 14), at(13, 11, 14))
        assert due(ticket) == response.due_at

    def test_opened_on_friday_evening_it_counts_from_monday(self, bruno):
        ticket = opened(bruno, at(14, 19, 30))

        assert clock(ticket, Metric.FIRST_RESPONSE).due_at == at(17, 11)

    def test_time_that_runs_out_at_closing_is_due_at_closing_and_overdue_at_the_next_opening(self, bruno):
        ticket = opened(bruno, at(14, 15))

        response = clock(ticket, Metric.FIRST_RESPONSE)

        assert (response.due_at, response.breaches_at) == (at(14, 18), at(17, 8))

    def test_p34_a_type_without_deadlines_promises_nothing(self, bruno):
        ticket = make_ticket(requester=bruno, at=at(12, 9), type_slug="sugestao-de-melhoria")

        assert not ticket.clocks.exists()
        assert due(ticket) is None

    def test_reads_instants_to_the_second(self, bruno):
        ticket = opened(bruno, at(12, 9) + timedelta(microseconds=999_999))

        assert clock(ticket).since == at(12, 9)


class TestAnswer:
    def test_the_first_public_words_of_staff_stop_it_for_ever(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9))

        conversation.note(ticket, by=ana, at=at(12, 9, 30), body="Já vi isto.")
        assert clock(ticket, Metric.FIRST_RESPONSE).motion == Motion.RUNNING

        conversation.comment(ticket, by=ana, at=at(12, 10), body="Estamos vendo.")
        response = clock(ticket, Metric.FIRST_RESPONSE)
        assert (response.motion, response.met_at, response.elapsed_seconds) == (Motion.STOPPED, at(12, 10), 3600)
        assert due(ticket) == clock(ticket).due_at

    def test_words_of_the_customer_do_not(self, bruno):
        ticket = opened(bruno, at(12, 9))

        conversation.comment(ticket, by=bruno, at=at(12, 10), body="E então?")

        assert clock(ticket, Metric.FIRST_RESPONSE).motion == Motion.RUNNING

    def test_too_late_is_recorded_at_its_own_instant_though_no_worker_ran(self, ana, bruno):
        ticket = opened(bruno, at(12, 9))

        conversation.comment(ticket, by=ana, at=at(12, 12, 0, 1), body="Desculpe a demora.")

        response = clock(ticket, Metric.FIRST_RESPONSE)
        assert (response.breached_at, response.met_at) == (at(12, 12), None)
        assert ticket.timeline.get(kind="ticket.deadline_breached").at == at(12, 12)

    def test_at_the_due_instant_itself_it_is_in_time(self, ana, bruno):
        ticket = opened(bruno, at(12, 9))

        conversation.comment(ticket, by=ana, at=at(12, 12), body="Chegamos.")

        assert clock(ticket, Metric.FIRST_RESPONSE).met_at == at(12, 12)


class TestCourse:
    """The example of the ledger's mock-up: 7h32 of 12 h, in three intervals."""

    def life(self, ana: User, bruno: User, suporte) -> Ticket:
        ticket = opened(bruno, at(12, 9, 14))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 20))
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 10, 31), given={"comment": "Qual servidor?"})
        conversation.comment(ticket, by=bruno, at=at(12, 13, 33), body="O de laudos.")
        moving.take(ticket, suporte.offer, by=ana, at=at(13, 9, 48), given={"solution": "Ajustamos a rede."})
        return ticket

    def test_pauses_while_it_waits_for_the_customer(self, ana, bruno, suporte):
        solution = clock(self.life(ana, bruno, suporte))

        assert (solution.motion, solution.reason) == (Motion.PAUSED, Reason.AWAITING_VALIDATION)
        assert solution.elapsed_seconds == (7 * 60 + 32) * 60
        assert (solution.due_at, solution.wakes_at) == (None, None)
        found = [(one.start, one.end, one.counts, one.counted_seconds) for one in solution.intervals.all()]
        assert found == [
            (at(12, 9, 14), at(12, 10, 31), True, 77 * 60),
            (at(12, 10, 31), at(12, 13, 33), False, 0),
            (at(12, 13, 33), at(13, 9, 48), True, (4 * 60 + 27 + 108) * 60),
        ]

    def test_approval_stops_it_in_time(self, ana, bruno, suporte):
        ticket = self.life(ana, bruno, suporte)

        moving.take(ticket, suporte.approve, by=bruno, at=at(24, 10))

        solution = clock(ticket)
        assert (solution.motion, solution.met_at) == (Motion.STOPPED, at(24, 10))
        assert solution.elapsed_seconds == (7 * 60 + 32) * 60

    def test_rejection_resumes_it_with_what_was_used(self, ana, bruno, suporte):
        ticket = self.life(ana, bruno, suporte)

        moving.take(ticket, suporte.reject, by=bruno, at=at(14, 8), given={"comment": "Continua."})

        assert clock(ticket).due_at == at(14, 12, 28)
        assert due(ticket) == at(14, 12, 28)

    def test_reopening_resumes_it_and_closed_time_counts_nothing(self, ana, bruno, suporte):
        ticket = self.life(ana, bruno, suporte)
        moving.take(ticket, suporte.approve, by=bruno, at=at(14, 10))

        moving.take(ticket, suporte.reopen, by=bruno, at=at(17, 8), given={"comment": "Voltou."})

        solution = clock(ticket)
        assert (solution.motion, solution.met_at, solution.due_at) == (Motion.RUNNING, None, at(17, 12, 28))
        assert solution.intervals.get(reason=Reason.CLOSED).counted_seconds == 0
        assert clock(ticket, Metric.FIRST_RESPONSE).motion == Motion.STOPPED

    def test_cancelling_meets_nothing(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9))

        moving.take(ticket, suporte.cancel, by=bruno, at=at(12, 10), given={"reason": "Engano.", "comment": "Engano."})

        assert {one.motion for one in ticket.clocks.all()} == {Motion.STOPPED}
        assert not ticket.clocks.exclude(met_at=None).exists()
        assert due(ticket) is None

    def test_what_leaves_the_state_as_it_is_changes_nothing(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9))
        before = Clock.objects.filter(ticket=ticket, metric=Metric.SOLUTION).values().get()

        moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 20))

        assert Clock.objects.filter(pk=before["id"]).values().get() == before


class TestTriage:
    def test_another_severity_keeps_what_was_used(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9), level=4)

        triage.change(ticket, by=ana, at=at(12, 11), reason="Parou tudo.", severity=severity(1))

        solution = clock(ticket)
        assert (solution.target_seconds, solution.due_at) == (4 * 3600, at(12, 13))

    def test_more_than_all_of_it_used_is_overdue_since_it_ran_out(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9), level=4)

        triage.change(ticket, by=ana, at=at(12, 15), reason="Parou tudo.", severity=severity(1))

        assert clock(ticket).due_at == at(12, 13)
        assert clock(ticket).breaches_at == at(12, 13)

    def test_a_paused_clock_that_used_more_than_the_new_target_is_overdue_since_then(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9), level=4)
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9))
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 15), given={"comment": "Qual servidor?"})

        triage.change(ticket, by=ana, at=at(12, 16), reason="Parou tudo.", severity=severity(1))

        assert (clock(ticket).breached_at, clock(ticket).due_at) == (at(12, 13), None)

    def test_stopped_clocks_never_change(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9), level=4)
        conversation.comment(ticket, by=ana, at=at(12, 10), body="Estamos vendo.")

        triage.change(ticket, by=ana, at=at(12, 11), reason="Parou tudo.", severity=severity(1))

        assert clock(ticket, Metric.FIRST_RESPONSE).target_seconds == 16 * 3600

    def test_a_type_without_deadlines_withdraws_the_promise_and_back_it_goes_on(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9), level=2)
        support, bug = shipped_type("apoio-tecnico"), shipped_type("falha-tecnica")

        triage.change(ticket, by=ana, at=at(12, 10), reason="É apoio.", request_type=support)
        assert due(ticket) is None

        triage.change(ticket, by=ana, at=at(12, 11), reason="Era falha.", request_type=bug)
        assert clock(ticket).due_at == at(13, 12)


class TestTeams:
    def test_a_clock_between_teams_runs_while_the_ticket_is_with_it(self, ana, bruno, suporte):
        ticket = opened(bruno, at(12, 9))
        second = make_team(name="Desenvolvimento")
        policy = make_policy({(2, "solution"): 12})
        version = PolicyVersion.objects.create(policy=policy, number=2)
        for team, minutes in ((ticket.team, 60), (second, 120)):
            Target.objects.create(version=version, severity=severity(2), metric=Metric.TEAM, team=team, minutes=minutes)
        version.effective_from = version.published_at = at(1, 8)
        version.save()
        assign(policy)
        ticket = opened(bruno, at(12, 9))
        assert due(ticket) is None  # of the customer's promises there is none in this version

        triage.transfer(ticket, second, by=ana, at=at(12, 9, 30), reason="É código.")

        clocks = {one.team_id: one for one in Clock.objects.filter(ticket=ticket)}
        assert (clocks[second.pk].motion, clocks[second.pk].due_at) == (Motion.RUNNING, at(12, 11, 30))
        left = next(one for pk, one in clocks.items() if pk != second.pk)
        assert (left.motion, left.reason, left.elapsed_seconds) == (Motion.PAUSED, Reason.ELSEWHERE, 1800)
        assert due(ticket) is None


class TestVersions:
    def test_old_tickets_keep_their_version(self, ana, bruno, suporte):
        policy = make_policy({(2, "solution"): 12, (1, "solution"): 4})
        assign(policy)
        old = opened(bruno, at(12, 9))
        make_version(policy, {(2, "solution"): 8, (1, "solution"): 2}, effective_from=at(12, 10))

        new = opened(bruno, at(12, 11))
        triage.change(old, by=ana, at=at(12, 11), reason="Parou tudo.", severity=severity(1))

        assert clock(new).target_seconds == 8 * 3600
        assert clock(old).target_seconds == 4 * 3600


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_the_shipped_promise_is_that_of_the_specification(bruno, level):
    ticket = opened(bruno, at(12, 9), level=level)

    hours = {one.metric: one.target_seconds / 3600 for one in ticket.clocks.all()}

    answer, solution = {1: (2, 4), 2: (3, 12), 3: (8, 40), 4: (16, 56)}[level]
    assert hours == {Metric.FIRST_RESPONSE: answer, Metric.SOLUTION: solution}


class TestDiagnosis:
    def promised(self, bruno: User) -> Ticket:
        assign(make_policy({(2, "first_response"): 3, (2, "diagnosis"): 3, (2, "solution"): 12}))
        return opened(bruno, at(12, 9))

    def test_recording_it_stops_its_clock_and_is_an_answer(self, ana, bruno):
        ticket = self.promised(bruno)

        conversation.diagnose(ticket, by=ana, at=at(12, 10), body="É a fila da impressora.")

        assert clock(ticket, Metric.DIAGNOSIS).met_at == at(12, 10)
        assert clock(ticket, Metric.FIRST_RESPONSE).met_at == at(12, 10)
        assert clock(ticket).motion == Motion.RUNNING

    def test_a_solution_says_it_too(self, ana, bruno, suporte):
        ticket = self.promised(bruno)
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9))

        moving.take(ticket, suporte.offer, by=ana, at=at(12, 11), given={"solution": "Reinicie a fila."})

        assert clock(ticket, Metric.DIAGNOSIS).met_at == at(12, 11)

    def test_what_was_recorded_before_it_was_promised_is_not_asked_for_again(self, ana, bruno):
        assign(make_policy({(2, "solution"): 12, (1, "diagnosis"): 1, (1, "solution"): 4}))
        ticket = opened(bruno, at(12, 9))
        conversation.diagnose(ticket, by=ana, at=at(12, 10), body="É a fila da impressora.")

        triage.change(ticket, by=ana, at=at(12, 11), reason="Parou tudo.", severity=severity(1))

        assert not ticket.clocks.filter(metric=Metric.DIAGNOSIS).exists()
        assert clock(ticket).target_seconds == 4 * 3600
