"""What was agreed with one customer, as its page shows it: targets, hours, holidays, pauses, closing by silence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guiche.accounts.anybody import anybody
from guiche.assets import contracts, coverage
from guiche.calendars import compiling, words, year
from guiche.catalog.models import Module, Product, RequestType, Service, Severity
from guiche.catalog.severity import SeveritySource
from guiche.core import formatting
from guiche.core.text import normalize
from guiche.organizations.models import Site
from guiche.sla import conditions, promise_words, quoting, rules, shipped
from guiche.sla.conditions import Asked, Kind, Place, Row, Table
from guiche.sla.metrics import FOR_CUSTOMERS
from guiche.workflows.models import Status

if TYPE_CHECKING:
    from guiche.calendars.models import CalendarVersion
    from guiche.organizations.models import Organization
    from guiche.sla.quoting import Ground
    from guiche.sla.rules import Rules


class Line(NamedTuple):
    severity: Severity | None
    targets: list[str]  # of the columns
    hours: str  # blank where all lines have the same


@dataclass(frozen=True)
class Shown:
    """A table in words. `about`: what it holds for; `agreement`: where it comes from."""

    about: str
    agreement: str
    columns: list[str]
    lines: list[Line]
    has_hours: bool
    is_general: bool


@dataclass(frozen=True)
class Hours:
    """A calendar: its hours, blank for that of a city, and what is special about this year and the next."""

    title: str
    hours: str
    years: list[year.Year]


@dataclass(frozen=True)
class Agreed:
    """Everything of one customer at a moment, ready to be put in words."""

    organization: Organization
    at: datetime
    types: Sequence[RequestType]
    products: Mapping[int, Product]
    severities: Mapping[int, Severity]
    sites: Sequence[Site]
    known: Rules
    ground: Ground
    asked: Asked
    kinds: Sequence[Kind]
    tables: Sequence[Table]

    @property
    def is_anything(self) -> bool:
        return bool(self.tables)


def of(organization: Organization, *, at: datetime) -> Agreed | None:
    """Return what was agreed with `organization`; None when nothing it may ask for has deadlines. Five queries."""
    types = list(_types(organization))
    if not types:
        return None
    severities = {one.pk: one for one in Severity.objects.all()}
    products = {one.pk: one for one in Product.objects.of(organization).order_by("position", "name", "id")}
    ground = quoting.ground_of(organization, types[0], None, at=at)
    known, asked = rules.of_stamp(ground.stamp), _asked(organization, products, ground, at)
    kinds = conditions.kinds(known, [(one.pk, _severities_of(one, severities)) for one in types])
    return Agreed(
        organization=organization,
        at=at,
        types=types,
        products=products,
        severities=severities,
        sites=list(Site.objects.filter(organization=organization, is_active=True).order_by("name", "id")),
        known=known,
        ground=ground,
        asked=asked,
        kinds=kinds,
        tables=conditions.tables(known, asked, kinds, at),
    )


def _types(organization: Organization) -> QuerySet[RequestType]:
    """The types with deadlines that people of the customer may open."""
    offered = RequestType.objects.offered_to(anybody(0, ()), organization).filter(has_deadlines=True)
    return offered.order_by("position", "id")


def _severities_of(one: RequestType, severities: Iterable[int]) -> tuple[int | None, ...]:
    """Return what a ticket of that type may come to; None: no severity."""
    if one.severity_source == SeveritySource.FIXED:
        return (one.fixed_severity_id,)
    return (None,) if one.severity_source == SeveritySource.NONE else tuple(severities)


def _asked(organization: Organization, products: Iterable[int], ground: Ground, at: datetime) -> Asked:
    day = contracts.local_day(organization, at)

    def covering(product: int | None) -> int | None:
        found = coverage.choose(ground.in_force, product, day)
        return found.pk if found else None

    return Asked(organization.pk, covering(None), {one: covering(one) for one in products})


# Targets.


def tables(agreed: Agreed) -> list[Shown]:
    """Return the tables in words. Two queries where a module or a service has conditions of its own."""
    names = _Names(agreed)
    return [_shown(agreed, one, names) for one in agreed.tables]


def _shown(agreed: Agreed, table: Table, names: _Names) -> Shown:
    metrics = [metric for metric in FOR_CUSTOMERS if metric in table.metrics]
    has_hours = len({row.calendar for row in table.rows}) > 1
    lines = [
        Line(
            agreed.severities.get(row.severity) if row.severity else None,
            targets(row, metrics),
            hours_of(agreed, row.calendar) if has_hours else "",
        )
        for row in table.rows
        if row.targets
    ]
    about = [names.of_kinds(table.kinds), *([] if table.is_general else [names.of_places(table.places)])]
    return Shown(
        about=" · ".join(part for part in about if part),
        agreement=_agreement(agreed, table),
        columns=[str(metric.label) for metric in metrics],
        lines=lines,
        has_hours=has_hours,
        is_general=table.is_general,
    )


def targets(row: Row | None, metrics: Sequence[str]) -> list[str]:
    found = row.by_metric if row else {}
    return [promise_words.business(found[metric]) if metric in found else "" for metric in metrics]


def _agreement(agreed: Agreed, table: Table) -> str:
    """Return "Contrato Ouro, versão 3, em vigor desde 1/9/2025 · Contrato 2025/001"."""
    version = table.version
    said = _("%(name)s, version %(n)s") % {"name": version.policy_name, "n": version.number}
    if version.effective_from > shipped.SINCE:  # which is from ever
        day = formatting.day(version.effective_from)
        said = _("%(agreement)s, in force since %(day)s") % {"agreement": said, "day": day}
    numbers = {one.pk: one.number for one in agreed.ground.in_force}
    under = dict.fromkeys(numbers[place.contract] for place in table.places if place.contract)
    return " · ".join([said, *(_("Contract %(number)s") % {"number": one} for one in under)])


class _Names:
    """What tables hold for, by name."""

    def __init__(self, agreed: Agreed) -> None:
        self.agreed = agreed
        named = [place for table in agreed.tables for place in table.places]
        self.modules = Module.objects.in_bulk({one.module for one in named if one.module}) if _any(named) else {}
        self.services = Service.objects.in_bulk({one.service for one in named if one.service}) if _any(named) else {}

    def of_kinds(self, kinds: Sequence[Kind]) -> str:
        """The types, unless all are promised the same."""
        if len(self.agreed.kinds) == len(kinds):
            return ""
        here = {pk for kind in kinds for pk in kind.types}
        return ", ".join(one.name for one in self.agreed.types if one.pk in here)

    def of_places(self, places: Sequence[Place]) -> str:
        return ", ".join(self._of_place(one) for one in places if one.product)

    def _of_place(self, place: Place) -> str:
        parts = [self.agreed.products[place.product].name] if place.product else []
        parts += [self.modules[place.module].name] if place.module else []
        parts += [self.services[place.service].name] if place.service else []
        return " > ".join(parts)


def _any(places: Iterable[Place]) -> bool:
    return any(one.module for one in places)


# Calendars.


def hours_of(agreed: Agreed, calendar: int) -> str:
    """Return "Segunda a sexta, 8h às 18h (horário de Brasília)"."""
    plan = compiling.plan_of(compiling.in_force(agreed.known.calendar_versions[calendar], agreed.at))
    return f"{words.weekly(plan.weekly)} ({words.zone(plan.zone)})"


def calendars(agreed: Agreed) -> list[Hours]:
    """Return the calendars that count for this customer, and those of its cities that close them too."""
    rows = [row for table in agreed.tables for row in table.rows if row.targets]
    found = [_hours(agreed, one, hours_of(agreed, one)) for one in dict.fromkeys(row.calendar for row in rows)]
    if any(row.joins_city for row in rows):
        found += [_hours(agreed, one, "") for one in _cities(agreed)]
    return found


def _cities(agreed: Agreed) -> Iterable[int]:
    keys = ((normalize(site.city), normalize(site.state)) for site in agreed.sites)
    found = (agreed.known.cities.get(key) or agreed.known.cities.get(("", key[1])) for key in keys)
    return dict.fromkeys(one for one in found if one)


def _hours(agreed: Agreed, calendar: int, hours: str) -> Hours:
    versions = agreed.known.calendar_versions[calendar]
    row = versions[0].calendar
    title = hours or _("Holidays of %(place)s") % {"place": row.city or row.state}
    zone = ZoneInfo(compiling.plan_of(compiling.in_force(versions, agreed.at)).zone)
    first = agreed.at.astimezone(zone).year
    language = get_language() or "en"
    return Hours(title, hours, [_year(tuple(versions), number, language) for number in (first, first + 1)])


@lru_cache(maxsize=64)
def _year(versions: tuple[CalendarVersion, ...], number: int, language: str) -> year.Year:
    """Rows are equal by their id and published ones never change; the names of days are in the active `language`."""
    return year.of(versions, number)


# What stops the clocks, and what silence closes.


class Waiting(NamedTuple):
    """A status, as customers know it."""

    name: str
    pauses: bool
    days: int | None  # business days until silence closes it


def waiting(agreed: Agreed) -> list[Waiting]:
    """Return the statuses in which deadlines wait, or which silence ends. One query."""
    statuses = Status.objects.filter(workflow__in={one.workflow_id for one in agreed.types})
    found = statuses.filter(Q(pauses_clocks=True) | Q(closes_after_days__isnull=False)).order_by("position", "id")
    said = (Waiting(one.shown_to_customer, one.pauses_clocks, one.closes_after_days) for one in found)
    return list(dict.fromkeys(said))
