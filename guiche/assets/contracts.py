"""The contract that a new ticket is under."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from guiche.assets import coverage
from guiche.assets.models import Contract
from guiche.core import written
from guiche.installation import models as installation

if TYPE_CHECKING:
    from guiche.assets.querysets import ContractQuerySet
    from guiche.catalog.models import Product
    from guiche.organizations.models import Organization


def covering(organization: Organization, product: Product | None, *, at: datetime) -> Contract | None:
    """Return the contract of `organization` that a ticket about `product`, opened at `at`, is under. One query."""
    day = local_day(organization, at)
    in_force = written.rows(_in_force, organization.pk, day.isoformat())
    return coverage.choose(in_force, product.pk if product else None, day)


def local_day(organization: Organization, at: datetime) -> date:
    """Return the day it is at `at` where `organization` is: contracts begin and end with its days."""
    return at.astimezone(ZoneInfo(organization.time_zone or installation.current().time_zone)).date()


def _in_force(organization_id: int, day: str) -> ContractQuerySet:
    return Contract.objects.of(organization_id).in_force(day).with_product_ids()
