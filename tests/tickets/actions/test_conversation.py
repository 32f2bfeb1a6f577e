"""Talking on a ticket."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection

from guiche.core.errors import NotAllowed, Refused
from guiche.files import actions as files
from guiche.tickets.actions import conversation, moving, writing
from guiche.tickets.models import Comment, CommentKind, Ticket
from guiche.workflows.moves import MovedOn
from tests.factories.tickets import MORNING, NOON, make_ticket


class TestComment:
    def test_is_written_once_for_one_form(self, bruno):
        ticket, key = make_ticket(requester=bruno), uuid.uuid4()

        first = conversation.comment(ticket, by=bruno, at=NOON, body="Olá", once_key=key)
        second = conversation.comment(ticket, by=bruno, at=NOON, body="Olá", once_key=key)

        assert first == second
        assert ticket.timeline.filter(kind="ticket.commented").count() == 1

    def test_case_47_a_key_of_somebody_else_says_nothing_in_their_name(self, bruno, beatriz):
        ticket, key = make_ticket(requester=bruno), uuid.uuid4()
        conversation.comment(ticket, by=bruno, at=NOON, body="De Bruno", once_key=key)

        with pytest.raises(Exception, match="once_key"):
            conversation.comment(ticket, by=beatriz, at=NOON, body="De Beatriz", once_key=key)

    def test_needs_words_or_a_file(self, bruno):
        ticket = make_ticket(requester=bruno)

        with pytest.raises(writing.WordsRefused):
            conversation.comment(ticket, by=bruno, at=NOON, body=" \n ")

        kept = files.keep(ContentFile(b"linha\n", name="log.txt"), by=bruno, at=NOON)
        said = conversation.comment(ticket, by=bruno, at=NOON, body="", files=[kept])
        assert said.attachments.get().file == kept

    def test_refuses_more_words_than_anybody_reads(self, bruno):
        ticket = make_ticket(requester=bruno)

        with pytest.raises(writing.WordsRefused, match="50000"):
            conversation.comment(ticket, by=bruno, at=NOON, body="a" * (writing.LONGEST + 1))

    def test_is_over_for_customers_once_it_ended(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.closed)

        with pytest.raises(NotAllowed):
            conversation.comment(ticket, by=bruno, at=NOON, body="Mais uma coisa")
        conversation.comment(ticket, by=ana, at=NOON, body="Segue o arquivo que faltou.")

    def test_changes_no_status_while_validating(self, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)

        conversation.comment(ticket, by=bruno, at=NOON, body="Testando.")

        ticket.refresh_from_db()
        assert ticket.status == suporte.validating

    def test_of_staff_leaves_a_waiting_ticket_waiting(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.waiting)

        conversation.comment(ticket, by=ana, at=NOON, body="Ainda precisamos da versão.")

        ticket.refresh_from_db()
        assert ticket.status == suporte.waiting


class TestStillNeed:
    def delivered(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)
        return moving.take(ticket, suporte.offer, by=ana, at=NOON, given={"solution": "Pronto."})

    def test_counts_silence_from_now_and_leaves_the_ticket_where_it_stands(self, ana, bruno, suporte, system):
        ticket = self.delivered(ana, bruno, suporte)
        closes_at, warns_at = ticket.closes_at, ticket.warns_at
        moving.warn_of_closing(ticket, by=system, at=warns_at)

        kept = conversation.still_need(ticket, by=bruno, at=warns_at + timedelta(hours=1))

        ticket.refresh_from_db()
        assert ticket.status == suporte.validating
        assert kept.closes_at == ticket.closes_at > closes_at
        assert ticket.closes_at > ticket.warns_at > closes_at
        assert ticket.timeline.last().kind == "ticket.still_needed"
        assert not moving.close_by_silence(ticket, by=system, at=closes_at)

    def test_wins_over_an_end_that_was_due_and_not_made(self, ana, bruno, suporte, system):
        ticket = self.delivered(ana, bruno, suporte)
        late = ticket.closes_at + timedelta(minutes=2)

        conversation.still_need(ticket, by=bruno, at=late)

        assert not moving.close_by_silence(ticket, by=system, at=late)

    def test_is_for_customers(self, ana, bruno, system, suporte):
        ticket = self.delivered(ana, bruno, suporte)

        for user in (ana, system):
            with pytest.raises(NotAllowed):
                conversation.still_need(ticket, by=user, at=NOON)

    def test_comes_too_late_for_what_has_ended(self, ana, bruno, suporte, system):
        ticket = self.delivered(ana, bruno, suporte)
        moving.close_by_silence(ticket, by=system, at=ticket.closes_at)

        with pytest.raises(NotAllowed):
            conversation.still_need(ticket, by=bruno, at=ticket.closes_at)

    def test_case_208_pressed_in_a_loop_says_it_once(self, ana, bruno, suporte):
        ticket = self.delivered(ana, bruno, suporte)
        first = NOON + timedelta(days=1)

        for minutes in (0, 0, 1, 9):
            conversation.still_need(ticket, by=bruno, at=first + timedelta(minutes=minutes))
        assert ticket.timeline.filter(kind="ticket.still_needed").count() == 1

        again = conversation.still_need(ticket, by=bruno, at=first + timedelta(minutes=11))
        assert ticket.timeline.filter(kind="ticket.still_needed").count() == 2
        assert again.customer_spoke_at == first + timedelta(minutes=11)

    def test_is_refused_where_silence_closes_nothing(self, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)

        with pytest.raises(Refused):
            conversation.still_need(ticket, by=bruno, at=NOON)

        assert not ticket.timeline.filter(kind="ticket.still_needed").exists()


class TestDiagnose:
    def test_is_said_to_the_customer_and_may_be_said_again(self, ana, bruno, suporte):
        ticket, key = make_ticket(requester=bruno, status=suporte.working, at=MORNING), uuid.uuid4()

        first = conversation.diagnose(ticket, by=ana, at=NOON, body="Disco cheio.", once_key=key)
        again = conversation.diagnose(ticket, by=ana, at=NOON, body="Disco cheio.", once_key=key)
        later = conversation.diagnose(ticket, by=ana, at=NOON, body="Disco com defeito.")

        ticket.refresh_from_db()
        assert first == again
        assert first.kind == CommentKind.DIAGNOSIS
        assert list(Comment.objects.visible_to(bruno)) == [first, later]
        assert ticket.timeline.filter(kind="ticket.diagnosed", is_internal=False).count() == 2
        assert (ticket.status, ticket.touched_at) == (suporte.working, NOON)

    def test_is_for_the_desk(self, bruno, beatriz, davi, elisa, system, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)

        for user in (bruno, beatriz, davi, elisa, system):
            with pytest.raises(NotAllowed):
                conversation.diagnose(ticket, by=user, at=NOON, body="Disco cheio.")

    @pytest.mark.parametrize("ended", ["closed", "cancelled"])
    def test_is_over_once_the_ticket_ended(self, ana, bruno, suporte, ended):
        ticket = make_ticket(requester=bruno, status=getattr(suporte, ended))

        with pytest.raises(NotAllowed, match="aberto"):
            conversation.diagnose(ticket, by=ana, at=NOON, body="Disco cheio.")

    def test_needs_words_a_file_does_not_say_it(self, ana, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)
        kept = files.keep(ContentFile(b"linha\n", name="log.txt"), by=ana, at=NOON)

        with pytest.raises(writing.WordsRefused) as refusal:
            conversation.diagnose(ticket, by=ana, at=NOON, body=" \n", files=[kept])

        assert list(refusal.value.fields) == ["body"]
        assert not ticket.comments.exists()


class TestNote:
    def test_is_for_the_team(self, bruno, beatriz, davi):
        ticket = make_ticket(requester=bruno)

        for user in (bruno, beatriz, davi):
            with pytest.raises(NotAllowed):
                conversation.note(ticket, by=user, at=NOON, body="Segredo")

    def test_tells_only_people_of_the_desk(self, ana, bruno, gustavo):
        ticket = make_ticket(requester=bruno)

        conversation.note(ticket, by=ana, at=NOON, body="Veja isto", mentioned=[gustavo.pk, bruno.pk, 999_999])

        assert ticket.timeline.last().details == {"mentioned": [gustavo.pk]}
        assert ticket.timeline.last().is_internal

    def test_does_not_touch_what_the_customer_sees(self, ana, bruno):
        ticket = make_ticket(requester=bruno, at=MORNING)

        conversation.note(ticket, by=ana, at=NOON, body="Só nós")

        ticket.refresh_from_db()
        assert ticket.touched_at == MORNING


class TestEdit:
    def test_keeps_the_earlier_text_for_staff(self, bruno):
        said = conversation.comment(make_ticket(requester=bruno), by=bruno, at=NOON, body="Versao 5")

        conversation.edit(said, by=bruno, at=NOON + timedelta(minutes=5), body="Versão 5.2")

        said.refresh_from_db()
        assert (said.body, said.versions.get().body) == ("Versão 5.2", "Versao 5")

    def test_is_for_five_minutes_and_for_the_author(self, bruno, beatriz):
        said = conversation.comment(make_ticket(requester=bruno), by=bruno, at=NOON, body="Versão 5")

        with pytest.raises(NotAllowed):
            conversation.edit(said, by=bruno, at=NOON + timedelta(minutes=5, seconds=1), body="Outra")
        with pytest.raises(NotAllowed):
            conversation.edit(said, by=beatriz, at=NOON, body="Outra")


class TestRedact:
    def test_takes_the_words_and_keeps_the_trace(self, bruno, elisa):
        said = conversation.comment(make_ticket(requester=bruno), by=bruno, at=NOON, body="CPF 123")
        conversation.edit(said, by=bruno, at=NOON, body="CPF 1234")

        conversation.redact(said, by=elisa, at=NOON, reason="Dado pessoal")

        said.refresh_from_db()
        assert (said.body, said.redacted_at, said.versions.count()) == ("", NOON, 0)
        assert said.ticket.timeline.last().details == {"reason": "Dado pessoal"}

    def test_is_for_administrators(self, ana, bruno):
        said = conversation.comment(make_ticket(requester=bruno), by=bruno, at=NOON, body="CPF 123")

        with pytest.raises(NotAllowed):
            conversation.redact(said, by=ana, at=NOON, reason="Dado pessoal")


def _together(*acts):
    """Run `acts` at the same moment, each on a connection of its own; return what each one raised, or None."""
    barrier, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait()
            act()
        except Exception as error:
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
class TestRaces:
    ROUNDS = 20

    def test_case_212_silence_never_closes_over_words(self, ana, bruno, suporte, system):
        """Whichever comes first, the ticket is open after words were said before it closed, and never lost them."""
        for _ in range(self.ROUNDS):
            ticket = make_ticket(requester=bruno, status=suporte.working)
            ticket = moving.take(ticket, suporte.ask, by=ana, at=NOON, given={"comment": "Qual a versão?"})
            due = ticket.closes_at

            _together(
                lambda t=ticket, d=due: moving.close_by_silence(t, by=system, at=d),
                lambda t=ticket, d=due: conversation.comment(t, by=bruno, at=d, body="5.2"),
            )

            ticket = Ticket.objects.select_related("status").get(pk=ticket.pk)
            said = ticket.comments.filter(author=bruno).exists()
            assert ticket.is_open == said, "closed over words, or open without any"

    def test_the_race_does_happen_without_the_lock(self, ana, bruno, suporte, system, monkeypatch):
        """The twin: reading without the lock lets silence close a ticket that was just answered."""
        unlocked = lambda rows, ticket: rows.select_related("status", "request_type").get(pk=ticket.pk)  # noqa: E731
        monkeypatch.setattr(type(Ticket.objects.all()), "locked", unlocked)
        ticket = make_ticket(requester=bruno, status=suporte.working)
        ticket = moving.take(ticket, suporte.ask, by=ana, at=NOON, given={"comment": "Qual a versão?"})
        due, between = ticket.closes_at, threading.Barrier(2, timeout=5)

        counted = moving._silent_way_out
        monkeypatch.setattr(
            moving, "_silent_way_out", lambda status: (between.wait(), between.wait(), counted(status))[2]
        )

        def answer():
            between.wait()
            conversation.comment(ticket, by=bruno, at=due, body="5.2")
            between.wait()

        _together(lambda: moving.close_by_silence(ticket, by=system, at=due), answer)

        ticket = Ticket.objects.get(pk=ticket.pk)
        assert not ticket.is_open
        assert Comment.objects.filter(ticket=ticket, author=bruno).exists()

    def test_case_209_one_of_two_verdicts_wins(self, bruno, beatriz, suporte):
        for _ in range(self.ROUNDS):
            ticket = make_ticket(requester=bruno, status=suporte.validating)

            raised = _together(
                lambda t=ticket: moving.take(t, suporte.approve, by=bruno, at=NOON),
                lambda t=ticket: moving.take(t, suporte.reject, by=beatriz, at=NOON, given={"comment": "Não."}),
            )

            decided = ticket.timeline.filter(kind__in=["ticket.done", "ticket.solution_rejected"]).count()
            assert decided == 1
            assert [type(error) for error in raised if error] == [MovedOn]

    def test_case_208_a_double_click_says_it_once(self, bruno):
        ticket, key = make_ticket(requester=bruno), uuid.uuid4()

        raised = _together(
            *[lambda: conversation.comment(ticket, by=bruno, at=NOON, body="Olá", once_key=key) for _ in range(6)]
        )

        assert raised == [None] * 6
        assert Comment.objects.filter(kind=CommentKind.REPLY, once_key=key).count() == 1
