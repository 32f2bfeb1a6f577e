"""What a stored file is: facts about bytes that lie in the files folder under their checksum."""

import uuid

from django.conf import settings
from django.db import models

from guiche.files import signatures
from guiche.files.querysets import StoredFileQuerySet


class Scan(models.TextChoices):
    """What the virus scanner said."""

    NOT_SCANNED = "not_scanned"  # there is no scanner
    PENDING = "pending"
    CLEAN = "clean"
    INFECTED = "infected"
    UNSCANNABLE = "unscannable"


class StoredFile(models.Model):
    """A file that somebody gave us. Who may fetch it is asked of the row that links it, never of this one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=120)  # cleaned; only to be shown and suggested
    checksum = models.CharField(max_length=64)  # SHA-256 of the bytes as they are kept, in hexadecimal
    size = models.PositiveBigIntegerField()  # bytes
    kind = models.CharField(max_length=100)  # MIME type, found from the content
    scan = models.CharField(max_length=12, choices=Scan.choices, default=Scan.NOT_SCANNED)
    is_picture = models.BooleanField(default=False)  # decoded, cleaned, and shown inline
    has_thumbnail = models.BooleanField(default=False)
    width = models.PositiveIntegerField(null=True)  # pixels
    height = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stored_file_has_checksum", condition=models.Q(checksum__regex="^[0-9a-f]{64}$")
            ),
        ]
        indexes = [
            # Whether bytes are still needed: StoredFile.objects.filter(checksum=…).
            models.Index(name="stored_file_checksum", fields=["checksum"]),
            # The daily removal and a person's unsent files: unheld().created_before(…), of(…).created_since(…).
            models.Index(name="stored_file_created", fields=["created_at"]),
            # The queue of the scanner: waiting_for_scan().
            models.Index(name="stored_file_pending", fields=["created_at"], condition=models.Q(scan="pending")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def extension(self) -> str:
        return signatures.extension(self.name)

    @property
    def is_shown_inline(self) -> bool:
        """Whether a browser may show it in its window: a picture that we decoded, or a PDF."""
        return self.is_picture or self.kind == signatures.PDF.mime
