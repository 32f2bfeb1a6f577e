"""Who takes part in a ticket, who only gets copies, and who asked for silence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from guiche.tickets.models.ticket import Ticket


class Participant(models.Model):
    """A person with access to one ticket. Somebody of another organisation sees it from `sees_from` on; null: whole."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    sees_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="participant_once", fields=["ticket", "user"])]
        indexes = [
            # The tickets a person takes part in: Ticket.objects.visible_to().
            models.Index(name="participant_of_user", fields=["user", "ticket"]),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.ticket_id}"


class CopiedAddress(models.Model):
    """An address without an account that gets the letters of a ticket, and no page."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="copies")
    address = models.EmailField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(name="copied_address_once", fields=["ticket", "address"]),
            models.CheckConstraint(name="copied_address_is_lower_case", condition=Q(address=Lower("address"))),
        ]

    def __str__(self) -> str:
        return self.address


class Following(models.Model):
    """What a person wants to hear of one ticket. Without a row: everything."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by_email = models.BooleanField(default=True)
    in_bell = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="following_once", fields=["ticket", "user"])]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.ticket_id}"
