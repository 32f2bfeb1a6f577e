"""The audit trail in words, filtered, and as a spreadsheet."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guiche.audit import record
from guiche.audit.models import Entry
from guiche.web.manage import trail
from guiche.web.manage.trail_subjects import Subject
from tests.factories.accounts import make_user
from tests.factories.organizations import make_domain, make_membership, make_organization, make_site

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)


@pytest.fixture
def page(administration):
    return lambda **filters: administration.get(reverse("manage:trail"), filters)


@pytest.fixture
def lines(administration):
    """The rows of the file without its header, by the name of their columns."""

    def read(**filters):
        answer = administration.get(reverse("manage:trail-export"), filters)
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
        return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]

    return read


@pytest.fixture
def moved(elisa, bruno, acme):
    """Four acts of different days, actors and things."""
    ana = make_user(name="Ana Íris Vidal", roles=["agent"])
    record.write(
        "person.email_changed", by=elisa, at=NOON, subject=bruno, old="b@acme.example", new="=1+1@acme.example"
    )
    record.write("organization.changed", by=ana, at=NOON + timedelta(days=1), subject=acme, fields=["notes"])
    record.write("workflow.published", by=elisa, at=NOON + timedelta(days=2), version=2)
    record.write("installation.changed", by=None, at=NOON + timedelta(days=3), name={"before": "A", "after": "Água"})


class TestDetails:
    def test_are_said_without_a_code(self):
        entry = Entry(details={"reach": "all", "is_portal_administrator": False, "fields": ["phone"], "site": None})

        assert trail.details(entry) == "alcance: Toda a organização; administra o portal: não; campos: telefone"

    def test_say_what_changed_and_keep_what_somebody_wrote(self):
        entry = Entry(details={"before": {"reach": "own"}, "name": "PACS all", "new_column": ["agent"]})

        assert trail.details(entry) == "antes: alcance Somente os próprios; nome: PACS all; new column: Analista"

    def test_name_whom_a_number_means(self):
        entry = Entry(details={"person": 7, "before": {"organization": 9}, "site": 7})

        names = {("accounts.user", "7"): Subject("Bia", "/"), ("organizations.organization", "9"): Subject("Acme", "/")}

        assert trail.details(entry, names) == "pessoa: Bia; antes: organização Acme; unidade: 7"

    def test_name_all_whom_a_list_means(self):
        entry = Entry(details={"people": [7, 8], "changes": ["Novo status.", "Novo passo."], "version": 2})

        said = trail.details(entry, {("accounts.user", "7"): Subject("Bia", "/")})

        assert said == "pessoas: Bia, 8; mudanças: Novo status, Novo passo; versão: 2"


class TestPage:
    def test_names_and_links_what_each_line_is_about(self, page, moved, bruno, acme):
        shown = page().text

        assert f'<a href="{reverse("manage:person", args=[bruno.pk])}">{bruno.name}</a>' in shown
        assert f'<a href="{reverse("manage:organization", args=[acme.pk])}">{acme.name}</a>' in shown

    def test_names_who_belongs_where(self, page, administration, elisa, bruno, acme):
        place = bruno.memberships.get()
        record.write("membership.created", by=elisa, at=NOON, subject=place, person=bruno.pk, organization=acme.pk)

        shown = page().text

        assert f"{bruno.name} · {acme.name}</a>" in shown
        assert f"pessoa: {bruno.name}; organização: {acme.name}" in shown

    def test_keeps_its_filters_when_paging(self, page, elisa):
        for _number in range(trail.SIZE + 1):
            record.write("team.created", by=elisa, at=NOON, name="Campo & rua")

        shown = page(texto="campo & rua", sobre="team").text

        assert 'href="?texto=campo+%26+rua&amp;sobre=team&amp;p=' in shown
        assert 'href="/administracao/auditoria/exportar.csv?texto=campo+%26+rua&amp;sobre=team"' in shown

    def test_says_what_is_wrong_with_a_period(self, page, moved):
        backwards, no_day = page(de="2026-11-20", ate="2026-11-18"), page(de="ontem")

        assert (backwards.status_code, no_day.status_code) == (422, 422)
        assert "O período termina antes de começar" in backwards.text
        assert "Escreva o dia assim" in no_day.text

    def test_says_that_nothing_was_found(self, page, moved):
        assert "Nenhuma linha com esses filtros" in page(texto="xilofone").text

    def test_costs_the_same_whatever_its_lines_are_about(self, page, elisa, moved):
        def cost():
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert page().status_code == 200
            return len(queries)

        page()  # fills what is kept between requests
        few = cost()
        for number in range(30):
            place = make_membership(
                user=make_user(name=f"Pessoa {number}"), organization=make_organization(name=f"Organização {number}")
            )
            record.write(
                "membership.created", by=place.user, at=NOON, subject=place, organization=place.organization_id
            )

        assert cost() == few


class TestFilters:
    @pytest.mark.parametrize(
        ("filters", "codes"),
        [
            ({"quem": "iris"}, ["organization.changed"]),
            ({"sobre": "organization"}, ["organization.changed"]),
            ({"sobre": "workflow.published"}, ["workflow.published"]),
            ({"sobre": "installation", "de": "2026-11-20"}, ["installation.changed"]),
            ({"de": "2026-11-19", "ate": "2026-11-20"}, ["workflow.published", "organization.changed"]),
            ({"texto": "agua"}, ["installation.changed"]),
            ({"texto": "trocado bruno"}, ["person.email_changed"]),
            ({"texto": "acme", "quem": "vidal"}, ["organization.changed"]),
            ({"texto": "b@acme.example", "ate": "2026-11-18"}, ["person.email_changed"]),
        ],
    )
    def test_choose_by_who_what_when_and_words(self, lines, moved, filters, codes):
        assert [line["Código"] for line in lines(**filters) if not line["Código"].startswith("person.signed")] == codes

    def test_find_what_belongs_to_an_organisation_by_its_name(self, lines, elisa, acme):
        site, domain = make_site(organization=acme, name="Norte"), make_domain(organization=acme, name="norte.example")
        record.write("site.changed", by=elisa, at=NOON, subject=site)
        record.write("domain.added", by=elisa, at=NOON, subject=domain)

        assert [line["Código"] for line in lines(texto=acme.name, ate="2026-11-18")] == ["domain.added", "site.changed"]

    def test_count_a_day_in_the_zone_of_the_installation(self, lines, elisa):
        record.write(
            "team.created", by=elisa, at=datetime(2026, 11, 19, 2, 30, tzinfo=UTC), name="Tarde"
        )  # 23h30 of 18

        assert [line["Detalhes"] for line in lines(de="2026-11-18", ate="2026-11-18")] == ["nome: Tarde"]


class TestExport:
    def test_says_who_did_what_when_to_whom(self, lines, moved, bruno, elisa):
        [line] = lines(sobre="person.email_changed")

        assert line["Quando"] == "2026-11-18 12:00:00"
        assert (line["Quem"], line["E-mail"], line["Sobre"]) == (elisa.name, elisa.email, bruno.name)
        assert line["Selo"] == Entry.objects.get(act="person.email_changed").hash

    @pytest.mark.parametrize(
        "name", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "\uff1d1+1", " =1", "'=1", 'x",=1', "a, -1"]
    )
    def test_case_130_holds_no_formula(self, administration, elisa, name):
        somebody = make_user(name=name)
        record.write("person.changed", by=somebody, at=NOON, subject=somebody)

        text = administration.get(reverse("manage:trail-export")).content.decode("utf-8-sig")

        for delimiter in ";,\t":
            cells = [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]
            assert not [
                cell
                for cell in cells
                if cell.strip(" '\"\uff1d").startswith(("=", "+", "-", "@")) and cell.lstrip()[0] != "'"
            ]

    def test_stops_at_its_limit_and_says_so(self, administration, page, lines, elisa, monkeypatch):
        monkeypatch.setattr(trail, "MOST_EXPORTED", 3)
        for number in range(4):
            record.write("team.created", by=elisa, at=NOON, name=f"Equipe {number}")

        found = lines(sobre="team")

        assert [line["Detalhes"] for line in found[:-1]] == ["nome: Equipe 3", "nome: Equipe 2", "nome: Equipe 1"]
        assert "as 3 linhas mais recentes" in found[-1]["Linha"]
        assert "Mais de 3 linhas. O arquivo leva as 3 mais recentes" in page(sobre="team").text

    def test_is_refused_where_the_filters_are(self, administration):
        assert administration.get(reverse("manage:trail-export"), {"de": "ontem"}).status_code == 422
