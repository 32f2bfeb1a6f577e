"""The clocks of a ticket, and the closed intervals that they are made of."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import Team
from guiche.calendars.models import Calendar, CalendarVersion
from guiche.sla.metrics import Metric, Motion, Reason
from guiche.sla.models.policy import PolicyVersion
from guiche.sla.querysets import ClockQuerySet, IntervalQuerySet
from guiche.tickets.models import Ticket
from guiche.workflows.models import Status


class Clock(models.Model):
    """One promise on one ticket. The row is the present stretch; what was before is in `intervals`, closed.

    Instants are whole seconds. `elapsed_seconds` are those that the intervals counted; while it runs, what the calendar
    counts since `since` comes to them. `due_at` and what follows from it stand only while it runs.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    metric = models.CharField(max_length=16, choices=Metric.choices)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+", db_index=False)
    city_calendar = models.ForeignKey(Calendar, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    target_seconds = models.PositiveIntegerField(_("target, in business seconds"))
    motion = models.CharField(max_length=8, choices=Motion.choices)
    reason = models.CharField(max_length=24, choices=Reason.choices)
    status = models.ForeignKey(
        Status, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )  # at `since`
    since = models.DateTimeField()  # begin of the present stretch; of a stopped clock, when it stopped
    elapsed_seconds = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    breaches_at = models.DateTimeField(null=True)  # the next opening from due_at on: overdue after it
    wakes_at = models.DateTimeField(null=True)  # when there is something to warn of or to record
    warned_percent = models.PositiveSmallIntegerField(default=0)
    breached_at = models.DateTimeField(null=True)  # the instant from which it was overdue, once recorded
    met_at = models.DateTimeField(null=True)  # when it stopped in time, having done what was promised

    objects = ClockQuerySet.as_manager()

    class Meta:
        constraints = [
            # Also serves the clocks of a ticket.
            models.UniqueConstraint(name="clock_once", fields=["ticket", "metric", "team"], nulls_distinct=False),
            models.CheckConstraint(
                name="clock_due_while_it_runs",
                condition=Q(motion=Motion.RUNNING, due_at__isnull=False, breaches_at__isnull=False)
                | (~Q(motion=Motion.RUNNING) & Q(due_at=None, breaches_at=None, wakes_at=None)),
            ),
            models.CheckConstraint(name="clock_is_met_or_breached", condition=Q(met_at=None) | Q(breached_at=None)),
            models.CheckConstraint(
                name="clock_team_of_team_clock",
                condition=Q(metric=Metric.TEAM, team__isnull=False) | (~Q(metric=Metric.TEAM) & Q(team__isnull=True)),
            ),
        ]
        indexes = [
            # What the minute's job looks at: Clock.objects.to_wake().
            models.Index(name="clock_wakes", fields=["wakes_at", "id"], condition=Q(wakes_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.ticket_id}"


class Interval(models.Model):
    """A closed stretch of a clock: from `start` up to `end`, counted by a version of a calendar, or not and why.

    `counted_seconds` never change but by a correction of the past, which keeps what was counted before it.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="intervals", db_index=False)
    start = models.DateTimeField()
    end = models.DateTimeField()
    counts = models.BooleanField()
    reason = models.CharField(max_length=24, choices=Reason.choices)
    status = models.ForeignKey(Status, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    calendar_version = models.ForeignKey(
        CalendarVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    city_version = models.ForeignKey(
        CalendarVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    counted_seconds = models.PositiveIntegerField(default=0)
    counted_before = models.PositiveIntegerField(null=True)  # by the version that was corrected
    recounted_at = models.DateTimeField(null=True)

    objects = IntervalQuerySet.as_manager()

    class Meta:
        ordering = ["clock", "start"]
        constraints = [
            # Also serves the intervals of a clock, in order.
            models.UniqueConstraint(name="interval_once", fields=["clock", "start"]),
            models.CheckConstraint(name="interval_takes_time", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(
                name="interval_counted_by_a_calendar",
                condition=Q(counts=True, calendar_version__isnull=False) | Q(counts=False, counted_seconds=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"
