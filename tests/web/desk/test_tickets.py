"""The page of a ticket: what it shows, what it costs, what is new on it, the draft of the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.test import Client
from django.utils import timezone

from guiche.accounts.models import Team, User
from guiche.drafts import actions as drafts
from guiche.drafts.models import Draft
from guiche.organizations.models import Organization
from guiche.tickets.actions import conversation, sharing, triage
from guiche.tickets.models import ReadMark
from guiche.web.icons import icon
from tests.factories.catalog import severity
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import HTMX, seen_of, text_of
from tests.web.desk.test_queue import queries_of

NOW = timezone.now


class TestTicket:
    def test_shows_what_was_said_noted_and_done(
        self, desk: Client, ana: User, bruno: User, suporte: SimpleNamespace
    ) -> None:
        ticket = make_ticket(requester=bruno, status=suporte.working, description="O botão **sumiu**")
        conversation.comment(ticket, by=bruno, at=NOW(), body="Ainda sem o botão")
        conversation.note(ticket, by=ana, at=NOW(), body="Só a equipe lê isto")
        triage.change(ticket, by=ana, at=NOW(), reason="Parou um setor", severity=severity(2))

        page = desk.get(f"/mesa/chamados/{ticket.number}/")

        shown = text_of(page)
        assert "O botão sumiu" in shown
        assert "Ainda sem o botão" in shown
        assert "Nota interna" in shown
        assert "Parou um setor" in shown
        assert "msg--note" in page.content.decode()

    def test_shows_who_asks_and_what_else_is_open_there(
        self, desk: Client, ana: User, bruno: User, beatriz: User, acme: Organization
    ) -> None:
        Organization.objects.filter(pk=acme.pk).update(notes="Ligar só de manhã")
        ticket, other = make_ticket(requester=bruno), make_ticket(requester=beatriz, title="Outro da Acme")
        sharing.share(ticket, "beatriz@acme.example", by=ana, at=NOW())
        sharing.share(ticket, "alguem@fora.example", by=ana, at=NOW())

        shown = text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))

        for words in ("Bruno Braga", "Ligar só de manhã", "1 outro chamado", other.title, "alguem@fora.example"):
            assert words in shown, words

    def test_says_that_nothing_else_is_open_there(self, desk: Client, bruno: User) -> None:
        page = desk.get(f"/mesa/chamados/{make_ticket(requester=bruno).number}/")

        assert "Nenhum outro chamado" in text_of(page)
        assert "ver=abertos&amp;organization=" not in page.text

    def test_tells_nothing_of_linked_tickets_that_one_may_not_see(
        self, desk: Client, bruno: User, restricted: Team
    ) -> None:
        hidden = make_ticket(requester=bruno, title="Assunto reservado", team=restricted)
        ticket = make_ticket(requester=bruno, follow_up_of=hidden)

        assert "Assunto reservado" not in text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))

    def test_foreign_and_missing_ones_answer_alike(self, desk: Client, bruno: User, restricted: Team) -> None:
        hidden = make_ticket(requester=bruno, team=restricted)
        parts = (
            "",
            "novidades/",
            "atualizado/",
            "anteriores/",
            "transferir/",
            "gravidade/",
            "contato/",
            "responsavel/",
        )

        for number in (hidden.number, 987654):
            for part in parts:
                address = f"/mesa/chamados/{number}/{part}"
                assert desk.get(address).status_code == 404, address
                assert desk.get(address, headers=HTMX).status_code == 404, address
            for part in ("lido/", "rascunho/", "responder/", "assumir/", "participantes/remover/"):
                assert desk.post(f"/mesa/chamados/{number}/{part}").status_code == 404, part

    def test_folds_the_middle_of_a_long_one(self, desk: Client, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        for number in range(20):
            conversation.comment(ticket, by=ana, at=NOW(), body=f"Dito {number:02d}.")
        address = f"/mesa/chamados/{ticket.number}/"

        page, middle = text_of(desk.get(address)), desk.get(f"{address}anteriores/", headers=HTMX)

        assert "Mostrar 9 anteriores" in page
        assert "Dito 05." not in page
        assert "Dito 05." in text_of(middle)
        assert "Dito 19." not in text_of(middle)
        assert "Dito 05." in text_of(desk.get(f"{address}anteriores/"))
        assert middle.content.decode().count('tabindex="-1" autofocus') == 1  # where reading goes on

    def test_costs_the_same_whatever_was_said(
        self, desk: Client, ana: User, bruno: User, beatriz: User, suporte: SimpleNamespace
    ) -> None:
        ticket = make_ticket(requester=bruno, assignee=ana, status=suporte.working)
        address = f"/mesa/fila/minha/{ticket.number}/"
        drafts.save(ana, f"reply:{ticket.number}", {"body": "começo"}, [], at=NOW())
        with_one = queries_of(desk, address)

        for number in range(25):
            conversation.comment(ticket, by=(ana, bruno)[number % 2], at=NOW(), body="Mais uma")
            make_ticket(requester=beatriz, assignee=ana)
            sharing.share(ticket, f"copia{number}@fora.example", by=ana, at=NOW())

        assert queries_of(desk, address) == with_one
        assert with_one <= 12

    def test_opening_it_changes_nothing(self, desk: Client, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)

        desk.get(f"/mesa/chamados/{ticket.number}/")

        assert not ReadMark.objects.exists()

    def test_having_it_on_the_screen_marks_it_read(self, desk: Client, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)

        desk.post(f"/mesa/chamados/{ticket.number}/lido/", {"seen": seen_of(ticket)})

        assert ReadMark.objects.get(user=ana, ticket=ticket).activity_id == seen_of(ticket)


class TestNews:
    def test_counts_what_others_said_and_not_what_one_said(self, desk: Client, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        since = seen_of(ticket)
        address = f"/mesa/chamados/{ticket.number}/novidades/?desde={since}"
        conversation.comment(ticket, by=ana, at=NOW(), body="Minha resposta")
        assert "nova" not in text_of(desk.get(address))

        conversation.comment(ticket, by=bruno, at=NOW(), body="Obrigado")

        assert "1 resposta nova" in text_of(desk.get(address))

    def test_a_change_without_words_is_told_too(self, desk: Client, bruno: User, gustavo: User) -> None:
        ticket = make_ticket(requester=bruno)
        since = seen_of(ticket)

        triage.assign(ticket, gustavo, by=gustavo, at=NOW())

        news = desk.get(f"/mesa/chamados/{ticket.number}/novidades/?desde={since}")
        assert "O chamado mudou" in text_of(news)
        assert icon("down", "sm") in news.text

    def test_renewing_leaves_the_composer_alone(self, desk: Client, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        since = seen_of(ticket)
        conversation.comment(ticket, by=bruno, at=NOW(), body="Chegou agora")

        answer = desk.get(f"/mesa/chamados/{ticket.number}/atualizado/?desde={since}", headers=HTMX)

        assert "Chegou agora" in text_of(answer)
        assert "<textarea" not in answer.content.decode()
        assert f'id="visto" value="{seen_of(ticket)}" hx-swap-oob' in answer.content.decode()


class TestDraft:
    def test_keeps_and_gives_back_what_was_being_typed(self, desk: Client, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        address = f"/mesa/chamados/{ticket.number}/"

        saved = desk.post(f"{address}rascunho/", {"body": "Estou vendo isso", "mode": "note"})

        page = desk.get(address)
        assert "time" in saved.json()
        assert "Estou vendo isso</textarea>" in page.content.decode()
        assert 'value="note" checked' in page.content.decode()
        assert "Rascunho de hoje" in text_of(page)

    def test_an_empty_box_forgets_it(self, desk: Client, ana: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        drafts.save(ana, f"reply:{ticket.number}", {"body": "velho"}, [], at=NOW() - timedelta(minutes=1))

        desk.post(f"/mesa/chamados/{ticket.number}/rascunho/", {"body": "  "})

        assert not Draft.objects.exists()

    def test_is_nobody_elses(self, enter: Callable[[User], Client], ana: User, gustavo: User, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)
        drafts.save(ana, f"reply:{ticket.number}", {"body": "só da Ana"}, [], at=NOW())

        assert "só da Ana" not in text_of(enter(gustavo).get(f"/mesa/chamados/{ticket.number}/"))

    def test_a_late_save_does_not_bring_back_what_was_sent(self, desk: Client, bruno: User) -> None:
        ticket, key = make_ticket(requester=bruno), "6a8e1f3c-58a4-4c43-9d0c-0d9f6e0e7d11"
        desk.post(f"/mesa/chamados/{ticket.number}/responder/", {"body": "Enviado", "once_key": key})

        desk.post(f"/mesa/chamados/{ticket.number}/rascunho/", {"body": "Enviado", "once_key": key})

        assert not Draft.objects.exists()

    def test_one_that_is_too_long_is_refused_with_words(self, desk: Client, bruno: User) -> None:
        ticket = make_ticket(requester=bruno)

        answer = desk.post(f"/mesa/chamados/{ticket.number}/rascunho/", {"body": "x" * 150_000})

        assert answer.status_code == 422
        assert answer.json()["message"]
