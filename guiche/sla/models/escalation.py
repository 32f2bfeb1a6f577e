"""Warnings and escalations of deadlines, and what they are still to do."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import Team
from guiche.catalog.models import Severity
from guiche.organizations.models import Recorded
from guiche.sla.escalations import Remedy
from guiche.sla.metrics import Metric
from guiche.sla.models.clock import Clock
from guiche.sla.querysets import DueRemedyQuerySet, EscalationQuerySet


class Escalation(Recorded):
    """Who is told, and what is done, when a deadline has used a share of its time. 100 %: it ran out."""

    # Blank: all that customers know. Clocks between teams have their own.
    metric = models.CharField(_("deadline"), max_length=16, choices=Metric.choices, blank=True)
    percent = models.PositiveSmallIntegerField(_("at, in percent used"))
    severity = models.ForeignKey(Severity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tells_assignee = models.BooleanField(default=False)  # the team when nobody is responsible
    tells_supervisors = models.BooleanField(default=False)  # of the ticket's team; of all when it has none
    tells_team = models.BooleanField(default=False)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)
    email = models.EmailField(blank=True)  # needs no account
    remedy = models.CharField(max_length=10, choices=Remedy.choices, blank=True)
    to_person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(_("active"), default=True)
    since = models.DateTimeField()  # what deadlines used before is none of its business

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["percent", "metric", "id"]
        constraints = [
            models.UniqueConstraint(
                name="escalation_once",
                fields=["metric", "percent", "severity", "team", "remedy"],
                condition=Q(is_active=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="escalation_at_a_share", condition=Q(percent__gte=1, percent__lte=100)),
            models.CheckConstraint(
                name="escalation_remedy_has_its_aim",
                condition=(
                    Q(remedy=Remedy.REASSIGN, to_person__isnull=False, to_team=None)
                    | Q(remedy=Remedy.TRANSFER, to_team__isnull=False, to_person=None)
                    | Q(remedy__in=["", Remedy.RAISE], to_person=None, to_team=None)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"


class DueRemedy(models.Model):
    """What an escalation is to do to the ticket of a clock: once for a clock and a mark, whatever becomes of it."""

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        NOT_NEEDED = "not_needed", _("no longer needed")

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="remedies")
    escalation = models.ForeignKey(Escalation, on_delete=models.PROTECT, related_name="+", db_index=False)
    percent = models.PositiveSmallIntegerField()
    reached_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)  # null: still to be done
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)  # why it was refused

    objects = DueRemedyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="due_remedy_once", fields=["clock", "escalation", "percent"]),
            models.CheckConstraint(
                name="due_remedy_has_an_outcome",
                condition=Q(done_at=None, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            # The minute's job: DueRemedy.objects.to_do().
            models.Index(name="due_remedy_to_do", fields=["id"], condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.percent} % of {self.clock_id}"
