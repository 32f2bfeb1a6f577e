"""The one row that says whose portal this is: brand, contact, limits and switches."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from guiche.core.events import Event

CACHE_SECONDS = 3.0  # how long a process may show an old brand


class Installation(models.Model):
    """The installation's own row; there is exactly one, with id 1."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(_("name"), max_length=80, default="Guichê")
    tagline = models.CharField(_("second word of the brand"), max_length=40, blank=True)
    claim = models.CharField(_("sentence of the sign-in page"), max_length=160, blank=True)
    logo = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    brand_hue = models.PositiveSmallIntegerField(_("hue"), default=195)
    brand_chroma = models.DecimalField(_("chroma"), max_digits=4, decimal_places=3, default="0.075")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    hours_text = models.CharField(_("support hours, as people read them"), max_length=120, blank=True)
    email = models.EmailField(_("support e-mail"), blank=True)
    access_email = models.EmailField(_("e-mail for access trouble"), blank=True)
    sender_name = models.CharField(_("sender of the letters"), max_length=80, blank=True)
    signature = models.CharField(_("signature of the letters"), max_length=400, blank=True)  # plain lines
    ticket_prefix = models.CharField(_("prefix of ticket numbers"), max_length=8, default="#", blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="America/Sao_Paulo")
    reopening_days = models.PositiveSmallIntegerField(_("days in which a ticket can be reopened"), default=5)
    contacts_start_at_list = models.BooleanField(_("contacts start at the list of tickets"), default=False)
    staff_second_factor = models.BooleanField(_("second factor required for staff"), default=False)
    mail_held = models.BooleanField(_("letters held"), default=False)  # after a restore, until released
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="installation_is_one", condition=Q(id=1)),
            models.CheckConstraint(name="installation_hue_is_an_angle", condition=Q(brand_hue__lte=360)),
            models.CheckConstraint(
                name="installation_chroma_is_ours", condition=Q(brand_chroma__gte=0, brand_chroma__lte="0.16")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        return f"{self.name} {self.tagline}".strip()

    def record(self, event: Event) -> Installation:
        """It keeps no timeline: the audit trail, above it, notes what changed."""
        return self

    def announcement(self) -> dict[str, Any]:
        return {}


_cached: tuple[float, Installation] | None = None


def current() -> Installation:
    """Return the installation's row, at most CACHE_SECONDS old. One query when the copy is stale."""
    global _cached
    now = time.monotonic()
    if _cached is None or now - _cached[0] > CACHE_SECONDS:
        row = Installation.objects.filter(pk=1).first() or Installation(pk=1)
        _cached = (now, row)
    return _cached[1]


def forget(**_: Any) -> None:
    """Drop the cached copy: after a change in this process, and between tests."""
    global _cached
    _cached = None
