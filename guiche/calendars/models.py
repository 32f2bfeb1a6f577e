"""When it is open: calendars, and the versions in which each is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guiche.calendars.querysets import CalendarQuerySet, CalendarVersionQuerySet
from guiche.core.fields import SortKey

if TYPE_CHECKING:
    from guiche.core.events import Event


class Kind(models.TextChoices):
    """What a calendar says."""

    HOURS = "hours", _("Hours")  # when the provider is open
    CITY = "city", _("City")  # when a city of customers stands still: holidays alone


class Calendar(models.Model):
    """A calendar by its name. What it says is in its versions."""

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.HOURS)
    city = models.CharField(_("city"), max_length=80, blank=True)  # of kind CITY, as the organisations' sites write it
    state = models.CharField(_("state"), max_length=2, blank=True)
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()

    objects = CalendarQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(SortKey("name"), name="calendar_name_once"),
            models.UniqueConstraint(
                name="calendar_default_is_one", fields=["is_default"], condition=Q(is_default=True)
            ),
            models.UniqueConstraint(
                SortKey("city"), F("state"), name="calendar_city_once", condition=Q(kind="city", is_active=True)
            ),
            models.CheckConstraint(
                name="calendar_default_counts", condition=Q(is_default=False) | Q(is_active=True, kind="hours")
            ),
            models.CheckConstraint(
                name="calendar_city_has_a_name",
                condition=Q(kind="hours", city="", state="") | (Q(kind="city") & ~Q(city="") & ~Q(state="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def record(self, event: Event) -> Calendar:
        """It keeps no timeline: the audit trail, beside it, notes what changed."""
        return self

    def announcement(self) -> dict[str, Any]:
        return {"calendar": self.pk}


class CalendarVersion(models.Model):
    """All that a calendar says from an instant on. Once published it is never changed: the database refuses it."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    plan = models.JSONField()  # as `plan.dump` writes it
    holidays = models.JSONField(default=dict)  # as `plan.dump_holidays`: laws change, what was published does not
    effective_from = models.DateTimeField(null=True)  # null while a draft
    corrects_past = models.BooleanField(default=False)
    note = models.CharField(_("note"), max_length=400, blank=True)
    saved_at = models.DateTimeField()  # the draft, last
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # before it began: it never counted

    objects = CalendarVersionQuerySet.as_manager()

    class Meta:
        ordering = ["calendar", "number"]
        constraints = [
            models.UniqueConstraint(name="calendar_version_number_once", fields=["calendar", "number"]),
            models.UniqueConstraint(
                name="calendar_draft_is_one", fields=["calendar"], condition=Q(published_at__isnull=True)
            ),
            models.CheckConstraint(
                name="calendar_version_has_a_beginning",
                condition=Q(published_at__isnull=True, withdrawn_at__isnull=True) | Q(effective_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calendar_id}/{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None
