from datetime import UTC, datetime

import pytest

from guiche.catalog.actions import products
from guiche.catalog.actions.products import CatalogRefused
from guiche.catalog.models import Product
from guiche.catalog.naming import NameRefused
from guiche.core.errors import NotAllowed
from tests.factories.catalog import make_failure, make_impact, make_module, make_product, make_service, severity

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)


class TestProduct:
    def test_is_seen_by_the_organisations_that_have_it(self, elisa, acme, bela):
        product = products.create_product(name="PACS", organizations=[acme], by=elisa, at=NOON)

        assert list(Product.objects.of(acme)) == [product]
        assert not Product.objects.of(bela)

    def test_goes_to_the_end_of_the_list(self, elisa):
        names = ["PACS", "RIS", "Laudos"]
        for name in names:
            products.create_product(name=name, by=elisa, at=NOON)

        assert list(Product.objects.values_list("name", flat=True)) == names

    def test_keeps_its_address_when_renamed(self, elisa):
        product = products.create_product(name="PACS", by=elisa, at=NOON)

        product = products.change_product(
            product,
            name="PACS Web",
            description="",
            is_for_all=True,
            is_active=True,
            team=None,
            organizations=[],
            by=elisa,
            at=NOON,
        )

        assert (product.name, product.slug) == ("PACS Web", "pacs")

    @pytest.mark.parametrize("name", ["", " ", "pacs", "PÁCS", "x" * 81])
    def test_refuses_a_name(self, elisa, name):
        products.create_product(name="PACS", by=elisa, at=NOON)

        with pytest.raises(NameRefused) as refusal:
            products.create_product(name=name, by=elisa, at=NOON)

        assert "name" in refusal.value.fields

    def test_moves_within_the_list(self, elisa):
        rows = [products.create_product(name=name, by=elisa, at=NOON) for name in "abc"]

        products.move_product(rows[2], -2, by=elisa, at=NOON)

        assert "".join(Product.objects.values_list("name", flat=True)) == "cab"


class TestTree:
    def test_allows_the_same_name_elsewhere(self, elisa):
        first, second = make_product(), make_product()
        products.add_module(first, name="Impressão", by=elisa, at=NOON)

        products.add_module(second, name="Impressão", by=elisa, at=NOON)

        with pytest.raises(NameRefused):
            products.add_module(first, name="IMPRESSAO", by=elisa, at=NOON)

    def test_switches_off(self, elisa):
        module = make_module()

        assert not products.change_module(module, name=module.name, is_active=False, by=elisa, at=NOON).is_active

    def test_removes_what_nobody_used_with_all_under_it(self, elisa):
        impact = make_impact()

        products.remove(impact.service.module.product, by=elisa, at=NOON)

        assert not Product.objects.exists()

    @pytest.mark.parametrize(
        ("diagnosis", "solution", "field"),
        [(0, None, "diagnosis_minutes"), (300, 240, "solution_minutes"), (None, -1, "solution_minutes")],
    )
    def test_refuses_times_that_cannot_be(self, elisa, diagnosis, solution, field):
        with pytest.raises(CatalogRefused) as refusal:
            products.put_impact(
                make_service(),
                description="Para tudo",
                severity=severity(1),
                diagnosis_minutes=diagnosis,
                solution_minutes=solution,
                by=elisa,
                at=NOON,
            )

        assert field in refusal.value.fields

    def test_is_for_administrators(self, ana, beatriz):
        product = make_product()
        for person in (ana, beatriz):
            for attempt in (
                lambda person=person: products.create_product(name="x", by=person, at=NOON),
                lambda person=person: products.add_module(product, name="x", by=person, at=NOON),
                lambda person=person: products.add_failure(product, name="x", by=person, at=NOON),
                lambda person=person: products.remove(make_failure(), by=person, at=NOON),
                lambda person=person: products.move_product(product, 1, by=person, at=NOON),
            ):
                with pytest.raises(NotAllowed):
                    attempt()


def test_remove_keeps_what_a_ticket_is_about(elisa, bruno):
    from tests.factories.tickets import make_ticket

    product = make_product()
    make_ticket(requester=bruno, product=product)

    with pytest.raises(CatalogRefused, match=product.name):
        products.remove(product, by=elisa, at=NOON)

    assert Product.objects.filter(pk=product.pk).exists()
