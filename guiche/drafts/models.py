"""What a draft is."""

from django.conf import settings
from django.db import models

from guiche.drafts.querysets import DraftQuerySet
from guiche.files.models import StoredFile


class Draft(models.Model):
    """What a person typed at a place (`opening:falha-tecnica`, `reply:42`) and has not sent."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=120)
    content = models.JSONField(default=dict)  # field name: text, or list of texts
    files = models.ManyToManyField(StoredFile, related_name="+")
    updated_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            # Also serves the only reading: visible_to(user).at(place).
            models.UniqueConstraint(name="draft_one_per_person_and_place", fields=["user", "place"]),
        ]
        indexes = [
            # The daily removal: untouched_since(…).
            models.Index(name="draft_age", fields=["updated_at"]),
        ]

    def __str__(self) -> str:
        return self.place
