from datetime import UTC, datetime

import pytest

from guiche.audit.models import Entry
from guiche.catalog.actions import importing
from guiche.catalog.actions.importing import Effect, Written
from guiche.catalog.models import Impact, Module, Product
from guiche.catalog.service_table import Line
from guiche.core.errors import NotAllowed
from tests.factories.catalog import load_shipped, make_product

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)


def line(number=2, service="Imagens não abrem", impact="Laudos param", level=1, solution=240):
    return Line(number, "PACS", "Visualizador", service, impact, level, 120, solution)


@pytest.fixture(autouse=True)
def _shipped(db):
    load_shipped()


def write(*lines, by):
    return importing.write(lines, new_products_for_all=True, by=by, at=NOON)


class TestWrite:
    def test_makes_what_is_missing_once(self, elisa):
        written = write(line(), line(3, service="Imagens lentas", level=2), by=elisa)

        assert written == Written(new=2, changed=0, same=0)
        assert (Product.objects.count(), Module.objects.count(), Impact.objects.count()) == (1, 1, 2)
        assert Impact.objects.get(severity__level=1).solution_minutes == 240

    def test_changes_nothing_the_second_time(self, elisa):
        write(line(), by=elisa)
        before = list(Impact.objects.values())

        assert write(line(), by=elisa) == Written(new=0, changed=0, same=1)
        assert list(Impact.objects.values()) == before

    def test_changes_only_what_differs(self, elisa):
        write(line(), line(3, impact="Outro"), by=elisa)

        assert write(line(level=2), line(3, impact="Outro"), by=elisa) == Written(new=0, changed=1, same=1)
        assert sorted(Impact.objects.values_list("severity__level", flat=True)) == [1, 2]

    def test_uses_rows_whose_names_differ_in_case_and_accents(self, elisa):
        product = make_product(name="pacs")

        write(line(), by=elisa)

        assert Product.objects.get() == product

    def test_is_recorded(self, elisa):
        write(line(), by=elisa)

        assert Entry.objects.get(act="service_table.imported").details == {"new": 1, "changed": 0, "same": 0}

    def test_is_for_administrators(self, ana):
        with pytest.raises(NotAllowed):
            write(line(), by=ana)


class TestCompare:
    def test_says_what_each_line_would_do(self, elisa):
        write(line(), line(3, impact="Outro"), by=elisa)

        effects = [
            one.effect for one in importing.compare([line(), line(3, impact="Outro", level=3), line(4, impact="Mais")])
        ]

        assert effects == [Effect.SAME, Effect.CHANGED, Effect.NEW]

    def test_costs_one_query_however_long(self, elisa, django_assert_num_queries):
        write(*(line(number, service=f"Serviço {number}") for number in range(2, 30)), by=elisa)

        with django_assert_num_queries(1):
            importing.compare([line(number, service=f"Serviço {number}") for number in range(2, 30)])
