"""The page of a ticket, as its customers see it."""

import json
import re
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
import typst
from django.utils import timezone
from PIL import Image

from guiche.core import formatting
from guiche.tickets.actions import conversation, moving, sharing, triage
from guiche.tickets.models import CommentKind, Ticket
from guiche.web import sheets
from guiche.web.sheets import tickets as sheets_of
from tests.factories.catalog import make_product, severity
from tests.factories.tickets import NOON, make_ticket


@pytest.fixture
def at_portal(client, bruno):
    client.force_login(bruno)
    return client


def page(ticket, *more):
    return "/".join(["/chamados", str(ticket.number), *[str(part) for part in more]]) + "/"


class TestTicket:
    def test_shows_what_was_said_and_hides_what_is_internal(self, at_portal, ana, bruno):
        ticket = make_ticket(requester=bruno, product=make_product(name="PACS"), severity=severity(2))
        conversation.comment(ticket, by=ana, at=NOON, body="Já estou **olhando**.")
        conversation.note(ticket, by=ana, at=NOON, body="CANARY-NOTE")

        answer = at_portal.get(page(ticket))

        assert answer.status_code == 200
        assert "<strong>olhando</strong>" in answer.text
        assert "CANARY-NOTE" not in answer.text
        assert "Ana Analista" in answer.text

    def test_case_32_foreign_and_missing_answer_alike(self, client, bruno, carla):
        ticket = make_ticket(requester=bruno)
        client.force_login(carla)

        foreign, missing = client.get(page(ticket)), client.get("/chamados/987654321/")

        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content

    def test_after_a_move_says_nothing_of_the_people_of_the_other_company(self, client, ana, bruno, beatriz, carla):
        ticket = make_ticket(requester=bruno, contact_name="Bruno Braga")
        sharing.share(ticket, beatriz.email, by=ana, at=NOON)
        conversation.comment(ticket, by=bruno, at=NOON, body="Ainda não abre.")
        conversation.comment(ticket, by=ana, at=NOON, body="Já estou olhando.")
        home = carla.memberships.get().organization
        triage.move_to_organization(ticket, home, carla, by=ana, at=NOON, reason="Aberto na empresa errada")
        client.force_login(carla)

        answer = client.get(page(ticket)).text

        assert "Outra pessoa" in answer
        assert "Ana Analista" in answer
        for stranger in (bruno, beatriz):
            assert stranger.name not in answer

    def test_who_left_the_company_is_still_named(self, client, bruno, beatriz):
        ticket = make_ticket(requester=bruno)
        conversation.comment(ticket, by=beatriz, at=NOON, body="Aqui também.")
        beatriz.memberships.update(is_active=False)
        client.force_login(bruno)

        assert beatriz.name in client.get(page(ticket)).text

    def test_costs_the_same_with_a_long_conversation(self, at_portal, ana, bruno, django_assert_max_num_queries):
        ticket = make_ticket(requester=bruno)
        for minute in range(30):
            conversation.comment(ticket, by=ana, at=NOON + timedelta(minutes=minute), body="Seguimos.")
        at_portal.get(page(ticket))

        with django_assert_max_num_queries(12):
            at_portal.get(page(ticket))

    def test_case_58_hostile_words_stay_words(self, at_portal, bruno):
        words = "<img src=x onerror=alert(1)> {{7*7}} <script>alert(1)</script> javascript:alert(1)"
        ticket = make_ticket(requester=bruno, title=words, description=words)

        text = at_portal.get(page(ticket)).text

        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert "{{7*7}}" in text


class TestComment:
    def test_is_said_and_shown(self, at_portal, bruno):
        ticket = make_ticket(requester=bruno)

        answer = at_portal.post(page(ticket, "comentar"), {"body": "Voltou a falhar", "once_key": uuid.uuid4()})

        assert answer.status_code == 302
        assert "Voltou a falhar" in at_portal.get(page(ticket)).text

    def test_nothing_said_is_refused_with_the_page(self, at_portal, bruno):
        ticket = make_ticket(requester=bruno)

        answer = at_portal.post(page(ticket, "comentar"), {"body": "  "})

        assert answer.status_code == 422
        assert "Escreva algo antes de enviar." in answer.text
        assert "<title>Erro: " in answer.text

    def test_too_long_keeps_every_word(self, at_portal, bruno):
        ticket, body = make_ticket(requester=bruno), "palavra " * 7_000

        answer = at_portal.post(page(ticket, "comentar"), {"body": body})

        assert answer.status_code == 422
        assert body.strip() in answer.text

    def test_case_38_the_fragment_checks_like_the_page(self, client, bruno, carla):
        ticket = make_ticket(requester=bruno)
        client.force_login(carla)

        for path in ("novidades", "comentar", "contato", "compartilhar", "avisos", "deixar", "imprimir"):
            for headers in ({}, {"HX-Request": "true"}):
                assert client.get(page(ticket, path), headers=headers).status_code in {404, 405}
                assert client.post(page(ticket, path), {"body": "x"}, headers=headers).status_code in {404, 405}


class TestDraft:
    def test_is_there_again_and_gone_once_sent(self, at_portal, bruno):
        ticket, key = make_ticket(requester=bruno), str(uuid.uuid4())

        kept = at_portal.post(page(ticket, "rascunho"), {"body": "Estava escrev", "once_key": key})

        assert kept.json()["time"]
        assert "Estava escrev" in at_portal.get(page(ticket)).text
        at_portal.post(page(ticket, "comentar"), {"body": "Estava escrevendo", "once_key": key})
        late = at_portal.post(page(ticket, "rascunho"), {"body": "Estava escrevendo", "once_key": key})
        assert late.status_code == 200
        assert "Estava escrevendo</textarea>" not in at_portal.get(page(ticket)).text

    def test_an_empty_box_forgets_it(self, at_portal, bruno):
        ticket = make_ticket(requester=bruno)
        at_portal.post(page(ticket, "rascunho"), {"body": "Estava escrev"})

        at_portal.post(page(ticket, "rascunho"), {"body": ""})

        assert "Estava escrev" not in at_portal.get(page(ticket)).text


class TestCorrection:
    def test_is_offered_for_five_minutes(self, at_portal, bruno):
        ticket = make_ticket(requester=bruno)
        said = conversation.comment(ticket, by=bruno, at=timezone.now(), body="Versao 5")
        path = page(ticket, "comentarios", said.pk)
        assert path in at_portal.get(page(ticket)).text

        assert at_portal.post(path, {"body": "Versão 5.2"}).status_code == 302

        text = at_portal.get(page(ticket)).text
        assert "Versão 5.2" in text
        assert "editado" in text

    def test_of_somebody_else_is_not_there(self, at_portal, bruno, beatriz):
        ticket = make_ticket(requester=bruno)
        said = conversation.comment(ticket, by=beatriz, at=timezone.now(), body="Versao 5")

        assert at_portal.post(page(ticket, "comentarios", said.pk), {"body": "x"}).status_code == 404


class TestVerdict:
    def test_approves_by_one_button(self, at_portal, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)
        assert "Aprovar solução" in at_portal.get(page(ticket)).text

        answer = at_portal.post(page(ticket, "passos", suporte.approve.pk))

        assert answer.status_code == 302
        assert Ticket.objects.get(pk=ticket.pk).outcome == "approved"

    def test_nothing_changes_by_get(self, at_portal, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)

        assert at_portal.get(page(ticket, "passos", suporte.approve.pk)).status_code == 200

        assert Ticket.objects.get(pk=ticket.pk).is_open

    def test_a_page_that_is_late_says_what_happened_and_not_what_to_correct(self, at_portal, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)
        first, late = (at_portal.post(page(ticket, "passos", suporte.approve.pk)) for _time in range(2))

        assert (first.status_code, late.status_code) == (302, 422)
        assert "Isto não foi feito" in late.text
        assert "O chamado já mudou" in late.text
        assert "corrigir" not in late.text

    def test_rejecting_needs_words(self, at_portal, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)

        refused = at_portal.post(page(ticket, "passos", suporte.reject.pk), {"words": " "})
        taken = at_portal.post(page(ticket, "passos", suporte.reject.pk), {"words": "Continua lento"})

        assert (refused.status_code, taken.status_code) == (422, 302)
        assert "Diga o que ainda está errado" in refused.text
        assert "Solução reprovada" in at_portal.get(page(ticket)).text
        assert ticket.comments.get().kind == CommentKind.REJECTION

    def test_the_second_verdict_is_told_and_loses_no_text(self, at_portal, bruno, beatriz, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)
        moving.take(ticket, suporte.approve, by=beatriz, at=NOON)

        answer = at_portal.post(page(ticket, "passos", suporte.reject.pk), {"words": "Continua lento"})

        assert answer.status_code == 422
        assert "Continua lento" in answer.text
        assert "Fechado" in answer.text

    def test_a_step_of_another_workflow_or_of_staff_is_not_there(self, at_portal, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.working)

        assert at_portal.post(page(ticket, "passos", suporte.offer.pk), {"words": "x"}).status_code == 404
        assert at_portal.post(page(ticket, "passos", 999_999), {"words": "x"}).status_code == 404

    def test_opens_in_the_dialog(self, at_portal, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.validating)
        headers = {"HX-Request": "true", "HX-Target": "dialogo"}

        asked = at_portal.get(page(ticket, "passos", suporte.reject.pk), headers=headers)
        taken = at_portal.post(page(ticket, "passos", suporte.reject.pk), {"words": "Continua"}, headers=headers)

        assert "<html" not in asked.text
        assert (taken.status_code, taken["HX-Redirect"]) == (204, page(ticket))


class TestAfterTheEnd:
    def test_reopening_is_offered_in_its_days(self, at_portal, bruno, suporte):
        ticket = make_ticket(requester=bruno, status=suporte.closed, at=timezone.now())
        assert "Reabrir chamado" in at_portal.get(page(ticket)).text

        Ticket.objects.filter(pk=ticket.pk).update(ended_at=timezone.now() - timedelta(days=6))

        text = at_portal.get(page(ticket)).text
        assert "Reabrir chamado" not in text
        assert "Abrir chamado relacionado" in text


class TestArranging:
    def test_the_contact_is_changed(self, at_portal, bruno):
        ticket = make_ticket(requester=bruno)

        answer = at_portal.post(page(ticket, "contato"), {"name": "Jonas Prado", "phone": "(12) 98800-1122"})

        assert answer.status_code == 302
        assert "Jonas Prado" in at_portal.get(page(ticket)).text

    def test_says_once_what_is_wrong_with_an_address(self, at_portal, bruno):
        ticket = make_ticket(requester=bruno)

        empty = at_portal.post(page(ticket, "compartilhar"), {"address": " "})
        wrong = at_portal.post(page(ticket, "compartilhar"), {"address": "torto"})

        assert empty.status_code == wrong.status_code == 422
        assert empty.text.count("Escreva o e-mail de quem vai acompanhar o chamado.") == 2  # the summary, the field
        assert wrong.text.count("“torto” não é um endereço de e-mail") == 2
        assert wrong.text.count("<once-submit") == 1

    def test_a_colleague_is_added_and_leaves(self, client, at_portal, bruno, caio):
        ticket = make_ticket(requester=bruno)
        at_portal.post(page(ticket, "compartilhar"), {"address": caio.email})
        person = ticket.participants.get()
        client.force_login(caio)

        answer = client.post(page(ticket, "deixar"), {"person": person.pk})

        assert (answer.status_code, answer["Location"]) == (302, "/chamados/")
        assert "Você saiu do chamado" in client.get("/chamados/").text

    def test_who_does_not_arrange_is_told(self, client, bruno, caio):
        ticket = make_ticket(requester=bruno)
        sharing.share(ticket, caio.email, by=bruno, at=NOON)
        client.force_login(caio)

        answer = client.post(page(ticket, "compartilhar"), {"address": "outro@acme.example"})

        assert answer.status_code == 422
        assert not ticket.copies.exists()

    def test_notices_are_muted(self, at_portal, bruno):
        ticket = make_ticket(requester=bruno)

        at_portal.post(page(ticket, "avisos"), {"in_bell": "on"})

        row = ticket.followings.get()
        assert (row.by_email, row.in_bell) == (False, True)


class TestStillNeed:
    @pytest.fixture
    def asked(self, ana, bruno, suporte):
        then = timezone.now() - timedelta(days=8)
        ticket = make_ticket(requester=bruno, status=suporte.working, at=then)
        return moving.take(ticket, suporte.ask, by=ana, at=then, given={"comment": "Qual a versão?"})

    def test_is_a_button_where_silence_is_counted(self, at_portal, bruno, asked):
        assert f'action="{page(asked, "ainda-preciso")}"' in at_portal.get(page(asked)).text
        assert "ainda-preciso" not in at_portal.get(page(make_ticket(requester=bruno))).text

    def test_restarts_the_count_and_says_until_when(self, at_portal, asked):
        answer = at_portal.post(page(asked, "ainda-preciso"), follow=True)

        ticket = Ticket.objects.get(pk=asked.pk)
        assert ticket.closes_at > asked.closes_at
        assert ticket.status == asked.status
        assert f"Sem resposta até {formatting.long_day(ticket.closes_at)}, ele fecha sozinho" in answer.text
        assert "<b>Você</b> ainda precisa do chamado" in answer.text

    def test_only_asks_whoever_comes_from_a_letter(self, at_portal, asked):
        answer = at_portal.get(page(asked, "ainda-preciso"))

        assert "Ainda preciso" in answer.text
        assert Ticket.objects.get(pk=asked.pk).closes_at == asked.closes_at
        assert not asked.timeline.filter(kind="ticket.still_needed").exists()

    def test_leads_to_the_ticket_where_there_is_nothing_to_keep_open(self, at_portal, bruno):
        ticket = make_ticket(requester=bruno)

        for answer in (at_portal.get(page(ticket, "ainda-preciso")), at_portal.post(page(ticket, "ainda-preciso"))):
            assert (answer.status_code, answer["Location"]) == (302, page(ticket))
        assert "não fecha sozinho" in at_portal.get(page(ticket)).text


class TestOutsider:
    """Somebody of another company whom staff let follow the ticket (case 43)."""

    def test_case_43_is_not_told_who_else_follows(self, client, ana, bruno, caio, carla):
        ticket = make_ticket(
            requester=bruno, contact_name="Rui", contact_phone="(11) 4000-7777", contact_email="canary@acme.example"
        )
        sharing.share(ticket, carla.email, by=ana, at=NOON)
        sharing.share(ticket, caio.email, by=bruno, at=NOON + timedelta(minutes=1))
        sharing.share(ticket, "nina@fora.example", by=bruno, at=NOON + timedelta(minutes=2))
        sharing.stop_sharing(ticket, by=bruno, at=NOON + timedelta(minutes=3), copy_id=ticket.copies.get().pk)

        for who, is_told in ((carla, False), (bruno, True)):
            client.force_login(who)
            for way in ("", "imprimir"):
                said = client.get(page(ticket, way) if way else page(ticket)).text
                assert ("nina@fora.example" in said) is is_told, way
                assert ("Caio Costa" in said) is is_told, way
                assert ("4000-7777" in said) is is_told, way
            contact = client.get(page(ticket, "contato")).text
            assert ("canary@acme.example" in contact) is is_told


class TestPaper:
    def test_prints_only_what_one_sees(self, at_portal, ana, bruno):
        ticket = make_ticket(requester=bruno)
        conversation.note(ticket, by=ana, at=NOON, body="CANARY-NOTE")

        sheet, pdf = at_portal.get(page(ticket, "imprimir")), at_portal.get(f"/chamados/{ticket.number}/imprimir.pdf")

        assert "CANARY-NOTE" not in sheet.text
        assert pdf["Content-Type"] == "application/pdf"
        assert pdf.content.startswith(b"%PDF")

    def test_says_who_recorded_the_diagnosis_on_the_page_and_on_paper(self, at_portal, ana, bruno):
        ticket = make_ticket(requester=bruno)
        conversation.diagnose(ticket, by=ana, at=NOON, body="O disco encheu.")

        for way in (page(ticket), page(ticket, "imprimir")):
            shown = " ".join(re.sub(r"<[^>]+>", " ", at_portal.get(way).text).split())
            assert "Ana Analista registrou o diagnóstico" in shown
            assert "O disco encheu." in shown
        said = sheets_of.data(ticket, bruno)["entries"][-1]
        assert (said["name"], said["role"], said["text"]) == (ana.name, "registrou o diagnóstico", "O disco encheu.")

    def test_case_104_words_fetch_nothing_and_run_nothing(self, at_portal, bruno):
        hostile = (
            '<img src="file:///etc/passwd"> <iframe src="http://127.0.0.1:8000/"></iframe> #read("/etc/passwd") '
            '#include "/etc/passwd" #image("/etc/passwd") #{1+1} $x$ @label <label> ![x](file:///etc/passwd) \\ */ // "'
        )
        ticket = make_ticket(requester=bruno, title="#panic() $1$ <a> \\ @b", description=hostile)

        data = sheets_of.data(ticket, bruno)
        pdf = at_portal.get(f"/chamados/{ticket.number}/imprimir.pdf")

        assert '#read("/etc/passwd")' in data["entries"][0]["text"]
        assert pdf.status_code == 200
        assert b"root:" not in pdf.content
        assert b"/URI" not in pdf.content

    def test_the_pdf_loses_no_end_of_a_long_word(self, bruno):
        word = "pneumoconiótica" * 13
        ticket = make_ticket(requester=bruno, title=word, description=f"Veja https://acme.example/{word * 3}.")
        data = sheets_of.data(Ticket.objects.for_page().get(pk=ticket.pk), bruno)
        data |= {"organization": word, "provider": "Lume"}
        data["entries"][0] |= {"name": word, "files": [f"{word}.txt"]}

        inputs = {"data": json.dumps(data)}
        drawn = typst.compile(sheets.FOLDER / "ticket.typ", format="png", ppi=72, sys_inputs=inputs)

        page = Image.open(BytesIO(drawn)).convert("L")
        margin = page.crop((page.width - 36, 0, page.width, page.height))
        assert margin.getextrema() == (255, 255)
        assert page.getextrema()[0] < 100  # the twin: something is on the paper

    def test_case_154_long_ones_are_set_up_to_a_limit(self, at_portal, ana, bruno):
        ticket = make_ticket(requester=bruno)
        conversation.comment(ticket, by=bruno, at=NOON, body="```\na" + "\n" * 40_000 + "b\n```")
        for _ in range(8):
            conversation.comment(ticket, by=bruno, at=NOON, body="palavra " * 6_000)

        entries = sheets_of.data(Ticket.objects.for_page().get(pk=ticket.pk), bruno)["entries"]

        assert entries[1]["text"] == "a\n\nb"
        assert sum(len(entry["text"]) for entry in entries) < 310_000
        assert entries[-1]["text"] == "(O restante está no portal.)"

    def test_case_154_few_are_set_at_once(self, at_portal, bruno, monkeypatch):
        ticket, places = make_ticket(requester=bruno), sheets._places
        monkeypatch.setattr(sheets, "WAITS_SECONDS", 0.01)
        path = f"/chamados/{ticket.number}/imprimir.pdf"

        with places, places:
            answer = at_portal.get(path)

        assert (answer.status_code, at_portal.get(path).status_code) == (409, 200)
        assert "alguns segundos" in answer.text
