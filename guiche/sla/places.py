"""The levels at which something may be said of promises, as rows: a contract, an organisation, …, everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.sla.choosing import Key, Level

if TYPE_CHECKING:
    from django.db.models import Model

    from guiche.assets.models import Contract
    from guiche.catalog.models import Module, Product, RequestType, Service
    from guiche.organizations.models import Organization
    from guiche.sla.models import Assignment

COLUMNS = ("contract", "organization", "product", "module", "service", "request_type")
WORDS: Mapping[str, Any] = {  # Any: lazy words
    Level.CONTRACT: gettext_lazy("Contract"),
    Level.ORGANIZATION: gettext_lazy("Organisation"),
    Level.SERVICE: gettext_lazy("Product, module and service"),
    Level.MODULE: gettext_lazy("Product and module"),
    Level.PRODUCT: gettext_lazy("Product"),
    Level.REQUEST_TYPE: gettext_lazy("Request type"),
    Level.DEFAULT: gettext_lazy("Everybody else"),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place of one level: a contract; an organisation; a product, with a module, with a service; a type; none."""

    contract: Contract | None = None
    organization: Organization | None = None
    product: Product | None = None
    module: Module | None = None
    service: Service | None = None
    request_type: RequestType | None = None

    @property
    def level(self) -> Level:
        named = (
            (self.contract, Level.CONTRACT),
            (self.organization, Level.ORGANIZATION),
            (self.service, Level.SERVICE),
            (self.module, Level.MODULE),
            (self.product, Level.PRODUCT),
            (self.request_type, Level.REQUEST_TYPE),
        )
        return next((level for row, level in named if row is not None), Level.DEFAULT)

    @property
    def key(self) -> Key:
        first = self.contract or self.organization or self.product or self.request_type
        return (
            self.level,
            first.pk if first else 0,
            self.module.pk if self.module else 0,
            self.service.pk if self.service else 0,
        )

    @property
    def subject(self) -> Model | None:
        """The row that the audit trail tells of it under."""
        return self.contract or self.organization or self.service or self.module or self.product or self.request_type

    @property
    def name(self) -> str:
        """Return "Contrato 2025/014 de Acme", "Acme", "PACS › Visualizador", "Falha técnica"."""
        if self.contract is not None:
            said = {"number": self.contract.number, "name": self.contract.organization.name}
            return _("Contract %(number)s of %(name)s") % said
        rows = (self.organization, self.product, self.module, self.service, self.request_type)
        return " › ".join(row.name for row in rows if row is not None) or _("Everybody else")

    def columns(self) -> dict[str, Any]:  # Any: rows of six models
        return {name: getattr(self, name) for name in COLUMNS}


def of(row: Assignment) -> Place:
    """Return where `row` says something; its rows must be at hand (`AssignmentQuerySet.with_places`)."""
    return Place(**{name: getattr(row, name) for name in COLUMNS})
