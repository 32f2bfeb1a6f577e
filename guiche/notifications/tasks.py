"""Telling people, later: the job of each event."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from guiche.notifications import actions
from guiche.tickets.models import Activity


@app.task(queue="notices", retry=RetryStrategy(max_attempts=12, wait=5, exponential_wait=2))
def tell(*, activity_id: int) -> None:
    """Put an event in the bells and mailboxes of those who are to hear of it; safe to run twice, or beside itself."""
    row = Activity.objects.select_related("actor", "comment", "ticket__team", "ticket__organization", "ticket__status")
    actions.tell(row.get(pk=activity_id), at=timezone.now())
