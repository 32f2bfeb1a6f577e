"""What one customer was promised, as tables: what is general, and what has conditions of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guiche.catalog.models import Severity
from guiche.organizations.models import Organization
from guiche.sla import conditions, rules
from guiche.sla.conditions import Asked, Kind, Place, Table
from tests.factories.assets import make_contract
from tests.factories.catalog import load_shipped, make_module, make_product, make_request_type
from tests.factories.promises import assign, make_policy

pytestmark = pytest.mark.django_db
NOON = datetime(2025, 11, 12, 15, tzinfo=UTC)


def hours(table: Table, metric: str = "solution") -> list[int]:
    """Of each severity, the mildest first."""
    return [row.by_metric.get(metric, 0) // 3600 for row in table.rows]


def tables(asked: Asked, *types: int) -> list[Table]:
    load_shipped()
    known = rules.current()
    severities = tuple(Severity.objects.values_list("pk", flat=True))
    kinds = conditions.kinds(known, [(pk, severities) for pk in types or (make_request_type().pk,)])
    return conditions.tables(known, asked, kinds, NOON)


class TestTables:
    def test_one_is_enough_where_nothing_is_special(self, acme: Organization) -> None:
        found = tables(Asked(acme.pk, None, {make_product().pk: None}))

        assert [hours(one) for one in found] == [[56, 40, 12, 4]]
        assert [one.places for one in found] == [[Place()]]

    def test_what_a_contract_says_of_a_product_stands_apart(self, acme: Organization) -> None:
        load_shipped()
        named, other = make_product(), make_product()
        contract = make_contract(organization=acme, products=[named])
        assign(make_policy({(1, "solution"): 2}), contract=contract)

        found = tables(Asked(acme.pk, None, {named.pk: contract.pk, other.pk: None}))

        assert [hours(one) for one in found] == [[56, 40, 12, 4], [0, 0, 0, 2]]
        assert [one.is_general for one in found] == [True, False]
        assert found[1].places == [Place(contract.pk, named.pk)]

    def test_products_with_the_same_conditions_share_one(self, acme: Organization) -> None:
        load_shipped()
        several = [make_product() for _n in range(3)]
        policy = make_policy({(2, "solution"): 5})
        for product in several[:2]:
            assign(policy, product=product)
        assign(policy, product=make_product())  # which Acme does not have

        found = tables(Asked(acme.pk, None, {one.pk: None for one in several}))

        assert [len(one.places) for one in found] == [1, 2]

    def test_what_is_said_of_the_customer_wins_over_products(self, acme: Organization) -> None:
        load_shipped()
        product = make_product()
        assign(make_policy({(2, "solution"): 5}), product=product)
        assign(make_policy({(2, "solution"): 7}), organization=acme)

        found = tables(Asked(acme.pk, None, {product.pk: None}))

        assert [hours(one) for one in found] == [[0, 0, 7, 0]]

    def test_a_module_may_have_its_own(self, acme: Organization) -> None:
        load_shipped()
        module = make_module()
        assign(make_policy({(2, "solution"): 6}), product=module.product, module=module)

        found = tables(Asked(acme.pk, None, {module.product_id: None}))

        assert found[1].places == [Place(None, module.product_id, module.pk)]

    def test_types_of_their_own_are_told_apart(self, acme: Organization) -> None:
        load_shipped()
        usual, special = make_request_type(), make_request_type()
        policy = make_policy({(2, "solution"): 9})
        assign(policy, request_type=special)
        product = make_product()
        assign(policy, product=product)

        found = tables(Asked(acme.pk, None, {product.pk: None}), usual.pk, special.pk)

        said = {(tuple(one.kinds), tuple(one.places)): hours(one) for one in found}
        severities = tuple(Severity.objects.values_list("pk", flat=True))
        mine = {
            ((Kind((usual.pk,), severities),), (Place(),)): [56, 40, 12, 4],
            ((Kind((usual.pk,), severities),), (Place(None, product.pk),)): [0, 0, 9, 0],
            ((Kind((special.pk,), severities),), (Place(),)): [0, 0, 9, 0],
        }
        assert said == mine

    def test_is_nothing_where_nothing_is_promised(self, acme: Organization) -> None:
        load_shipped()
        assign(make_policy({}), organization=acme)

        assert tables(Asked(acme.pk, None, {})) == []
