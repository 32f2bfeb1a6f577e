"""What would be promised to a ticket before it is opened: the same choosing and the same counting as at its opening."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from guiche.assets import contracts
from guiche.calendars import compiling
from guiche.core import written
from guiche.organizations.models import Membership
from guiche.sla import choosing, clockwork, rules
from guiche.sla.choosing import Agreement, Facts
from guiche.sla.clockwork import Standing
from guiche.sla.metrics import FOR_CUSTOMERS, Metric, Motion
from guiche.workflows.models import Status
from guiche.workflows.stages import Stage

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.assets.models import Contract
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
    closed_in: str  # the city or state whose holidays close it too, or blank

    @property
    def zone(self) -> ZoneInfo:
        """Where its calendar's clocks hang: deadlines are said as they show them."""
        return ZoneInfo(compiling.plan_of(self.hours).zone)

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
) -> Quote:
    """Return what a ticket with this content would be promised if it were opened at `at`. Three queries, or four.

    `requester` is who asks: the city counts where they work. `offered` are the severities that could be chosen instead.
    Its team's own clock, which customers never see, is left out.
    """
    contract = contracts.covering(organization, product, at=at)
    at, known, chosen = clockwork.floored(at), rules.current(), severity.pk if severity else None
    if not request_type.has_deadlines:
        return Quote(at, contract, chosen, {})
    city, state = _place(requester, organization) if known.cities else ("", "")
    facts = Facts(
        organization=organization.pk,
        request_type=request_type.pk,
        contract=contract.pk if contract else None,
        product=product.pk if product else None,
        module=module.pk if module else None,
        service=service.pk if service else None,
        city=city,
        state=state,
    )
    standing = _standing(request_type)
    found = {one: offer(known, replace(facts, severity=one), at, standing) for one in {chosen, *_ids(offered)}}
    return Quote(at, contract, chosen, {one: made for one, made in found.items() if made is not None})


def _ids(severities: Iterable[Severity]) -> list[int]:
    return [one.pk for one in severities]


def offer(known: Rules, facts: Facts, at: datetime, standing: Standing) -> Offer | None:
    """Return what `facts` would be promised at `at`, a whole second; None where no policy is in force."""
    agreement = choosing.choose(known.book, facts, at)
    if agreement is None:
        return None
    calendar, city = known.calendars_of(agreement, facts)
    counting = known.calendar(calendar, city)
    promised = [metric for metric in FOR_CUSTOMERS if metric in agreement.targets]
    promises = tuple(_promise(metric, agreement, counting, standing, at) for metric in promised)
    said = compiling.in_force(known.calendar_versions[calendar], at)
    return Offer(facts.severity, agreement, calendar, city, counting.next_open(at), promises, said, _named(known, city))


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


def _standing(request_type: RequestType) -> Standing:
    """Return where a new ticket of that type stands."""
    status = written.rows(_initial, request_type.workflow_id)[0]
    return Standing(Stage(status.stage), status.pauses_clocks, request_type.default_team_id)


def _initial(workflow_id: int) -> Any:  # Any: `written` wants ids, the query set's type wants a row
    return Status.objects.filter(workflow=workflow_id, is_initial=True)


def _place(requester: User | None, organization: Organization) -> tuple[str, str]:
    """Return city and state of where `requester` works there: of the site that their tickets get."""
    if requester is None or requester.pk is None:
        return "", ""
    found: Any = written.rows(_place_of, requester.pk, organization.pk)  # Any: two columns instead of a row
    city, state = found[0] if found else ("", "")
    return city or "", state or ""


def _place_of(requester_id: int, organization_id: int) -> Any:  # Any: as above
    places = Membership.objects.filter(user=requester_id, organization=organization_id)
    return places.order_by("pk").values_list("site__city", "site__state")
