"""Taking steps: who may, what they ask, and what they leave behind."""

from datetime import timedelta

import pytest

from guiche.accounts.roles import Role
from guiche.core.errors import NotAllowed
from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import CommentKind, Outcome, Ticket
from guiche.workflows.models import Status
from guiche.workflows.moves import MovedOn, MoveRefused
from tests.factories.accounts import make_user
from tests.factories.tickets import MORNING, NOON, make_ticket

HOUR = timedelta(hours=1)


class TestTake:
    def test_makes_who_starts_the_work_responsible(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno)

        moving.take(ticket, suporte.start, by=ana, at=NOON)

        ticket.refresh_from_db()
        assert (ticket.status, ticket.assignee) == (suporte.working, ana)

    def test_keeps_the_solution(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)

        moving.take(ticket, suporte.offer, by=ana, at=NOON, given={"solution": "Limpamos o cache."})

        ticket.refresh_from_db()
        assert ticket.solution.body == "Limpamos o cache."
        assert ticket.solution.kind == CommentKind.SOLUTION
        assert ticket.timeline.last().kind == "ticket.solution_offered"

    @pytest.mark.parametrize(
        ("step", "stage", "pauses"), [("ask", "waiting_on_customer", True), ("start", "in_progress", False)]
    )
    def test_writes_down_what_its_status_does_to_the_deadlines(self, ana, bruno, suporte, step, stage, pauses):
        taken = getattr(suporte, step)
        ticket = make_ticket(requester=bruno, status=taken.origin)

        moving.take(ticket, taken, by=ana, at=NOON, given={"comment": "Qual é a versão?"})

        details = ticket.timeline.last().details
        assert (details["stage"], details["pauses"]) == (stage, pauses)

    def test_refuses_without_what_the_step_asks_for(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)

        with pytest.raises(MoveRefused) as refusal:
            moving.take(ticket, suporte.offer, by=ana, at=NOON, given={"solution": "  "})

        assert "solution" in refusal.value.fields
        assert not ticket.comments.exists()

    def test_refuses_a_ticket_that_has_moved_on(self, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)
        lines = ticket.timeline.count()

        with pytest.raises(MovedOn):
            moving.take(ticket, suporte.approve, by=bruno, at=NOON)

        assert ticket.timeline.count() == lines

    def test_approval_ends_it_as_approved(self, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)

        moving.take(ticket, suporte.approve, by=bruno, at=NOON)

        ticket.refresh_from_db()
        assert (ticket.outcome, ticket.ended_at, ticket.closes_at) == (Outcome.APPROVED, NOON, None)

    def test_rejection_goes_back_to_the_same_person_with_the_reason(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating, assignee=ana)

        moving.take(ticket, suporte.reject, by=bruno, at=NOON, given={"comment": "Continua lento."})

        ticket.refresh_from_db()
        assert (ticket.status, ticket.assignee) == (suporte.working, ana)
        assert ticket.comments.get().kind == CommentKind.REJECTION
        assert ticket.timeline.last().kind == "ticket.solution_rejected"

    @pytest.mark.parametrize("who", ["caio", "carla", "ana", "davi", "elisa"])
    def test_the_verdict_is_not_for_others(self, who, request, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)

        with pytest.raises(NotAllowed):
            moving.take(ticket, suporte.approve, by=request.getfixturevalue(who), at=NOON)

    def test_the_verdict_is_for_the_portal_administrator_too(self, beatriz, caio, suporte):
        ticket = make_ticket(requester=caio, status=suporte.validating)

        moving.take(ticket, suporte.approve, by=beatriz, at=NOON)

        assert Ticket.objects.ended().filter(pk=ticket.pk).exists()

    def test_of_two_verdicts_one_wins_and_the_other_is_told(self, bruno, beatriz, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)
        moving.take(ticket, suporte.approve, by=bruno, at=NOON)

        with pytest.raises(MovedOn, match="Fechado"):
            moving.take(ticket, suporte.reject, by=beatriz, at=NOON, given={"comment": "Não."})

    def test_only_the_requester_cancels_while_it_is_new(self, bruno, beatriz, suporte):
        ticket = make_ticket(requester=bruno)

        with pytest.raises(NotAllowed):
            moving.take(ticket, suporte.cancel, by=beatriz, at=NOON, given={"reason": "Não precisa."})
        moving.take(ticket, suporte.cancel, by=bruno, at=NOON, given={"reason": "Não precisa."})

        ticket.refresh_from_db()
        assert ticket.outcome == Outcome.CANCELLED


class TestCrossedWords:
    def test_case_211_a_solution_is_not_sent_over_words_that_were_not_read(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)
        seen = ticket.timeline.last().pk
        conversation.comment(ticket, by=bruno, at=NOON, body="Agora parou tudo.")

        with pytest.raises(moving.CrossedWords, match="Bruno Braga"):
            moving.take(ticket, suporte.offer, by=ana, at=NOON, given={"solution": "Pronto."}, seen=seen)

        moving.take(
            ticket, suporte.offer, by=ana, at=NOON, given={"solution": "Pronto."}, seen=ticket.timeline.last().pk
        )


class TestReopening:
    def test_is_for_five_days(self, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)
        moving.take(ticket, suporte.approve, by=bruno, at=NOON)

        with pytest.raises(moving.TooLate):
            moving.take(
                ticket, suporte.reopen, by=bruno, at=NOON + timedelta(days=5, seconds=1), given={"comment": "Voltou."}
            )
        moving.take(ticket, suporte.reopen, by=bruno, at=NOON + timedelta(days=5), given={"comment": "Voltou."})

        ticket.refresh_from_db()
        assert (ticket.status, ticket.ended_at, ticket.outcome) == (suporte.working, None, "")
        assert ticket.timeline.last().kind == "ticket.reopened"

    def test_a_supervisor_may_later(self, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.closed)

        moving.take(
            ticket,
            suporte.reopen,
            by=make_user(roles=[Role.SUPERVISOR]),
            at=NOON + timedelta(days=90),
            given={"comment": "Voltou."},
        )

        assert Ticket.objects.open().filter(pk=ticket.pk).exists()


class TestSilence:
    def asked(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)
        return moving.take(ticket, suporte.ask, by=ana, at=NOON, given={"comment": "Qual a versão?"})

    def test_closes_after_ten_business_days(self, ana, bruno, suporte, system):
        ticket = self.asked(ana, bruno, suporte)
        assert ticket.closes_at == NOON + timedelta(days=15)  # 20 November is a holiday

        assert not moving.close_by_silence(ticket, by=system, at=ticket.closes_at - timedelta(seconds=1))
        assert moving.close_by_silence(ticket, by=system, at=ticket.closes_at + HOUR)

        ended = Ticket.objects.get(pk=ticket.pk)
        assert (ended.outcome, ended.ended_at) == (Outcome.CLOSED_BY_SILENCE, ticket.closes_at)

    def test_warns_once(self, ana, bruno, suporte, system):
        ticket = self.asked(ana, bruno, suporte)
        due = ticket.warns_at

        assert moving.warn_of_closing(ticket, by=system, at=due)
        assert not moving.warn_of_closing(ticket, by=system, at=due)

        assert ticket.timeline.filter(kind="ticket.closing_soon").count() == 1

    def test_reminds_two_days_and_one_day_before_it_closes(self, ana, bruno, suporte, system):
        ticket = self.asked(ana, bruno, suporte)  # closes on Thursday, 3 December, at noon
        first, second = ticket.closes_at - timedelta(days=2), ticket.closes_at - timedelta(days=1)

        assert ticket.warns_at == first
        for due in (first, second):
            assert not moving.warn_of_closing(ticket, by=system, at=due - timedelta(seconds=1))
            assert moving.warn_of_closing(ticket, by=system, at=due)
            assert not moving.warn_of_closing(ticket, by=system, at=due)

        ticket.refresh_from_db()
        assert ticket.warns_at is None
        assert self.reminded(ticket) == [first, second]

    def reminded(self, ticket):
        return [line.at for line in ticket.timeline.filter(kind="ticket.closing_soon").order_by("pk")]

    def test_reminds_late_with_the_true_time_and_on_time_after_it(self, ana, bruno, suporte, system):
        ticket = self.asked(ana, bruno, suporte)
        first, second = ticket.warns_at, ticket.closes_at - timedelta(days=1)

        moving.warn_of_closing(ticket, by=system, at=first + HOUR)
        moving.warn_of_closing(ticket, by=system, at=second + HOUR)

        assert self.reminded(ticket) == [first, second]

    def test_reminds_once_of_two_that_are_due(self, ana, bruno, suporte, system):
        ticket = self.asked(ana, bruno, suporte)
        late = ticket.closes_at - HOUR

        told = [moving.warn_of_closing(ticket, by=system, at=late) for _tick in range(3)]

        assert told == [True, False, False]
        assert self.reminded(ticket) == [ticket.warns_at]

    def test_reminds_once_where_the_status_asks_for_the_last_day_or_for_none(self, ana, bruno, suporte, system):
        for days, count in ((1, 1), (None, 0)):
            Status.objects.filter(pk=suporte.waiting.pk).update(warns_days_before=days)
            suporte.ask.target.refresh_from_db()
            ticket = self.asked(ana, bruno, suporte)

            for hours in range(0, 72, 6):
                moving.warn_of_closing(ticket, by=system, at=ticket.closes_at - timedelta(hours=72 - hours))

            assert len(self.reminded(ticket)) == count

    @pytest.mark.parametrize("told", [0, 1, 2])
    def test_words_of_the_customer_move_both_reminders(self, ana, bruno, suporte, system, told):
        ticket = make_ticket(requester=bruno, status=suporte.working)
        ticket = moving.take(ticket, suporte.offer, by=ana, at=NOON, given={"solution": "Pronto."})
        for days in (4, 3)[:told]:  # the Thursday and the Friday before a Monday
            assert moving.warn_of_closing(ticket, by=system, at=ticket.closes_at - timedelta(days=days))
        spoke = ticket.closes_at - HOUR

        conversation.comment(ticket, by=bruno, at=spoke, body="Testamos na semana que vem.")

        ticket.refresh_from_db()
        assert ticket.closes_at == spoke + timedelta(days=9)  # a Monday, to the Wednesday after the next
        assert ticket.warns_at == ticket.closes_at - timedelta(days=2)
        assert not moving.warn_of_closing(ticket, by=system, at=spoke + timedelta(days=1))

    def test_an_answer_brings_it_back_to_work(self, ana, bruno, suporte, system):
        ticket = self.asked(ana, bruno, suporte)

        conversation.comment(ticket, by=bruno, at=NOON + HOUR, body="Versão 5.2.")

        ticket.refresh_from_db()
        assert (ticket.status, ticket.closes_at) == (suporte.working, None)
        assert not moving.close_by_silence(ticket, by=system, at=NOON + timedelta(days=60))

    def test_case_212_words_while_validating_restart_the_count(self, ana, bruno, suporte, system):
        ticket = make_ticket(requester=bruno, status=suporte.working)
        ticket = moving.take(ticket, suporte.offer, by=ana, at=NOON, given={"solution": "Pronto."})
        first = ticket.closes_at

        conversation.comment(ticket, by=bruno, at=first - HOUR, body="Testamos amanhã.")

        ticket.refresh_from_db()
        assert ticket.status == suporte.validating
        assert ticket.closes_at > first
        assert not moving.close_by_silence(ticket, by=system, at=first)

    def test_is_never_counted_as_an_approval(self, ana, bruno, suporte, system):
        ticket = make_ticket(requester=bruno, status=suporte.working)
        ticket = moving.take(ticket, suporte.offer, by=ana, at=MORNING, given={"solution": "Pronto."})

        moving.close_by_silence(ticket, by=system, at=MORNING + timedelta(days=30))

        ticket.refresh_from_db()
        assert ticket.outcome == Outcome.CLOSED_BY_SILENCE
