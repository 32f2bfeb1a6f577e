"""Workflows as administrators edit them: statuses and the transitions between them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guiche.workflows.stages import ENDED, WAITS_FOR_CUSTOMER, Family, Need, Stage, Taker


class Workflow(models.Model):
    """A set of statuses and the steps between them."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)  # grows with every publication
    published_at = models.DateTimeField(null=True)  # null: as it was shipped
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Status(models.Model):
    """Where a ticket stands, under one name for staff and one for customers; rules speak only of its stage."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="statuses")
    name = models.CharField(_("name for the team"), max_length=60)
    customer_name = models.CharField(_("name for the customer"), max_length=60, blank=True)
    code = models.CharField(_("letter"), max_length=1, blank=True)
    family = models.CharField(_("colour and symbol"), max_length=12, choices=Family.choices)
    stage = models.CharField(_("stage"), max_length=24, choices=Stage.choices)
    closes_after_days = models.PositiveSmallIntegerField(
        _("closes by itself after, in business days"), null=True, blank=True
    )
    warns_days_before = models.PositiveSmallIntegerField(_("warns before, in business days"), null=True, blank=True)
    pauses_clocks = models.BooleanField(_("pauses the deadlines"), default=False)
    position = models.PositiveSmallIntegerField(default=0)
    is_initial = models.BooleanField(_("where tickets begin"), default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(name="status_name_once", fields=["workflow", "name"]),
            models.UniqueConstraint(name="status_initial_once", fields=["workflow"], condition=Q(is_initial=True)),
            models.CheckConstraint(
                name="status_closes_only_while_waiting",
                condition=Q(closes_after_days__isnull=True) | Q(stage__in=sorted(WAITS_FOR_CUSTOMER)),
            ),
            models.CheckConstraint(
                name="status_warns_before_it_closes",
                condition=Q(warns_days_before__isnull=True)
                | Q(closes_after_days__isnull=False, warns_days_before__lt=F("closes_after_days")),
            ),
            models.CheckConstraint(
                name="status_ended_does_not_pause",
                condition=Q(pauses_clocks=False) | ~Q(stage__in=sorted(ENDED)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_to_customer(self) -> str:
        return self.customer_name or self.name

    @property
    def has_ended(self) -> bool:
        return self.stage in ENDED


class Transition(models.Model):
    """A step from one status to another: the words on its button, who may take it, what it asks for."""

    origin = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="ways_out")
    target = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="ways_in")
    name = models.CharField(_("words on the button"), max_length=60)
    takers = ArrayField(models.CharField(max_length=12, choices=Taker.choices))
    asks = ArrayField(models.CharField(max_length=12, choices=Need.choices), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(name="transition_once", fields=["origin", "target", "name"]),
            models.CheckConstraint(name="transition_goes_elsewhere", condition=~Q(origin=F("target"))),
        ]

    def __str__(self) -> str:
        return self.name
