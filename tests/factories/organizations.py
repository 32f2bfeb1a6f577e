"""Organisations, their sites, domains and who belongs to them, for tests."""

import itertools
from datetime import UTC, datetime
from typing import Any

from guiche.accounts.models import User
from guiche.organizations.models import Domain, Membership, Organization, Site
from tests.factories.accounts import make_user

_numbers = itertools.count(1)


def make_organization(*, name: str = "", **values: Any) -> Organization:
    return Organization.objects.create(name=name or f"Organização {next(_numbers)}", **values)


def make_site(*, organization: Organization | None = None, name: str = "", **values: Any) -> Site:
    return Site.objects.create(
        organization=organization or make_organization(), name=name or f"Unidade {next(_numbers)}", **values
    )


def make_membership(*, user: User | None = None, organization: Organization | None = None, **values: Any) -> Membership:
    """A contact's place in an organisation; reach `own` unless said otherwise."""
    return Membership.objects.create(
        user=user or make_user(), organization=organization or make_organization(), **values
    )


def make_domain(*, organization: Organization | None = None, name: str = "", verified: bool = True) -> Domain:
    return Domain.objects.create(
        organization=organization or make_organization(),
        name=name or f"dominio{next(_numbers)}.example",
        verified_at=datetime(2026, 11, 2, 15, tzinfo=UTC) if verified else None,
    )
