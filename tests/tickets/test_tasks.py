"""What silence does, whenever the job comes round to it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from guiche.tickets import tasks
from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import Ticket
from tests.factories.tickets import make_ticket


@pytest.fixture
def silent(ana, bruno, suporte, system):
    """Tickets that have waited for their customer since five weeks ago."""

    def make(count=1):
        asked = timezone.now() - timedelta(days=35)
        made = []
        for _ in range(count):
            ticket = make_ticket(requester=bruno, status=suporte.working, at=asked)
            made.append(moving.take(ticket, suporte.ask, by=ana, at=asked, given={"comment": "Qual a versão?"}))
        return made

    return make


def _together(work):
    """Let three workers do `work` at the same moment; return what they raised."""
    barrier, failed = threading.Barrier(3), []

    def do():
        try:
            barrier.wait()
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


class TestFollowSilence:
    def test_case_226_a_tick_that_was_skipped_is_made_up_for_with_the_true_time(self, silent):
        ticket = silent()[0]

        tasks.follow_silence(timestamp=0)
        tasks.follow_silence(timestamp=0)

        ended = Ticket.objects.get(pk=ticket.pk)
        assert ended.ended_at == ticket.closes_at
        assert ended.timeline.filter(kind="ticket.done").count() == 1

    def test_a_warning_that_came_too_late_is_not_given(self, silent):
        ticket = silent()[0]

        tasks.follow_silence(timestamp=0)

        assert not ticket.timeline.filter(kind="ticket.closing_soon").exists()

    def test_warns_before_it_closes(self, ana, bruno, suporte, system):
        now = timezone.now()
        ticket = make_ticket(requester=bruno, status=suporte.working, at=now - timedelta(days=20))
        ticket = moving.take(ticket, suporte.ask, by=ana, at=now - timedelta(days=20), given={"comment": "Versão?"})
        Ticket.objects.filter(pk=ticket.pk).update(warns_at=now - timedelta(hours=1), closes_at=now + timedelta(days=2))

        tasks.follow_silence(timestamp=0)

        ticket.refresh_from_db()
        assert ticket.is_open
        assert ticket.timeline.filter(kind="ticket.closing_soon").count() == 1

    def test_leaves_alone_what_was_answered(self, silent, bruno):
        ticket = silent()[0]
        conversation.comment(ticket, by=bruno, at=timezone.now(), body="5.2")

        tasks.follow_silence(timestamp=0)

        assert Ticket.objects.get(pk=ticket.pk).is_open


@pytest.mark.django_db(transaction=True)
def test_three_workers_remind_of_each_closing_once(ana, bruno, suporte, system):
    asked, tickets = timezone.now() - timedelta(days=3), []
    for _ in range(6):
        ticket = make_ticket(requester=bruno, status=suporte.working, at=asked)
        tickets.append(moving.take(ticket, suporte.ask, by=ana, at=asked, given={"comment": "Qual a versão?"}))
    Ticket.objects.update(warns_at=timezone.now() - timedelta(minutes=1))

    assert not _together(lambda: tasks.follow_silence(timestamp=0))

    for ticket in tickets:
        ticket.refresh_from_db()
        assert ticket.timeline.filter(kind="ticket.closing_soon").count() == 1
        assert timezone.now() < ticket.warns_at < ticket.closes_at  # the next reminder


@pytest.mark.django_db(transaction=True)
def test_case_227_three_workers_close_each_ticket_once(silent):
    tickets = silent(12)

    assert not _together(lambda: tasks.follow_silence(timestamp=0))

    for ticket in tickets:
        assert ticket.timeline.filter(kind="ticket.done").count() == 1
