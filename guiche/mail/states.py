"""The states of a letter on its way out, and how long each may last. Pure."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a letter is. What may follow what: `lifecycle.MOVES`."""

    QUEUED = "queued", _("waiting")
    ATTEMPTING = "attempting", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("refused")
    UNKNOWN = "unknown", _("unknown")  # it may have left: never sent again by itself
    HELD = "held", _("held")  # the installation came back from a backup and sends nothing yet


# While one of these is before it, a later letter of the same thread to the same address waits.
STILL_COMING = (State.QUEUED, State.ATTEMPTING, State.HELD)

# An attempt that has not ended by then was cut off: a worker died in it.
ATTEMPT_ENDS_WITHIN = timedelta(seconds=60)
GIVES_UP_AFTER = timedelta(days=3)
SERVER_RESTS_FOR = timedelta(minutes=1)  # after it could not be reached
FIRST_WAIT = timedelta(minutes=1)  # after it said "later" to one letter; doubles each time
LONGEST_WAIT = timedelta(hours=1)
LATE_AFTER = timedelta(minutes=2)  # people are told that mail is delayed


def wait_after(attempts: int) -> timedelta:
    """Return how long a letter rests after its attempt number `attempts` (from 1) was put off: 1, 2, 4 … 60 minutes."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
