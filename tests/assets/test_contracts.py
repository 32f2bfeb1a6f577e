"""The contract that a new ticket is under, and who sees contracts."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from guiche.assets import contracts
from guiche.assets.models import Contract
from guiche.catalog.actions import products
from guiche.core.errors import Refused
from guiche.organizations.models import Membership, Organization
from tests.factories.accounts import make_user
from tests.factories.assets import make_contract
from tests.factories.catalog import make_product
from tests.factories.tickets import NOON, make_ticket

pytestmark = pytest.mark.django_db


class TestCovering:
    def test_is_of_the_organisation_alone(self, acme, bela):
        ours = make_contract(organization=acme)
        make_contract(organization=bela, valid_from=date(2026, 6, 1))

        assert contracts.covering(acme, None, at=NOON) == ours

    def test_reads_the_products_that_each_names(self, acme):
        product, other = make_product(), make_product()
        make_contract(organization=acme, products=[other], valid_from=date(2026, 6, 1))
        named = make_contract(organization=acme, products=[product, make_product()])
        make_contract(organization=acme, valid_from=date(2026, 6, 1))

        assert contracts.covering(acme, product, at=NOON) == named

    def test_follows_the_day_where_the_organisation_is(self, acme):
        """At 2h UTC of the 1st it is still the 30th in São Paulo, and noon of the 1st in Auckland."""
        make_contract(organization=acme, valid_from=date(2026, 12, 1))
        at = datetime(2026, 12, 1, 2, tzinfo=UTC)

        assert contracts.covering(acme, None, at=at) is None

        acme.time_zone = "Pacific/Auckland"
        assert contracts.covering(acme, None, at=at) is not None

    def test_costs_one_query_with_many(self, acme, django_assert_num_queries):
        for _number in range(5):
            make_contract(organization=acme, products=[make_product()])
        contracts.covering(acme, None, at=NOON)

        with django_assert_num_queries(1):
            contracts.covering(acme, None, at=NOON)


class TestOpening:
    def test_puts_the_ticket_under_the_contract_in_force(self, bruno, acme):
        product = make_product()
        make_contract(organization=acme, valid_until=date(2026, 11, 17))
        make_contract(organization=acme)
        named = make_contract(organization=acme, products=[product])

        ticket = make_ticket(requester=bruno, product=product, at=NOON)

        assert ticket.contract == named

    def test_does_without_one(self, bruno, acme, bela):
        make_contract(organization=acme, is_active=False)
        make_contract(organization=bela)

        assert make_ticket(requester=bruno, at=NOON).contract is None


class TestVisibleTo:
    def test_follows_the_cast(self, acme, ana, bruno, beatriz, caio, carla, davi, elisa, olga, gustavo, system):
        contract = make_contract(organization=acme)

        cast = {
            "ana": ana,
            "bruno": bruno,
            "beatriz": beatriz,
            "caio": caio,
            "carla": carla,
            "davi": davi,
            "elisa": elisa,
            "olga": olga,
            "gustavo": gustavo,
            "system": system,
        }
        seeing = {name for name, user in cast.items() if contract in Contract.objects.visible_to(user)}

        assert seeing == {"ana", "bruno", "beatriz", "caio", "elisa", "gustavo", "system"}

    def test_ends_with_the_membership_and_with_the_organisation(self, acme, bruno):
        contract = make_contract(organization=acme)
        assert contract in Contract.objects.visible_to(bruno)

        Membership.objects.filter(user=bruno).update(is_active=False)
        assert contract not in Contract.objects.visible_to(bruno)

        Membership.objects.filter(user=bruno).update(is_active=True)
        Organization.objects.filter(pk=acme.pk).update(is_active=False)
        assert contract not in Contract.objects.visible_to(bruno)

    def test_is_nothing_for_somebody_of_nowhere(self, acme):
        make_contract(organization=acme)

        assert not Contract.objects.visible_to(make_user()).exists()


class TestDatabase:
    def test_keeps_a_number_once_in_an_organisation(self, acme, bela):
        make_contract(organization=acme, number="Ouro 2025/014")
        make_contract(organization=bela, number="Ouro 2025/014")

        with pytest.raises(IntegrityError), transaction.atomic():
            make_contract(organization=acme, number="OURO 2025/014")

    def test_keeps_the_days_in_order(self, acme):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_contract(organization=acme, valid_from=date(2026, 1, 2), valid_until=date(2026, 1, 1))

    def test_removes_no_product_that_a_contract_names(self, acme, elisa):
        product = make_product()
        make_contract(organization=acme, products=[product])

        with pytest.raises(ProtectedError):
            product.delete()
        with pytest.raises(Refused, match="contratos"):
            products.remove(product, by=elisa, at=NOON)
