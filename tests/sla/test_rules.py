"""The snapshot of the rules: it is never another one than what is stored, and it holds still while it is used."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from guiche.accounts.models import User
from guiche.calendars.actions import versions
from guiche.calendars.models import Calendar
from guiche.sla import examination, rules
from guiche.sla.actions import bulk
from guiche.sla.models import Assignment, Policy, Retargeting
from guiche.tickets.models import Ticket
from tests.factories.calendars import make_plan, week
from tests.factories.catalog import load_shipped, severity
from tests.factories.promises import assign, make_policy
from tests.factories.tickets import make_ticket
from tests.sla.actions.test_keeping import at


@pytest.mark.django_db
class TestStamp:
    def test_is_another_after_every_change(self, acme):
        seen = {rules.current().stamp}

        for change in (
            lambda: make_policy({(1, "solution"): 4}),
            lambda: assign(Policy.objects.latest("pk"), organization=acme),
            lambda: Assignment.objects.filter(organization=acme).delete(),
            lambda: Calendar.objects.update(name="Outro nome"),
        ):
            change()
            assert rules.current().stamp not in seen
            seen.add(rules.current().stamp)

    def test_what_was_undone_is_never_taken_for_the_present(self, acme):
        before = rules.current()
        try:
            with transaction.atomic():
                assign(make_policy({(1, "solution"): 4}), organization=acme)
                assert rules.current().book.levels != before.book.levels
                raise InterruptedError
        except InterruptedError:
            pass

        assert rules.current() is before


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestHeld:
    """A ticket is being opened while the calendar is published: no deadline is left behind under the old one."""

    def test_who_changes_them_waits_for_who_uses_them(self, bruno: User, elisa: User, system: User) -> None:
        load_shipped()
        opened, may_commit = threading.Event(), threading.Event()

        def open_slowly() -> None:
            with transaction.atomic():
                make_ticket(requester=bruno, at=at(12, 9), severity=severity(4))
                opened.set()
                may_commit.wait(10)
            connection.close()

        def publish_and_pass() -> None:
            opened.wait(10)
            calendar, moment = Calendar.objects.default(), at(12, 10)
            versions.save_draft(calendar, make_plan(weekly=week((8, 12))), by=elisa, at=moment)
            versions.publish(calendar, by=elisa, at=moment)
            for asked in Retargeting.objects.to_do(moment):
                bulk.run(asked, at=moment, by=system)
            connection.close()

        threads = [threading.Thread(target=act) for act in (open_slowly, publish_and_pass)]
        for thread in threads:
            thread.start()
        opened.wait(10)
        threads[1].join(1.0)
        assert threads[1].is_alive()  # it waits
        may_commit.set()
        for thread in threads:
            thread.join(20)

        assert Ticket.objects.exclude(next_due_at=None).count() == 1
        assert not list(examination.differences(at=at(12, 10) + timedelta(hours=1)))
