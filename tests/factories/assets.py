"""Contracts for tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from guiche.assets.models import Contract
from guiche.catalog.models import Product
from guiche.organizations.models import Organization
from tests.factories.organizations import make_organization

_numbers = count(1)


def make_contract(
    *, organization: Organization | None = None, number: str = "", products: Iterable[Product] = (), **values: Any
) -> Contract:
    """Return a contract in force since 2025 and without an end, on all products unless some are given."""
    values.setdefault("valid_from", date(2025, 1, 1))
    contract = Contract.objects.create(
        organization=organization or make_organization(), number=number or f"2025/{next(_numbers):03}", **values
    )
    contract.products.set(products)
    return contract
