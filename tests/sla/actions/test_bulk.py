"""Another promise for many tickets: what a pass writes, what it leaves, and what a preview says before."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from guiche.accounts.models import User
from guiche.audit.models import Entry
from guiche.calendars.actions import versions
from guiche.calendars.models import Calendar
from guiche.calendars.plan import OwnDay, Plan
from guiche.core.errors import NotAllowed
from guiche.sla import effects, examination, open_clocks, rules
from guiche.sla.actions import bulk
from guiche.sla.models import Assignment, Clock, Interval, Retargeting
from guiche.tickets.actions import moving
from guiche.tickets.models import Ticket
from tests.factories.calendars import make_plan, week
from tests.factories.promises import assign, make_policy, make_version
from tests.sla.actions.test_keeping import at, clock, opened


def run_all(by: User, moment: datetime) -> None:
    for asked in Retargeting.objects.to_do(moment):
        bulk.run(asked, at=moment, by=by)


@pytest.fixture
def tickets(ana: User, bruno: User, suporte) -> list[Ticket]:
    """Open ones of every kind: running, waiting for the customer, answered, awaiting validation; and one that ended."""
    found = [opened(bruno, at(12, 9, n), level=1 + n % 4) for n in range(8)]
    for ticket in found[2:]:
        moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 30))
    for ticket in found[3:5]:
        moving.take(ticket, suporte.ask, by=ana, at=at(12, 11), given={"comment": "Qual servidor?"})
    for ticket in found[5:7]:
        moving.take(ticket, suporte.offer, by=ana, at=at(12, 15), given={"solution": "Reinicie."})
    moving.take(found[6], suporte.approve, by=bruno, at=at(12, 16))
    moving.take(found[5], suporte.reject, by=bruno, at=at(12, 17), given={"comment": "Continua."})
    return found


def differences(moment: datetime) -> list[examination.Difference]:
    return list(examination.differences(at=moment))


class TestCalendar:
    LONGER = make_plan(weekly=week((8, 20), days=6))  # Saturdays too; that of the 15th is a holiday

    def publish(self, plan: Plan, elisa: User, moment: datetime, **said: object) -> None:
        calendar = Calendar.objects.default()
        versions.save_draft(calendar, plan, by=elisa, at=moment)
        versions.publish(calendar, by=elisa, at=moment, **said)

    def test_nothing_differs_before(self, tickets):
        assert not differences(at(12, 18))

    def test_the_rest_runs_under_the_new_version(self, tickets, elisa, system):
        self.publish(self.LONGER, elisa, at(13, 10))
        assert differences(at(13, 10))  # it is a change that matters

        run_all(system, at(13, 10))

        assert not differences(at(13, 10))
        assert clock(tickets[2]).due_at == at(17, 15, 2)  # severity 3, 40 h: 10h58 of them before

    def test_what_was_counted_stays_as_it_was(self, tickets, elisa, system):
        before = list(Interval.objects.order_by("pk").values())

        self.publish(self.LONGER, elisa, at(13, 10))
        run_all(system, at(13, 10))

        assert list(Interval.objects.order_by("pk").values()) == before

    def test_stopped_clocks_are_left(self, tickets, elisa, system):
        before = list(Clock.objects.filter(motion="stopped").order_by("pk").values())

        self.publish(self.LONGER, elisa, at(13, 10))
        run_all(system, at(13, 10))

        assert list(Clock.objects.filter(motion="stopped").order_by("pk").values()) == before

    def test_a_version_of_a_later_day_counts_from_then_on(self, tickets, elisa, system):
        nights = make_plan(weekly=week((8, 22)))

        self.publish(nights, elisa, at(13, 10), effective_from=at(14, 8))
        run_all(system, at(13, 10))

        # 8h58 on the 12th, 10 h on the 13th, 14 h on the 14th, and 7h02 of the 17th make 40 h.
        assert clock(tickets[2]).due_at == at(17, 15, 2)
        assert not differences(at(13, 10))

    def test_silence_is_counted_in_it_too(self, tickets, elisa, system):
        assert Ticket.objects.get(pk=tickets[3].pk).closes_at == at(27, 11)  # the 20th is a holiday

        self.publish(self.LONGER, elisa, at(13, 10))
        run_all(system, at(13, 10))

        assert Ticket.objects.get(pk=tickets[3].pk).closes_at == at(26, 11)

    def test_a_correction_of_the_past_counts_again_since_then(self, tickets, elisa, system):
        """The 12th, in the afternoon, was a holiday that nobody had entered."""
        holiday = make_plan(own=(OwnDay("Aniversário da cidade", date(2025, 11, 12), closes=13 * 3600),))

        self.publish(holiday, elisa, at(13, 10), effective_from=at(12, 0), corrects_past=True)
        run_all(system, at(13, 10))

        assert not differences(at(13, 10))
        rejected = clock(tickets[5])
        counted = rejected.intervals.counted().order_by("start")[0]
        assert (counted.counted_before, counted.counted_seconds) == ((5 * 60 + 55) * 60, (3 * 60 + 55) * 60)
        assert counted.recounted_at == at(13, 10)
        assert rejected.due_at == at(13, 16, 5)

    def test_what_runs_is_counted_again_too_and_says_so(self, tickets, elisa, system):
        """The first hour of the 13th was free: the clocks that ran through it end a stretch when that is published."""
        holiday = make_plan(own=(OwnDay("Aniversário da cidade", date(2025, 11, 13), opens=9 * 3600),))
        before = clock(tickets[2])

        self.publish(holiday, elisa, at(13, 10), effective_from=at(13, 0), corrects_past=True)
        run_all(system, at(13, 10, 5))
        run_all(system, at(13, 10, 6))

        assert not differences(at(13, 11))
        after, ended = clock(tickets[2]), clock(tickets[2]).intervals.order_by("start").last()
        assert (ended.end, after.since) == (at(13, 10), at(13, 10))
        assert (ended.counted_before, ended.counted_seconds) == (2 * 3600, 3600)
        assert after.due_at == before.due_at + timedelta(hours=1)
        assert after.elapsed_seconds == sum(one.counted_seconds for one in after.intervals.all())

    def test_clocks_that_a_correction_does_not_touch_keep_their_stretch(self, tickets, elisa, system):
        night = make_plan(own=(OwnDay("Madrugada", date(2025, 11, 13), opens=5 * 3600),))

        self.publish(night, elisa, at(13, 10), effective_from=at(13, 0), corrects_past=True)
        run_all(system, at(13, 10, 5))

        assert clock(tickets[2]).since == at(12, 9, 2)
        assert not Interval.objects.exclude(recounted_at=None).exists()

    def test_says_how_far_it_is(self, tickets, elisa, system):
        columns = ("ticket", "metric", "due_at")
        before = set(Clock.objects.values_list(*columns))
        self.publish(self.LONGER, elisa, at(13, 10))
        run_all(system, at(13, 10))

        asked = Retargeting.objects.get()
        assert (asked.state, asked.total_count, asked.done_count) == ("done", 7, 7)
        moved = before - set(Clock.objects.values_list(*columns))
        assert asked.changed_count == len({ticket for ticket, _metric, _due in moved}) > 0

    def test_cannot_be_left_halfway(self, tickets, elisa, system):
        """The calendar counts already: what is due has to follow from it."""
        self.publish(self.LONGER, elisa, at(13, 10))

        with pytest.raises(bulk.MustEnd):
            bulk.cancel(Retargeting.objects.get(), by=elisa, at=at(13, 10))
        run_all(system, at(13, 10))

        assert not differences(at(13, 10))

    def test_goes_on_where_a_worker_was_killed(self, tickets, elisa, system, monkeypatch):
        monkeypatch.setattr(open_clocks, "RANGE", 1)
        self.publish(self.LONGER, elisa, at(13, 10))
        asked = Retargeting.objects.get()
        bulk._began(asked, at(13, 10))
        for _ in range(3):
            bulk._next_range(asked.pk, open_clocks.last_ticket(), at(13, 10), system)

        run_all(system, at(13, 10))

        asked.refresh_from_db()
        assert (asked.state, asked.done_count) == ("done", 7)
        assert not differences(at(13, 10))


class TestPreview:
    def test_says_what_would_change_and_writes_nothing(self, tickets, elisa, system):
        calendar = Calendar.objects.default()
        draft = versions.save_draft(calendar, TestCalendar.LONGER, by=elisa, at=at(13, 10))
        before = list(Clock.objects.order_by("pk").values())

        found = effects.of(rules.with_calendar(rules.current(), draft, at(13, 10)), at=at(13, 10))

        assert (found.open_count, found.changed, found.overdue) == (7, found.sooner, 0)
        assert found.changed
        assert list(Clock.objects.order_by("pk").values()) == before

    def test_tells_paused_ones_apart_and_names_them_last(self, tickets, elisa):
        policy = Assignment.objects.default().get().policy
        draft = make_version(policy, {(level, "solution"): 3 for level in (1, 2, 3, 4)}, effective_from=None)

        found = effects.of(
            rules.with_version(rules.current(), draft, at(12, 18)), at=at(12, 18), chooses=True, replaced=policy.pk
        )

        assert found.paused
        assert found.changed == found.sooner + found.later + found.paused + found.overdue
        assert [row.is_paused for row in found.rows] == sorted(row.is_paused for row in found.rows)
        assert found.later == sum(
            not row.is_overdue and bool(row.due_at) and (not row.new_due_at or row.new_due_at >= row.due_at)
            for row in found.rows
        )

    def test_of_a_correction_is_what_the_pass_then_does(self, tickets, elisa, system):
        calendar, moment, day = Calendar.objects.default(), at(13, 10), at(13, 0)
        holiday = make_plan(own=(OwnDay("Aniversário da cidade", date(2025, 11, 13), opens=9 * 3600),))
        draft = versions.save_draft(calendar, holiday, by=elisa, at=moment)

        foreseen = effects.of(rules.with_calendar(rules.current(), draft, day), at=moment, since=day)
        versions.publish(calendar, by=elisa, at=moment, effective_from=day, corrects_past=True)
        run_all(system, moment)

        assert foreseen.changed == Retargeting.objects.get().changed_count > 0
        dues = {row.ticket: row.new_due_at for row in foreseen.rows if row.new_due_at}
        assert all(clock_dues(pk, due_at) for pk, due_at in dues.items())

    def test_of_a_policy_is_what_the_pass_then_does(self, tickets, elisa, system):
        policy = Assignment.objects.default().get().policy
        targets = {(level, "first_response"): 1 for level in (1, 2, 3, 4)} | {(n, "solution"): 6 for n in (1, 2, 3, 4)}
        draft = make_version(policy, targets, effective_from=None)
        moment = at(13, 10)

        foreseen = effects.of(
            rules.with_version(rules.current(), draft, moment), at=moment, chooses=True, replaced=policy.pk
        )
        dues = dict(Ticket.objects.values_list("pk", "next_due_at"))
        overdue = overdue_at(moment)
        draft.effective_from = draft.published_at = moment
        draft.save()
        bulk.begin(by=elisa, at=moment, policy_version=draft)
        run_all(system, moment)

        assert not differences(moment)
        changed = {pk for pk, due_at in Ticket.objects.values_list("pk", "next_due_at") if dues[pk] != due_at}
        assert changed <= {row.ticket for row in foreseen.rows}
        assert {row.ticket for row in foreseen.rows if row.is_overdue} == overdue_at(moment) - overdue
        assert foreseen.overdue > 0
        nexts = {row.ticket: row.new_due_at for row in foreseen.rows if row.new_due_at and not row.is_overdue}
        assert all(clock_dues(pk, nexts[pk]) for pk in nexts)


def overdue_at(moment: datetime) -> set[int]:
    return set(Clock.objects.open().overdue(moment).values_list("ticket", flat=True))


def clock_dues(ticket: int, due_at: datetime) -> bool:
    return Clock.objects.filter(ticket=ticket, due_at=due_at).exists()


class TestInterrupting:
    def test_leaves_the_rest_as_it_was(self, tickets, elisa, system):
        asked = bulk.begin(by=elisa, at=at(13, 10))

        bulk.cancel(asked, by=elisa, at=at(13, 10))
        run_all(system, at(13, 10))

        assert Retargeting.objects.get().done_count == 0
        with pytest.raises(bulk.RetargetingEnded):
            bulk.cancel(asked, by=elisa, at=at(13, 11))

    def test_is_for_administrators_alone_and_on_record(self, tickets, ana, elisa):
        policy = Assignment.objects.default().get().policy
        version = make_version(policy, {(1, "solution"): 4}, effective_from=at(13, 9))
        asked = bulk.begin(by=elisa, at=at(13, 10), policy_version=version)

        with pytest.raises(NotAllowed):
            bulk.cancel(asked, by=ana, at=at(13, 10))
        assert Retargeting.objects.get().state == Retargeting.State.WAITING

        bulk.cancel(asked, by=elisa, at=at(13, 10))

        entry = Entry.objects.get(act="deadlines.interrupted")
        assert (entry.actor, entry.subject_kind, entry.subject_id) == (elisa, "sla.policy", str(policy.pk))
        assert entry.details == {"name": policy.name, "version": 2}


class TestAssignments:
    def test_what_levels_have_is_chosen_anew(self, tickets, elisa, system, acme):
        gold = make_policy({(level, "solution"): 2 for level in (1, 2, 3, 4)})
        assign(gold, organization=acme)

        bulk.begin(by=elisa, at=at(13, 10))
        run_all(system, at(13, 10))

        assert clock(tickets[0]).target_seconds == 2 * 3600
        assert not differences(at(13, 10))

    def test_a_ticket_that_was_promised_nothing_is_promised_something(self, tickets, elisa, system):
        Clock.objects.filter(ticket=tickets[0]).delete()  # as those that were opened before there were deadlines

        bulk.begin(by=elisa, at=at(13, 10))
        run_all(system, at(13, 10))

        assert (clock(tickets[0]).since, clock(tickets[0]).due_at) == (at(13, 10), at(13, 14))
        assert not differences(at(13, 10))

    def test_one_that_has_its_day_later_waits(self, tickets, elisa, system, acme):
        assign(make_policy({(level, "solution"): 2 for level in (1, 2, 3, 4)}), organization=acme)

        bulk.begin(by=elisa, at=at(13, 10), starts_at=at(14, 10))
        run_all(system, at(13, 10))

        assert clock(tickets[0]).target_seconds != 2 * 3600
