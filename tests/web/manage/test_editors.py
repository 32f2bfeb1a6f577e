"""What administrators do in the editors: a workflow's draft, a form's lines, the service table, brand and mail."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from PIL import Image

from guiche.catalog.actions import forms as form_actions
from guiche.catalog.conditions import Condition
from guiche.catalog.models import CustomField, FormDraft, Impact, Severity
from guiche.installation import models as installation
from guiche.mail import folder
from guiche.mail.models import OutgoingMail
from guiche.mail.states import State
from guiche.web.manage import mail
from guiche.workflows import actions
from tests.factories.accounts import make_user
from tests.factories.catalog import make_custom_field, make_form_field, make_module

FLOW = "/administracao/fluxos/suporte/"
FORM = "/administracao/formularios/falha-tecnica/"


def status_data(**values):
    filled = {
        "name": "Pendência cliente",
        "customer_name": "",
        "stage": "waiting_on_customer",
        "code": "",
        "family": "pause",
        "closes_after_days": "10",
        "warns_days_before": "2",
    }
    return {f"status-{name}": value for name, value in {**filled, **values}.items()}


PAUSES = [
    ("new", False, False),
    ("in_progress", True, True),
    ("waiting_on_customer", False, True),
    ("awaiting_validation", True, True),
    ("done", False, False),
]


class TestWorkflow:
    def test_waits_in_a_draft_until_it_is_published(self, administration, things):
        status = things.status
        administration.post(f"{FLOW}status/{status.pk}/", status_data(name="Esperando você"))

        page = administration.get(FLOW).text
        assert "Rascunho com 1 mudança" in page
        status.refresh_from_db()
        assert status.name == "Pendência cliente"

        administration.post(f"{FLOW}publicar/")
        status.refresh_from_db()
        assert status.name == "Esperando você"
        assert "Rascunho" not in administration.get(FLOW).text

    def test_keeps_a_refused_status_open_with_what_was_typed(self, administration, things):
        answer = administration.post(
            f"{FLOW}status/{things.status.pk}/", status_data(name="Nome novo", warns_days_before="10")
        )

        assert answer.status_code == 422
        assert "O aviso vem antes do fechamento" in answer.text
        assert 'value="Nome novo"' in answer.text

    def test_adds_a_status_and_says_what_is_missing(self, administration, things):
        administration.post(
            f"{FLOW}status/novo/",
            status_data(name="Triagem", stage="in_progress", closes_after_days="") | {"status-warns_days_before": ""},
        )

        assert "“Triagem” não tem saída" in administration.get(FLOW).text
        answer = administration.post(f"{FLOW}publicar/")
        assert answer.status_code == 422
        assert things.workflow.statuses.count() == 6

    def test_says_and_changes_whether_the_deadlines_pause(self, administration, things, suporte):
        assert administration.get(f"{FLOW}?status={things.status.pk}").text.count("Pausa os prazos") == 1
        assert "Prazo pausado, fecha em 10 dias úteis" in administration.get(FLOW).text

        administration.post(f"{FLOW}status/{things.status.pk}/", status_data())
        assert "Prazo conta, fecha em 10 dias úteis" in administration.get(FLOW).text
        administration.post(f"{FLOW}publicar/")

        things.status.refresh_from_db()
        assert not things.status.pauses_clocks

    @pytest.mark.parametrize(("stage", "ticked", "pauses"), PAUSES)
    def test_lets_a_new_status_follow_its_stage(self, administration, things, elisa, stage, ticked, pauses):
        values = {"name": "Triagem", "stage": stage, "closes_after_days": "", "warns_days_before": ""}
        administration.post(f"{FLOW}status/novo/", status_data(**values, **({"pauses_clocks": "on"} if ticked else {})))

        assert actions.draft_of(things.workflow, by=elisa).statuses[-1].pauses_clocks is pauses

    def test_refuses_to_pause_what_has_ended(self, administration, things, suporte):
        values = {"name": "Fechado", "stage": "done", "closes_after_days": "", "warns_days_before": ""}
        answer = administration.post(f"{FLOW}status/{suporte.closed.pk}/", status_data(**values, pauses_clocks="on"))

        assert answer.status_code == 422
        assert "O que terminou não tem prazo a pausar" in answer.text

    def test_adds_a_transition(self, administration, things, suporte):
        administration.post(
            f"{FLOW}passos/novo/",
            {
                "step-name": "Devolver",
                "step-origin": suporte.working.pk,
                "step-target": suporte.new.pk,
                "step-takers": ["agent"],
                "step-asks": ["comment"],
            },
        )
        administration.post(f"{FLOW}publicar/")

        assert suporte.working.ways_out.get(name="Devolver").asks == ["comment"]

    def test_moves_by_button_and_by_drop(self, administration, things, elisa, suporte):
        administration.post(f"{FLOW}status/{suporte.cancelled.pk}/mover/", {"direction": "up"})
        administration.post(f"{FLOW}status/{suporte.cancelled.pk}/mover/", {"position": "1"})

        plan = actions.draft_of(things.workflow, by=elisa)
        assert [status.key for status in plan.statuses].index(str(suporte.cancelled.pk)) == 1

    def test_is_forgotten_when_discarded(self, administration, things, elisa):
        administration.post(f"{FLOW}status/{things.status.pk}/", status_data(name="Outro"))
        administration.post(f"{FLOW}descartar/")

        assert actions.draft_of(things.workflow, by=elisa) is None

    def test_tells_a_key_that_is_gone(self, administration, things):
        assert administration.post(f"{FLOW}status/999999/mover/", {"direction": "up"}).status_code == 422
        assert administration.get(f"{FLOW}?status=999999&passo=zzz").status_code == 200

    def test_shows_its_picture_with_words(self, administration, things):
        page = administration.get(FLOW).text

        assert page.count('<svg class="flow') == 2
        assert "Aguardando validação vai para Fechado por “Aprovar solução”" in page


def line_data(*conditions, **values):
    """What the form under an own line sends; conditions are (field, comparison, value)."""
    filled = {"name": "Modelo", "choices": "A\nB", "conditions": str(len(conditions)), **values}
    for index, (field, comparison, value) in enumerate(conditions):
        filled |= {f"field_{index}": field, f"comparison_{index}": comparison, f"value_{index}": value}
    return {f"line-{name}": value for name, value in filled.items()}


class TestForm:
    @pytest.fixture
    def line(self, things):
        return f"{FORM}campos/{things.line.code}/"

    def test_waits_in_a_draft_until_it_is_published(self, administration, things, line):
        answer = administration.post(line, line_data(choices="A\nB\nC", help="Na etiqueta", is_required="on"))

        assert answer.status_code == 302
        page = administration.get(FORM).text
        assert "Rascunho com" in page
        assert "“Modelo” é agora obrigatório." in page
        things.line.refresh_from_db()
        assert (things.line.custom.choices, things.line.is_required) == (["A", "B"], False)

        administration.post(f"{FORM}publicar/")
        row = things.request_type.form_fields.get(pk=things.line.pk)
        assert (row.custom.name, row.custom.choices, row.help, row.is_required, row.custom.is_for_customers) == (
            *("Modelo", ["A", "B", "C"], "Na etiqueta"),
            *(True, False),
        )
        assert "Rascunho com" not in administration.get(FORM).text

    def test_is_forgotten_when_discarded(self, administration, things, line):
        administration.post(line, line_data())
        administration.post(f"{FORM}descartar/")

        assert "Rascunho com" not in administration.get(FORM).text
        assert administration.post(f"{FORM}publicar/").status_code == 422

    def test_takes_several_conditions(self, administration, things, line):
        product, worst = things.product, Severity.objects.get(level=1)
        rules = ("product", "is", str(product.pk)), ("severity", "is_not", str(worst.pk))

        administration.post(line, line_data(*rules))
        administration.post(f"{FORM}publicar/")

        row = things.request_type.form_fields.get(pk=things.line.pk)
        assert row.rules == (
            Condition("product", str(product.pk)),
            Condition("severity", str(worst.pk), is_equal=False),
        )
        said = "Aparece quando Produto é PACS e Gravidade não é Indisponibilidade total"
        assert said in administration.get(FORM).text

    @pytest.mark.parametrize(
        ("again", "count"), [("add", 2), ("remove-0", 0), ("look", 1), ("remove-x", 1), ("\x00", 1)]
    )
    def test_adds_and_removes_conditions_without_saving(self, administration, line, again, count):
        typed = line_data(("product", "is", ""), name="Digitado") | {"again": again}

        page = administration.post(line, typed)

        assert page.status_code == 200
        assert f'name="line-conditions" id="id_line-conditions" value="{count}"' in page.text
        assert 'value="Digitado"' in page.text
        assert 'class="error-summary"' not in page.text
        assert "Rascunho com" not in administration.get(FORM).text

    def test_offers_the_answers_of_the_field_that_was_chosen(self, administration, things, line):
        typed = line_data(("product", "is", str(things.product.pk)), ("module", "is", "")) | {"again": "look"}
        elsewhere = make_module()

        page = administration.post(line, typed).text

        assert f'<option value="{things.module.pk}">PACS · Visualizador</option>' in page
        assert f"{elsewhere.product.name} · " not in page

    def test_says_that_there_are_more_answers_than_it_shows(self, administration, things, line, monkeypatch):
        monkeypatch.setattr("guiche.catalog.answer_words.MOST_OFFERED", 1)
        monkeypatch.setattr("guiche.web.manage.catalog_forms.MOST_OFFERED", 1)

        page = administration.post(line, line_data(("module", "is", "")) | {"again": "look"})

        assert "Só as primeiras estão aqui" in page.text

    def test_says_beside_it_what_is_wrong_with_a_condition(self, administration, things, line):
        secret = make_custom_field(name="Só nossa", kind="checkbox", is_for_customers=False)
        code = make_form_field(request_type=things.request_type, custom=secret).code

        unanswered = administration.post(line, line_data(("product", "is", "")))
        hidden = administration.post(line, line_data((code, "is", "on"), is_for_customers="on"))

        assert (unanswered.status_code, hidden.status_code) == (422, 422)
        assert 'id="id_line-value_0-error"' in unanswered.text
        assert 'id="id_line-field_0-error"' in hidden.text

    @pytest.mark.parametrize("count", ["99", "-1", "x", "", "1" * 400])
    def test_survives_a_count_of_conditions_that_nobody_sends(self, administration, line, count):
        answer = administration.post(line, line_data() | {"line-conditions": count})

        assert answer.status_code in {302, 422}

    def test_saves_nothing_of_a_refused_line(self, administration, things, line):
        answer = administration.post(line, line_data(choices="Só uma"))

        assert answer.status_code == 422
        assert "Escreva de 2 a 200 opções" in answer.text
        assert "Rascunho com" not in administration.get(FORM).text

    def test_makes_an_own_field_and_opens_it(self, administration, things):
        data = {"name": "Patrimônio", "kind": "text", "is_for_customers": "on"}

        answer = administration.post(f"{FORM}campos/adicionar/", data)

        assert answer["Location"] == f"{FORM}?campo=new-1#field-new-1"
        assert not CustomField.objects.filter(name="Patrimônio").exists()
        administration.post(f"{FORM}publicar/")
        assert things.request_type.form_fields.filter(custom__name="Patrimônio").exists()

    def test_lets_the_kind_of_a_field_change_until_it_is_published(self, administration, things):
        administration.post(f"{FORM}campos/adicionar/", {"name": "Sala", "kind": "text"})
        address = f"{FORM}campos/new-1/"

        answer = administration.post(address, line_data(name="Sala", kind="choice", choices="Um\nDois"))

        assert answer.status_code == 302
        administration.post(f"{FORM}publicar/")
        row = things.request_type.form_fields.get(custom__name="Sala")
        assert (row.custom.kind, row.custom.choices) == ("choice", ["Um", "Dois"])
        assert 'name="line-kind"' not in administration.get(f"{FORM}?campo={row.code}").text

    def test_says_which_fields_hang_on_one_that_is_to_go(self, administration, things, line):
        administration.post(line, line_data(("product", "is", str(things.product.pk))))

        answer = administration.post(f"{FORM}campos/product/remover/")

        assert answer.status_code == 422
        assert "decide quando aparecem: “Modelo”" in answer.text

    def test_moves_by_button_and_by_drop(self, administration, things, elisa):
        address = f"{FORM}campos/{things.line.code}/mover/"
        administration.post(address, {"direction": "up"})
        answer = administration.post(address, {"position": "1"})

        assert answer["Location"].endswith(f"#field-{things.line.code}")
        assert form_actions.draft_of(things.request_type, by=elisa).plan.codes.index(things.line.code) == 1

    def test_tells_a_field_that_is_gone(self, administration):
        for address, data in (("campos/custom-99/", line_data()), ("campos/zzz/mover/", {"direction": "up"})):
            assert administration.post(f"{FORM}{address}", data).status_code == 422
        assert administration.get(f"{FORM}?campo=zzz").status_code == 200

    def test_tells_the_slower_of_two_and_brings_what_they_changed_along(self, administration, things, line):
        other = make_user(name="Tadeu Telles", email="tadeu@lume.example", roles=["administrator"])
        administration.post(line, line_data(help="Minha ajuda"))
        form_actions.change(things.request_type, form_actions.added("urgency"), by=other, at=timezone.now())
        assert "Tadeu Telles tem mudanças" in administration.get(FORM).text
        form_actions.publish(things.request_type, by=other, at=timezone.now())

        page = administration.get(FORM).text
        assert "Alguém publicou este formulário" in page
        assert administration.post(f"{FORM}publicar/").status_code == 422
        administration.post(f"{FORM}trazer/")
        administration.post(f"{FORM}publicar/")

        rows = {row.code: row for row in things.request_type.form_fields.select_related("custom")}
        assert "urgency" in rows
        assert rows[things.line.code].help == "Minha ajuda"

    def test_lists_its_versions_in_words(self, administration, things, line):
        assert "O formulário como estava antes" in administration.get(f"{FORM}versoes/").text
        for values in ({}, {"is_required": "on"}):
            administration.post(line, line_data(**values))
            administration.post(f"{FORM}publicar/")

        page = administration.get(f"{FORM}versoes/").text

        assert "Versão 3" in page
        assert "por Elisa Esteves" in page
        assert "“Modelo” é agora obrigatório." in page

    def test_tells_of_a_draft_that_cannot_be_read(self, administration, things, elisa):
        FormDraft.objects.create(
            request_type=things.request_type, user=elisa, base={"x": 1}, plan=[], updated_at=timezone.now()
        )

        assert "seu rascunho não pode mais ser lido" in administration.get(FORM).text
        administration.post(f"{FORM}descartar/")
        assert "não pode mais ser lido" not in administration.get(FORM).text

    def test_shows_customers_and_team_their_own(self, administration, things):
        label = '<span class="label">Em nome de'

        assert label in administration.get(f"{FORM}?ver=equipe").text
        assert label not in administration.get(FORM).text

    def test_shows_in_the_preview_what_makes_the_open_field_appear(self, administration, things, line):
        administration.post(line, line_data(("product", "is", str(things.product.pk))))

        page = administration.get(f"{FORM}?campo={things.line.code}").text

        assert "Produto é PACS: o campo aparece." in page
        assert '<span class="select">PACS</span>' in page


class TestType:
    def test_is_changed_tab_by_tab(self, administration, things):
        kind = things.request_type
        administration.post(f"{FORM}gravidade/", {"severity_source": "matrix"})
        administration.post(f"{FORM}depois/", {"has_survey": "on"})

        kind.refresh_from_db()
        assert (kind.severity_source, kind.has_survey, kind.needs_validation) == ("matrix", True, False)
        assert (kind.name, kind.is_for_customers) == ("Falha técnica", True)
        assert kind.form_fields.get(standard="urgency").is_required
        assert "Novo campo: “Urgência e impacto”." in administration.get(f"{FORM}versoes/").text


class TestServiceTable:
    HEADER = "família;categoria;sub-categoria;impacto;severidade;diagnóstico;solução\n"

    def send(self, client, rows):
        sent = SimpleUploadedFile("tabela.csv", (self.HEADER + rows).encode())
        return client.post("/administracao/produtos/importar/", {"file": sent})

    def test_is_looked_at_before_it_is_written(self, administration):
        answer = self.send(administration, "RIS;Agenda;Não abre;Recepção para;1;2 h;4 h\nRIS;;Lenta;;2;;\n")

        assert answer["Location"] == "/administracao/produtos/importar/conferir/"
        page = administration.get(answer["Location"]).text
        assert "Linha 3" in page
        assert "Falta o impacto" in page
        assert not Impact.objects.exists()

        administration.post(answer["Location"], {"new_products_for_all": "on"})
        impact = Impact.objects.get()
        assert (impact.service.module.product.name, impact.severity.level, impact.solution_minutes) == ("RIS", 1, 240)
        assert administration.get(answer["Location"])["Location"] == "/administracao/produtos/importar/"

    def test_refuses_what_is_no_table(self, administration):
        sent = SimpleUploadedFile("foto.csv", b"\x89PNG\r\n\x1a\n\0\0")

        answer = administration.post("/administracao/produtos/importar/", {"file": sent})

        assert answer.status_code == 422
        assert "Este arquivo não abre" in answer.text


class TestBrand:
    def data(self, **values):
        filled = {
            "name": "Lume",
            "tagline": "Suporte",
            "brand_hue": "30",
            "brand_chroma": "0.1",
            "ticket_prefix": "#",
            "reopening_days": "5",
            "time_zone": "America/Sao_Paulo",
        }
        return {**filled, **values}

    def test_is_on_the_next_page(self, administration):
        administration.post("/administracao/marca/", self.data())

        assert "Lume <small>Suporte</small>" in administration.get("/administracao/").text

    def test_says_what_is_wrong_beside_the_field_and_keeps_the_rest(self, administration):
        answer = administration.post("/administracao/marca/", self.data(brand_hue="900", phone="(11) 4000-0000"))

        assert answer.status_code == 422
        assert "Escolha um matiz de 0 a 360" in answer.text
        assert "(11) 4000-0000" in answer.text
        assert installation.current().name == "Guichê"

    def test_shows_the_logo_to_everybody(self, administration):
        client = Client()
        assert client.get("/marca/logotipo/").status_code == 404
        picture = BytesIO()
        Image.new("RGB", (40, 20), "navy").save(picture, "PNG")

        sent = SimpleUploadedFile("marca.png", picture.getvalue())
        administration.post("/administracao/marca/", {**self.data(), "logo": sent})

        # In the bar of the page, and in the preview of both themes.
        assert administration.get("/administracao/marca/").text.count('<img class="brand__logo"') == 3
        address = re.search(r'<img class="brand__logo" src="([^"]+)"', client.get("/entrar/").text)
        assert address
        answer = client.get(address[1])
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")

    def test_keeps_nothing_with_a_logo_that_is_no_picture(self, administration):
        sent = SimpleUploadedFile("marca.txt", b"palavras")

        answer = administration.post("/administracao/marca/", {**self.data(), "logo": sent})

        assert answer.status_code == 422
        assert installation.Installation.objects.filter(name="Lume").count() == 0


def make_letter(**values):
    now = timezone.now()
    filled = {
        "event_key": "x:1",
        "recipient": "bruno@acme.example",
        "subject": "[#1] Recebemos",
        "text": "Olá",
        "message_id": "<1@lume.example>",
        "created_at": now,
        "next_attempt_at": now,
        "gives_up_at": now + timedelta(days=3),
    }
    return OutgoingMail.objects.create(**{**filled, **values})


class TestMail:
    def test_sends_an_unknown_letter_again_with_one_button(self, administration, elisa):
        letter = make_letter(state=State.UNKNOWN, attempted_at=timezone.now())
        assert f"/administracao/correio/{letter.pk}/reenviar/" in administration.get("/administracao/correio/").text

        administration.post(f"/administracao/correio/{letter.pk}/reenviar/")

        letter.refresh_from_db()
        assert (letter.state, letter.resent_by) == (State.QUEUED, elisa)

    def test_does_not_send_again_what_left(self, administration):
        letter = make_letter(state=State.SENT, sent_at=timezone.now())

        assert administration.post(f"/administracao/correio/{letter.pk}/reenviar/").status_code == 422

    def test_never_shows_the_words_of_a_letter(self, administration):
        make_letter(text="TOKEN-CANARY", html="<p>TOKEN-CANARY</p>")

        assert "TOKEN-CANARY" not in administration.get("/administracao/correio/").text


class TestDemonstration:
    @pytest.fixture
    def letter(self, settings, tmp_path):
        settings.MAIL_FOLDER = tmp_path
        mail = EmailMultiAlternatives(
            "Primeiro acesso", f"Abra {settings.ADDRESS}/acesso/abc/", "suporte@lume.example", ["ana@lume.example"]
        )
        mail.attach_alternative("<p>Olá<script>alert(1)</script></p>", "text/html")
        folder.Backend().send_messages([mail])
        return folder.letters()[0]

    def test_has_no_such_page_elsewhere(self, administration, letter, settings):
        settings.DEMONSTRATION = False

        assert administration.get("/administracao/cartas/").status_code == 404
        assert administration.get(f"/administracao/cartas/{letter.name}/").status_code == 404

    def test_shows_letters_in_a_frame_without_rights(self, administration, letter, settings):
        settings.DEMONSTRATION = True

        page = administration.get("/administracao/cartas/").text
        assert 'sandbox="allow-popups"' in page
        assert f'href="{settings.ADDRESS}/acesso/abc/"' in page
        answer = administration.get(f"/administracao/cartas/{letter.name}/")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "SAMEORIGIN"

    def test_lists_a_page_at_a_time_and_finds_an_address(self, administration, letter, settings, monkeypatch):
        settings.DEMONSTRATION = True
        monkeypatch.setattr(mail, "LETTERS", 1)
        other = EmailMultiAlternatives("Chamado aberto", "Olá", "suporte@lume.example", ["Bia@saobento.example"])
        folder.Backend().send_messages([other])

        first = administration.get("/administracao/cartas/").text
        second = administration.get("/administracao/cartas/?p=2").text
        assert ('rel="next"' in first, 'rel="prev"' in first, 'rel="prev"' in second) == (True, False, True)
        assert (">Primeiro acesso</a>" in second, ">Chamado aberto</a>" in second) == (True, False)
        found = administration.get("/administracao/cartas/?para=bia@").text
        assert (">Chamado aberto</a>" in found, ">Primeiro acesso</a>" in found) == (True, False)
        assert "Nenhuma carta para este endereço" in administration.get("/administracao/cartas/?para=ninguem").text
        assert administration.get("/administracao/cartas/?p=-3").status_code == 200

    def test_knows_only_its_own_letters(self, administration, letter, settings):
        settings.DEMONSTRATION = True

        assert administration.get("/administracao/cartas/..%2F..%2Fsecret/").status_code == 404
        assert administration.get("/administracao/cartas/0123/").status_code == 404
