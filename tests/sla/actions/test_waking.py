"""Warnings, breaches and remedies: recorded once, at their own instant, however late or often the job runs."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from guiche.accounts.models import User
from guiche.accounts.roles import Role
from guiche.sla.actions import escalating, marking, remedying, waking
from guiche.sla.actions.escalating import Said
from guiche.sla.metrics import Metric
from guiche.sla.models import Clock, DueRemedy, Escalation
from guiche.tickets.actions import conversation, moving, triage
from guiche.tickets.models import Activity, Ticket
from tests.factories.accounts import make_team, make_user
from tests.factories.catalog import default_team, load_shipped, severity
from tests.factories.organizations import make_membership
from tests.factories.tickets import make_ticket
from tests.organizations.actions.test_organizations import wait_for_a_lock
from tests.sla.actions.test_keeping import at, clock, opened

LATE = timedelta(minutes=65)


def run(system: User, moment: datetime) -> None:
    """The minute's job, when what happened before `moment` has been saved."""
    waking.wake_due(by=system, at=moment + waking.GRACE)


def lines(ticket: Ticket, kind: str = "") -> list[tuple[str, datetime, str, int]]:
    """What is on record of deadlines: kind, instant, metric and percent."""
    rows = Activity.objects.filter(ticket=ticket, kind__startswith=f"ticket.deadline_{kind}").order_by("at", "id")
    return [
        (row.kind.removeprefix("ticket.deadline_"), row.at, row.details["metric"], row.details.get("percent", 100))
        for row in rows
    ]


def told(ticket: Ticket) -> list[tuple[int, dict[str, object]]]:
    """Of what people hear, by the percent that they hear of."""
    rows = Activity.objects.filter(ticket=ticket, kind__startswith="ticket.deadline_").order_by("id")
    return [(row.details.get("percent", 100), row.details["told"]) for row in rows if row.details["told"]]


def escalate(elisa: User, **said: object) -> Escalation:
    return escalating.create(Said(**{"percent": 90, "metric": "solution", **said}), by=elisa, at=at(1, 8))  # type: ignore[arg-type]  # of any column


class TestRecord:
    def test_warns_at_the_instant_of_the_mark(self, bruno, system):
        ticket = opened(bruno, at(12, 9))  # severity 2: 3 h and 12 h

        run(system, at(12, 11, 30))

        assert lines(ticket) == [("warned", at(12, 11, 15), "first_response", 75)]
        assert clock(ticket, Metric.FIRST_RESPONSE).wakes_at == at(12, 12)

    def test_at_the_instant_itself_nothing_is_reached_yet(self, bruno, system):
        ticket = opened(bruno, at(12, 9))

        run(system, at(12, 11, 15))

        assert lines(ticket) == []

    def test_a_breach_has_its_own_instant_though_no_worker_ran(self, bruno, system):
        ticket = opened(bruno, at(12, 9))

        run(system, at(12, 12) + LATE)

        assert lines(ticket, "breached") == [("breached", at(12, 12), "first_response", 100)]
        assert clock(ticket, Metric.FIRST_RESPONSE).breached_at == at(12, 12)

    def test_what_ran_out_at_closing_is_overdue_at_the_next_opening(self, bruno, system):
        ticket = opened(bruno, at(14, 15))

        run(system, at(15, 12))
        assert lines(ticket, "breached") == []

        run(system, at(17, 8, 1))
        assert lines(ticket, "breached") == [("breached", at(17, 8), "first_response", 100)]

    def test_run_again_it_changes_nothing(self, bruno, system):
        ticket = opened(bruno, at(12, 9))
        run(system, at(12, 13))
        before = lines(ticket), list(Clock.objects.order_by("pk").values())

        run(system, at(12, 13))
        run(system, at(12, 13, 1))

        assert (lines(ticket), list(Clock.objects.order_by("pk").values())) == before

    def test_all_that_passed_is_written_and_one_notice_given(self, ana, bruno, elisa, system):
        escalate(elisa, metric="first_response", percent=50, tells_supervisors=True)
        escalate(elisa, metric="first_response", percent=90, people=[ana])
        ticket = opened(bruno, at(12, 9))

        run(system, at(12, 11, 50))

        assert [line[3] for line in lines(ticket)] == [50, 75, 90]
        everybody = {
            "assignee": None,
            "team": ticket.team_id,  # nobody is responsible
            "supervisors": ticket.team_id,
            "people": [ana.pk],
            "addresses": [],
        }
        assert told(ticket) == [(90, everybody)]

    def test_after_the_end_only_the_end_is_told(self, bruno, system):
        ticket = opened(bruno, at(12, 9))

        run(system, at(12, 13))

        assert [line[3] for line in lines(ticket)] == [75, 100]
        assert [percent for percent, _who in told(ticket)] == [100]

    def test_an_answer_given_meanwhile_puts_it_on_record_and_the_job_adds_nothing(self, ana, bruno, suporte, system):
        ticket = opened(bruno, at(12, 9))

        conversation.comment(ticket, by=ana, at=at(12, 12, 30), body="Desculpe a demora.")
        before = lines(ticket)
        run(system, at(12, 13))

        assert before == [
            ("warned", at(12, 11, 15), "first_response", 75),
            ("breached", at(12, 12), "first_response", 100),
        ]
        assert lines(ticket) == before

    def test_an_answer_that_is_just_being_saved_comes_before_the_job(self, ana, bruno, suporte, system):
        ticket = opened(bruno, at(12, 9))

        waking.wake_due(by=system, at=at(12, 12, 0, 3))
        conversation.comment(ticket, by=ana, at=at(12, 11, 59, 59), body="Estamos vendo.")

        assert lines(ticket, "breached") == []
        assert clock(ticket, Metric.FIRST_RESPONSE).met_at == at(12, 11, 59, 59)

    def test_a_paused_clock_reaches_nothing(self, ana, bruno, suporte, system):
        ticket = opened(bruno, at(12, 9))
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 5))
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 9, 10), given={"comment": "Qual?"})

        run(system, at(28, 9))

        assert lines(ticket) == []

    def test_of_a_deadline_that_was_prolonged_people_hear_again(self, ana, bruno, suporte, system):
        ticket = opened(bruno, at(12, 9), level=1)  # solution in 4 h
        run(system, at(12, 12, 30))
        triage.change(ticket, by=ana, at=at(12, 12, 31), reason="Voltou em parte.", severity=severity(2))

        run(system, at(13, 10))

        solution = [line for line in lines(ticket) if line[2] == "solution"]
        assert solution == [("warned", at(12, 12), "solution", 75), ("warned", at(12, 18), "solution", 75)]

    def test_a_clock_between_teams_has_only_its_own_warnings(self, bruno, elisa, system):
        escalate(elisa, metric="team", percent=50, tells_team=True)
        escalate(elisa, metric="", percent=40, tells_assignee=True)
        ticket = opened(bruno, at(12, 9))
        Clock.objects.filter(ticket=ticket, metric="first_response").update(metric="team", team=ticket.team_id)

        run(system, at(12, 11))

        assert lines(ticket) == [("warned", at(12, 10, 30), "team", 50)]

    def test_only_tickets_of_its_severity_and_team(self, ana, bruno, elisa, system):
        escalate(elisa, percent=10, severity=severity(1), tells_assignee=True)
        escalate(elisa, percent=20, team=make_team(name="Outra"), tells_assignee=True)
        escalate(elisa, percent=30, severity=severity(2), team=default_team(), tells_assignee=True)
        ticket = opened(bruno, at(12, 9))

        run(system, at(12, 14))

        assert [line[3] for line in lines(ticket) if line[2] == "solution"] == [30]

    def test_what_was_used_before_it_was_made_is_none_of_its_business(self, bruno, elisa, system):
        ticket = opened(bruno, at(12, 9))
        escalating.create(Said(percent=50, metric="first_response", tells_team=True), by=elisa, at=at(12, 10, 45))

        run(system, at(12, 11))

        assert lines(ticket) == []


class TestLateWorker:
    """A worker that was off for 65 minutes changes nothing in what is recorded."""

    def life(self, ana: User, bruno: User, suporte, system: User, runs: list[datetime]) -> Ticket:
        """A day of a ticket, with the job running at `runs`."""
        ticket = opened(bruno, at(12, 9))
        acts = [
            (at(12, 9, 20), lambda: moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 20))),
            (at(12, 11, 40), lambda: conversation.note(ticket, by=ana, at=at(12, 11, 40), body="Vejo já.")),
            (at(12, 12, 20), lambda: conversation.comment(ticket, by=ana, at=at(12, 12, 20), body="Vendo.")),
            (
                at(13, 9, 10),
                lambda: triage.change(ticket, by=ana, at=at(13, 9, 10), reason="Menos.", title="Imagens lentas"),
            ),
            (
                at(13, 11, 30),
                lambda: moving.take(ticket, suporte.offer, by=ana, at=at(13, 11, 30), given={"solution": "Reinicie."}),
            ),
            (
                at(13, 12),
                lambda: moving.take(ticket, suporte.reject, by=bruno, at=at(13, 12), given={"comment": "Não deu."}),
            ),
            (at(14, 9), lambda: None),
        ]
        steps = sorted([*acts, *((moment, lambda m=moment: run(system, m)) for moment in runs)], key=lambda s: s[0])
        for _moment, act in steps:
            act()
        return ticket

    def record(self, ticket: Ticket) -> tuple[object, object]:
        clocks = Clock.objects.filter(ticket=ticket).order_by("metric")
        return lines(ticket), [(one.metric, one.breached_at, one.met_at, one.warned_percent) for one in clocks]

    def test_changes_nothing_in_what_is_recorded(self, ana, bruno, suporte, system):
        punctual = [at(12, 9) + timedelta(minutes=n) for n in range(48 * 60)]
        late = [at(12, 9) + n * LATE for n in range(45)]

        wanted = self.record(self.life(ana, bruno, suporte, system, punctual))

        assert wanted[0], "something happens in this life"
        assert self.record(self.life(ana, bruno, suporte, system, late)) == wanted
        assert self.record(self.life(ana, bruno, suporte, system, [at(14, 9)])) == wanted


class TestRemedies:
    def test_hands_it_to_a_person_once(self, ana, bruno, elisa, suporte, system):
        default_team().people.add(ana)
        escalate(elisa, percent=50, remedy="reassign", to_person=ana)
        ticket = opened(bruno, at(12, 9))

        run(system, at(12, 15, 1))
        assert Ticket.objects.get(pk=ticket.pk).assignee == ana

        triage.assign(ticket, None, by=ana, at=at(12, 15, 30))
        run(system, at(12, 16))
        assert Ticket.objects.get(pk=ticket.pk).assignee is None
        assert ticket.timeline.filter(kind="ticket.assigned", actor=system).count() == 1

    def test_moves_it_to_a_team_and_says_why(self, bruno, elisa, system):
        second = make_team(name="Desenvolvimento")
        escalate(elisa, percent=50, remedy="transfer", to_team=second)
        ticket = opened(bruno, at(12, 9))

        run(system, at(12, 15, 1))

        assert Ticket.objects.get(pk=ticket.pk).team == second
        assert ticket.timeline.get(kind="ticket.team_changed").details["reason"] == "prazo em 50 %"

    def test_raises_the_severity_by_one_level_and_no_further_than_the_worst(self, bruno, elisa, system):
        escalate(elisa, percent=50, remedy="raise")
        mild, worst = opened(bruno, at(12, 9), level=2), opened(bruno, at(12, 9), level=1)

        run(system, at(12, 15, 1))

        assert [Ticket.objects.get(pk=one.pk).severity.level for one in (mild, worst)] == [1, 1]
        outcomes = DueRemedy.objects.order_by("clock__ticket").values_list("outcome", flat=True)
        assert list(outcomes) == ["done", "not_needed"]

    def test_never_twice_for_one_clock_and_mark(self, ana, bruno, elisa, suporte, system):
        escalate(elisa, percent=50, remedy="raise")
        ticket = opened(bruno, at(12, 9), level=3)  # 40 h
        run(system, at(14, 9, 1))
        triage.change(ticket, by=ana, at=at(14, 9, 2), reason="Não é tanto.", severity=severity(4))  # 56 h

        run(system, at(17, 17, 30))

        assert Ticket.objects.get(pk=ticket.pk).severity.level == 4

    def test_a_refused_one_is_noted_tells_the_supervisors_and_does_not_stop_the_rest(
        self, ana, bruno, elisa, suporte, system
    ):
        rui = make_user(name="Rui Rocha", email="rui@lume.example", roles=[Role.AGENT])
        escalate(elisa, percent=50, remedy="reassign", to_person=rui)
        escalate(elisa, percent=50, remedy="raise")
        User.objects.filter(pk=rui.pk).update(is_active=False)
        ticket = opened(bruno, at(12, 9))

        run(system, at(12, 15, 1))

        assert Ticket.objects.get(pk=ticket.pk).severity.level == 1
        refused = ticket.timeline.get(kind="ticket.remedy_refused")
        assert (refused.is_internal, refused.details["told"]["supervisors"]) == (True, ticket.team_id)
        assert "Rui Rocha" in refused.details["why"]
        assert DueRemedy.objects.get(outcome="refused").note == refused.details["why"]

    def test_is_not_needed_when_the_promise_was_kept_meanwhile(self, ana, bruno, elisa, suporte, system):
        escalate(elisa, percent=50, metric="first_response", remedy="raise")
        ticket = opened(bruno, at(12, 9))

        conversation.comment(ticket, by=ana, at=at(12, 10, 45), body="Estamos vendo.")
        run(system, at(12, 11))

        assert Ticket.objects.get(pk=ticket.pk).severity.level == 2
        assert DueRemedy.objects.get().outcome == "not_needed"

    def test_customers_read_nothing_of_clocks_between_teams(self, bruno, elisa, system):
        escalate(elisa, percent=50, metric="team", remedy="raise")
        ticket = opened(bruno, at(12, 9))
        Clock.objects.filter(ticket=ticket, metric="first_response").update(metric="team", team=ticket.team_id)

        run(system, at(12, 10, 45))

        public = Activity.objects.filter(ticket=ticket).visible_to(bruno)
        assert [row.details["reason"] for row in public if row.kind == "ticket.fields_changed"] == [
            "acompanhamento da equipe"
        ]
        assert not public.filter(kind__startswith="ticket.deadline").exists()


class TestFailures:
    def test_one_that_fails_does_not_hold_up_the_others(self, bruno, system, monkeypatch, caplog):
        monkeypatch.setattr(waking, "BATCH", 1)
        bad, good = opened(bruno, at(12, 9)), opened(bruno, at(12, 9))
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION pg_temp.no() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF NEW.ticket_id = {bad.pk} THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$"
            )
            cursor.execute("CREATE TRIGGER no BEFORE UPDATE ON sla_clock FOR EACH ROW EXECUTE FUNCTION pg_temp.no()")

        run(system, at(12, 13))

        assert (lines(bad), len(lines(good))) == ([], 2)
        assert f"ticket {bad.pk} cannot be woken" in caplog.text


@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    @pytest.fixture
    def late(self, acme) -> Ticket:
        load_shipped()
        requester = make_membership(organization=acme).user
        return make_ticket(requester=requester, at=at(12, 9), severity=severity(2))

    def escalate_at_a_quarter(self, elisa: User) -> None:
        escalate(elisa, percent=25, remedy="raise")
        marking.mark_again(added=[25], at=at(12, 9))

    def test_record_it_once(self, late, system):
        """The second one comes while the first holds the ticket, having seen the same clock to wake."""

        def second() -> None:
            try:
                run(system, at(12, 13))
            finally:
                connection.close()

        thread = threading.Thread(target=second)
        with transaction.atomic():
            waking.wake(late.pk, by=system, at=at(12, 13))
            thread.start()
            wait_for_a_lock()
        thread.join()

        assert [line[3] for line in lines(late)] == [75, 100]

    def test_do_what_is_to_be_done_once(self, late, elisa, system):
        self.escalate_at_a_quarter(elisa)
        Ticket.objects.filter(pk=late.pk).update(severity=severity(4))
        with transaction.atomic():
            waking.wake(late.pk, by=system, at=at(12, 13))
        due = DueRemedy.objects.get()

        def second() -> None:
            try:
                run(system, at(12, 13))
            finally:
                connection.close()

        thread = threading.Thread(target=second)
        with transaction.atomic():
            remedying.take(due.pk, by=system, at=at(12, 13))
            thread.start()
            wait_for_a_lock()
        thread.join()

        assert late.timeline.filter(kind="ticket.fields_changed").count() == 1
        assert Ticket.objects.get(pk=late.pk).severity.level == 3

    def test_one_that_dies_between_leaves_the_rest_to_the_next(self, late, elisa, system):
        self.escalate_at_a_quarter(elisa)
        with transaction.atomic():
            waking.wake(late.pk, by=system, at=at(12, 13))
            transaction.set_rollback(True)  # killed before it was committed
        assert lines(late) == []

        with transaction.atomic():
            waking.wake(late.pk, by=system, at=at(12, 13))  # and here right after
        run(system, at(12, 13, 1))

        assert [line[3] for line in lines(late) if line[2] == "first_response"] == [75, 100]
        assert DueRemedy.objects.get().outcome == "done"
