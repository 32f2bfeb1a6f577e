"""From an event to the bells and the mailboxes: once, whatever fails."""

import json
import threading
from typing import Any

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from guiche.accounts.models import User
from guiche.core.events import CHANNEL
from guiche.mail.models import OutgoingMail
from guiche.notifications import actions, bell, recipients, tasks
from guiche.notifications.groups import Channels, Group
from guiche.notifications.models import BellItem, Preference
from guiche.tickets.actions import conversation
from guiche.tickets.models import Activity, Ticket
from tests.factories.tickets import NOON, make_ticket

TASK = "guiche.notifications.tasks.tell"


def jobs() -> list[int]:
    return [row.args["activity_id"] for row in ProcrastinateJob.objects.filter(task_name=TASK).order_by("id")]


@pytest.mark.django_db
class TestTellLater:
    def test_writes_one_job_for_an_event(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)

        conversation.comment(ticket, by=ana, at=NOON, body="Estamos vendo.")

        assert jobs() == list(ticket.timeline.order_by("id").values_list("pk", flat=True))

    def test_every_event_that_is_told_has_its_job(self, life: list[Activity]) -> None:
        told = [activity.pk for activity in life if activity.kind in recipients.TOLD]

        assert set(told) <= set(jobs()) | {row.pk for row in life if row.kind == "ticket.closing_soon"}
        assert len(jobs()) == len(set(jobs()))

    def test_224_no_job_without_its_event(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        before = jobs()

        with transaction.atomic():
            conversation.comment(ticket, by=ana, at=NOON, body="Estamos vendo.")
            transaction.set_rollback(True)

        assert jobs() == before

    def test_costs_the_action_one_query(self, ana: User, bruno: User, django_assert_num_queries: object) -> None:
        activity = make_ticket(requester=bruno).timeline.get()

        with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture is a function
            tasks.tell.defer(activity_id=activity.pk)


@pytest.mark.django_db
class TestTell:
    def test_rings_and_writes(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        conversation.comment(ticket, by=ana, at=NOON, body="Estamos vendo.")

        for activity_id in jobs():
            tasks.tell(activity_id=activity_id)

        item = BellItem.objects.get(user=bruno)
        assert (item.kind, item.ticket, item.at, item.read_at) == ("ticket.commented", ticket, NOON, None)
        letters = OutgoingMail.objects.order_by("pk").values_list("recipient", "subject")
        assert {recipient for recipient, _subject in letters} == {"bruno@acme.example"}
        assert len(letters) == 2  # of the opening, and of the answer

    def test_run_again_it_changes_nothing(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        conversation.comment(ticket, by=ana, at=NOON, body="Estamos vendo.")

        for activity_id in jobs() * 3:
            tasks.tell(activity_id=activity_id)

        assert BellItem.objects.filter(user=bruno).count() == 1
        assert OutgoingMail.objects.count() == 2

    def test_a_read_line_stays_read_when_it_runs_again(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        conversation.comment(ticket, by=ana, at=NOON, body="Estamos vendo.")
        tasks.tell(activity_id=jobs()[-1])
        bell.mark_all_read(bruno, at=NOON)

        tasks.tell(activity_id=jobs()[-1])

        assert bell.unread_count(bruno) == 0

    def test_all_or_nothing(self, ana: User, bruno: User, monkeypatch: pytest.MonkeyPatch) -> None:
        ticket = make_ticket(requester=bruno, copies=["nina@fora.example"])
        conversation.comment(ticket, by=ana, at=NOON, body="Estamos vendo.")
        OutgoingMail.objects.all().delete()
        monkeypatch.setattr("guiche.notifications.letters.compose", _failing_for("nina@fora.example"))

        with pytest.raises(RuntimeError):
            tasks.tell(activity_id=jobs()[-1])

        assert not OutgoingMail.objects.exists()
        assert not BellItem.objects.exists()


def _failing_for(address: str) -> object:
    from guiche.notifications import letters

    compose = letters.compose

    def compose_or_fail(activity: Activity, to: recipients.Recipient, *given: Any) -> letters.Letter:
        if to.address == address:
            raise RuntimeError
        return compose(activity, to, *given)

    return compose_or_fail


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestTwoWorkers:
    """The same job in two workers at once; the twin drops the key and must see the damage."""

    def test_227_tell_once(self, ana: User, bruno: User) -> None:
        activity = self._event(ana, bruno)

        self._at_once(activity)

        assert BellItem.objects.filter(user=bruno, activity=activity).count() == 1
        assert OutgoingMail.objects.filter(event_key=f"ticket-event:{activity.pk}").count() == 1

    def test_227_without_the_key_they_tell_twice(self, ana: User, bruno: User) -> None:
        activity = self._event(ana, bruno)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE notifications_bellitem DROP CONSTRAINT bell_item_once")
        try:
            self._at_once(activity)

            assert BellItem.objects.filter(user=bruno, activity=activity).count() == 2
        finally:
            BellItem.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute(
                    "ALTER TABLE notifications_bellitem ADD CONSTRAINT bell_item_once UNIQUE (user_id, activity_id)"
                )

    def _event(self, ana: User, bruno: User) -> Activity:
        ticket = make_ticket(requester=bruno)
        conversation.comment(ticket, by=ana, at=NOON, body="Estamos vendo.")
        activity = ticket.timeline.order_by("id").last()
        assert activity
        return activity

    def _at_once(self, activity: Activity) -> None:
        start = threading.Barrier(2)
        failures: list[BaseException] = []

        def work() -> None:
            try:
                row = Activity.objects.get(pk=activity.pk)
                start.wait()
                actions.tell(row, at=NOON)
            except BaseException as error:
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _worker in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_bell_is_announced_by_ids_alone(ana: User, bruno: User) -> None:
    ticket = make_ticket(requester=bruno)
    conversation.comment(ticket, by=ana, at=NOON, body="Segredo")
    activity = ticket.timeline.order_by("id").last()
    assert activity
    connection.ensure_connection()
    listening = connection.connection
    listening.execute(f"LISTEN {CHANNEL}")

    actions.tell(activity, at=NOON)

    [heard] = [json.loads(notice.payload) for notice in listening.notifies(timeout=2, stop_after=1)]
    listening.execute("UNLISTEN *")
    assert heard == {"kind": "bell", "people": [bruno.pk]}


@pytest.mark.django_db
class TestBell:
    def ring(self, ticket: Ticket, by: User) -> None:
        conversation.comment(ticket, by=by, at=NOON, body="Olá.")
        activity = ticket.timeline.order_by("id").last()
        assert activity
        actions.tell(activity, at=NOON)

    def test_counts_in_one_query(self, ana: User, bruno: User, django_assert_num_queries: object) -> None:
        self.ring(make_ticket(requester=bruno), ana)

        with django_assert_num_queries(1):  # type: ignore[operator]
            assert bell.unread_count(bruno) == 1

    def test_counts_no_further_than_a_hundred(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        rows = [
            BellItem(user=bruno, kind="ticket.commented", ticket=ticket, part="requester", at=NOON)
            for _line in range(120)
        ]
        BellItem.objects.bulk_create(rows)

        assert bell.unread_count(bruno) == 100

    def test_opening_a_ticket_reads_its_lines_alone(self, ana: User, bruno: User) -> None:
        first, second = make_ticket(requester=bruno), make_ticket(requester=bruno)
        for ticket in (first, first, second):
            self.ring(ticket, ana)

        bell.mark_ticket_read(bruno, first, at=NOON)

        assert [item.ticket for item in BellItem.objects.of(bruno).unread()] == [second]

    def test_reading_ones_own_reads_nobody_elses(self, ana: User, bruno: User, caio: User, beatriz: User) -> None:
        ticket = make_ticket(requester=caio, by=beatriz, copies=["bruno@acme.example"])
        self.ring(ticket, ana)

        bell.mark_all_read(bruno, at=NOON)

        assert bell.unread_count(caio) == 1

    def test_52_a_lost_right_takes_its_lines_along(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        self.ring(ticket, ana)

        bruno.memberships.update(is_active=False)

        assert bell.latest(bruno) == []
        bell.drop_out_of_sight(bruno, at=NOON)
        assert bell.unread_count(bruno) == 0

    def test_pages_follow_each_other(self, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        activity = ticket.timeline.get()
        rows = [
            BellItem(user=bruno, kind="ticket.commented", ticket=ticket, part="requester", at=NOON)
            for _line in range(60)
        ]
        BellItem.objects.bulk_create(rows)
        assert activity

        seen: list[int] = []
        before: int | None = None
        for _page in range(3):
            items, before = bell.page(bruno, before=before)
            seen += [item.pk for item in items]

        assert before is None
        assert seen == sorted(seen, reverse=True)
        assert len(set(seen)) == 60


@pytest.mark.django_db
class TestPrefer:
    def test_keeps_the_last_choice(self, bruno: User) -> None:
        for by_email in (False, True, False):
            actions.prefer({Group.REPLY: Channels(by_email=by_email, in_bell=True)}, by=bruno)

        assert actions.preferences_of(bruno)[Group.REPLY] == Channels(by_email=False, in_bell=True)
        assert Preference.objects.filter(user=bruno).count() == 1

    def test_keeps_nothing_that_is_not_offered(self, bruno: User) -> None:
        actions.prefer({Group.NOTE: Channels(by_email=True, in_bell=True)}, by=bruno)

        assert not Preference.objects.exists()

    def test_keeps_no_channel_that_a_group_lacks(self, ana: User) -> None:
        actions.prefer({Group.TEAM: Channels(by_email=True, in_bell=True)}, by=ana)

        assert actions.preferences_of(ana)[Group.TEAM] == Channels(by_email=False, in_bell=True)
