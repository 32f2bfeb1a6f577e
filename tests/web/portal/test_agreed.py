"""The page of deadlines: what was agreed with the reader's organisation, and with nobody else."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from typing import Any

import pytest
from django.utils import timezone

from guiche.accounts.models import User
from guiche.catalog.fields import StandardField as F
from guiche.catalog.models import RequestType, Service
from guiche.organizations.models import Organization, Site
from guiche.workflows.models import Status
from tests.factories import catalog as make
from tests.factories.assets import make_contract
from tests.factories.calendars import make_calendar, make_city_calendar, make_plan, week
from tests.factories.organizations import make_membership
from tests.factories.promises import assign, make_policy
from tests.web.portal.test_opening import door
from tests.web.portal.test_promise import text_of

pytestmark = pytest.mark.django_db
PAGE = "/prazos/"


def read(user: User, query: str = "") -> str:
    answer = door(user).get(f"{PAGE}{query}")
    assert answer.status_code == 200
    page: str = answer.content.decode()
    return page[page.index("<main") : page.index("</main>")]


@pytest.fixture(autouse=True)
def _shipped(db: None) -> None:
    make.load_shipped()


@pytest.fixture
def services() -> list[Service]:
    """Two services of one product, and a type that asks for them."""
    form = ((F.TITLE, True), (F.PRODUCT, True))
    make.make_request_type(name="Incidente", form=form, severity_source="service", has_deadlines=True)
    module = make.make_module(product=make.make_product(name="PACS"), name="Impressão")
    found = [make.make_service(module=module, name=name) for name in ("Fila", "Filme")]
    make.make_impact(service=found[0], level=2, description="Nada imprime", diagnosis_minutes=90, solution_minutes=300)
    make.make_impact(service=found[1], level=4, description="Sai claro")
    return found


class TestTable:
    def test_says_what_each_severity_is_promised(self, bruno: User) -> None:
        words = text_of(read(bruno))

        assert "Indisponibilidade parcial 3 h úteis 12 h úteis" in words
        assert "Segunda a sexta, 8h às 18h (horário de Brasília)" in words

    def test_says_the_contract_and_its_exceptions(self, bruno: User, acme: Organization) -> None:
        ris = make.make_product(name="RIS")
        contract = make_contract(organization=acme, number="Ouro 14", products=[ris])
        assign(make_policy({(1, "solution"): 2, (1, "diagnosis"): 1}, name="Plantão"), contract=contract)

        words = text_of(read(bruno))

        assert "RIS" in words
        assert "Indisponibilidade total 1 h útil 2 h úteis" in words
        assert "Plantão, versão 1" in words
        assert "Contrato Ouro 14" in words

    def test_a_type_of_one_severity_has_only_that(self, bruno: User) -> None:
        RequestType.objects.update(has_deadlines=False)
        make.make_request_type(severity_source="fixed", fixed_severity=make.severity(3), has_deadlines=True)

        words = text_of(read(bruno))

        assert "Intermitência 8 h úteis 40 h úteis" in words
        assert "Indisponibilidade total" not in words

    def test_says_that_there_are_none(self, bruno: User) -> None:
        RequestType.objects.update(has_deadlines=False)

        assert "Não há prazos combinados" in text_of(read(bruno))


class TestOthers:
    """Nothing of Bela's conditions reaches anybody of Acme, and the other way round."""

    @pytest.fixture
    def bela_gold(self, bela: Organization) -> None:
        product = make.make_product(name="Só da Bela", organizations=[bela])
        contract = make_contract(organization=bela, number="Segredo 9")
        hours = make_calendar(plan=make_plan(weekly=week((5, 23), days=7)))
        assign(make_policy({(1, "solution"): 77}, name="Acordo da Bela"), contract=contract, calendar=hours)
        assign(make_policy({(1, "solution"): 66}, name="Acordo do produto"), product=product)
        service = make.make_service(module=make.make_module(product=product), name="Serviço da Bela")
        make.make_impact(service=service, level=1, solution_minutes=60)
        form = ((F.TITLE, True), (F.PRODUCT, True))
        make.make_request_type(form=form, severity_source="service", has_deadlines=True)

    SECRETS = (
        "Só da Bela",
        "Segredo 9",
        "77 h",
        "66 h",
        "Acordo da Bela",
        "Acordo do produto",
        "Serviço da Bela",
        "5h às 23h",
    )

    @pytest.mark.usefixtures("bela_gold")
    def test_each_of_the_cast_reads_only_their_own(
        self, bruno: User, beatriz: User, caio: User, carla: User, bela: Organization
    ) -> None:
        for user in (bruno, beatriz, caio):
            page = text_of(read(user)) + door(user).get(f"{PAGE}tabela.csv").content.decode()
            assert [secret for secret in self.SECRETS if secret in page] == []
            for address in (PAGE, f"{PAGE}tabela.csv"):
                assert door(user).get(f"{address}?organizacao={bela.pk}").status_code == 404
        words = text_of(read(carla))
        assert "77 h úteis" in words
        assert "Segredo 9" in words

    @pytest.mark.usefixtures("bela_gold")
    def test_who_belongs_to_both_reads_each_apart(self, bruno: User, acme: Organization, bela: Organization) -> None:
        make_membership(user=bruno, organization=bela)

        ours, theirs = (text_of(read(bruno, f"?organizacao={one.pk}")) for one in (acme, bela))

        assert "77 h úteis" not in ours
        assert "77 h úteis" in theirs


class TestServices:
    def test_are_listed_with_what_each_impact_is_promised(self, bruno: User, services: list[Service]) -> None:
        words = text_of(read(bruno))

        assert (
            "Fila PACS > Impressão Nada imprime Indisponibilidade parcial 3 h úteis 1h 30min úteis 5 h úteis" in words
        )
        assert "Filme PACS > Impressão Sai claro Baixo impacto 16 h úteis – 56 h úteis" in words

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?q=claro", ["Sai claro"]),
            ("?q=filme", ["Sai claro"]),
            ("?gravidade=2", ["Nada imprime"]),
            ("?produto=nao-ha", []),
            ("?q=nada&gravidade=4", []),
            ("?gravidade=x", []),
        ],
    )
    def test_are_filtered_on_the_page_and_in_its_spreadsheet(
        self, bruno: User, services: list[Service], query: str, found: list[str]
    ) -> None:
        page = read(bruno, query)
        answer = door(bruno).get(f"{PAGE}tabela.csv{query}")

        assert re.findall(r"Sai claro|Nada imprime", page) == found
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        assert [row[3] for row in rows[1:]] == found
        assert ("Nada com esses filtros" in text_of(page)) == (not found)

    def test_come_in_pages(self, bruno: User, services: list[Service], django_assert_max_num_queries: Any) -> None:
        for number in range(60):
            make.make_impact(service=services[number % 2], description=f"Impacto de número {number:02}")
        client = door(bruno)
        client.get(PAGE)

        with django_assert_max_num_queries(12):
            page = client.get(PAGE).content.decode()
        seen = re.findall(r"Impacto de número \d\d", page)
        while link := re.search(r'rel="next" href="([^"#]+)', page):
            page = client.get(PAGE + link.group(1).replace("&amp;", "&")).content.decode()
            seen += re.findall(r"Impacto de número \d\d", page)

        assert len(seen) == len(set(seen)) == 60

    @pytest.mark.parametrize("path", [PAGE, "/chamados/", "/organizacao/pessoas/"])
    @pytest.mark.parametrize("value", [{"v": "abc"}, {"v": 10**30}, {"t": "2026-01-01T00:00:00+00:00"}, {"v": -1}])
    def test_begin_again_for_a_cursor_that_is_not_theirs(
        self, beatriz: User, services: list[Service], path: str, value: dict[str, Any]
    ) -> None:
        cursor = base64.urlsafe_b64encode(json.dumps([0, value, 1]).encode()).decode().rstrip("=")

        assert door(beatriz).get(path, {"p": cursor}).status_code == 200

    def test_are_not_there_where_no_type_asks_for_them(self, bruno: User) -> None:
        make.make_impact(solution_minutes=60)

        assert "Por serviço e impacto" not in read(bruno)


class TestCalendar:
    def test_names_the_holidays_of_this_year_and_the_next(self, bruno: User) -> None:
        words = text_of(read(bruno))
        year = timezone.localdate().year

        assert f"01/01/{year} Confraternização Universal" in words
        assert f"25/12/{year + 1} Natal" in words

    def test_names_those_of_the_cities_of_the_customer_only_where_they_count(
        self, bruno: User, acme: Organization
    ) -> None:
        make_city_calendar(state="SC", city="Florianópolis")
        Site.objects.filter(organization=acme).update(city="florianopolis", state="SC")
        assert "Feriados de Florianópolis" not in read(bruno)

        assign(organization=acme, joins_city=True)

        assert "Feriados de Florianópolis" in read(bruno)

    def test_says_hours_of_a_severity_of_its_own(self, bruno: User, acme: Organization) -> None:
        policy = make_policy({(1, "solution"): 3, (2, "solution"): 6})
        draft = policy.versions.create(number=2)
        night = make_calendar(plan=make_plan(weekly=week((0, 24), days=7), country=""))
        draft.severity_calendars.create(severity=make.severity(1), calendar=night)
        for level in (1, 2):
            draft.targets.create(severity=make.severity(level), metric="solution", minutes=180)
        draft.effective_from = draft.published_at = timezone.now()
        draft.save()
        assign(policy, organization=acme)

        words = text_of(read(bruno))

        assert "Indisponibilidade total 3 h úteis 24 horas por dia, todos os dias" in words


class TestWaiting:
    def test_names_what_pauses_and_what_silence_closes(self, bruno: User) -> None:
        words = text_of(read(bruno))

        assert "Pendência cliente: depois de 10 dias úteis" in words
        assert "Aguardando validação: depois de 7 dias úteis" in words

    def test_follows_the_settings_of_each_status(self, bruno: User) -> None:
        Status.objects.filter(closes_after_days__isnull=False).update(
            closes_after_days=3, warns_days_before=1, pauses_clocks=False
        )

        words = text_of(read(bruno))

        assert "depois de 3 dias úteis" in words
        assert "O prazo fica pausado enquanto" not in words
