"""What reached whose bell, and what each person wants to hear of."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from guiche.notifications.groups import Group
from guiche.notifications.querysets import BellItemQuerySet


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

    class Meta:
        constraints = [models.UniqueConstraint(name="preference_once", fields=["user", "group"])]

    def __str__(self) -> str:
        return f"{self.group} for {self.user_id}"
