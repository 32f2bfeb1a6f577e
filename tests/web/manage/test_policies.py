"""Agreements on deadlines as administrators keep them: the list, the draft, publishing, whom each is for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from guiche.audit.models import Entry
from guiche.sla import terms
from guiche.sla.actions import bulk, versions
from guiche.sla.effects import Effect, Effects
from guiche.sla.metrics import Metric
from guiche.sla.models import Assignment, Clock, Policy, Retargeting
from guiche.sla.terms import Terms
from guiche.web.manage.effects import told
from tests.factories.accounts import make_team, make_user
from tests.factories.assets import make_contract
from tests.factories.calendars import make_calendar, make_city_calendar
from tests.factories.catalog import make_impact, severity, shipped_type
from tests.factories.promises import assign, make_policy
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import text_of

LIST = "/administracao/prazos/"


@pytest.fixture
def ouro(administration):
    return make_policy({(2, "first_response"): 3, (2, "solution"): 12}, name="Ouro")


@pytest.fixture
def page(ouro):
    return f"{LIST}acordos/{ouro.slug}/"


def boxes(answer):
    """Return what a browser would send of the draft on a page."""
    found = {}
    for tag in re.findall(r"<(?:input|select)[^>]*>", answer.text):
        if 'type="radio"' in tag and "checked" not in tag:
            continue
        name, value = (re.search(rf' {part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and not name[1].startswith(("csrf", "abertura", "gravidade")) and 'type="checkbox"' not in tag:
            found[name[1]] = value[1] if value else ""
    return found


def box(level, metric=Metric.SOLUTION, team=None):
    return terms.box((severity(level).pk if level else None, metric, team))


def drafted(administration, page, **changed):
    administration.post(f"{page}rascunho/")
    return administration.post(f"{page}rascunho/salvar/", boxes(administration.get(page)) | changed)


class TestList:
    def test_says_how_each_stands_and_who_has_it(self, administration, ouro, acme, bela, page):
        assign(ouro, contract=make_contract(organization=acme))
        assign(ouro, organization=acme)
        administration.post(f"{page}rascunho/")

        said = text_of(administration.get(LIST))

        assert "Ouro versão 1 em vigor · um rascunho · 1 organização, 1 contrato" in said
        assert "Padrão padrão versão 1 em vigor · 1 organização" in said  # Bela alone: Acme has its own

    def test_gives_the_places_most_specific_first(self, administration, ouro, acme):
        assign(ouro, organization=acme, joins_city=True)
        assign(ouro, contract=make_contract(organization=acme, number="A-1"))

        said = text_of(administration.get(LIST)).partition("Para quem vale")[2]

        assert said.index("Contrato A-1 de Acme") < said.index("Acme Organização") < said.index("Todos os demais")
        assert "Acme Organização Ouro o do próximo nível sim" in said

    def test_leads_to_the_pass_that_goes_on(self, administration, elisa):
        asked = bulk.begin(by=elisa, at=timezone.now())
        assert f"{LIST}andamento/{asked.pk}/" in administration.get(LIST).text

        bulk.cancel(asked, by=elisa, at=timezone.now())
        assert "andamento" not in administration.get(LIST).text

    def test_is_told_in_the_trail_in_words(self, administration, ouro, acme, page):
        drafted(administration, page, **{box(2): "8", "note": "Mais cedo"})
        administration.post(f"{page}publicar/", {"audience": "new"})
        sent = {"organization": acme.pk, "policy": ouro.pk, "joins_city": "sim", "do": "salvar"}
        administration.post(f"{LIST}quem/organizacao/novo/", sent)

        said = text_of(administration.get("/administracao/auditoria/"))

        assert "Versão de um acordo publicada" in said
        assert "depois: o que mudou Mais cedo, Indisponibilidade parcial, Solução 8 h" in said
        assert "antes: Indisponibilidade parcial, Solução 12 h" in said
        assert "Acordo dado Acme depois: acordo Ouro, fecha nos feriados da cidade do cliente sim" in said

    def test_says_when_nobody_has_any(self, administration):
        Assignment.objects.all().delete()

        assert "Ninguém tem acordo" in text_of(administration.get(LIST))


class TestPolicy:
    def test_as_shipped_says_so_and_no_day_long_ago(self, administration):
        said = text_of(administration.get(f"{LIST}acordos/padrao/"))

        assert "Vale desde como veio de fábrica" in said
        assert "1999" not in said

    def test_is_made_of_another_and_renamed(self, administration, ouro):
        answer = administration.post(f"{LIST}novo/", {"name": "Prata", "note": "", "copy_of": ouro.pk})
        assert answer["Location"] == f"{LIST}acordos/prata/"
        administration.post(f"{LIST}acordos/prata/renomear/", {"name": "Prata 2026", "note": "Redes"})

        made = Policy.objects.get(slug="prata")
        assert (made.name, made.note) == ("Prata 2026", "Redes")
        assert terms.of(made.versions.get()) == terms.of(ouro.versions.get())

    def test_says_beside_the_field_what_is_wrong(self, administration, ouro):
        answer = administration.post(f"{LIST}novo/", {"name": "ouro"})

        assert answer.status_code == 422
        assert text_of(answer).count("Já existe um com este nome") == 2

    def test_is_archived_unless_somebody_has_it(self, administration, ouro, acme, page):
        row = assign(ouro, organization=acme)
        refused = administration.post(f"{page}arquivar/")
        assert (refused.status_code, "ainda vale para alguém" in text_of(refused)) == (422, True)

        row.delete()
        administration.post(f"{page}arquivar/")
        assert not Policy.objects.get(pk=ouro.pk).is_active
        assert "Este acordo está arquivado" in text_of(administration.get(page))

        administration.post(f"{page}trazer/")
        assert Policy.objects.get(pk=ouro.pk).is_active


class TestDraft:
    def test_begins_with_the_last_version_and_shows_what_changed(self, administration, page):
        drafted(administration, page, **{box(2): "8", box(1): "1h30", box(3): "90 min"})

        said = administration.get(page)
        assert boxes(said)[box(2)] == "8 h"
        assert (boxes(said)[box(1)], boxes(said)[box(3)]) == ("1h30", "1h30")
        assert "era 12 h" in text_of(said)

    def test_keeps_teams_calendars_and_the_rest(self, administration, ouro, page):
        team, nights = make_team(), make_calendar(name="Plantão")
        sent = {
            box(2, Metric.TEAM, team.pk): "30 min",
            terms.calendar_box(severity(1).pk): nights.pk,
            "calendar": nights.pk,
            "at_risk_percent": "60",
            "counts_delivery": "on",
            "note": "Mais cedo",
        }
        assert drafted(administration, page, **sent).status_code == 302

        found = terms.of(versions.draft_of(ouro))
        assert found.targets[severity(2).pk, Metric.TEAM, team.pk] == 30
        assert (found.calendar, found.severity_calendars) == (nights.pk, {severity(1).pk: nights.pk})
        assert (found.at_risk_percent, found.counts_delivery, found.note) == (60, True, "Mais cedo")

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("0", "Escreva mais que zero"),
            ("0 min", "Escreva mais que zero"),
            ("amanhã", "Escreva um tempo em horas úteis"),
            ("2 dias", "Escreva um tempo em horas úteis"),
            ("99999", "um ano inteiro"),
            ("9" * 21, "no máximo 20"),
        ],
    )
    def test_says_beside_the_box_what_is_wrong_and_keeps_the_rest(self, administration, ouro, page, typed, words):
        answer = drafted(administration, page, **{box(2): typed, box(1): "5", "note": "fica"})

        assert answer.status_code == 422
        assert text_of(answer).count(words) == 2
        assert (boxes(answer)[box(1)], boxes(answer)["note"]) == ("5", "fica")
        assert terms.of(versions.draft_of(ouro)).targets[severity(2).pk, "solution", None] == 720

    def test_warns_of_a_solution_before_the_first_response(self, administration, page):
        answer = drafted(administration, page, **{box(2): "1"})

        assert answer.status_code == 302
        assert "A solução está prometida antes da primeira resposta" in text_of(administration.get(page))

    def test_tells_the_slower_of_two_and_keeps_what_was_typed(self, administration, elisa, ouro, page):
        administration.post(f"{page}rascunho/")
        mine = boxes(administration.get(page)) | {box(2): "9", box(1): "2"}
        other = make_user(name="Eva Esteves", roles=elisa.roles)
        faster = Terms(targets={(severity(1).pk, "solution", None): 60, (severity(2).pk, "solution", None): 480})
        versions.save_draft(ouro, faster, by=other, at=timezone.now())

        answer = administration.post(f"{page}rascunho/salvar/", mine)

        said = text_of(answer)
        assert answer.status_code == 422
        assert "Eva Esteves salvou isto depois que você abriu" in said
        assert "salvo agora: 8 h" in said
        assert boxes(answer)[box(2)] == "9"
        again = administration.post(f"{page}rascunho/salvar/", boxes(answer))
        assert again.status_code == 302
        assert terms.of(versions.draft_of(ouro)).targets[severity(2).pk, "solution", None] == 540

    def test_is_discarded(self, administration, ouro, page):
        drafted(administration, page)

        administration.post(f"{page}rascunho/descartar/")

        assert versions.draft_of(ouro) is None
        assert administration.post(f"{page}rascunho/salvar/", {}).status_code == 302


class TestPublishing:
    def test_shows_what_changes_then_publishes(self, administration, ouro, page):
        drafted(administration, page, **{box(2): "8"})
        said = text_of(administration.get(f"{page}publicar/"))
        assert "Indisponibilidade parcial, Solução 12 h 8 h" in said

        answer = administration.post(f"{page}publicar/", boxes(administration.get(f"{page}publicar/")))

        assert answer["Location"] == f"{page}versoes/2/"
        assert ouro.versions.published().count() == 2
        assert "Versão 2, em vigor" in text_of(administration.get(page))
        assert "Versão 1, até" in text_of(administration.get(page))
        assert not Retargeting.objects.exists()

    def test_schedules_and_withdraws(self, administration, ouro, page):
        drafted(administration, page, **{box(2): "8"})
        day = timezone.localtime() + timedelta(days=9)
        answer = administration.post(
            f"{page}publicar/", {"effective_from": f"{day:%Y-%m-%dT%H:%M}", "audience": "open"}
        )
        waiting = ouro.versions.get(number=2)
        assert Retargeting.objects.get().starts_at == waiting.effective_from
        assert f"Versão 2, a partir de {day:%d/%m/%Y}" in text_of(administration.get(page))

        administration.post(f"{page}versoes/2/retirar/")

        assert ouro.versions.published().count() == 1
        assert Retargeting.objects.get().state == "cancelled"
        assert answer.status_code == 302

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("2020-01-01T10:00", "Isto fica no passado"),
            ("amanhã", "Escreva o dia e a hora"),
            ("0026-01-01T10:00", "Confira o ano"),
            ("9999-12-31T23:59", "Confira o ano"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, administration, ouro, page, typed, words):
        drafted(administration, page)

        answer = administration.post(f"{page}publicar/", {"effective_from": typed, "audience": "open"})

        assert answer.status_code == 422
        assert text_of(answer).count(words) == 2
        assert 'value="open" checked' in answer.text
        assert ouro.versions.published().count() == 1

    def test_refuses_a_draft_that_others_changed(self, administration, elisa, ouro, page):
        drafted(administration, page)
        seen = boxes(administration.get(f"{page}publicar/"))
        versions.save_draft(ouro, Terms(targets={(severity(2).pk, "solution", None): 60}), by=elisa, at=timezone.now())

        answer = administration.post(f"{page}publicar/", seen)

        assert (answer.status_code, "mudou este rascunho enquanto isso" in text_of(answer)) == (422, True)

    def test_counts_the_open_tickets_first_and_can_go_through_them(self, administration, ouro, acme, bruno, page):
        assign(ouro, organization=acme)
        ticket = make_ticket(requester=bruno, severity=severity(2), at=timezone.now() - timedelta(days=30))
        make_ticket(requester=bruno, severity=severity(3), at=timezone.now() - timedelta(days=30))
        drafted(administration, page, **{box(2): "8"})

        said = text_of(administration.get(f"{page}publicar/"))
        assert "com 2 chamados abertos" in said
        assert "Mudariam de prazo 1" in said
        answer = administration.post(f"{page}publicar/", {"audience": "open"})

        asked = Retargeting.objects.get()
        assert answer["Location"] == f"{LIST}andamento/{asked.pk}/"
        assert asked.policy_version == ouro.versions.get(number=2)
        assert Clock.objects.get(ticket=ticket, metric="solution").target_seconds == 12 * 3600  # until the job ran

    def test_says_that_a_first_draft_is_still_empty(self, administration):
        administration.post(f"{LIST}novo/", {"name": "Prata"})
        page = f"{LIST}acordos/prata/"
        assert "Ninguém usa ainda." in text_of(administration.get(page))
        assert "Este rascunho ainda não promete nada." in text_of(administration.get(f"{page}publicar/"))

        assert administration.post(f"{page}publicar/", {}).status_code == 422

    def test_without_a_draft_goes_back(self, administration, page):
        assert administration.get(f"{page}publicar/")["Location"] == page


class TestEffects:
    def test_of_paused_tickets_say_that_they_are(self, elisa, bruno):
        ticket = make_ticket(requester=bruno)
        paused = Effect(ticket.pk, "solution", None, None, is_overdue=False)
        counts = Effects(open_count=1, changed=1, paused=1, rows=[paused])

        (row,) = told(counts, elisa, timezone.now()).rows

        assert (row.before, row.after) == ("pausado", "pausado")


class TestSimulator:
    @pytest.mark.parametrize("number", [1, 2])
    def test_tells_the_moment_and_the_sum(self, administration, page, number):
        drafted(administration, page, **{box(2): "8"})
        asked = {"abertura": "2025-11-14T17:00", "gravidade": severity(2).pk}

        said = text_of(administration.get(f"{page}versoes/{number}/simular/", asked))

        if number == 2:
            assert "segunda, 17 de novembro de 2025, 15h" in said
            assert "sex, 14 nov, das 17h às 18h 1h" in said
            assert "sáb, 15 nov a dom, 16 nov, fechado 0" in said
            assert "seg, 17 nov, das 8h às 15h 7h" in said
            assert "Na versão 1, em vigor: terça, 18 de novembro de 2025, 9h" in said
        else:
            assert "terça, 18 de novembro de 2025, 9h" in said

    def test_answers_htmx_with_itself_alone(self, administration, page):
        htmx = {"HX-Request": "true", "HX-Target": "simulador"}
        answer = administration.get(f"{page}versoes/1/simular/", {"abertura": "2025-11-14T17:00"}, headers=htmx)

        assert (answer.status_code, "<html" in answer.text) == (200, False)
        assert "Nada é prometido para esta gravidade" in text_of(answer)

    @pytest.mark.parametrize("typed", ["", "amanhã", "0001-01-01T00:00", "2025-11-14T25:00"])
    def test_says_what_cannot_be_read(self, administration, page, typed):
        answer = administration.get(f"{page}versoes/1/simular/", {"abertura": typed, "gravidade": "x"})

        assert answer.status_code == 200
        assert 'aria-invalid="true"' in answer.text

    def test_an_hour_that_the_clocks_skip_is_said_in_words(self, administration, page):
        answer = administration.get(f"{page}versoes/1/simular/", {"abertura": "2018-11-04T00:30", "gravidade": ""})

        assert "Os relógios mudam nessa hora" in text_of(answer)

    def test_counts_by_the_calendar_of_the_severity(self, administration, ouro, page):
        nights = make_calendar(name="Plantão 24 horas")
        drafted(administration, page, **{terms.calendar_box(severity(2).pk): nights.pk})

        said = text_of(administration.get(page, {"abertura": "2025-11-14T17:00", "gravidade": severity(2).pk}))

        assert "Calendário: Plantão 24 horas." in said


class TestGiving:
    def test_an_organisation_sees_the_effects_then_saves(self, administration, ouro, acme, bruno):
        make_ticket(requester=bruno, severity=severity(2))
        address = f"{LIST}quem/organizacao/novo/"
        sent = {"organization": acme.pk, "policy": ouro.pk, "calendar": "", "joins_city": "sim"}

        assert "Dar um acordo a uma organização" in text_of(administration.get(address))
        preview = administration.post(address, sent | {"do": "ver"})
        assert (preview.status_code, Assignment.objects.filter(organization=acme).exists()) == (200, False)
        assert "O que muda se valer para os abertos" in text_of(preview)
        answer = administration.post(address, sent | {"do": "salvar", "audience": "new"})

        row = Assignment.objects.get(organization=acme)
        assert answer["Location"] == f"{LIST}#quem"
        assert (row.policy, row.calendar, row.joins_city) == (ouro, None, True)
        assert Entry.objects.get(act="agreement.assigned").subject_id == str(acme.pk)

    def test_what_is_saved_is_what_was_looked_at(self, administration, ouro, acme):
        prata = make_policy({(2, "solution"): 20}, name="Prata")
        address = f"{LIST}quem/organizacao/novo/"
        seen = boxes(administration.post(address, {"organization": acme.pk, "policy": ouro.pk, "do": "ver"}))
        assert seen["looked"]

        again = administration.post(address, seen | {"organization": acme.pk, "policy": prata.pk, "do": "salvar"})
        assert (again.status_code, Assignment.objects.filter(organization=acme).exists()) == (200, False)

        sent = seen | {"organization": acme.pk, "policy": ouro.pk, "do": "salvar"}
        assert administration.post(address, sent).status_code == 302

    def test_goes_through_the_open_ones_where_that_is_asked(self, administration, ouro, acme):
        sent = {"organization": acme.pk, "policy": ouro.pk, "do": "salvar", "audience": "open"}

        answer = administration.post(f"{LIST}quem/organizacao/novo/", sent)

        assert answer["Location"] == f"{LIST}andamento/{Retargeting.objects.get().pk}/"

    def test_of_every_level(self, administration, ouro, things):
        said = {"policy": ouro.pk, "do": "salvar"}
        service = {"product": things.product.pk, "service": things.service.pk}
        Assignment.objects.all().delete()

        for level, place in (
            ("contrato", {"contract": things.contract.pk}),
            ("produto", service),
            ("produto", {"product": things.product.pk, "module": things.module.pk}),
            ("produto", {"product": things.product.pk}),
            ("tipo", {"request_type": things.request_type.pk}),
            ("todos", {}),
        ):
            assert administration.post(f"{LIST}quem/{level}/novo/", said | place).status_code == 302, level

        assert Assignment.objects.filter(policy=ouro).count() == 6
        assert Assignment.objects.get(service=things.service).module == things.module

    def test_names_the_place_that_another_page_links_to(self, administration, ouro, acme):
        assert 'value="Acme"' in administration.get(f"{LIST}quem/organizacao/novo/?organization={acme.pk}").text
        assert administration.get(f"{LIST}quem/lua/novo/").status_code == 404

    def test_leads_from_the_pages_of_places_to_what_each_has(self, administration, ouro, acme, things):
        said = text_of(administration.get(f"/administracao/organizacoes/{acme.pk}/"))
        assert "Acordo desta organização" in said
        address = f"{LIST}quem/organizacao/novo/?organization={acme.pk}"
        assert administration.get(address).status_code == 200
        row = assign(ouro, organization=acme)
        assert administration.get(address)["Location"] == f"{LIST}quem/{row.pk}/"

        service = f"?product={things.product.pk}&module={things.module.pk}&service={things.service.pk}"
        assert service in administration.get(f"/administracao/produtos/{things.product.slug}/").text.replace(
            "&amp;", "&"
        )
        assert 'value="Imagens não abrem"' in administration.get(f"{LIST}quem/produto/novo/{service}").text

    def test_names_no_customer_of_what_is_reserved(self, administration, ouro, acme, bruno):
        make_ticket(requester=bruno, severity=severity(2), request_type=shipped_type("ouvidoria"), title="SEGREDO")
        make_ticket(requester=bruno, severity=severity(2), title="TITULO")
        sent = {"organization": acme.pk, "policy": ouro.pk, "do": "ver"}

        said = text_of(administration.post(f"{LIST}quem/organizacao/novo/", sent))

        assert "SEGREDO" not in said
        assert "TITULO" not in said  # who administers alone reads no ticket

    @pytest.mark.parametrize(
        ("level", "sent", "words"),
        [
            ("organizacao", {}, "Escolha a organização."),
            ("contrato", {}, "Escolha o contrato."),
            ("produto", {}, "Escolha o produto."),
            ("tipo", {}, "Escolha o tipo de chamado."),
        ],
    )
    def test_says_beside_the_field_what_is_missing(self, administration, level, sent, words):
        answer = administration.post(f"{LIST}quem/{level}/novo/", sent)

        assert answer.status_code == 422
        assert text_of(answer).count(words) == 2

    def test_refuses_what_says_nothing_and_what_is_said_twice(self, administration, ouro, acme):
        address, sent = f"{LIST}quem/organizacao/novo/", {"organization": acme.pk, "do": "salvar"}

        assert "Escolha um acordo, um calendário" in text_of(administration.post(address, sent))
        assign(ouro, organization=acme)
        assert "Acme já tem um acordo" in text_of(administration.post(address, sent | {"policy": ouro.pk}))

    def test_refuses_parts_of_another_product(self, administration, ouro, things):
        other = make_policy({}, name="Outro")
        sent = {"product": things.product.pk, "service": "999999", "service-text": "nada disso", "policy": other.pk}

        assert administration.post(f"{LIST}quem/produto/novo/", sent).status_code == 422

    def test_is_changed_and_taken_away(self, administration, ouro, acme):
        row = assign(ouro, organization=acme)
        prata = make_policy({(2, "solution"): 20}, name="Prata")
        address = f"{LIST}quem/{row.pk}/"

        administration.post(address, boxes(administration.get(address)) | {"policy": prata.pk, "do": "salvar"})
        assert Assignment.objects.get(organization=acme).policy == prata
        assert "O que muda" in text_of(administration.get(f"{address}tirar/"))
        administration.post(f"{address}tirar/", {"audience": "new"})

        assert not Assignment.objects.filter(organization=acme).exists()
        assert administration.get(address).status_code == 404

    def test_tells_the_slower_of_two(self, administration, ouro, acme):
        row = assign(ouro, organization=acme)
        prata, bronze = (make_policy({(2, "solution"): 20}, name=name) for name in ("Prata", "Bronze"))
        address = f"{LIST}quem/{row.pk}/"
        mine = boxes(administration.get(address)) | {"policy": prata.pk, "do": "salvar"}
        Assignment.objects.filter(pk=row.pk).update(policy=bronze)

        answer = administration.post(address, mine)

        assert (answer.status_code, "Bronze" in text_of(answer)) == (422, True)
        assert Assignment.objects.get(pk=row.pk).policy == bronze

    def test_offers_what_is_looked_for(self, administration, things):
        for name, text, words in (
            ("organization", "acm", "Acme"),
            ("contract", "ouro acme", "Ouro 2025/014"),
            ("module", "visu", "Visualizador"),
            ("service", "imag", "Imagens não abrem"),
        ):
            answer = administration.get(f"{LIST}quem/busca/{name}/", {f"{name}-text": text})
            assert words in re.sub(r"</?mark>", "", answer.text), name
        assert administration.get(f"{LIST}quem/busca/lua/").status_code == 404


class TestServiceTable:
    def test_tells_on_the_product_and_the_service_what_each_row_promises(self, administration, things):
        make_impact(service=things.service, level=1, diagnosis_minutes=120, solution_minutes=240)
        make_impact(service=things.service, level=1, solution_minutes=90)

        said = text_of(administration.get(f"/administracao/produtos/{things.product.slug}/"))
        assert "Indisponibilidade total: Diagnóstico 2 h, Solução 1h30" in said
        said = text_of(
            administration.get(f"/administracao/produtos/{things.product.slug}/servicos/{things.service.pk}/")
        )
        assert "Diagnóstico 2 h, Solução 4 h" in said


class TestWhich:
    def ask(self, administration, **said):
        return text_of(administration.get(f"{LIST}qual-vale/", said))

    def test_tells_what_holds_and_why(self, administration, ouro, acme, things):
        nights, city = make_calendar(name="Plantão"), make_city_calendar()
        site = things.site
        type(site).objects.filter(pk=site.pk).update(city=city.city, state=city.state)
        assign(None, organization=acme, calendar=nights)
        assign(ouro, product=things.product, joins_city=True)

        said = self.ask(
            administration, organization=acme.pk, product=things.product.pk, severity=severity(2).pk, site=site.pk
        )

        assert "Ouro, versão 1 · Produto" in said
        assert "Plantão · Organização" in said
        assert f"Feriados da cidade {city.name}" in said
        assert "Solução 12 h úteis" in said
        assert "1. Organização — Plantão — calendário 2. Produto Ouro — sim acordo" in said

    def test_offers_the_contracts_of_the_organisation(self, administration, acme, bela):
        make_contract(organization=acme, number="A-1")
        make_contract(organization=bela, number="B-1")

        said = self.ask(administration, organization=acme.pk)

        assert "A-1" in said
        assert "B-1" not in said

    def test_says_when_none_holds(self, administration, acme):
        Assignment.objects.all().delete()

        assert "Nenhum acordo vale" in self.ask(administration, organization=acme.pk)

    def test_says_what_comes_from_the_service_table(self, administration, acme, things):
        said = self.ask(
            administration,
            organization=acme.pk,
            product=things.product.pk,
            service=things.service.pk,
            severity=things.impact.severity_id,
        )

        assert ("Parte vem da tabela de serviços" in said) is bool(things.impact.solution_minutes)

    def test_survives_what_cannot_be_read(self, administration):
        for wrong in (
            {"organization": "x", "organization-text": "ninguém"},
            {"organization": "9" * 30, "severity": "é"},
        ):
            assert administration.get(f"{LIST}qual-vale/", wrong).status_code in {200, 422}
