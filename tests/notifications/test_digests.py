"""The digest: once a morning, of what its reader may still see, and of each notice once whatever is killed."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from guiche.accounts.models import User
from guiche.accounts.roles import Role
from guiche.mail import actions as mail_actions
from guiche.mail.models import OutgoingMail
from guiche.mail.sending import Postman
from guiche.notifications import actions, digests, letters, tasks
from guiche.notifications.groups import AT_ONCE, Channels, Group
from guiche.notifications.models import Digest, DigestLine, Preference
from guiche.organizations.models import Membership
from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import Activity, Following, Ticket
from tests.factories.accounts import make_user
from tests.factories.tickets import MORNING, NOON, make_ticket
from tests.mail.conftest import sink  # noqa: F401  # a mail server on loopback
from tests.mail.sink import Sink

pytestmark = pytest.mark.django_db

# Eight o'clock in São Paulo of the days after NOON, a Wednesday.
THURSDAY = datetime(2026, 11, 19, 11, tzinfo=UTC)
FRIDAY = THURSDAY + timedelta(days=1)
DAILY = Channels(by_email=True, in_bell=True, daily=True)


@pytest.fixture
def bruno_daily(bruno: User) -> User:
    actions.prefer(dict.fromkeys(Group, DAILY), by=bruno)
    return bruno


def reply(ticket: Ticket, by: User, body: str = "Olá.", at: datetime = NOON) -> Activity:
    """Ana answers, and the job of it runs."""
    conversation.comment(ticket, by=by, at=at, body=body)
    activity = ticket.timeline.order_by("id").last()
    assert activity
    actions.tell(fresh(activity), at=at)
    return activity


def fresh(activity: Activity) -> Activity:
    return Activity.objects.get(pk=activity.pk)


def digest_letters() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(event_key__startswith="digest:").order_by("id"))


class TestKeep:
    def test_what_was_chosen_for_the_digest_is_no_letter(self, ana: User, bruno_daily: User) -> None:
        reply(make_ticket(requester=bruno_daily), ana)

        assert not OutgoingMail.objects.exists()
        line = DigestLine.objects.get()
        assert (line.user, line.due_at) == (bruno_daily, THURSDAY)
        assert bruno_daily.bell_items.count() == 1

    def test_what_cannot_wait_is_a_letter_at_once(self, ana: User, bruno_daily: User, suporte: SimpleNamespace) -> None:
        ticket = make_ticket(requester=bruno_daily, status=suporte.working)
        moving.take(ticket, suporte.offer, by=ana, at=NOON, given={"solution": "Reinicie."})
        offered = ticket.timeline.get(kind="ticket.solution_offered")

        actions.tell(offered, at=NOON)

        assert OutgoingMail.objects.get().recipient == bruno_daily.email
        assert not DigestLine.objects.exists()

    def test_no_choice_makes_what_cannot_wait_daily(self, bruno_daily: User) -> None:
        daily = {row.group for row in Preference.objects.filter(user=bruno_daily, daily=True)}

        assert daily
        assert not daily & AT_ONCE

    def test_twice_is_once_whatever_was_chosen_in_between(self, ana: User, bruno_daily: User) -> None:
        activity = reply(make_ticket(requester=bruno_daily), ana)
        actions.prefer({Group.REPLY: Channels(by_email=True, in_bell=True)}, by=bruno_daily)
        other = reply(make_ticket(requester=bruno_daily), ana)
        actions.prefer({Group.REPLY: DAILY}, by=bruno_daily)

        for one in (activity, other):
            actions.tell(fresh(one), at=NOON)

        assert [line.activity_id for line in DigestLine.objects.all()] == [activity.pk]
        assert [mail.event_key for mail in OutgoingMail.objects.all()] == [letters.EVENT_KEY % other.pk]

    def test_the_choice_changed_in_between_makes_no_second_one(self, ana: User, bruno_daily: User) -> None:
        activity = reply(make_ticket(requester=bruno_daily), ana)
        actions.prefer({Group.REPLY: Channels(by_email=True, in_bell=True)}, by=bruno_daily)

        actions.tell(fresh(activity), at=NOON)

        assert not OutgoingMail.objects.exists()


class TestSend:
    def test_tells_what_happened_by_ticket(self, ana: User, bruno_daily: User) -> None:
        first = make_ticket(requester=bruno_daily, title="Imagens <lentas>")
        second = make_ticket(requester=bruno_daily, title="Laudo em branco")
        for ticket in (first, second, first):
            reply(ticket, ana)

        digests.send_due(at=THURSDAY)

        [letter] = digest_letters()
        assert letter.subject == "Resumo do dia: 3 novidades em 2 chamados"
        assert letter.text.count("ontem, 12h: Ana respondeu") == 3
        assert letter.text.index("Imagens <lentas>") < letter.text.index("Laudo em branco")
        assert f"/chamados/{first.number}/\n" in letter.text
        assert "Imagens &lt;lentas&gt;" in letter.html
        assert letter.list_unsubscribe.endswith("/perfil/avisos/>")
        assert "uma vez por dia" in letter.text

    def test_not_before_eight_and_only_once(self, ana: User, bruno_daily: User) -> None:
        reply(make_ticket(requester=bruno_daily), ana)

        digests.send_due(at=THURSDAY - timedelta(minutes=1))
        assert not digest_letters()
        for minutes in (0, 15, 600, 23 * 60):
            digests.send_due(at=THURSDAY + timedelta(minutes=minutes))

        assert len(digest_letters()) == 1

    def test_nothing_when_nothing_happened(self, ana: User, bruno_daily: User) -> None:
        reply(make_ticket(requester=bruno_daily), ana)
        digests.send_due(at=THURSDAY)

        digests.send_due(at=FRIDAY)

        assert len(digest_letters()) == 1

    def test_what_comes_after_the_letter_of_a_morning_waits_for_the_next(self, ana: User, bruno_daily: User) -> None:
        """Also what was written a moment before eight, and committed a moment after the digest was."""
        ticket = make_ticket(requester=bruno_daily)
        reply(ticket, ana)
        digests.send_due(at=THURSDAY)
        reply(ticket, ana, at=THURSDAY - timedelta(seconds=1))

        for hours in (0, 5, 17, 23):
            digests.send_due(at=THURSDAY + timedelta(hours=hours))
        assert len(digest_letters()) == 1
        digests.send_due(at=FRIDAY)

        assert len(digest_letters()) == 2

    def test_a_worker_that_was_away_at_eight_makes_up_for_it(self, ana: User, bruno_daily: User) -> None:
        ticket = make_ticket(requester=bruno_daily)
        reply(ticket, ana)
        reply(ticket, ana, at=THURSDAY + timedelta(hours=2))

        digests.send_due(at=THURSDAY + timedelta(hours=3))

        [letter] = digest_letters()
        assert "2 novidades em 1 chamado" in letter.subject

    def test_eight_is_where_the_person_is(self, ana: User, bruno_daily: User) -> None:
        User.objects.filter(pk=bruno_daily.pk).update(time_zone="America/Manaus")
        reply(make_ticket(requester=bruno_daily), ana)

        digests.send_due(at=THURSDAY)
        assert not digest_letters()
        digests.send_due(at=THURSDAY + timedelta(hours=1))

        assert len(digest_letters()) == 1

    def test_52_not_of_what_one_may_see_no_longer(self, ana: User, bruno_daily: User, caio: User) -> None:
        reply(make_ticket(requester=bruno_daily, title="Fora de vista"), ana)
        Membership.objects.filter(user=bruno_daily).update(is_active=False)

        digests.send_due(at=THURSDAY)

        assert not digest_letters()
        assert not DigestLine.objects.waiting().exists()

    def test_44_not_of_a_note_to_who_left_the_desk(self, ana: User, bruno: User) -> None:
        rui = make_user(name="Rui Rocha", email="rui@lume.example", roles=[Role.AGENT])
        actions.prefer({Group.NOTE: DAILY}, by=ana)
        ticket = make_ticket(requester=bruno, assignee=ana)
        conversation.note(ticket, by=rui, at=NOON, body="Segredo", mentioned=[ana.pk])
        actions.tell(fresh(ticket.timeline.get(kind="ticket.noted")), at=NOON)
        assert DigestLine.objects.filter(user=ana).exists()
        User.objects.filter(pk=ana.pk).update(roles=["technician"])

        digests.send_due(at=THURSDAY)

        assert not digest_letters()

    def test_not_of_what_one_silenced_or_turned_off_since(self, ana: User, bruno_daily: User) -> None:
        silenced, other = make_ticket(requester=bruno_daily), make_ticket(requester=bruno_daily)
        for ticket in (silenced, other):
            reply(ticket, ana)
        Following.objects.create(ticket=silenced, user=bruno_daily, by_email=False, in_bell=True)

        digests.send_due(at=THURSDAY)
        assert "1 novidade em 1 chamado" in digest_letters()[0].subject
        reply(other, ana, at=THURSDAY)
        actions.prefer({Group.REPLY: Channels(by_email=False, in_bell=True)}, by=bruno_daily)
        digests.send_due(at=FRIDAY)

        assert len(digest_letters()) == 1

    def test_217_not_to_somebody_deactivated(self, ana: User, bruno_daily: User) -> None:
        reply(make_ticket(requester=bruno_daily), ana)
        User.objects.filter(pk=bruno_daily.pk).update(is_active=False)

        digests.send_due(at=THURSDAY)

        assert not digest_letters()

    def test_217_does_not_leave_once_a_right_ended_while_it_waited(self, ana: User, bruno_daily: User) -> None:
        reply(make_ticket(requester=bruno_daily), ana)
        digests.send_due(at=THURSDAY)
        [letter] = digest_letters()
        Membership.objects.filter(user=bruno_daily).update(is_active=False)

        assert mail_actions.claim(letter.pk, at=THURSDAY) is None
        letter.refresh_from_db()
        assert letter.state == "failed"

    def test_one_that_fails_costs_the_others_nothing(
        self, ana: User, bruno_daily: User, caio: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions.prefer(dict.fromkeys(Group, DAILY), by=caio)
        for person in (bruno_daily, caio):
            reply(make_ticket(requester=person), ana)
        whole = digests._post
        monkeypatch.setattr(
            digests,
            "_post",
            lambda user, *given, **facts: 1 / 0 if user == bruno_daily else whole(user, *given, **facts),
        )

        digests.send_due(at=THURSDAY)

        assert [letter.recipient for letter in digest_letters()] == [caio.email]
        assert DigestLine.objects.waiting().get().user == bruno_daily
        monkeypatch.undo()
        digests.send_due(at=THURSDAY + timedelta(minutes=15))
        assert len(digest_letters()) == 2

    def test_case_226_a_tick_that_was_skipped_is_made_up_for(self, ana: User, bruno_daily: User) -> None:
        reply(make_ticket(requester=bruno_daily), ana, at=timezone.now() - timedelta(days=3))

        for _tick in range(2):
            tasks.send_digests(timestamp=0)

        assert len(digest_letters()) == 1

    def test_is_in_the_language_of_the_person(self, ana: User, bruno_daily: User) -> None:
        User.objects.filter(pk=bruno_daily.pk).update(language="en")
        reply(make_ticket(requester=bruno_daily), ana)

        digests.send_due(at=THURSDAY)

        assert digest_letters()[0].subject == "Digest: 1 piece of news on 1 ticket"

    def test_says_how_many_more_there_are(self, ana: User, bruno_daily: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("guiche.notifications.messages.digest.MOST_LINES", 2)
        ticket = make_ticket(requester=bruno_daily)
        for _reply in range(5):
            reply(ticket, ana)

        digests.send_due(at=THURSDAY)

        [letter] = digest_letters()
        assert letter.text.count("Ana respondeu") == 2
        assert "E mais 3 no portal." in letter.text

    def test_costs_the_same_with_two_notices_and_with_twenty(
        self, ana: User, bruno_daily: User, django_assert_max_num_queries: Any
    ) -> None:
        for morning, count in ((THURSDAY, 2), (FRIDAY, 20)):
            for _reply in range(count):
                reply(make_ticket(requester=bruno_daily), ana, at=morning - timedelta(hours=1))
        later = DigestLine.objects.filter(due_at__gt=THURSDAY)
        pks = list(later.values_list("pk", flat=True))
        later.update(dropped_at=THURSDAY)
        with django_assert_max_num_queries(25) as few:
            digests.send(bruno_daily.pk, at=THURSDAY)
        DigestLine.objects.filter(pk__in=pks).update(dropped_at=None)

        with django_assert_max_num_queries(len(few)):
            digests.send(bruno_daily.pk, at=FRIDAY)

        assert len(digest_letters()) == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestWhateverIsKilled:
    """Each notice is in exactly one letter that leaves: the property that people rely on."""

    def test_223_leaves_once_by_the_mail_server(self, ana: User, bruno_daily: User, sink: Sink) -> None:  # noqa: F811
        ticket = make_ticket(requester=bruno_daily)
        reply(ticket, ana)

        for _round in range(3):
            digests.send_due(at=THURSDAY)
            with Postman() as postman:
                for letter in digest_letters():
                    postman.carry(letter.pk)

        [received] = sink.letters
        assert str(received["Subject"]).startswith("Resumo do dia: 1 novidade")
        assert received["List-Unsubscribe"]
        assert received["Auto-Submitted"] == "auto-generated"

    def test_224_no_lines_taken_without_their_letter(self, ana: User, bruno_daily: User) -> None:
        reply(make_ticket(requester=bruno_daily), ana)

        with transaction.atomic():
            digests.send(bruno_daily.pk, at=THURSDAY)
            transaction.set_rollback(True)

        assert not Digest.objects.exists()
        assert DigestLine.objects.waiting().count() == 1
        digests.send_due(at=THURSDAY)
        assert len(digest_letters()) == 1

    def test_223_a_worker_killed_before_its_commit_leaves_all_to_the_next(self, ana: User, bruno_daily: User) -> None:
        activity = reply(make_ticket(requester=bruno_daily), ana)
        worker = _digester(bruno_daily)
        assert worker.stdout
        assert worker.stdout.readline() == b"written\n"
        worker.send_signal(signal.SIGKILL)
        worker.communicate(timeout=10)

        digests.send_due(at=THURSDAY)  # waits until the server has let go of what the dead one held

        [made] = Digest.objects.all()
        assert list(made.lines.values_list("activity_id", flat=True)) == [activity.pk]
        assert [letter.event_key for letter in digest_letters()] == [digests.KEY % made.pk]

    def test_227_of_many_workers_one_writes_it(self, ana: User, bruno_daily: User) -> None:
        ticket = make_ticket(requester=bruno_daily)
        told = [reply(ticket, ana).pk for _reply in range(3)]
        gate = threading.Barrier(4)

        def work() -> None:
            gate.wait()
            digests.send_due(at=THURSDAY)
            connections.close_all()

        workers = [threading.Thread(target=work) for _worker in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        [made] = Digest.objects.all()
        assert sorted(made.lines.values_list("activity_id", flat=True)) == told
        assert len(digest_letters()) == 1

    def test_227_each_notice_is_in_exactly_one_letter(self, ana: User, bruno_daily: User) -> None:
        """Four days of replies told by two workers at once, the choice flipped between them, digests by two more."""
        ticket = make_ticket(requester=bruno_daily, at=MORNING)
        events = []
        for hour in range(0, 96, 6):
            daily = hour % 12 == 0
            actions.prefer({Group.REPLY: Channels(by_email=True, in_bell=True, daily=daily)}, by=bruno_daily)
            at = NOON + timedelta(hours=hour)
            events.append(reply(ticket, ana, body=f"Palavra {hour}", at=at))
            actions.prefer({Group.REPLY: Channels(by_email=True, in_bell=True, daily=not daily)}, by=bruno_daily)
            _at_once(partial(actions.tell, fresh(events[-1]), at=at), partial(digests.send_due, at=at))
        _at_once(*[partial(digests.send_due, at=NOON + timedelta(days=9))] * 2)

        posted = OutgoingMail.objects.filter(event_key__startswith="ticket-event:")
        alone = {int(mail.event_key.removeprefix("ticket-event:")) for mail in posted}
        together = list(DigestLine.objects.exclude(digest=None).values_list("activity_id", flat=True))
        assert not alone & set(together)
        assert sorted([*alone, *together]) == sorted(event.pk for event in events)
        assert len(alone) == len(together) == 8
        assert len({digest.day for digest in Digest.objects.all()}) == len(digest_letters())


def _digester(user: User) -> "subprocess.Popen[bytes]":
    """Start a process that writes the digest of `user` and waits before it commits."""
    facts = connection.settings_dict
    address = f"postgresql://{facts['USER']}:{quote(facts['PASSWORD'], safe='')}@/{facts['NAME']}?host={facts['HOST']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"{address}&port={facts['PORT']}" if facts["PORT"] else address,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "tests.notifications.digester", str(user.pk), THURSDAY.isoformat()]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _at_once(*works: Any) -> None:
    def run(work: Any) -> None:
        work()
        connections.close_all()

    workers = [threading.Thread(target=run, args=[work]) for work in works]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
