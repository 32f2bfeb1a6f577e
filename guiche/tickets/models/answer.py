"""What was answered in the provider's own fields: one typed row per ticket and field."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Left

from guiche.catalog.models import CustomField
from guiche.tickets.models.ticket import Ticket


class Answer(models.Model):
    """The answer to one custom field, in the column of its kind. Kept when the field leaves the form."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="answers")
    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)  # text, long text, one choice
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    day = models.DateField(null=True)
    choices = ArrayField(models.CharField(max_length=120), default=list)
    is_checked = models.BooleanField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["field__name", "id"]
        constraints = [models.UniqueConstraint(name="answer_once", fields=["ticket", "field"])]
        indexes = [
            # Filters and sorting of lists by a custom field.
            models.Index("field", Left("text", 120), "ticket", name="answer_by_text"),
            models.Index(name="answer_by_number", fields=["field", "number", "ticket"]),
            models.Index(name="answer_by_day", fields=["field", "day", "ticket"]),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.ticket_id}"
