"""The table of services of one customer, page by page or as a spreadsheet: what each impact is promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from guiche.catalog.models import Impact, RequestType
from guiche.catalog.severity import SeveritySource
from guiche.grids import paging
from guiche.sla import conditions
from guiche.sla.choosing import Facts
from guiche.sla.metrics import FOR_CUSTOMERS, Metric
from guiche.web import agreed as agreements
from guiche.web import downloads
from guiche.web.agreed import Agreed

if TYPE_CHECKING:
    from guiche.grids.paging import Page
    from guiche.organizations.models import Organization

SIZE = 25
MOST_EXPORTED = 10_000
FILTERS = ("q", "produto", "gravidade")


@dataclass(frozen=True)
class Line:
    impact: Impact
    targets: list[str]  # of the columns


@dataclass(frozen=True)
class Services:
    """A page of the table. `kept`: its filters as a query; `exists`: whether there is any row without them."""

    lines: list[Line]
    columns: list[str]
    page: Page[Impact]
    chosen: Mapping[str, str]
    kept: str
    exists: bool

    def link(self, cursor: str) -> str:
        return f"?{urlencode({**self._said, 'p': cursor})}#servicos" if cursor else ""

    @property
    def _said(self) -> dict[str, str]:
        return {name: value for name, value in self.chosen.items() if value}


def context(organization: Organization, said: Mapping[str, str], *, at: datetime) -> dict[str, Any]:  # Any: of a page
    """Return what `parts/_agreed.html` shows of `organization`. At most nine queries."""
    agreed = agreements.of(organization, at=at)
    if agreed is None:
        return {"organization": organization, "agreed": None}
    return {
        "organization": organization,
        "agreed": agreed,
        "tables": agreements.tables(agreed),
        "calendars": agreements.calendars(agreed),
        "waiting": agreements.waiting(agreed),
        "services": shown(agreed, said),
    }


def shown(agreed: Agreed, said: Mapping[str, str]) -> Services | None:
    """Return the page that `said` (filters and cursor) asks for; None where no type asks for a service."""
    kind = _kind(agreed)
    if kind is None:
        return None
    chosen = chosen_in(said)
    page = paging.page(_found(agreed, chosen), said.get("p", ""), size=SIZE, key="service_id", descending=False)
    is_filtered = any(chosen.values())
    exists = bool(page.rows) or (is_filtered and _found(agreed, {}).exists())
    metrics = _metrics(agreed, page.rows, kind)
    lines = [Line(one, agreements.targets(_row(agreed, one, kind), metrics)) for one in page.rows]
    kept = urlencode({name: value for name, value in chosen.items() if value})
    return Services(lines, [str(metric.label) for metric in metrics], page, chosen, kept, exists)


def chosen_in(said: Mapping[str, str]) -> dict[str, str]:
    return {name: said.get(name, "").replace("\x00", "").strip()[:100] for name in FILTERS}


def _kind(agreed: Agreed) -> RequestType | None:
    """The type whose severity follows from the service: the table is there for it."""
    return next((one for one in agreed.types if one.severity_source == SeveritySource.SERVICE), None)


def _found(agreed: Agreed, chosen: Mapping[str, str]) -> QuerySet[Impact]:
    rows = Impact.objects.filter(
        service__is_active=True, service__module__is_active=True, service__module__product__in=list(agreed.products)
    )
    for word in chosen.get("q", "").split()[:6]:
        in_name = Q(service__name__icontains=word) | Q(service__module__name__icontains=word)
        rows = rows.filter(in_name | Q(description__icontains=word))
    if slug := chosen.get("produto"):
        rows = rows.filter(service__module__product__slug=slug)
    if level := chosen.get("gravidade"):
        rows = rows.filter(severity__level=int(level) if level.isdecimal() and len(level) == 1 else 0)
    return rows.select_related("service__module__product", "severity")


def _row(agreed: Agreed, impact: Impact, kind: RequestType) -> conditions.Row | None:
    module = impact.service.module
    facts = Facts(
        organization=agreed.organization.pk,
        request_type=kind.pk,
        contract=agreed.asked.contracts.get(module.product_id),
        product=module.product_id,
        module=module.pk,
        service=impact.service_id,
        severity=impact.severity_id,
    )
    return conditions.row_of(agreed.known, facts, agreed.at)


def _metrics(agreed: Agreed, impacts: Sequence[Impact], kind: RequestType) -> list[Metric]:
    rows = [row for one in impacts if (row := _row(agreed, one, kind))]
    return [metric for metric in FOR_CUSTOMERS if any(metric in row.by_metric for row in rows)]


def spreadsheet(agreed: Agreed | None, said: Mapping[str, str], *, name: str) -> HttpResponse:
    """Return all rows under the same filters as a CSV; past its limit, its last row says so."""
    rows = [_header()]
    kind = _kind(agreed) if agreed else None
    if agreed is None or kind is None:
        return downloads.spreadsheet(rows, name=name)
    found = list(_found(agreed, chosen_in(said)).order_by("service_id", "id")[: MOST_EXPORTED + 1])
    rows += [list(_cells(agreed, one, kind)) for one in found[:MOST_EXPORTED]]
    if len(found) > MOST_EXPORTED:
        rows.append([_("There is more: this file takes the first %d rows. Choose narrower filters.") % MOST_EXPORTED])
    return downloads.spreadsheet(rows, name=name)


def _header() -> list[str]:
    about = [_("Product"), _("Module"), _("Service"), _("Impact"), _("Severity")]
    return [*about, *(str(metric.label) for metric in FOR_CUSTOMERS)]


def _cells(agreed: Agreed, impact: Impact, kind: RequestType) -> Iterator[str]:
    module = impact.service.module
    yield from (module.product.name, module.name, impact.service.name, impact.description, impact.severity.name)
    yield from agreements.targets(_row(agreed, impact, kind), FOR_CUSTOMERS)
