"""Which promises and which clocks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from guiche.sla.metrics import FOR_CUSTOMERS, Motion

if TYPE_CHECKING:
    from guiche.sla.models import Assignment, Clock, Interval, Policy, PolicyVersion  # noqa: F401  # in strings below
    from guiche.tickets.models import Ticket


class PolicyQuerySet(QuerySet["Policy"]):
    def active(self) -> PolicyQuerySet:
        return self.filter(is_active=True)


class PolicyVersionQuerySet(QuerySet["PolicyVersion"]):
    def published(self) -> PolicyVersionQuerySet:
        return self.filter(published_at__isnull=False)

    def in_force(self, at: datetime) -> PolicyVersionQuerySet:
        """Those whose day has come, the present one of each policy first."""
        return self.published().filter(effective_from__lte=at).order_by("policy", "-number")


class AssignmentQuerySet(QuerySet["Assignment"]):
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

    def overdue(self, now: datetime) -> ClockQuerySet:
        return self.filter(Q(breached_at__isnull=False) | Q(breaches_at__lt=now))


class IntervalQuerySet(QuerySet["Interval"]):
    def counted(self) -> IntervalQuerySet:
        return self.filter(counts=True)
