"""What is said from the desk, with and without a step; two people at once; corrections."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from guiche.accounts.models import User
from guiche.accounts.roles import Role
from guiche.drafts import actions as drafts
from guiche.drafts.models import Draft
from guiche.files.models import StoredFile
from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import Comment, Ticket
from tests.factories.accounts import make_user
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import HTMX, seen_of, text_of

NOW = timezone.now


@pytest.fixture
def ticket(bruno: User, ana: User, suporte: SimpleNamespace) -> Ticket:
    return make_ticket(requester=bruno, assignee=ana, status=suporte.working)


def say(client: Client, ticket: Ticket, body: str, **fields: Any) -> Any:
    headers = fields.pop("headers", {})
    content = {"body": body, "mode": "reply", "once_key": str(uuid.uuid4()), "seen": seen_of(ticket), **fields}
    return client.post(f"/mesa/chamados/{ticket.number}/responder/", content, headers=headers)


class TestReply:
    def test_goes_to_the_customer_and_empties_the_composer(self, desk: Client, ana: User, ticket: Ticket) -> None:
        drafts.save(ana, f"reply:{ticket.number}", {"body": "Bom dia"}, [], at=NOW())

        answer = say(desk, ticket, "Bom dia, Bruno", headers=HTMX)

        said = ticket.comments.get()
        assert (said.kind, said.body, said.author) == ("reply", "Bom dia, Bruno", ana)
        assert not Draft.objects.exists()
        assert answer.status_code == 200
        assert "Bom dia, Bruno" in text_of(answer)
        assert "Bom dia, Bruno</textarea>" not in answer.content.decode()

    def test_without_javascript_goes_back_to_where_one_was(self, desk: Client, ticket: Ticket) -> None:
        here = f"/mesa/fila/minha/{ticket.number}/"

        assert say(desk, ticket, "Bom dia", next=here).url == here
        assert say(desk, ticket, "De novo", next="https://fora.example/").url == f"/mesa/chamados/{ticket.number}/"

    def test_a_note_stays_with_the_team(self, desk: Client, bruno: User, ticket: Ticket) -> None:
        say(desk, ticket, "Só entre nós", mode="note")

        assert ticket.comments.get().kind == "note"
        assert not Comment.objects.visible_to(bruno).exists()

    def test_an_empty_box_says_who_will_read_it(self, desk: Client, ticket: Ticket) -> None:
        refused = say(desk, ticket, "", mode="note").text

        assert re.findall(r'<textarea[^>]* placeholder="([^"]*)"', refused) == ["Nota que só a equipe lê"]
        box = re.findall(r'<textarea[^>]* placeholder="([^"]*)"', desk.get(f"/mesa/chamados/{ticket.number}/").text)
        assert box == ["Responder a Bruno"]

    def test_an_empty_one_is_refused(self, desk: Client, ticket: Ticket) -> None:
        for headers in ({}, HTMX):
            answer = say(desk, ticket, "   ", headers=headers)

            assert answer.status_code == 422
            assert "Erro:" in answer.content.decode()
            assert 'aria-invalid="true"' in answer.content.decode()
        assert not ticket.comments.exists()

    def test_one_that_is_too_long_comes_back_whole(self, desk: Client, ticket: Ticket) -> None:
        answer = say(desk, ticket, "y" * 50_001)

        assert answer.status_code == 422
        assert "y" * 50_001 in answer.content.decode()

    def test_the_same_form_says_it_once(self, desk: Client, ticket: Ticket) -> None:
        key, seen = str(uuid.uuid4()), seen_of(ticket)

        answers = [say(desk, ticket, "Uma vez", once_key=key, seen=seen).status_code for _ in range(2)]

        assert answers == [302, 302]
        assert ticket.comments.count() == 1

    def test_brings_files_with_and_without_javascript(self, desk: Client, ana: User, ticket: Ticket) -> None:
        sent = desk.post("/arquivos/", {"file": SimpleUploadedFile("antes.txt", b"subiu antes")})
        new = SimpleUploadedFile("junto.txt", b"veio junto")

        say(desk, ticket, "Veja", **{"files": sent.json()["id"], "files-new": new})

        assert sorted(row.file.name for row in ticket.attachments.all()) == ["antes.txt", "junto.txt"]

    def test_a_refused_file_is_named_and_nothing_else_is_lost(self, desk: Client, ticket: Ticket) -> None:
        sent = desk.post("/arquivos/", {"file": SimpleUploadedFile("boa.txt", b"boa")})
        program = SimpleUploadedFile("virus.exe", b"MZ" + b"\0" * 200)

        answer = say(desk, ticket, "Texto que fica", **{"files": sent.json()["id"], "files-new": program})

        assert answer.status_code == 422
        assert "virus.exe" in text_of(answer)
        assert "Texto que fica</textarea>" in answer.content.decode()
        assert str(sent.json()["id"]) in answer.content.decode()

    def test_takes_no_file_of_somebody_else(
        self, desk: Client, enter: Callable[[User], Client], bruno: User, ticket: Ticket
    ) -> None:
        stored = enter(bruno).post("/arquivos/", {"file": SimpleUploadedFile("dele.txt", b"dele")}).json()["id"]

        say(desk, ticket, "Tentei", files=stored)

        assert StoredFile.objects.filter(pk=stored).exists()
        assert not ticket.attachments.exists()

    def test_is_for_the_desk_only(
        self, enter: Callable[[User], Client], bruno: User, davi: User, elisa: User, ticket: Ticket
    ) -> None:
        assert [say(enter(user), ticket, "x").status_code for user in (bruno, davi, elisa)] == [403] * 3


class TestDiagnosis:
    def test_is_recorded_in_its_own_mode(self, desk: Client, bruno: User, ticket: Ticket) -> None:
        page = text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))
        assert "Registrar diagnóstico" in page

        answer = say(desk, ticket, "O disco encheu", mode="diagnosis", headers=HTMX)

        assert "Diagnóstico registrado" in text_of(answer)
        assert "registrou o diagnóstico" in text_of(answer)
        assert Comment.objects.visible_to(bruno).get().kind == "diagnosis"

    def test_without_words_comes_back_in_its_mode(self, desk: Client, ticket: Ticket) -> None:
        answer = say(desk, ticket, "  ", mode="diagnosis")

        assert answer.status_code == 422
        assert "Escreva o diagnóstico antes de registrá-lo" in text_of(answer)
        assert re.search(r'name="mode" value="diagnosis" checked', answer.text)

    def test_takes_no_step(self, desk: Client, ticket: Ticket, suporte: SimpleNamespace) -> None:
        answer = say(desk, ticket, "O disco encheu", mode="diagnosis", step=suporte.offer.pk)

        assert answer.status_code == 422
        assert "O disco encheu</textarea>" in answer.text
        assert not ticket.comments.exists()

    def test_waits_for_new_words_of_the_customer(self, desk: Client, bruno: User, ticket: Ticket) -> None:
        seen = seen_of(ticket)
        conversation.comment(ticket, by=bruno, at=NOW(), body="Trocamos o disco")

        assert say(desk, ticket, "O disco encheu", mode="diagnosis", seen=seen).status_code == 409
        assert ticket.comments.count() == 1

    def test_is_offered_only_while_the_ticket_is_open(
        self, desk: Client, ana: User, bruno: User, suporte: SimpleNamespace
    ) -> None:
        ended = make_ticket(requester=bruno, assignee=ana, status=suporte.closed)
        draft = {"body": "O disco encheu", "mode": "diagnosis"}

        assert 'value="diagnosis"' not in desk.get(f"/mesa/chamados/{ended.number}/").text
        drafts.save(ana, f"reply:{ended.number}", draft, [], at=NOW())
        assert re.search(r'value="diagnosis" checked', desk.get(f"/mesa/chamados/{ended.number}/").text), (
            "a draft keeps its mode: it is not sent as an answer"
        )
        answer = say(desk, ended, "O disco encheu", mode="diagnosis")
        assert answer.status_code == 422
        assert "enquanto o chamado está aberto" in text_of(answer)


class TestReplyWithStep:
    def test_delivers_the_solution(self, desk: Client, ticket: Ticket, suporte: SimpleNamespace) -> None:
        page = text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))
        assert "Enviar e pedir validação" in page
        assert "Enviar e deixar pendente" in page

        say(desk, ticket, "Reapontamos a pasta", step=suporte.offer.pk)

        ticket.refresh_from_db()
        assert ticket.status == suporte.validating
        assert ticket.solution is not None
        assert ticket.solution.body == "Reapontamos a pasta"

    def test_asks_the_customer_and_waits(self, desk: Client, ticket: Ticket, suporte: SimpleNamespace) -> None:
        say(desk, ticket, "Qual é a versão?", step=suporte.ask.pk)

        ticket.refresh_from_db()
        assert ticket.status == suporte.waiting
        assert ticket.comments.get().kind == "reply"

    def test_needs_words(self, desk: Client, ticket: Ticket, suporte: SimpleNamespace) -> None:
        answer = say(desk, ticket, "", step=suporte.offer.pk)

        assert answer.status_code == 422
        assert Ticket.objects.get(pk=ticket.pk).status == suporte.working

    def test_a_note_takes_no_step(self, desk: Client, ticket: Ticket, suporte: SimpleNamespace) -> None:
        answer = say(desk, ticket, "Só entre nós", mode="note", step=suporte.offer.pk)

        assert answer.status_code == 422
        assert "Só entre nós</textarea>" in answer.content.decode()
        assert not ticket.comments.exists()

    def test_a_step_that_is_not_said_there_does_not_exist(
        self, desk: Client, ticket: Ticket, suporte: SimpleNamespace
    ) -> None:
        assert say(desk, ticket, "x", step=suporte.cancel_working.pk).status_code == 404
        assert say(desk, ticket, "x", step=987654).status_code == 404

    def test_a_second_press_says_it_was_sent(self, desk: Client, ticket: Ticket, suporte: SimpleNamespace) -> None:
        key, seen = str(uuid.uuid4()), seen_of(ticket)

        answers = [
            say(desk, ticket, "Pronto", step=suporte.offer.pk, once_key=key, seen=seen).status_code for _ in range(2)
        ]

        assert answers == [302, 302]
        assert ticket.comments.count() == 1


class TestTwoAtOnce:
    def test_new_words_of_the_customer_are_shown_before_sending(
        self, desk: Client, bruno: User, ticket: Ticket
    ) -> None:
        seen = seen_of(ticket)
        conversation.comment(ticket, by=bruno, at=NOW(), body="Voltou sozinho")

        answer = say(desk, ticket, "Vou acessar agora", seen=seen, headers=HTMX)

        shown = text_of(answer)
        assert answer.status_code == 422
        assert "Bruno Braga escreveu enquanto você escrevia" in shown
        assert "Voltou sozinho" in shown
        assert "Vou acessar agora</textarea>" in answer.content.decode()
        assert ticket.comments.count() == 1

        say(desk, ticket, "Que bom", seen=seen_of(ticket))

        assert ticket.comments.count() == 2

    def test_a_colleague_who_was_faster_with_the_step_wins(
        self, desk: Client, gustavo: User, ticket: Ticket, suporte: SimpleNamespace
    ) -> None:
        seen = seen_of(ticket)
        moving.take(ticket, suporte.ask, by=gustavo, at=NOW(), given={"comment": "Qual a versão?"})

        answer = say(desk, ticket, "A minha solução", seen=seen, step=suporte.offer.pk)

        assert answer.status_code == 409
        assert "Qual a versão?" in text_of(answer)
        assert "A minha solução</textarea>" in answer.content.decode()
        assert Ticket.objects.get(pk=ticket.pk).status == suporte.waiting

    def test_the_step_itself_having_moved_on_loses_no_text(
        self, desk: Client, gustavo: User, ticket: Ticket, suporte: SimpleNamespace
    ) -> None:
        moving.take(ticket, suporte.ask, by=gustavo, at=NOW(), given={"comment": "Qual a versão?"})

        answer = say(desk, ticket, "A minha solução", step=suporte.offer.pk)

        assert answer.status_code == 409
        assert "Pendência cliente" in text_of(answer)
        assert "A minha solução</textarea>" in answer.content.decode()

    def test_a_note_is_kept_over_whatever_was_said(self, desk: Client, bruno: User, ticket: Ticket) -> None:
        seen = seen_of(ticket)
        conversation.comment(ticket, by=bruno, at=NOW(), body="Voltou sozinho")

        say(desk, ticket, "Ligar amanhã", mode="note", seen=seen)

        assert ticket.comments.filter(kind="note").exists()


class TestCorrections:
    def test_one_corrects_what_one_said_and_the_team_sees_what_it_was(
        self, desk: Client, ana: User, ticket: Ticket
    ) -> None:
        said = conversation.comment(ticket, by=ana, at=NOW(), body="Até amanha")
        address = f"/mesa/chamados/{ticket.number}/comentarios/{said.pk}/"
        assert "Até amanha</textarea>" in desk.get(address).content.decode()

        desk.post(address, {"body": "Até amanhã"})

        said.refresh_from_db()
        assert said.body == "Até amanhã"
        assert "Editado" in text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))
        assert "Até amanha" in text_of(desk.get(f"{address}versoes/"))

    def test_not_after_five_minutes_nor_of_others(self, desk: Client, ana: User, bruno: User, ticket: Ticket) -> None:
        late = conversation.comment(ticket, by=ana, at=NOW() - timedelta(minutes=6), body="Antigo")
        others = conversation.comment(ticket, by=bruno, at=NOW(), body="Do Bruno")

        refused = desk.post(f"/mesa/chamados/{ticket.number}/comentarios/{late.pk}/", {"body": "Novo"})

        assert refused.status_code == 422
        assert "Novo</textarea>" in refused.content.decode()
        assert desk.get(f"/mesa/chamados/{ticket.number}/comentarios/{others.pk}/").status_code == 404

    def test_only_administrators_redact(
        self, desk: Client, enter: Callable[[User], Client], bruno: User, ticket: Ticket
    ) -> None:
        said = conversation.comment(ticket, by=bruno, at=NOW(), body="Senha: girassol")
        address = f"/mesa/chamados/{ticket.number}/comentarios/{said.pk}/ocultar/"
        chief = enter(make_user(name="Rui Chefe", email="rui@lume.example", roles=[Role.AGENT, Role.ADMINISTRATOR]))

        assert desk.post(address, {"reason": "dado pessoal"}).status_code == 422
        assert "girassol" in text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))
        assert chief.post(address, {"reason": ""}).status_code == 422
        assert chief.post(address, {"reason": "dado pessoal"}).status_code == 302

        shown = text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))
        assert "girassol" not in shown
        assert "ocultou este comentário" in shown
