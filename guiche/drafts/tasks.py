"""What happens to drafts later: the forgotten ones are removed."""

from django.utils import timezone
from procrastinate.contrib.django import app

from guiche.drafts import actions


@app.periodic(cron="41 4 * * *")
@app.task(queue="drafts", queueing_lock="drafts.sweep")
def sweep(timestamp: int) -> None:
    """Remove drafts that nobody touched for 30 days."""
    actions.remove_forgotten(at=timezone.now())
