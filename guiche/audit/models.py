"""Who did what, when: append-only rows, each carrying the hash of the one before."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act. Never changed: `record.write` is the only writer, and the database refuses update and delete."""

    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=60)  # a stable dotted code: person.invited
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [
            # What happened to one thing, newest first.
            models.Index(name="audit_subject", fields=["subject_kind", "subject_id", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"
