"""What was promised: policies in versions, with their targets."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import Team
from guiche.calendars.models import Calendar
from guiche.catalog.models import Severity
from guiche.organizations.models import Recorded
from guiche.sla.metrics import Metric
from guiche.sla.querysets import PolicyQuerySet, PolicyVersionQuerySet


class Policy(Recorded):
    """An agreement on deadlines under one name. What it says is in its versions."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    # Only where PolicyQuerySet.with_uses() gave them.
    contract_count: int
    organization_count: int
    default_count: int
    other_count: int
    others_count: int

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """What a policy says from an instant on. One without `published_at` is the draft; published ones never change."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateTimeField(null=True)
    calendar = models.ForeignKey(
        Calendar, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("calendar")
    )
    counts_delivery = models.BooleanField(_("the delivery of the solution ends its deadline"), default=False)
    at_risk_percent = models.PositiveSmallIntegerField(_("at risk from, in percent used"), default=75)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # before it began: nothing was promised by it

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(name="policy_version_once", fields=["policy", "number"]),
            models.UniqueConstraint(name="policy_draft_once", fields=["policy"], condition=Q(published_at=None)),
            models.CheckConstraint(
                name="policy_version_in_force",
                condition=Q(published_at__isnull=True, withdrawn_at__isnull=True) | Q(effective_from__isnull=False),
            ),
            models.CheckConstraint(
                name="policy_risk_is_a_share", condition=Q(at_risk_percent__gte=1, at_risk_percent__lte=99)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None


class Target(models.Model):
    """How long something may take, in business minutes, for tickets of one severity."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="targets")
    severity = models.ForeignKey(Severity, null=True, on_delete=models.PROTECT, related_name="+")  # null: without one
    metric = models.CharField(max_length=16, choices=Metric.choices)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")  # of clocks between teams
    minutes = models.PositiveIntegerField(_("in business minutes"))

    class Meta:
        ordering = ["version", "severity__level", "metric", "id"]
        constraints = [
            models.UniqueConstraint(
                name="target_once", fields=["version", "severity", "metric", "team"], nulls_distinct=False
            ),
            models.CheckConstraint(name="target_is_some_time", condition=Q(minutes__gte=1)),
            models.CheckConstraint(
                name="target_team_of_team_clock",
                condition=Q(metric=Metric.TEAM, team__isnull=False) | (~Q(metric=Metric.TEAM) & Q(team__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} in {self.minutes} min"


class SeverityCalendar(models.Model):
    """The calendar of one severity in a policy: the worst may count by night."""

    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="severity_calendars")
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="severity_calendar_once", fields=["version", "severity"])]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.calendar_id}"
