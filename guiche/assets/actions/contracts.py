"""What administrators do with the contracts of an organisation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guiche.accounts import persons
from guiche.assets import policies
from guiche.assets.events import ContractChanged, ContractCreated, ContractEnded, ContractReopened
from guiche.assets.models import Contract, CoveredProduct
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.core.text import typed

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.catalog.models import Product
    from guiche.organizations.models import Organization

LONGEST_NUMBER = 60
LONGEST_NOTE = 2000
FIRST_YEAR, LAST_YEAR = 1970, 2199  # a year outside of these was mistyped


class ContractRefused(Refused):
    """This cannot be written on a contract."""


@transaction.atomic
def create(
    organization: Organization,
    *,
    number: str,
    valid_from: date,
    valid_until: date | None = None,
    products: Iterable[Product] = (),
    note: str = "",
    by: User,
    at: datetime,
) -> Contract:
    """Write down a contract of `organization`; it covers all products unless some are given.

    Raises NotAllowed; ContractRefused for a missing number or one of another contract, and for days out of order.
    """
    _check(by)
    contract = Contract(organization=organization)
    _write(contract, number=number, valid_from=valid_from, valid_until=valid_until, note=note)
    _save(contract)
    _name_products(contract, products)
    details = {"organization": organization.pk, **_facts(contract)}
    happened(ContractCreated(subject=contract, by=by, at=at, details=details))
    return contract


@transaction.atomic
def change(
    contract: Contract,
    *,
    number: str,
    valid_from: date,
    valid_until: date | None,
    products: Iterable[Product],
    note: str,
    by: User,
    at: datetime,
) -> Contract:
    """Change all of a contract. Tickets keep the one they have. Raises NotAllowed, ContractRefused."""
    _check(by)
    contract = Contract.objects.locked(contract)
    before = _facts(contract)
    _write(contract, number=number, valid_from=valid_from, valid_until=valid_until, note=note)
    _save(contract)
    _name_products(contract, products)
    after = {name: value for name, value in _facts(contract).items() if before[name] != value}
    if after:
        details = {"number": contract.number, "before": {name: before[name] for name in after}, "after": after}
        happened(ContractChanged(subject=contract, by=by, at=at, details=details))
    return contract


@transaction.atomic
def end(contract: Contract, *, by: User, at: datetime) -> Contract:
    """Let no new ticket be under `contract` from now on, whatever its days say; tickets keep it.

    Raises NotAllowed, ContractRefused.
    """
    _check(by)
    contract = Contract.objects.locked(contract)
    if not contract.is_active:
        raise ContractRefused(_("Contract %s was ended already.") % contract.number)
    contract.is_active = False
    contract.save(update_fields=["is_active"])
    happened(ContractEnded(subject=contract, by=by, at=at, details={"number": contract.number}))
    return contract


@transaction.atomic
def reopen(contract: Contract, *, by: User, at: datetime) -> Contract:
    """Take back that `contract` was ended: its days count again. Raises NotAllowed, ContractRefused."""
    _check(by)
    contract = Contract.objects.locked(contract)
    if contract.is_active:
        raise ContractRefused(_("Contract %s was not ended.") % contract.number)
    contract.is_active = True
    contract.save(update_fields=["is_active"])
    happened(ContractReopened(subject=contract, by=by, at=at, details={"number": contract.number}))
    return contract


def _write(contract: Contract, *, number: str, valid_from: date, valid_until: date | None, note: str) -> None:
    contract.number = _number(number)
    contract.valid_from, contract.valid_until = _day("valid_from", valid_from), None
    if valid_until is not None:
        contract.valid_until = _day("valid_until", valid_until)
        if valid_until < valid_from:
            raise _refused("valid_until", _("The last day comes before the first one"))
    contract.note = typed(note).strip()
    if len(contract.note) > LONGEST_NOTE:
        raise _refused("note", _("Keep it to %s characters") % LONGEST_NOTE)


def _number(number: str) -> str:
    try:
        number = persons.clean_line(number, LONGEST_NUMBER)
    except persons.PersonRefused as refusal:
        raise _refused("number", refusal.message) from None
    if not number:
        raise _refused("number", _("Write the number of the contract"))
    return number


def _day(field: str, day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _refused(field, _("Check the year"))
    return day


def _save(contract: Contract) -> None:
    try:
        with transaction.atomic():
            contract.save()
    except IntegrityError as error:
        raise _refused("number", _("This organisation has a contract with this number already")) from error


def _name_products(contract: Contract, products: Iterable[Product]) -> None:
    wanted = {product.pk for product in products}
    contract.covered.exclude(product__in=wanted).delete()
    known = set(contract.covered.values_list("product_id", flat=True))
    CoveredProduct.objects.bulk_create(
        CoveredProduct(contract=contract, product_id=pk) for pk in sorted(wanted - known)
    )


def _facts(contract: Contract) -> dict[str, Any]:
    return {
        "number": contract.number,
        "valid_from": str(contract.valid_from),
        "valid_until": str(contract.valid_until or ""),
        "products": sorted(contract.covered.values_list("product__name", flat=True)),
        "note": contract.note,
    }


def _refused(field: str, message: str) -> ContractRefused:
    return ContractRefused(message, fields={field: message})


def _check(by: User) -> None:
    if not policies.can_manage_contracts(by):
        raise NotAllowed(_("This is for administrators to do. Ask one of them."))
