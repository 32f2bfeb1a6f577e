"""Letters on their way: sent once, in order, never lost, never twice by themselves (cases 98, 223, 224, 226, 227)."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from asgiref.sync import sync_to_async
from django.core.mail import get_connection
from django.db import connection, connections, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from guiche.installation import models as installation
from guiche.mail import actions, letters, lifecycle, posting, smtp, tasks
from guiche.mail.models import OutgoingMail, RefusedAddress
from guiche.mail.sending import Postman
from guiche.mail.states import State
from tests.mail.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., OutgoingMail]


def carry(mail: OutgoingMail) -> OutgoingMail:
    with Postman() as postman:
        postman.carry(mail.pk)
    mail.refresh_from_db()
    return mail


def make_due() -> None:
    """Let the rest that the letters were given be over."""
    OutgoingMail.objects.waiting().update(next_attempt_at=timezone.now())


def run_jobs() -> None:
    """Let a real worker do all that is in the queue."""
    worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # Django's has it
    worker.run_worker(queues=["mail"], wait=False, install_signal_handlers=False, listen_notify=False)
    # What defers periodic jobs keeps a connection of Django in a thread of its own.
    asyncio.run(sync_to_async(connections.close_all)())


@pytest.fixture(autouse=True)
def fresh_start(transactional_db: None) -> None:
    installation.forget()
    with connection.cursor() as cursor:  # the tables of the job queue are not Django's to empty
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


class TestPost:
    def test_224_leaves_neither_letter_nor_job_when_the_action_fails(self, post: Make) -> None:
        with transaction.atomic():
            post()
            transaction.set_rollback(True)

        assert not OutgoingMail.objects.exists()
        assert not ProcrastinateJob.objects.exists()

    def test_224_twin_a_job_from_another_connection_outlives_the_letter(self, write: Make) -> None:
        def defer_elsewhere(mail_id: int) -> None:
            tasks.send.defer(mail_id=mail_id)
            connections.close_all()

        with transaction.atomic():
            mail = write()
            elsewhere = threading.Thread(target=defer_elsewhere, args=[mail.pk])
            elsewhere.start()
            elsewhere.join()
            transaction.set_rollback(True)

        assert not OutgoingMail.objects.exists()
        assert ProcrastinateJob.objects.count() == 1

    def test_224_writes_one_job_for_one_letter(self, post: Make) -> None:
        mail = post()
        post()

        assert [job.args for job in ProcrastinateJob.objects.all()] == [{"mail_id": mail.pk}]

    def test_a_worker_sends_what_was_posted_once(self, post: Make, sink: Sink) -> None:
        mail = post(thread="ticket-42", starts_thread=True)

        run_jobs()
        run_jobs()
        tasks.sweep(timestamp=0)

        (letter,) = sink.letters
        assert letter["Message-ID"] == mail.message_id
        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == (State.SENT, 1)
        assert mail.sent_at


class TestAnswersOfTheServer:
    def test_451_is_tried_again_later(self, write: Make, sink: Sink) -> None:
        sink.handler.script = ["451 busy"]
        mail = carry(write())
        assert mail.state == State.QUEUED
        assert "451 busy" in mail.error
        assert timedelta(seconds=50) < mail.next_attempt_at - timezone.now() <= timedelta(minutes=1)
        assert carry(mail).attempts == 1  # not before its time

        make_due()
        assert carry(mail).state == State.SENT
        assert len(sink.letters) == 1

    @pytest.mark.parametrize("answer", ["452 full", "451 greylisted data", "452 full data"])
    def test_other_temporary_answers_too(self, write: Make, sink: Sink, answer: str) -> None:
        sink.handler.script = [answer]

        assert carry(write()).state == State.QUEUED
        make_due()
        tasks.sweep(timestamp=0)

        assert len(sink.letters) == 1

    def test_550_fails_and_notes_the_address(self, write: Make, sink: Sink) -> None:
        sink.handler.script = ["550 no such person", "550 still no such person"]

        mail = carry(write())
        carry(write())

        assert (mail.state, mail.error) == (State.FAILED, "550 no such person")
        refused = RefusedAddress.objects.among(["Ana@hospital.example"]).get()
        assert (refused.count, refused.answer) == (2, "550 still no such person")
        assert OutgoingMail.objects.failed().earliest("pk") == mail

    def test_a_letter_that_gets_through_clears_the_address(self, write: Make, sink: Sink) -> None:
        sink.handler.script = ["550 no such person"]
        carry(write())

        carry(write())

        assert not RefusedAddress.objects.exists()

    def test_554_for_the_words_does_not_blame_the_address(self, write: Make, sink: Sink) -> None:
        sink.handler.script = ["554 spam data"]

        assert carry(write()).state == State.FAILED
        assert not RefusedAddress.objects.exists()

    @pytest.mark.parametrize("word", ["421 closing", "drop before dot"])
    def test_a_server_that_goes_away_before_the_end_did_not_take_it(self, write: Make, sink: Sink, word: str) -> None:
        sink.handler.script = [word]

        mail = carry(write(text="palavra " * 2_000_000))  # more than the line holds on its way

        assert mail.state == State.QUEUED
        make_due()
        OutgoingMail.objects.update(text="Olá")
        assert carry(mail).state == State.SENT
        assert len(sink.letters) == 1

    def test_a_server_that_goes_away_after_the_end_may_have_taken_it(self, write: Make, sink: Sink) -> None:
        sink.handler.script = ["drop after dot"]

        mail = carry(write())
        make_due()
        tasks.sweep(timestamp=0)

        mail.refresh_from_db()
        assert mail.state == State.UNKNOWN
        assert len(sink.letters) == 1

    def test_98_a_server_that_never_answers_blocks_nobody_for_long(
        self, write: Make, sink: Sink, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr(smtp, "COMMAND_SECONDS", 1.0)
        sink.handler.script = ["hang"]
        started = time.monotonic()

        mail = carry(write())

        assert mail.state == State.QUEUED
        assert time.monotonic() - started < 5

    def test_98_sends_nothing_in_the_clear_when_encryption_fails(self, write: Make, sink: Sink, settings: Any) -> None:
        settings.EMAIL_USE_TLS = True

        mail = carry(write())

        assert mail.state == State.QUEUED
        assert not sink.letters

    def test_gives_a_letter_up_after_three_days(self, write: Make, sink: Sink) -> None:
        mail = write(at=timezone.now() - timedelta(days=3, minutes=1))
        sink.handler.script = ["451 busy"]

        assert carry(mail).state == State.FAILED

    def test_a_letter_that_cannot_be_put_together_fails_and_holds_up_no_other(self, write: Make, sink: Sink) -> None:
        broken = write()
        OutgoingMail.objects.filter(pk=broken.pk).update(subject="a\nb")
        fine = write()

        tasks.sweep(timestamp=0)

        broken.refresh_from_db()
        fine.refresh_from_db()
        assert (broken.state, fine.state) == (State.FAILED, State.SENT)


class TestServerDown:
    """R8, in small."""

    def test_everything_leaves_in_order_once_it_is_back(self, write: Make, sink: Sink) -> None:
        sink.close()
        mails = [write(thread=f"ticket-{number % 5}", subject=f"{number}") for number in range(60)]
        for _minute in range(3):
            make_due()
            tasks.sweep(timestamp=0)
        assert OutgoingMail.objects.waiting().count() == 60

        sink.open()
        make_due()
        tasks.sweep(timestamp=0)

        assert sorted(sink.subjects, key=int) == [str(number) for number in range(60)]
        for thread in range(5):
            of_thread = [int(subject) for subject in sink.subjects if int(subject) % 5 == thread]
            assert of_thread == sorted(of_thread)
        assert all(mail.error == "" for mail in OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]))

    def test_is_asked_once_a_minute_not_once_for_each_letter(self, write: Make, sink: Sink) -> None:
        sink.close()
        for _number in range(20):
            write()

        tasks.sweep(timestamp=0)

        assert sum(OutgoingMail.objects.values_list("attempts", flat=True)) == 1
        assert not OutgoingMail.objects.due(at=timezone.now()).exists()
        assert OutgoingMail.objects.due(at=timezone.now() + timedelta(seconds=61)).count() == 20

    def test_people_can_be_told_that_mail_is_late(self, write: Make) -> None:
        mail = write(at=timezone.now() - timedelta(minutes=3))
        write()

        assert list(OutgoingMail.objects.late(at=timezone.now())) == [mail]

    def test_a_line_that_was_kept_open_and_broke_is_opened_again(self, write: Make, sink: Sink) -> None:
        first, second = write(), write()

        with Postman() as postman:
            postman.carry(first.pk)
            sink.close()
            sink.open()
            postman.carry(second.pk)

        assert len(sink.letters) == 2

    def test_many_letters_take_one_connection(self, write: Make, sink: Sink) -> None:
        for _number in range(10):
            write()

        tasks.sweep(timestamp=0)

        assert (len(sink.letters), sink.handler.sessions) == (10, 1)


class TestOrder:
    def test_a_later_letter_of_the_thread_waits_for_the_earlier(self, write: Make, sink: Sink) -> None:
        sink.handler.script = ["451 busy"]
        first, second = write(thread="ticket-42"), write(thread="ticket-42")
        other = write(thread="ticket-42", to="bruno@hospital.example")
        carry(first)

        assert carry(second).state == State.QUEUED
        assert carry(other).state == State.SENT
        make_due()
        with Postman() as postman:
            postman.carry_thread(first.pk)

        assert sink.subjects == [other.subject, first.subject, second.subject]

    @pytest.mark.parametrize("script", ["550 no", "drop after dot"])
    def test_does_not_wait_for_one_that_failed_or_is_unknown(self, write: Make, sink: Sink, script: str) -> None:
        sink.handler.script = [script]
        first, second = write(thread="ticket-42"), write(thread="ticket-42")
        carry(first)

        assert carry(second).state == State.SENT


class TestTwoWorkersAtOnce:
    """Abuse case 227."""

    def together(self, send: Callable[[int], None], mail_id: int) -> None:
        barrier = threading.Barrier(3)

        def work() -> None:
            try:
                barrier.wait()
                send(mail_id)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def test_227_send_it_once(self, write: Make, sink: Sink) -> None:
        sink.handler.before_answer = lambda: time.sleep(0.1)

        for _round in range(10):
            self.together(lambda mail_id: Postman().carry_thread(mail_id), write().pk)

        assert len(sink.letters) == 10
        assert OutgoingMail.objects.sent().count() == 10

    def test_227_twin_without_the_claim_they_send_it_twice(self, write: Make, sink: Sink) -> None:
        sink.handler.before_answer = lambda: time.sleep(0.1)

        def naive(mail_id: int) -> None:
            mail = OutgoingMail.objects.get(pk=mail_id)
            if mail.state == State.QUEUED:
                get_connection().send_messages([letters.build(mail)])
                OutgoingMail.objects.filter(pk=mail_id).update(state=State.SENT, sent_at=timezone.now())

        self.together(naive, write().pk)

        assert len(sink.letters) > 1

    def test_227_two_sweeps_send_each_once(self, write: Make, sink: Sink) -> None:
        for number in range(30):
            write(thread=f"ticket-{number % 3}")

        self.together(lambda _id: tasks.sweep(timestamp=0), 0)

        assert len(sink.letters) == len(set(sink.subjects)) == 30


@pytest.mark.slow
class TestWorkerKilled:
    """Abuse case 223: a real process, killed with SIGKILL while its letter is at the server."""

    def start(self, way: str, mail: OutgoingMail, sink: Sink) -> "subprocess.Popen[bytes]":
        facts = connection.settings_dict
        address = (
            f"postgresql://{facts['USER']}:{quote(facts['PASSWORD'], safe='')}@/{facts['NAME']}?host={facts['HOST']}"
        )
        environment = {
            **os.environ,
            "DATABASE_URL": f"{address}&port={facts['PORT']}" if facts["PORT"] else address,
            "GUICHE_SMTP": f"smtp://127.0.0.1:{sink.port}",
            "GUICHE_SENDER": "suporte@prestador.example",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        return subprocess.Popen([sys.executable, "-m", "tests.mail.carrier", way, str(mail.pk)], env=environment)

    def kill_in_the_window(self, way: str, mail: OutgoingMail, sink: Sink) -> None:
        """Kill the worker after the server's 250 and before its commit, by holding the row that it must write."""
        here, go_on = threading.Event(), threading.Event()

        def wait() -> None:
            here.set()
            go_on.wait(10)

        sink.handler.before_answer = wait
        worker = self.start(way, mail, sink)
        assert here.wait(20)
        with transaction.atomic():
            OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
            go_on.set()
            self.wait_for_blocked_update()
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
            self.forget_the_update()
        sink.handler.before_answer = None

    def wait_for_blocked_update(self) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            if self.waiting_backends("count(*)"):
                return
            time.sleep(0.02)
        raise AssertionError("the worker never came to write down that the letter left")

    def forget_the_update(self) -> None:
        """End the dead worker's session: the server would finish a statement that it has, were the lock let go."""
        assert self.waiting_backends("bool_and(pg_terminate_backend(pid))")
        while self.waiting_backends("count(*)"):
            time.sleep(0.02)

    def waiting_backends(self, what: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {what} FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return cursor.fetchone()[0]

    def test_223_after_the_answer_is_unknown_listed_and_not_sent_again(self, write: Make, sink: Sink) -> None:
        mail = write(thread="ticket-42")
        self.kill_in_the_window("careful", mail, sink)
        assert len(sink.letters) == 1
        later = timezone.now() + timedelta(seconds=61)
        assert list(OutgoingMail.objects.unknown(at=later)) == [mail]

        carry(mail)  # the rescued job
        OutgoingMail.objects.update(attempted_at=timezone.now() - timedelta(seconds=61))
        tasks.sweep(timestamp=0)
        tasks.sweep(timestamp=0)

        mail.refresh_from_db()
        assert mail.state == State.UNKNOWN
        assert len(sink.letters) == 1

    def test_223_one_click_sends_it_again_under_the_same_message_id(self, write: Make, sink: Sink) -> None:
        mail = write()
        self.kill_in_the_window("careful", mail, sink)
        later = timezone.now() + timedelta(seconds=61)

        actions.resend(mail, by=None, at=later)
        OutgoingMail.objects.update(next_attempt_at=timezone.now())
        assert carry(mail).state == State.SENT

        assert [letter["Message-ID"] for letter in sink.letters] == [mail.message_id] * 2

    def test_223_twin_a_naive_worker_sends_it_twice(self, write: Make, sink: Sink) -> None:
        mail = write()
        self.kill_in_the_window("naive", mail, sink)

        worker = self.start("naive", mail, sink)  # the rescued job
        worker.wait(20)

        assert len(sink.letters) == 2

    def test_223_before_the_answer_is_unknown_too(self, write: Make, sink: Sink) -> None:
        mail = write()
        here, go_on = threading.Event(), threading.Event()

        def wait() -> None:
            here.set()
            go_on.wait(10)

        sink.handler.before_answer = wait
        worker = self.start("careful", mail, sink)
        assert here.wait(20)
        worker.send_signal(signal.SIGKILL)
        worker.wait(10)
        go_on.set()

        OutgoingMail.objects.update(attempted_at=timezone.now() - timedelta(seconds=61))
        tasks.sweep(timestamp=0)

        assert list(OutgoingMail.objects.unknown(at=timezone.now())) == [mail]
        assert len(sink.letters) == 1


class TestSweep:
    """Abuse case 226: computed from what is stored, never from the tick."""

    def test_226_sends_what_lost_its_job(self, post: Make, sink: Sink) -> None:
        post()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")

        tasks.sweep(timestamp=0)

        assert len(sink.letters) == 1

    def test_226_sends_each_letter_of_an_outage_once_however_late(self, write: Make, sink: Sink) -> None:
        for minutes in range(65):
            write(at=timezone.now() - timedelta(minutes=minutes))

        tasks.sweep(timestamp=0)
        tasks.sweep(timestamp=0)

        assert len(sink.letters) == 65

    def test_an_attempt_that_still_runs_is_left_alone(self, write: Make) -> None:
        mail = write()
        actions.claim(mail.pk, at=timezone.now() - timedelta(seconds=50))
        OutgoingMail.objects.update(next_attempt_at=timezone.now())

        assert actions.note_cut_off(at=timezone.now()) == 0

    def test_an_attempt_that_ends_late_after_all_is_believed(self, write: Make) -> None:
        written = write(at=timezone.now() - timedelta(minutes=5))
        mail = actions.claim(written.pk, at=timezone.now() - timedelta(seconds=90))
        assert mail
        assert actions.note_cut_off(at=timezone.now()) == 1

        actions.note_sent(mail, at=timezone.now())

        mail.refresh_from_db()
        assert mail.state == State.SENT


class TestHeld:
    def test_a_restored_installation_sends_nothing_until_told_to(self, write: Make, post: Make, sink: Sink) -> None:
        installation.Installation.objects.update_or_create(pk=1, defaults={"mail_held": True})
        installation.forget()
        write()
        post()
        run_jobs()
        tasks.sweep(timestamp=0)
        assert OutgoingMail.objects.held().count() == 2
        assert not sink.letters

        installation.Installation.objects.update(mail_held=False)
        installation.forget()
        assert actions.release_held(by=None, at=timezone.now()) == 2
        tasks.sweep(timestamp=0)

        assert len(sink.letters) == 2


class TestResend:
    @pytest.mark.parametrize("state", [State.QUEUED, State.SENT])
    def test_refuses_what_waits_or_has_left(self, write: Make, sink: Sink, state: State) -> None:
        mail = write()
        if state == State.SENT:
            carry(mail)

        with pytest.raises(lifecycle.MoveRefused):
            actions.resend(mail, by=None, at=timezone.now())

    def test_refuses_what_is_being_sent_at_this_moment(self, write: Make) -> None:
        mail = write()
        actions.claim(mail.pk, at=timezone.now())

        with pytest.raises(lifecycle.MoveRefused):
            actions.resend(mail, by=None, at=timezone.now())

    def test_sends_a_refused_letter_again(self, write: Make, sink: Sink) -> None:
        sink.handler.script = ["550 no"]
        mail = carry(write())

        posting.resend(mail, by=None, at=timezone.now())
        run_jobs()

        mail.refresh_from_db()
        assert mail.state == State.SENT
