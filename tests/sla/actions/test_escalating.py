"""What administrators do with warnings of deadlines, and what follows for the clocks that run."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from guiche.accounts.roles import Role
from guiche.audit.models import Entry
from guiche.core.errors import NotAllowed
from guiche.sla import rules
from guiche.sla.actions import escalating, marking, waking
from guiche.sla.actions.escalating import EscalationRefused, Said
from guiche.sla.metrics import Metric
from guiche.sla.models import Clock, Escalation
from guiche.tickets.models import Activity
from tests.factories.accounts import make_user
from tests.factories.catalog import load_shipped
from tests.sla.actions.test_keeping import at, clock, opened

pytestmark = pytest.mark.django_db


def jobs() -> list[list[int]]:
    rows = ProcrastinateJob.objects.filter(task_name="guiche.sla.tasks.mark_again").order_by("id")
    return [row.args["added"] for row in rows]


def ours() -> list[tuple[str, int]]:
    return list(Escalation.objects.order_by("percent", "metric").values_list("metric", "percent"))


class TestShipped:
    def test_warns_whoever_is_responsible_and_of_the_end_the_supervisors(self):
        load_shipped()

        assert ours() == [("first_response", 75), ("solution", 75), ("", 100)]
        assert set(Escalation.objects.values_list("tells_assignee", flat=True)) == {True}
        assert list(Escalation.objects.filter(tells_supervisors=True).values_list("percent", flat=True)) == [100]

    def test_gives_its_percents_to_the_rules(self):
        load_shipped()

        assert rules.current().marks == [75, 100]


class TestCreate:
    def test_is_in_the_rules_at_once(self, elisa, ana):
        made = escalating.create(Said(percent=50, people=[ana], email=" Plantao@Lume.example "), by=elisa, at=at(1, 8))

        [rule] = [one for one in rules.current().escalations if one.id == made.pk]
        assert (rule.percent, list(rule.people), rule.address) == (50, [ana.pk], "plantao@lume.example")
        assert rules.current().marks == [50, 75, 100]

    def test_naming_another_person_is_in_the_rules_too(self, elisa, ana):
        made = escalating.create(Said(percent=50, people=[ana]), by=elisa, at=at(1, 8))
        rules.current()

        made.people.add(elisa)

        [rule] = [one for one in rules.current().escalations if one.id == made.pk]
        assert sorted(rule.people) == sorted([ana.pk, elisa.pk])

    def test_is_in_the_audit_trail_in_words(self, elisa):
        escalating.create(Said(percent=50, tells_team=True, remedy="raise"), by=elisa, at=at(1, 8))

        entry = Entry.objects.latest("id")
        assert (entry.act, entry.actor) == ("escalation.created", elisa)
        assert (entry.details["percent"], entry.details["tells_team"]) == (50, True)

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("percent", {"percent": 0}),
            ("percent", {"percent": 101}),
            ("tells", {"tells_team": False}),
            ("metric", {"metric": "coffee"}),
            ("remedy", {"remedy": "coffee"}),
            ("to_person", {"remedy": "reassign"}),
            ("to_team", {"remedy": "transfer"}),
            ("email", {"email": "plantao"}),
            ("email", {"email": "bruno@acme.example"}),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, elisa, bruno, field, said):
        with pytest.raises(EscalationRefused) as refused:
            escalating.create(Said(**{"percent": 50, "tells_team": True, **said}), by=elisa, at=at(1, 8))

        assert set(refused.value.fields) == {field}

    def test_names_only_people_of_the_desk(self, elisa, bruno, davi):
        gone = make_user(name="Saiu", roles=[Role.AGENT], is_active=False)

        for person in (bruno, davi, gone):
            with pytest.raises(EscalationRefused) as refused:
                escalating.create(Said(percent=50, people=[person]), by=elisa, at=at(1, 8))
            assert set(refused.value.fields) == {"people"}

    def test_twice_the_same_is_refused(self, elisa):
        said = Said(percent=50, metric="solution", tells_team=True)
        escalating.create(said, by=elisa, at=at(1, 8))

        with pytest.raises(EscalationRefused) as refused:
            escalating.create(said, by=elisa, at=at(1, 8))

        assert set(refused.value.fields) == {"percent"}

    def test_is_for_administrators(self, ana):
        with pytest.raises(NotAllowed):
            escalating.create(Said(percent=50, tells_team=True), by=ana, at=at(1, 8))


class TestChange:
    def test_another_percent_counts_from_now_on(self, elisa):
        made = escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(1, 8))

        changed = escalating.change(made, Said(percent=60, tells_team=True), by=elisa, at=at(2, 8))

        assert (changed.percent, changed.since) == (60, at(2, 8))
        assert Entry.objects.latest("id").details["after"] == {"percent": 60}

    def test_other_people_are_no_new_beginning(self, elisa, ana):
        made = escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(1, 8))

        assert escalating.change(made, Said(percent=50, people=[ana]), by=elisa, at=at(2, 8)).since == at(1, 8)

    def test_what_is_done_no_more_has_no_aim(self, elisa, ana):
        made = escalating.create(Said(percent=50, remedy="reassign", to_person=ana), by=elisa, at=at(1, 8))

        changed = escalating.change(made, Said(percent=50, remedy="raise", to_person=ana), by=elisa, at=at(2, 8))

        assert (changed.remedy, changed.to_person) == ("raise", None)

    def test_switched_off_it_is_out_of_the_rules_and_back_it_counts_from_then(self, elisa):
        made = escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(1, 8))

        escalating.switch_off(made, by=elisa, at=at(2, 8))
        assert rules.current().marks == [75, 100]
        with pytest.raises(EscalationRefused):
            escalating.switch_off(made, by=elisa, at=at(2, 8))

        back = escalating.switch_on(made, by=elisa, at=at(3, 8))
        assert (rules.current().marks, back.since) == ([50, 75, 100], at(3, 8))

    def test_is_not_switched_on_beside_another_that_says_the_same(self, elisa):
        made = escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(1, 8))
        escalating.switch_off(made, by=elisa, at=at(2, 8))
        escalating.create(Said(percent=50, tells_supervisors=True), by=elisa, at=at(2, 8))

        with pytest.raises(EscalationRefused):
            escalating.switch_on(made, by=elisa, at=at(3, 8))


class TestClocks:
    def test_other_percents_ask_for_the_clocks_to_be_marked_again(self, elisa, ana):
        made = escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(1, 8))
        escalating.change(made, Said(percent=60, tells_team=True), by=elisa, at=at(1, 8))
        escalating.change(made, Said(percent=60, people=[ana]), by=elisa, at=at(1, 8))
        escalating.switch_off(made, by=elisa, at=at(1, 8))

        assert jobs() == [[50], [60], []]

    def test_a_running_clock_is_woken_at_the_new_percent(self, bruno, elisa):
        ticket = opened(bruno, at(12, 9))  # 3 h and 12 h
        escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(12, 10))

        marking.mark_again(added=[50], at=at(12, 10))

        assert clock(ticket, Metric.FIRST_RESPONSE).wakes_at == at(12, 10, 30)
        assert clock(ticket).wakes_at == at(12, 15)

    def test_of_what_is_past_already_nobody_is_told_late(self, bruno, elisa, system):
        ticket = opened(bruno, at(12, 9))
        escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(12, 10, 50))

        marking.mark_again(added=[50], at=at(12, 10, 50))
        waking.wake_due(by=system, at=at(12, 11))

        assert clock(ticket, Metric.FIRST_RESPONSE).wakes_at == at(12, 11, 15)
        assert not Activity.objects.filter(kind="ticket.deadline_warned").exists()

    def test_a_warning_that_the_job_has_not_given_yet_is_still_given(self, bruno, elisa, system):
        ticket = opened(bruno, at(12, 9))
        escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(12, 11, 20))

        marking.mark_again(added=[50], at=at(12, 11, 20))
        waking.wake_due(by=system, at=at(12, 11, 21))

        assert [row.details["percent"] for row in ticket.timeline.filter(kind="ticket.deadline_warned")] == [75]

    def test_a_percent_that_is_gone_wakes_nobody(self, bruno, elisa):
        ticket = opened(bruno, at(12, 9))
        for one in Escalation.objects.filter(percent=75):
            escalating.switch_off(one, by=elisa, at=at(12, 10))

        marking.mark_again(added=[], at=at(12, 10))

        assert clock(ticket, Metric.FIRST_RESPONSE).wakes_at == at(12, 12)

    def test_what_stands_or_ran_out_stays_as_it_is(self, ana, bruno, elisa, suporte, system):
        late = opened(bruno, at(12, 9))
        waking.wake_due(by=system, at=at(12, 12, 30))
        before = list(Clock.objects.filter(ticket=late, metric=Metric.FIRST_RESPONSE).values())
        escalating.create(Said(percent=50, tells_team=True), by=elisa, at=at(12, 13))

        marking.mark_again(added=[50], at=at(12, 13))

        assert list(Clock.objects.filter(ticket=late, metric=Metric.FIRST_RESPONSE).values()) == before

    def test_agrees_with_what_one_clock_would_be_reckoned_to(self, bruno, elisa, monkeypatch):
        monkeypatch.setattr("guiche.sla.open_clocks.RANGE", 2)
        for level in (1, 2, 3, 4):
            opened(bruno, at(12, 9), level=level)
        escalating.create(Said(percent=33, tells_team=True), by=elisa, at=at(12, 9))

        marking.mark_again(added=[33], at=at(12, 9))
        fresh = [opened(bruno, at(12, 9), level=level) for level in (1, 2, 3, 4)]

        known = {(one.metric, one.target_seconds): one.wakes_at for one in Clock.objects.filter(ticket__in=fresh)}
        marked = Clock.objects.exclude(ticket__in=fresh)
        assert {(one.metric, one.target_seconds): one.wakes_at for one in marked} == known
