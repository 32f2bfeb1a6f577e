"""Which policy and which calendar a ticket has, most specific first, and why. Pure.

Policy: contract, organisation, product with module and service, product with module, product, request type, default.
Calendar: the one that the policy names for the severity, then contract, organisation, product, request type, policy,
default. Whether the holidays of the customer's city close it too: the first level that says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from guiche.sla.metrics import Metric

Key = tuple[str, int, int, int]  # a level, and up to three ids; 0 where there is none
TargetKey = tuple[int | None, str, int | None]  # severity, metric, team


class Level(StrEnum):
    CONTRACT = "contract"
    ORGANIZATION = "organization"
    SERVICE = "service"
    MODULE = "module"
    PRODUCT = "product"
    REQUEST_TYPE = "request_type"
    DEFAULT = "default"


OF_ONE_CUSTOMER = (Level.CONTRACT, Level.ORGANIZATION)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a promise depends on: ids of the ticket's rows. `city` and `state` are those of its site."""

    organization: int
    request_type: int
    contract: int | None = None
    product: int | None = None
    module: int | None = None
    service: int | None = None
    severity: int | None = None
    city: str = ""
    state: str = ""

    def levels(self) -> Iterator[Key]:
        """Yield the levels that may say something about it, most specific first."""
        if self.contract:
            yield (Level.CONTRACT, self.contract, 0, 0)
        yield (Level.ORGANIZATION, self.organization, 0, 0)
        if self.product:
            if self.module and self.service:
                yield (Level.SERVICE, self.product, self.module, self.service)
            if self.module:
                yield (Level.MODULE, self.product, self.module, 0)
            yield (Level.PRODUCT, self.product, 0, 0)
        yield (Level.REQUEST_TYPE, self.request_type, 0, 0)
        yield (Level.DEFAULT, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Said:
    """What one level says; None: the next one decides."""

    policy: int | None = None
    calendar: int | None = None
    joins_city: bool | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of a policy; targets are in seconds."""

    id: int
    policy: int
    policy_name: str
    number: int
    effective_from: datetime
    calendar: int | None
    counts_delivery: bool
    at_risk_percent: int
    targets: Mapping[TargetKey, int]
    severity_calendars: Mapping[int, int]

    def target(self, severity: int | None, metric: str, team: int | None = None) -> int | None:
        return self.targets.get((severity, metric, team))


@dataclass(frozen=True, slots=True)
class Considered:
    """A level that was looked at, with what it says; None when it says nothing."""

    level: Level
    said: Said | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was promised to a ticket: `targets` in seconds by metric, without those between teams."""

    version: Version
    policy_level: Level
    calendar: int
    calendar_level: str  # a Level, "severity" or "policy"
    joins_city: bool
    severity: int | None
    targets: Mapping[str, int]
    from_service_table: bool = False
    considered: Sequence[Considered] = field(default=(), compare=False)

    def team_target(self, team: int) -> int | None:
        return self.version.target(self.severity, Metric.TEAM, team)


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that promises are chosen by. `in_force(policy, at)` versions are in order of their day."""

    levels: Mapping[Key, Said]
    versions: Mapping[int, Sequence[Version]]  # of a policy, published, oldest first
    default_calendar: int
    service_table: Mapping[tuple[int, int], Mapping[str, int]]  # (service, severity) → seconds by metric

    def in_force(self, policy: int, at: datetime) -> Version | None:
        """Return the version of `policy` whose day came last before `at`."""
        return next((one for one in reversed(self.versions.get(policy, ())) if one.effective_from <= at), None)


def choose(
    book: Book, facts: Facts, at: datetime, *, keep: Version | None = None, only: Version | None = None
) -> Agreement | None:
    """Return what is promised to a ticket with `facts` at `at`; None when no policy is in force.

    `keep`: the version that it has already; it stays as long as its policy is the one chosen. `only`: no other version
    is chosen, whatever the levels say now.
    """
    considered = [Considered(Level(key[0]), book.levels.get(key)) for key in facts.levels()]
    found = _policy(book, considered, at, only or keep)
    if only is not None and (found is None or found[0] is not only):
        found = only, Level.DEFAULT
    if found is None:
        return None
    version, level = found
    calendar, calendar_level = _calendar(book, considered, version, facts.severity)
    targets, from_table = _targets(book, version, level, facts)
    joins = next((c.said.joins_city for c in considered if c.said and c.said.joins_city is not None), False)
    return Agreement(
        version, level, calendar, calendar_level, joins, facts.severity, targets, from_table, tuple(considered)
    )


def _policy(
    book: Book, considered: Sequence[Considered], at: datetime, keep: Version | None
) -> tuple[Version, Level] | None:
    for one in considered:
        if one.said is None or one.said.policy is None:
            continue
        if keep is not None and keep.policy == one.said.policy:
            return keep, one.level
        version = book.in_force(one.said.policy, at)
        if version is not None:
            return version, one.level
    return None


def _calendar(book: Book, considered: Sequence[Considered], version: Version, severity: int | None) -> tuple[int, str]:
    if severity is not None and severity in version.severity_calendars:
        return version.severity_calendars[severity], "severity"
    for one in considered:
        if one.level == Level.DEFAULT and version.calendar is not None:
            return version.calendar, "policy"
        if one.said is not None and one.said.calendar is not None:
            return one.said.calendar, one.level
    return book.default_calendar, Level.DEFAULT


def _targets(book: Book, version: Version, level: Level, facts: Facts) -> tuple[dict[str, int], bool]:
    """The service table says more than a general policy, and less than what was agreed with one customer."""
    own = {
        metric: seconds
        for (severity, metric, team), seconds in version.targets.items()
        if severity == facts.severity and team is None
    }
    if level in OF_ONE_CUSTOMER or facts.service is None or facts.severity is None:
        return own, False
    table = book.service_table.get((facts.service, facts.severity), {})
    return {**own, **table}, bool(table)
