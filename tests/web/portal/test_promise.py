"""The deadlines that an opening form names before it is sent, and those of the ticket that it opened."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from guiche.accounts.models import User
from guiche.catalog.fields import StandardField as F
from guiche.drafts import actions as drafts
from guiche.organizations.models import Membership, Organization
from guiche.sla.models import Clock
from guiche.tickets.models import Ticket
from tests.factories import catalog as make
from tests.factories.assets import make_contract
from tests.factories.calendars import make_city_calendar
from tests.factories.organizations import make_site
from tests.factories.promises import assign, make_policy
from tests.factories.tickets import make_ticket
from tests.web.portal.test_opening import FULL, address, door, keep

pytestmark = pytest.mark.django_db
BRASILIA = timedelta(hours=3)
MORNING = datetime(2025, 11, 12, 10, 42, tzinfo=UTC) + BRASILIA  # a Wednesday
NIGHT = datetime(2025, 11, 14, 21, 30, tzinfo=UTC) + BRASILIA  # a Friday


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT, settings.CLAMD = tmp_path / "files", ""


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: MORNING)


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NIGHT)


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def panel(page: str) -> str:
    """The words beside the form."""
    found = re.search(r'<section [^>]*id="prazo".*?</section>', page, re.S)
    assert found
    return text_of(found.group())


def ask(user: User, **typed: Any) -> str:
    """What the page is told when a choice changes the deadline."""
    answer = door(user).get("/chamados/prazo/", {"tipo": "falha-tecnica", **typed})
    assert answer.status_code == 200
    return answer.content.decode()


class TestCards:
    def test_say_what_each_severity_promises_under_the_contract_of_the_customer(
        self, bruno: User, acme: Organization
    ) -> None:
        kind = make.shipped_type()
        gold = make_policy({(1, "solution"): 3, (2, "solution"): 6, (3, "first_response"): 5})
        assign(gold, contract=make_contract(organization=acme))

        page = door(bruno).get(address(kind)).content.decode()

        notes = re.findall(r'<em id="prazo-\d+">(.*?)</em>', page)
        assert notes == ["", "Primeira resposta em 5 h úteis", "Solução em 6 h úteis", "Solução em 3 h úteis"]

    def test_another_product_changes_them(self, bruno: User, acme: Organization) -> None:
        kind, product = make.shipped_type(), make.make_product()
        assign(make_policy({(2, "solution"): 5}), contract=make_contract(organization=acme, products=[product]))
        typed = {"title": "t", "product": product.pk}

        answer = door(bruno).post(
            address(kind, "campos/"), typed, headers={"HX-Request": "true", "HX-Trigger": "decides-product"}
        )

        page = answer.content.decode()
        assert f'<em id="prazo-{make.severity(2).pk}" hx-swap-oob="true">Solução em 5 h úteis</em>' in page
        assert 'id="prazo-valores" hx-swap-oob="innerHTML"' in page

    def test_those_of_an_impact_say_what_its_severity_promises(self, bruno: User) -> None:
        kind = make.make_request_type(
            form=((F.TITLE, True), (F.PRODUCT, True)), severity_source="service", has_deadlines=True
        )
        service = make.make_service()
        make.make_impact(service=service, level=2, solution_minutes=300)
        typed = {"product": service.module.product_id, "module": service.module_id, "service": service.pk}

        page = door(bruno).post(address(kind, "campos/"), typed).content.decode()

        assert "Solução em 5 h úteis" in page


class TestPanel:
    @pytest.mark.usefixtures("morning")
    def test_asks_for_the_severity_and_shows_what_each_would_give(self, bruno: User) -> None:
        page = door(bruno).get(address(make.shipped_type())).content.decode()

        words = panel(page)
        assert "escolha uma para ver as datas" in words
        assert "Indisponibilidade parcial qui, 13 nov, 12h42" in words.replace("amanhã", "qui, 13 nov")

    @pytest.mark.usefixtures("morning")
    def test_names_both_deadlines_of_what_was_chosen(self, bruno: User) -> None:
        make.shipped_type()

        words = text_of(ask(bruno, severity=make.severity(2).pk))

        assert "Primeira resposta hoje, 13h42 Solução amanhã, 12h42" in words
        assert "Segunda a sexta, 8h às 18h" in words
        assert "Solução com outra gravidade Baixo impacto" in words
        assert "Prazo para a solução: amanhã, 12h42" in words
        assert "Fora do horário" not in words

    @pytest.mark.usefixtures("night")
    def test_says_when_counting_begins_out_of_hours(self, bruno: User) -> None:
        make.shipped_type()

        assert "começa a contar segunda às 8h" in text_of(ask(bruno, severity=make.severity(2).pk))

    @pytest.mark.usefixtures("morning")
    def test_is_what_the_ticket_gets(self, bruno: User, acme: Organization) -> None:
        form = ((F.TITLE, True), (F.SEVERITY, True))
        kind = make.make_request_type(form=form, severity_source="chosen", has_deadlines=True)
        assign(make_policy({(2, "first_response"): 1, (2, "solution"): 7}), organization=acme)
        severity = make.severity(2)
        promised = ask(bruno, tipo=kind.slug, severity=severity.pk)

        door(bruno).post(address(kind), {"title": "Caiu a impressão", "severity": severity.pk})

        ticket = Ticket.objects.get()
        dues = sorted(f"{clock.due_at.isoformat()}" for clock in Clock.objects.of(ticket))
        shown = sorted(
            datetime.fromisoformat(one).astimezone(UTC).isoformat()
            for one in re.findall(r'datetime="([^"]+)"', promised.split('id="prazo-outras"')[0])
        )
        assert dues == shown

    @pytest.mark.usefixtures("morning")
    def test_is_right_after_an_error(self, bruno: User) -> None:
        typed = {"severity": make.severity(1).pk, "title": ""}

        answer = door(bruno).post(address(make.shipped_type()), typed)

        assert answer.status_code == 422
        assert "Solução hoje, 14h42" in panel(answer.content.decode())

    @pytest.mark.usefixtures("morning")
    def test_follows_urgency_and_impact(self, bruno: User) -> None:
        kind = make.make_request_type(
            form=((F.TITLE, True), (F.URGENCY, True)), severity_source="matrix", has_deadlines=True
        )

        worst = text_of(ask(bruno, tipo=kind.slug, urgency="high", impact="high"))
        none = text_of(ask(bruno, tipo=kind.slug, urgency="high"))

        assert "Solução hoje, 14h42" in worst
        assert "escolha uma para ver as datas" in none

    def test_says_that_a_type_has_no_deadline(self, bruno: User) -> None:
        words = panel(door(bruno).get(address(make.shipped_type("sugestao-de-melhoria"))).content.decode())

        assert words.startswith("Prazo deste chamado Sem prazo neste tipo.")

    @pytest.mark.usefixtures("morning")
    def test_counts_the_holidays_of_the_city_of_who_asks(self, bruno: User, caio: User, acme: Organization) -> None:
        make.shipped_type()
        make_city_calendar(state="SC", city="Florianópolis")
        assign(organization=acme, joins_city=True)
        there = make_site(organization=acme, city="Florianópolis", state="SC")
        Membership.objects.filter(user=caio).update(site=there)

        assert "menos nos feriados de Florianópolis" in text_of(ask(caio, severity=make.severity(2).pk))
        assert "menos nos feriados" not in text_of(ask(bruno, severity=make.severity(2).pk))

    def test_names_the_zone_that_is_not_the_readers(self, bruno: User, acme: Organization) -> None:
        make.shipped_type()
        acme.time_zone = "America/Manaus"
        acme.save()

        words = text_of(ask(bruno, severity=make.severity(2).pk))

        assert words.count("(horário de Brasília)") >= 3


class TestAddress:
    def test_without_a_type_goes_to_where_one_is_chosen(self, bruno: User) -> None:
        assert door(bruno).get("/chamados/prazo/").url == "/chamados/novo/"

    def test_knows_only_types_and_organisations_of_the_reader(self, bruno: User, bela: Organization) -> None:
        make.shipped_type()
        client = door(bruno)

        assert client.get("/chamados/prazo/", {"tipo": "nao-existe"}).status_code == 404
        other = {"tipo": "falha-tecnica", "organization": bela.pk}
        assert client.get("/chamados/prazo/", other).status_code == 404


class TestCost:
    def test_is_twelve_queries_for_the_whole_form(
        self, beatriz: User, acme: Organization, django_assert_max_num_queries: Any
    ) -> None:
        """With a draft that fills all of it in and has a file, and cities that count."""
        kind = make.make_request_type(form=FULL, severity_source="chosen", has_deadlines=True)
        make_city_calendar()
        service = make.make_service()
        typed = {"product": service.module.product_id, "module": service.module_id, "service": service.pk}
        typed |= {"title": "t", "severity": make.severity(2).pk, "on_behalf_of": beatriz.pk}
        content = {name: str(value) for name, value in typed.items()}
        drafts.save(beatriz, f"opening:{kind.slug}-{acme.pk}", content, [keep(beatriz)], at=timezone.now())
        client = door(beatriz)
        client.get(address(kind))

        with django_assert_max_num_queries(12):
            page = client.get(address(kind)).content.decode()

        assert "Primeira resposta" in panel(page)


class TestOpened:
    @pytest.mark.usefixtures("morning")
    def test_names_the_deadlines_of_the_ticket(self, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, at=MORNING, severity=make.severity(2))

        words = text_of(door(bruno).get(f"/chamados/{ticket.number}/aberto/").content.decode())

        assert "Primeira resposta hoje, 13h42 Solução amanhã, 12h42" in words

    def test_names_none_where_none_was_promised(self, bruno: User) -> None:
        ticket = make_ticket(requester=bruno, at=MORNING, type_slug="sugestao-de-melhoria")

        words = text_of(door(bruno).get(f"/chamados/{ticket.number}/aberto/").content.decode())

        assert "Solução" not in words
