"""What can be done with products, their modules, services, impacts and kinds of failure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.db.models import Max, ProtectedError, QuerySet
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.catalog.actions import permission
from guiche.catalog.models import Failure, Impact, Module, Product, Service, Severity
from guiche.catalog.naming import check_free, clean_line, free_slug
from guiche.core.errors import Refused

if TYPE_CHECKING:
    from guiche.accounts.models import Team, User
    from guiche.organizations.models import Organization

Row = TypeVar("Row", Product, Module, Service, Failure)

_LONGEST = {Product: 80, Module: 80, Service: 300, Failure: 80}
MOST_MINUTES = 60 * 24 * 366


class CatalogRefused(Refused):
    """The catalogue cannot be like this."""


@transaction.atomic
def create_product(
    *,
    name: str,
    description: str = "",
    is_for_all: bool = False,
    team: Team | None = None,
    organizations: Iterable[Organization] = (),
    by: User,
    at: datetime,
) -> Product:
    """Make a product, at the end of the list. Raises NotAllowed, NameRefused."""
    permission.check(by)
    name = _free_name(Product, name, Product.objects.all())
    last = Product.objects.aggregate(last=Max("position"))["last"]
    product = Product.objects.create(
        name=name,
        slug=free_slug(Product, name),
        description=clean_line(description, 200, field="description", required=False),
        is_for_all=is_for_all,
        team=team,
        position=0 if last is None else last + 1,
    )
    product.organizations.set(organizations)
    record.write("product.created", by=by, at=at, subject=product, name=name)
    return product


@transaction.atomic
def change_product(
    product: Product,
    *,
    name: str,
    description: str,
    is_for_all: bool,
    is_active: bool,
    team: Team | None,
    organizations: Iterable[Organization],
    by: User,
    at: datetime,
) -> Product:
    """Change all of a product but its address and its place. Raises NotAllowed, NameRefused."""
    permission.check(by)
    product = Product.objects.select_for_update().get(pk=product.pk)
    product.name = _free_name(Product, name, Product.objects.all(), but=product)
    product.description = clean_line(description, 200, field="description", required=False)
    product.is_for_all, product.is_active, product.team = is_for_all, is_active, team
    product.save(update_fields=["name", "description", "is_for_all", "is_active", "team"])
    product.organizations.set(organizations)
    having = sorted(product.organizations.values_list("pk", flat=True))
    details = {"name": product.name, "is_for_all": is_for_all, "is_active": is_active, "organizations": having}
    record.write("product.changed", by=by, at=at, subject=product, **details)
    return product


@transaction.atomic
def move_product(product: Product, places: int, *, by: User, at: datetime) -> None:
    """Move `product` that many places down in the list (up when negative). Raises NotAllowed."""
    permission.check(by)
    rows = list(Product.objects.select_for_update().order_by("position", "name", "id"))
    index = rows.index(product)
    rows.insert(max(0, min(len(rows) - 1, index + places)), rows.pop(index))
    for position, row in enumerate(rows):
        row.position = position
    Product.objects.bulk_update(rows, ["position"])
    record.write("product.moved", by=by, at=at, subject=product, position=rows.index(product))


def add_module(product: Product, *, name: str, by: User, at: datetime) -> Module:
    """Add a part of a product. Raises NotAllowed, NameRefused."""
    return _add(Module, name, product.modules.all(), by=by, at=at, product=product)


def add_service(module: Module, *, name: str, by: User, at: datetime) -> Service:
    """Add a function of a module. Raises NotAllowed, NameRefused."""
    return _add(Service, name, module.services.all(), by=by, at=at, module=module)


def add_failure(product: Product, *, name: str, by: User, at: datetime) -> Failure:
    """Add a kind of failure of a product. Raises NotAllowed, NameRefused."""
    return _add(Failure, name, product.failures.all(), by=by, at=at, product=product)


def change_module(module: Module, *, name: str, is_active: bool, by: User, at: datetime) -> Module:
    """Rename a module, or take it out of the forms. Raises NotAllowed, NameRefused."""
    return _change(module, name, Module.objects.filter(product=module.product_id), is_active, by=by, at=at)


def change_service(service: Service, *, name: str, is_active: bool, by: User, at: datetime) -> Service:
    """Rename a service, or take it out of the forms. Raises NotAllowed, NameRefused."""
    return _change(service, name, Service.objects.filter(module=service.module_id), is_active, by=by, at=at)


def change_failure(failure: Failure, *, name: str, is_active: bool, by: User, at: datetime) -> Failure:
    """Rename a kind of failure, or take it out of the forms. Raises NotAllowed, NameRefused."""
    return _change(failure, name, Failure.objects.filter(product=failure.product_id), is_active, by=by, at=at)


@transaction.atomic
def put_impact(
    service: Service,
    *,
    description: str,
    severity: Severity,
    diagnosis_minutes: int | None = None,
    solution_minutes: int | None = None,
    impact: Impact | None = None,
    by: User,
    at: datetime,
) -> Impact:
    """Add what a failure of `service` does to the customer, or change `impact`. Minutes are business minutes.

    Raises NotAllowed, NameRefused, CatalogRefused.
    """
    permission.check(by)
    description = clean_line(description, 200, field="description")
    same = service.impacts.filter(description__iexact=description)
    if (same.exclude(pk=impact.pk) if impact else same).exists():
        raise CatalogRefused("", fields={"description": _("There is already one with this name. Choose another.")})
    _check_minutes(diagnosis_minutes, solution_minutes)
    row = impact or Impact(service=service)
    row.description, row.severity = description, severity
    row.diagnosis_minutes, row.solution_minutes = diagnosis_minutes, solution_minutes
    row.save()
    details = {"service": service.pk, "description": description, "level": severity.level}
    record.write("impact.changed" if impact else "impact.added", by=by, at=at, subject=row, **details)
    return row


@transaction.atomic
def remove(row: Product | Module | Service | Failure | Impact, *, by: User, at: datetime) -> None:
    """Remove a row and what is under it. Raises NotAllowed; CatalogRefused when a ticket or contract is about it."""
    permission.check(by)
    kind, key, name = row._meta.model_name, row.pk, str(row)
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError as used:
        raise CatalogRefused(
            _("Tickets or contracts are about “%s”. Switch it off instead: it leaves the forms, and they keep it.")
            % name
        ) from used
    record.write(f"{kind}.removed", by=by, at=at, id=key, name=name)


@transaction.atomic
def _add(kind: type[Row], name: str, siblings: QuerySet[Row], *, by: User, at: datetime, **under: Any) -> Row:
    # Any: the row that the new one belongs to, under the name of its column.
    permission.check(by)
    row = kind._default_manager.create(name=_free_name(kind, name, siblings), **under)
    record.write(f"{kind._meta.model_name}.added", by=by, at=at, subject=row, name=row.name)
    return row


@transaction.atomic
def _change(row: Row, name: str, siblings: QuerySet[Row], is_active: bool, *, by: User, at: datetime) -> Row:
    permission.check(by)
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    row.name, row.is_active = _free_name(type(row), name, siblings, but=row), is_active
    row.save(update_fields=["name", "is_active"])
    record.write(f"{row._meta.model_name}.changed", by=by, at=at, subject=row, name=row.name, is_active=is_active)
    return row


def _free_name(kind: type[Row], name: str, siblings: QuerySet[Any], but: Row | None = None) -> str:
    name = clean_line(name, _LONGEST[kind])
    check_free(name, siblings, but)
    return name


def _check_minutes(diagnosis: int | None, solution: int | None) -> None:
    for field, minutes in (("diagnosis_minutes", diagnosis), ("solution_minutes", solution)):
        if minutes is not None and not 0 < minutes <= MOST_MINUTES:
            raise CatalogRefused("", fields={field: _("Write a time of at least one minute.")})
    if diagnosis and solution and diagnosis > solution:
        raise CatalogRefused("", fields={"solution_minutes": _("The solution cannot come before the diagnosis.")})


@transaction.atomic
def set_products(organization: Organization, ids: Iterable[int], *, by: User, at: datetime) -> None:
    """Give `organization` exactly the products with these ids, beside those that everybody has. Raises NotAllowed."""
    permission.check(by)
    chosen = list(Product.objects.filter(pk__in=list(ids), is_for_all=False))
    kept = Product.objects.filter(is_for_all=True, organizations=organization)
    organization.products.set([*chosen, *kept])
    names = sorted(product.name for product in chosen)
    record.write("organization.products_changed", by=by, at=at, subject=organization, products=names)
