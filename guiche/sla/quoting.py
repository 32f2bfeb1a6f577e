"""What would be promised to a ticket before it is opened: the same choosing and the same counting as at its opening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet, Subquery
from django.db.models.functions import JSONObject

from guiche.assets import contracts, coverage
from guiche.assets.models import Contract
from guiche.calendars import compiling
from guiche.core import written
from guiche.organizations.models import Membership
from guiche.sla import choosing, clockwork, rules
from guiche.sla.choosing import Agreement, Facts
from guiche.sla.clockwork import Standing
from guiche.sla.metrics import FOR_CUSTOMERS, Metric, Motion
from guiche.sla.models import RuleSet
from guiche.workflows.models import Status
from guiche.workflows.stages import Stage

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.calendars.models import CalendarVersion
    from guiche.calendars.worktime import Calendar
    from guiche.catalog.models import Module, Product, RequestType, Service, Severity
    from guiche.organizations.models import Organization
    from guiche.sla.rules import Rules


class Promise(NamedTuple):
    """One target, in business seconds. `due_at` is None where tickets begin paused."""

    metric: Metric
    target: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a ticket of one severity would get: `promises` in the order of their metrics, perhaps none.

    `counts_from` is when its calendar counts first: later than the asking, out of hours.
    """

    severity: int | None
    agreement: Agreement
    calendar: int
    city: int | None
    counts_from: datetime
    promises: tuple[Promise, ...]
    hours: CalendarVersion  # what its calendar says then
    zone: ZoneInfo  # as whose clocks show them deadlines are said
    closed_in: str  # the city or state whose holidays close it too, or blank

    def promise(self, metric: str) -> Promise | None:
        return next((one for one in self.promises if one.metric == metric), None)


@dataclass(frozen=True, slots=True)
class Quote:
    """What would be promised at `at`, in whole seconds. `offers` has the present severity, and all that may be chosen.

    A type without deadlines, or one that no policy covers, has none.
    """

    at: datetime
    contract: Contract | None
    severity: int | None
    offers: Mapping[int | None, Offer]

    @property
    def present(self) -> Offer | None:
        return self.offers.get(self.severity)

    @property
    def promises_something(self) -> bool:
        return any(offer.promises for offer in self.offers.values())


class Ground(NamedTuple):
    """What a quote is made from besides the ticket itself: read in one query, or beside rows that are read anyhow."""

    stamp: UUID  # of the rules
    begins: Standing  # where new tickets of the type stand
    city: str  # where who asks works, or blank
    state: str
    in_force: tuple[Contract, ...]  # contracts of the organisation


def grounded(
    rows: QuerySet[Any], organization_id: int, workflow_id: int, requester_id: int, day: str
) -> QuerySet[Any]:  # Any: rows of whatever is read with it
    """Add to `rows` what `ground_in` makes a ground from. `day` is an ISO day; `requester_id` 0: of nobody."""
    begins = Status.objects.filter(workflow=workflow_id, is_initial=True)
    places = Membership.objects.filter(user=requester_id, organization=organization_id).order_by("pk")
    in_force = Contract.objects.of(organization_id).in_force(day).with_product_ids().order_by("pk")
    told = JSONObject(pk="pk", number="number", begun="valid_from", until="valid_until", products="product_ids")
    found: QuerySet[Any] = rows.annotate(
        ground_stamp=Subquery(RuleSet.objects.values("stamp")[:1]),
        ground_begins=Subquery(begins.values(told=JSONObject(stage="stage", pauses="pauses_clocks"))[:1]),
        ground_place=Subquery(places.values(told=JSONObject(city="site__city", state="site__state"))[:1]),
        ground_contracts=ArraySubquery(in_force.values(told=told)),
    )
    return found


def ground_in(row: Any, request_type: RequestType) -> Ground:  # Any: a row of `grounded`
    begins, place = row.ground_begins, row.ground_place or {}
    return Ground(
        row.ground_stamp,
        Standing(Stage(begins["stage"]), begins["pauses"], request_type.default_team_id),
        place.get("city") or "",
        place.get("state") or "",
        tuple(_contract(one) for one in row.ground_contracts),
    )


def _contract(told: dict[str, Any]) -> Contract:  # Any: JSON
    until = date.fromisoformat(told["until"]) if told["until"] else None
    made = Contract(
        pk=told["pk"], number=told["number"], valid_from=date.fromisoformat(told["begun"]), valid_until=until
    )
    made.product_ids = told["products"]
    return made


def ground_of(organization: Organization, request_type: RequestType, requester: User | None, *, at: datetime) -> Ground:
    """Return what quotes at `at` are made from. One query."""
    found = written.rows(_ground, *ground_keys(organization, request_type, requester, at=at))
    return ground_in(found[0], request_type)


def ground_keys(
    organization: Organization, request_type: RequestType, requester: User | None, *, at: datetime
) -> tuple[int, int, int, str]:
    """Return what `grounded` is given."""
    day = contracts.local_day(organization, at)
    return organization.pk, request_type.workflow_id, (requester.pk if requester else 0) or 0, day.isoformat()


def _ground(*keys: Any) -> QuerySet[RuleSet]:  # Any: as `ground_keys` gives them
    return grounded(RuleSet.objects.all(), *keys)


def quote(
    organization: Organization,
    request_type: RequestType,
    *,
    at: datetime,
    requester: User | None = None,
    product: Product | None = None,
    module: Module | None = None,
    service: Service | None = None,
    severity: Severity | None = None,
    offered: Iterable[Severity] = (),
    ground: Ground | None = None,
) -> Quote:
    """Return what a ticket with this content would be promised if it were opened at `at`.

    `requester` is who asks: the city counts where they work. `offered` are the severities that could be chosen instead.
    Its team's own clock, which customers never see, is left out. One query, none with `ground`.
    """
    ground = ground or ground_of(organization, request_type, requester, at=at)
    day = contracts.local_day(organization, at)
    contract = coverage.choose(ground.in_force, product.pk if product else None, day)
    at, chosen = clockwork.floored(at), severity.pk if severity else None
    if not request_type.has_deadlines:
        return Quote(at, contract, chosen, {})
    facts = Facts(
        organization=organization.pk,
        request_type=request_type.pk,
        contract=contract.pk if contract else None,
        product=product.pk if product else None,
        module=module.pk if module else None,
        service=service.pk if service else None,
        city=ground.city,
        state=ground.state,
    )
    known, keys = rules.of_stamp(ground.stamp), {chosen, *(one.pk for one in offered)}
    found = {one: offer(known, replace(facts, severity=one), at, ground.begins) for one in keys}
    return Quote(at, contract, chosen, {one: made for one, made in found.items() if made is not None})


def offer(known: Rules, facts: Facts, at: datetime, standing: Standing) -> Offer | None:
    """Return what `facts` would be promised at `at`, a whole second; None where no policy is in force."""
    agreement = choosing.choose(known.book, facts, at)
    if agreement is None:
        return None
    calendar, city = known.calendars_of(agreement, facts)
    counting = known.calendar(calendar, city)
    promised = [metric for metric in FOR_CUSTOMERS if metric in agreement.targets]
    promises = tuple(_promise(metric, agreement, counting, standing, at) for metric in promised)
    return Offer(
        severity=facts.severity,
        agreement=agreement,
        calendar=calendar,
        city=city,
        counts_from=counting.next_open(at),
        promises=promises,
        hours=compiling.in_force(known.calendar_versions[calendar], at),
        zone=counting.zone,
        closed_in=_named(known, city),
    )


def _named(known: Rules, city: int | None) -> str:
    if city is None:
        return ""
    found = known.calendar_versions[city][0].calendar
    return found.city or found.state


def _promise(metric: Metric, agreement: Agreement, calendar: Calendar, standing: Standing, at: datetime) -> Promise:
    target = agreement.targets[metric]
    course = clockwork.course(
        metric, standing, team=None, is_settled=False, counts_delivery=agreement.version.counts_delivery
    )
    if course.motion != Motion.RUNNING:
        return Promise(metric, target, None)
    return Promise(metric, target, clockwork.read(calendar, since=at, elapsed=0, target=target).due_at)
