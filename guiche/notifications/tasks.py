"""Telling people, later: the job of each event, and the digests of the morning."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from guiche.notifications import actions, digests
from guiche.tickets.models import Activity


@app.task(queue="notices", retry=RetryStrategy(max_attempts=12, wait=5, exponential_wait=2))
def tell(*, activity_id: int) -> None:
    """Put an event in the bells and mailboxes of those who are to hear of it; safe to run twice, or beside itself."""
    row = Activity.objects.select_related("actor", "comment", "ticket__team", "ticket__organization", "ticket__status")
    actions.tell(row.get(pk=activity_id), at=timezone.now())


# Every zone's eight o'clock is at a quarter of some hour.
@app.periodic(cron="*/15 * * * *")
@app.task(queue="notices", queueing_lock="notices.digests")
def send_digests(timestamp: int) -> None:
    """Write the digests that are due by what is stored, whenever this runs and whatever became of the earlier ones."""
    digests.send_due(at=timezone.now())
