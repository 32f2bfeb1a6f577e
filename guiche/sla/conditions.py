"""What one customer was promised, as tables: the general one, and one for all that has conditions of its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from guiche.sla import choosing
from guiche.sla.choosing import Agreement, Facts, Level, Version

if TYPE_CHECKING:
    from guiche.sla.rules import Rules

OF_PRODUCTS = (Level.PRODUCT, Level.MODULE, Level.SERVICE)


class Place(NamedTuple):
    """A product, a module or a service, by ids, with the contract that covers it. Without a product: all else."""

    contract: int | None = None
    product: int | None = None
    module: int | None = None
    service: int | None = None


class Kind(NamedTuple):
    """Request types that are promised the same: one of them stands for all `types`."""

    types: tuple[int, ...]
    severities: tuple[int | None, ...]  # in their order; None alone: without severity


class Row(NamedTuple):
    """What a severity is promised: seconds by metric, the calendar that counts them, and whether a city's closes it."""

    severity: int | None
    targets: tuple[tuple[str, int], ...]
    calendar: int
    joins_city: bool

    @property
    def by_metric(self) -> dict[str, int]:
        return dict(self.targets)


@dataclass(frozen=True)
class Table:
    """Rows that hold for some `places` and `kinds`. The general ones have the place that names nothing."""

    version: Version
    rows: tuple[Row, ...]
    places: list[Place] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)

    @property
    def is_general(self) -> bool:
        return any(place.product is None for place in self.places)

    @property
    def metrics(self) -> set[str]:
        return {metric for row in self.rows for metric, _seconds in row.targets}


@dataclass(frozen=True)
class Asked:
    """Whose conditions: the organisation, and its products with the contract of each."""

    organization: int
    general_contract: int | None
    contracts: Mapping[int, int | None]  # product → contract

    def facts(self, place: Place, kind: Kind) -> Facts:
        return Facts(
            organization=self.organization,
            request_type=kind.types[0],
            contract=place.contract,
            product=place.product,
            module=place.module,
            service=place.service,
        )


def kinds(known: Rules, types: Iterable[tuple[int, tuple[int | None, ...]]]) -> list[Kind]:
    """Return `types`, ids with the severities each may come to, as far as they can be promised different things."""
    own = {key[1] for key in known.book.levels if key[0] == Level.REQUEST_TYPE}
    found: dict[tuple[tuple[int | None, ...], int], list[int]] = {}
    for pk, severities in types:
        found.setdefault((severities, pk if pk in own else 0), []).append(pk)
    return [Kind(tuple(ones), severities) for (severities, _own), ones in found.items()]


def places(known: Rules, asked: Asked) -> list[Place]:
    """Return all that may have conditions of its own; first of all, what names nothing."""
    found = [Place(asked.general_contract)]
    named = sorted(key for key in known.book.levels if key[0] in OF_PRODUCTS and key[1] in asked.contracts)
    special = {key[1] for key in named}
    for product, contract in asked.contracts.items():
        if product in special or contract != asked.general_contract:
            found.append(Place(contract, product))
    found += [
        Place(asked.contracts[product], product, module, service or None)
        for _level, product, module, service in named
        if module
    ]
    return found


def tables(known: Rules, asked: Asked, kinds: Sequence[Kind], at: datetime) -> list[Table]:
    """Return what is promised: what is general first. What is promised nothing is left out."""
    found: list[Table] = []
    for kind in kinds:
        for one in _of_kind(known, asked, kind, at):
            same = next((other for other in found if _are_alike(one, other)), None)
            if same is None:
                found.append(one)
            else:
                same.kinds.append(kind)
    return sorted((one for one in found if one.metrics), key=lambda one: not one.is_general)


def _are_alike(one: Table, other: Table) -> bool:
    return (one.version.id, one.rows, one.places) == (other.version.id, other.rows, other.places)


def _of_kind(known: Rules, asked: Asked, kind: Kind, at: datetime) -> list[Table]:
    found: dict[tuple[int, tuple[Row, ...]], Table] = {}
    general: tuple[int, tuple[Row, ...]] | None = None
    for place in places(known, asked):
        rows, version = _rows(known, asked.facts(place, kind), kind, at)
        if version is None:
            continue
        key = version.id, rows
        general = key if place.product is None else general
        if place.product is None or key != general:
            found.setdefault(key, Table(version, rows, kinds=[kind])).places.append(place)
    return list(found.values())


def _rows(known: Rules, facts: Facts, kind: Kind, at: datetime) -> tuple[tuple[Row, ...], Version | None]:
    agreements = [choosing.choose(known.book, replace(facts, severity=one), at) for one in kind.severities]
    made = [one for one in agreements if one is not None]
    return tuple(_row(one) for one in made), made[0].version if made else None


def row_of(known: Rules, facts: Facts, at: datetime) -> Row | None:
    """Return what a ticket with `facts` would be promised at `at`; None where no policy is in force."""
    agreement = choosing.choose(known.book, facts, at)
    return _row(agreement) if agreement else None


def _row(agreement: Agreement) -> Row:
    targets = tuple(sorted(agreement.targets.items()))
    return Row(agreement.severity, targets, agreement.calendar, agreement.joins_city)
