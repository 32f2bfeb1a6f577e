"""What reached whose bell, what each person wants to hear of and how, and the words of an administrator's own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from guiche.notifications.groups import Channels, Group
from guiche.notifications.querysets import BellItemQuerySet, DigestLineQuerySet, WordingQuerySet


class BellItem(models.Model):
    """One line of a person's bell. It keeps which event it is; its words are made when it is shown."""

    # The indexes below begin with the person; nothing looks for lines by ticket or event alone, and neither is deleted.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bell_items", db_index=False
    )
    kind = models.CharField(max_length=40)  # the stable code of the event
    ticket = models.ForeignKey("tickets.Ticket", null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    activity = models.ForeignKey(
        "tickets.Activity", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    part = models.CharField(max_length=12)  # recipients.Part: why this person was told
    at = models.DateTimeField()  # when it happened
    read_at = models.DateTimeField(null=True)

    objects = BellItemQuerySet.as_manager()

    class Meta:
        constraints = [
            # One line per person and event, however often the job runs.
            models.UniqueConstraint(name="bell_item_once", fields=["user", "activity"]),
        ]
        indexes = [
            # The number on the bell, and the unread of one ticket.
            models.Index(name="bell_unread", fields=["user", "-id"], condition=Q(read_at__isnull=True)),
            # The list.
            models.Index(name="bell_of_user", fields=["user", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class Preference(models.Model):
    """What a person wants to hear of one group of events. Without a row: as shipped (groups.SHIPPED)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    group = models.CharField(max_length=12, choices=Group.choices)
    by_email = models.BooleanField()
    in_bell = models.BooleanField()
    daily = models.BooleanField(default=False)  # its letter waits for the digest

    class Meta:
        constraints = [
            models.UniqueConstraint(name="preference_once", fields=["user", "group"]),
            models.CheckConstraint(name="preference_daily_is_by_email", condition=Q(daily=False) | Q(by_email=True)),
        ]

    def __str__(self) -> str:
        return f"{self.group} for {self.user_id}"

    @property
    def channels(self) -> Channels:
        return Channels(self.by_email, self.in_bell, self.daily)


class Digest(models.Model):
    """The one letter of a day to a person: what happened since the one before. Made together with its letter."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()  # where the person is
    at = models.DateTimeField()

    class Meta:
        # One a day, however many workers look.
        constraints = [models.UniqueConstraint(name="digest_once_a_day", fields=["user", "day"])]

    def __str__(self) -> str:
        return f"{self.day} for {self.user_id}"


class DigestLine(models.Model):
    """A notice that waits for a person's digest, or went with it. There is a letter or a line, never both."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    activity = models.ForeignKey("tickets.Activity", on_delete=models.CASCADE, related_name="+", db_index=False)
    part = models.CharField(max_length=12)  # recipients.Part: why this person was told
    due_at = models.DateTimeField()  # the next morning where the person is
    digest = models.ForeignKey(Digest, null=True, on_delete=models.CASCADE, related_name="lines")
    # Set instead of a digest when the person may not see it any more, or wants to hear no more of it.
    dropped_at = models.DateTimeField(null=True)

    objects = DigestLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="digest_line_once", fields=["activity", "user"]),
            models.CheckConstraint(
                name="digest_line_has_one_end", condition=Q(digest__isnull=True) | Q(dropped_at__isnull=True)
            ),
        ]
        indexes = [
            # Whose digest is due, and its lines: waiting(), due().
            models.Index(
                name="digest_line_waiting",
                fields=["due_at", "user"],
                condition=Q(digest__isnull=True, dropped_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} for {self.user_id}"


class Wording(models.Model):
    """An administrator's own words for a letter in one language. Without a row in use: as shipped (shapes.py)."""

    letter = models.CharField(max_length=40)  # Shape.code
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=150)
    text = models.TextField(blank=True)
    in_use = models.BooleanField(default=True)  # false: the shipped words are back, these are kept
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    objects = WordingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="wording_once", fields=["letter", "language"])]

    def __str__(self) -> str:
        return f"{self.letter} in {self.language}"
