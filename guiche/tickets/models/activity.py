"""What happened on a ticket, and how far each person has read."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from guiche.tickets.models.comment import Comment
from guiche.tickets.models.ticket import Ticket
from guiche.tickets.querysets import ActivityQuerySet


class Activity(models.Model):
    """One line of the timeline. `kind` is the stable code of the event; words are made when it is shown."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="timeline")
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    details = models.JSONField(default=dict)
    comment = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="+")
    is_internal = models.BooleanField(default=False)  # staff only

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            # The timeline of a ticket.
            models.Index(name="activity_of_ticket", fields=["ticket", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.ticket_id}"


class ReadMark(models.Model):
    """The last line of a ticket's timeline that a person has seen."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="read_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    activity_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="read_mark_once", fields=["user", "ticket"])]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.ticket_id}"
