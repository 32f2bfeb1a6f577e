"""A service table compared with the catalogue and written into it. The second time changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from guiche.audit import record
from guiche.catalog.actions import permission
from guiche.catalog.models import Impact, Module, Product, Service, Severity
from guiche.catalog.naming import free_slug
from guiche.catalog.service_table import Line
from guiche.core.text import normalize

if TYPE_CHECKING:
    from guiche.accounts.models import User

Key = tuple[str, str, str, str]


class Effect(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of the table and what writing it would do."""

    line: Line
    effect: Effect
    before: Impact | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """How many lines did what."""

    new: int
    changed: int
    same: int


def severity_names() -> dict[str, int]:
    """Return the level of each severity by its name, normalised: what `service_table.parse` asks for."""
    return {normalize(name): level for name, level in Severity.objects.values_list("name", "level")}


def compare(lines: Sequence[Line]) -> list[Compared]:
    """Return what writing each of `lines` would do. One query."""
    known = _impacts()
    return [_compared(line, known.get(line.key)) for line in lines]


@transaction.atomic
def write(lines: Sequence[Line], *, new_products_for_all: bool, by: User, at: datetime) -> Written:
    """Write `lines` into the catalogue: what is missing is made, what differs is changed, nothing is removed.

    Raises NotAllowed.
    """
    permission.check(by)
    # Two imports at once would both make what is missing.
    list(Severity.objects.select_for_update().order_by("level"))
    writer = _Writer(new_products_for_all)
    compared = compare(lines)
    for one in compared:
        writer.write(one)
    effects = [one.effect for one in compared]
    written = Written(*(effects.count(effect) for effect in (Effect.NEW, Effect.CHANGED, Effect.SAME)))
    record.write("service_table.imported", by=by, at=at, new=written.new, changed=written.changed, same=written.same)
    return written


def _impacts() -> dict[Key, Impact]:
    rows = Impact.objects.select_related("severity", "service__module__product")
    return {
        (
            normalize(row.service.module.product.name),
            normalize(row.service.module.name),
            normalize(row.service.name),
            normalize(row.description),
        ): row
        for row in rows
    }


def _compared(line: Line, known: Impact | None) -> Compared:
    if known is None:
        return Compared(line, Effect.NEW)
    values = (known.severity.level, known.diagnosis_minutes, known.solution_minutes)
    same = values == (line.level, line.diagnosis_minutes, line.solution_minutes)
    return Compared(line, Effect.SAME if same else Effect.CHANGED, known)


class _Writer:
    """Finds or makes the rows above an impact; each is read once."""

    def __init__(self, new_products_for_all: bool) -> None:
        self.for_all = new_products_for_all
        self.severities = {row.level: row for row in Severity.objects.all()}
        self.products = {normalize(row.name): row for row in Product.objects.all()}
        self.modules = {(row.product_id, normalize(row.name)): row for row in Module.objects.all()}
        self.services = {(row.module_id, normalize(row.name)): row for row in Service.objects.all()}
        self.position = Product.objects.aggregate(last=Max("position"))["last"] or 0

    def write(self, one: Compared) -> None:
        if one.effect == Effect.SAME:
            return
        line = one.line
        row = one.before or Impact(service=self._service(line), description=line.impact)
        row.severity = self.severities[line.level]
        row.diagnosis_minutes, row.solution_minutes = line.diagnosis_minutes, line.solution_minutes
        row.save()

    def _product(self, name: str) -> Product:
        if normalize(name) not in self.products:
            self.position += 1
            self.products[normalize(name)] = Product.objects.create(
                name=name, slug=free_slug(Product, name), is_for_all=self.for_all, position=self.position
            )
        return self.products[normalize(name)]

    def _module(self, line: Line) -> Module:
        product = self._product(line.product)
        key = (product.pk, normalize(line.module))
        if key not in self.modules:
            self.modules[key] = Module.objects.create(product=product, name=line.module)
        return self.modules[key]

    def _service(self, line: Line) -> Service:
        module = self._module(line)
        key = (module.pk, normalize(line.service))
        if key not in self.services:
            self.services[key] = Service.objects.create(module=module, name=line.service)
        return self.services[key]
