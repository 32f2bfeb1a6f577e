"""Whom a promise is made to: which policy and calendar a contract, an organisation, a product or a type has."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiche.assets.models import Contract
from guiche.calendars.models import Calendar
from guiche.catalog.models import Module, Product, RequestType, Service
from guiche.organizations.models import Organization
from guiche.sla.models.policy import Policy
from guiche.sla.querysets import AssignmentQuerySet


class Assignment(models.Model):
    """What one level says; blank: the next level decides. The row that names nothing is the default, and the last."""

    contract = models.ForeignKey(Contract, null=True, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, null=True, on_delete=models.CASCADE, related_name="+")
    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="+")
    module = models.ForeignKey(Module, null=True, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, null=True, on_delete=models.CASCADE, related_name="+")
    request_type = models.ForeignKey(RequestType, null=True, on_delete=models.CASCADE, related_name="+")
    policy = models.ForeignKey(
        Policy, null=True, blank=True, on_delete=models.PROTECT, related_name="assignments", verbose_name=_("agreement")
    )
    calendar = models.ForeignKey(
        Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("calendar")
    )
    joins_city = models.BooleanField(_("closed also on the holidays of the customer's city"), null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assignment_once",
                fields=["contract", "organization", "product", "module", "service", "request_type"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="assignment_is_of_one_level",
                condition=(
                    Q(organization=None, product=None, request_type=None)
                    | Q(contract=None, product=None, request_type=None)
                    | Q(contract=None, organization=None, request_type=None)
                    | Q(contract=None, organization=None, product=None)
                ),
            ),
            models.CheckConstraint(
                name="assignment_hangs_together",
                condition=(Q(module=None) | Q(product__isnull=False)) & (Q(service=None) | Q(module__isnull=False)),
            ),
            models.CheckConstraint(
                name="assignment_says_something",
                condition=Q(policy__isnull=False) | Q(calendar__isnull=False) | Q(joins_city__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class RuleSet(models.Model):
    """One row: its stamp is another after every change of what promises depend on. Triggers of the database keep it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    stamp = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.stamp)
