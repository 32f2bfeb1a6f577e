"""Which promises and which clocks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from guiche.sla.metrics import FOR_CUSTOMERS, Motion

if TYPE_CHECKING:
    from guiche.sla.models import (  # noqa: F401  # named in strings below
        Assignment,
        Clock,
        DueRemedy,
        Escalation,
        Interval,
        Policy,
        PolicyVersion,
        Retargeting,
    )
    from guiche.tickets.models import Ticket


class PolicyQuerySet(QuerySet["Policy"]):
    def active(self) -> PolicyQuerySet:
        return self.filter(is_active=True)

    def with_uses(self) -> PolicyQuerySet:
        """With the number of those that have each; `others_count`: active organisations without one of their own."""
        organizations = apps.get_model("organizations.Organization")._default_manager.active().order_by()
        assignments = apps.get_model("sla.Assignment")._default_manager.filter(policy__isnull=False)
        others = organizations.filter(~Exists(assignments.filter(organization=OuterRef("pk")))).values("is_active")
        nothing = {f"assignments__{column}": None for column in ("contract", "organization", "product", "request_type")}
        named = Q(assignments__product__isnull=False) | Q(assignments__request_type__isnull=False)
        counts: dict[str, Any] = {  # Any: the stubs know expressions by many names
            "contract_count": Count("assignments", filter=Q(assignments__contract__isnull=False)),
            "organization_count": Count("assignments", filter=Q(assignments__organization__is_active=True)),
            "default_count": Count("assignments", filter=Q(assignments__isnull=False, **nothing)),
            "other_count": Count("assignments", filter=named),
            "others_count": Coalesce(Subquery(others.annotate(n=Count("pk")).values("n")), 0),
        }
        return self.annotate(**counts)

    def locked(self, policy: Policy) -> Policy:
        return self.select_for_update(no_key=True).get(pk=policy.pk)


class PolicyVersionQuerySet(QuerySet["PolicyVersion"]):
    def drafts(self) -> PolicyVersionQuerySet:
        return self.filter(published_at=None)

    def published(self) -> PolicyVersionQuerySet:
        """What is in force, was or will be: without drafts, and without what was withdrawn before it began."""
        return self.filter(published_at__isnull=False, withdrawn_at=None)

    def in_force(self, at: datetime) -> PolicyVersionQuerySet:
        """Those whose day has come, the present one of each policy first."""
        return self.published().filter(effective_from__lte=at).order_by("policy", "-number")


class AssignmentQuerySet(QuerySet["Assignment"]):
    def with_places(self) -> AssignmentQuerySet:
        """With the rows that each is of and says: what `places.of` reads."""
        of = ("contract__organization", "organization", "product", "module", "service", "request_type")
        return self.select_related(*of, "policy", "calendar")

    def in_order(self) -> AssignmentQuerySet:
        """Most specific first."""
        columns = ("contract", "organization", "service", "module", "product", "request_type")
        cases = [When(**{f"{column}__isnull": False}, then=Value(rank)) for rank, column in enumerate(columns)]
        rank = Case(*cases, default=Value(len(columns)), output_field=IntegerField())
        return self.with_places().annotate(rank=rank).order_by("rank", "pk")

    def default(self) -> AssignmentQuerySet:
        """The row that names nothing."""
        return self.filter(contract=None, organization=None, product=None, request_type=None)


class ClockQuerySet(QuerySet["Clock"]):
    def of(self, ticket: Ticket) -> ClockQuerySet:
        return self.filter(ticket=ticket)

    def for_customers(self) -> ClockQuerySet:
        """Those that customers may know of: never the ones between teams."""
        return self.filter(metric__in=[str(metric) for metric in FOR_CUSTOMERS])

    def open(self) -> ClockQuerySet:
        return self.exclude(motion=Motion.STOPPED)

    def to_wake(self, now: datetime) -> ClockQuerySet:
        """Those with something to warn of or to record."""
        return self.filter(wakes_at__lt=now).order_by("wakes_at", "id")

    def after(self, clock: Clock) -> ClockQuerySet:
        """Of those to wake, the ones that come after `clock` in their order."""
        return self.filter(Q(wakes_at__gt=clock.wakes_at) | Q(wakes_at=clock.wakes_at, pk__gt=clock.pk))

    def overdue(self, now: datetime) -> ClockQuerySet:
        return self.filter(Q(breached_at__isnull=False) | Q(breaches_at__lt=now))


class IntervalQuerySet(QuerySet["Interval"]):
    def counted(self) -> IntervalQuerySet:
        return self.filter(counts=True)


class RetargetingQuerySet(QuerySet["Retargeting"]):
    def to_do(self, at: datetime) -> RetargetingQuerySet:
        """Those that may begin, or that have begun and not ended, oldest first."""
        return self.filter(starts_at__lte=at, state__in=["waiting", "running"]).order_by("starts_at", "id")


class EscalationQuerySet(QuerySet["Escalation"]):
    def active(self) -> EscalationQuerySet:
        return self.filter(is_active=True)

    def locked(self, escalation: Escalation) -> Escalation:
        return self.select_for_update(of=("self",), no_key=True).get(pk=escalation.pk)

    def for_list(self) -> EscalationQuerySet:
        """What a list shows: those in use first, in the order in which they come."""
        related = self.select_related("severity", "team", "to_person", "to_team").prefetch_related("people")
        return related.order_by("-is_active", "percent", "metric", "id")


class DueRemedyQuerySet(QuerySet["DueRemedy"]):
    def to_do(self) -> DueRemedyQuerySet:
        """Those that nobody has done yet, oldest first."""
        return self.filter(done_at=None).order_by("id")
