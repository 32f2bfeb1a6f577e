"""What was said on a ticket, and the files that came with it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.utils.translation import gettext_lazy as _

from guiche.files.models import StoredFile
from guiche.tickets.models.ticket import Ticket
from guiche.tickets.querysets import AttachmentQuerySet, CommentQuerySet


class CommentKind(models.TextChoices):
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")
    SOLUTION = "solution", _("Solution")
    REJECTION = "rejection", _("Rejection")
    REASON = "reason", _("Reason")
    DIAGNOSIS = "diagnosis", _("Diagnosis")


class Comment(models.Model):
    """One thing said. What a step asks for (solution, rejection, reason) is a comment of its kind."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=CommentKind.choices, default=CommentKind.REPLY)
    body = models.TextField()  # light Markdown, as typed
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    redacted_at = models.DateTimeField(null=True)
    once_key = models.UUIDField(null=True, unique=True)  # the same form says it once
    is_internal = models.GeneratedField(
        expression=ExpressionWrapper(Q(kind="note"), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            # The conversation of a ticket.
            models.Index(name="comment_of_ticket", fields=["ticket", "at", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CommentVersion(models.Model):
    """The text that an edit replaced, kept for staff."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="versions")
    body = models.TextField()
    replaced_at = models.DateTimeField()
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["replaced_at", "id"]

    def __str__(self) -> str:
        return f"{self.comment_id} until {self.replaced_at:%Y-%m-%d %H:%M}"


class Attachment(models.Model):
    """A file on a ticket: with a comment, or with the opening (comment is null). Its id is its address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    comment = models.ForeignKey(Comment, null=True, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(self.id)
