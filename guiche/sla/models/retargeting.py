"""Another promise for many tickets at once: a job that goes through them, as a person sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guiche.calendars.models import CalendarVersion
from guiche.sla.models.policy import PolicyVersion
from guiche.sla.querysets import RetargetingQuerySet

if TYPE_CHECKING:
    from guiche.core.events import Event


class Retargeting(models.Model):
    """One pass through the open tickets. It goes on where it was when a worker dies: `last_ticket` is done.

    What made it needed is a version of a calendar or of a policy, or, with neither, what levels have.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    calendar_version = models.ForeignKey(CalendarVersion, null=True, on_delete=models.PROTECT, related_name="+")
    policy_version = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    starts_at = models.DateTimeField()  # not before
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total_count = models.PositiveIntegerField(default=0)  # open tickets with clocks, when it began
    done_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    last_ticket = models.BigIntegerField(default=0)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = RetargetingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            # The minute's job: what is to begin or to go on.
            models.Index(
                name="retargeting_to_do", fields=["starts_at"], condition=models.Q(state__in=["waiting", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"retargeting {self.pk}"

    @property
    def can_be_interrupted(self) -> bool:
        """Whether what is left may stay as it is: not after a calendar was published, which counts already."""
        return self.calendar_version_id is None

    def record(self, event: Event) -> Retargeting:
        """It keeps no timeline: it is its own record."""
        return self

    def announcement(self) -> dict[str, Any]:
        return {"retargeting": self.pk}
