"""The contracts of the demonstration: of two customers, one of them with an older one that was ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from guiche.assets.actions import contracts
from guiche.operations.demo.people import House


def sign(house: House, at: datetime) -> None:
    """Make the contracts as they stood at `at`: the tickets that are told after it are under them."""
    hospital, clinic = (house.customers[place].organization for place in (0, 2))
    begun = _month(at - timedelta(days=330))
    old = contracts.create(
        hospital,
        number="Prata 2022/007",
        valid_from=_month(at - timedelta(days=1400)),
        valid_until=begun - timedelta(days=1),
        note="Trocado pelo Ouro, com plantão.",
        by=house.admin,
        at=at,
    )
    contracts.end(old, by=house.admin, at=at)
    contracts.create(
        hospital,
        number="Ouro 2025/014",
        valid_from=begun,
        valid_until=_month(at + timedelta(days=760)) - timedelta(days=1),
        note="Gestora do contrato: **Marina Duarte**. Visita de rotina toda primeira quinta do mês.",
        by=house.admin,
        at=at,
    )
    contracts.create(
        clinic,
        number="Impressão 2026/031",
        valid_from=_month(at - timedelta(days=150)),
        products=[house.products["Impressão gerenciada"]],
        by=house.admin,
        at=at,
    )


def _month(at: datetime) -> date:
    """Return the first day of the month of `at`."""
    return timezone.localdate(at).replace(day=1)
