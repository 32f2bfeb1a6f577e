"""What an event asks of us: one job that works out who is told."""

from guiche.core.events import Event
from guiche.notifications import tasks


def tell_later(event: Event) -> None:
    """Write the job in the action's transaction: it exists if and only if the event does."""
    tasks.tell.defer(activity_id=event.entry.pk)
