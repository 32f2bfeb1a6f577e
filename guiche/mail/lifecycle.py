"""What may follow what for a letter on its way out (we fix this, administrators do not)."""

from datetime import datetime

from django.utils.translation import gettext as _

from guiche.core.errors import Refused
from guiche.mail.models import OutgoingMail
from guiche.mail.states import ATTEMPT_ENDS_WITHIN, State

MOVES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.ATTEMPTING, State.HELD, State.FAILED}),
    # Written before the mail server hears of the letter, so that a death in the middle leaves a trace.
    State.ATTEMPTING: frozenset({State.SENT, State.FAILED, State.QUEUED, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.QUEUED, State.SENT, State.FAILED}),  # queued by a person only
    State.FAILED: frozenset({State.QUEUED}),  # by a person only
    State.HELD: frozenset({State.QUEUED, State.FAILED}),
    State.SENT: frozenset(),
}
# From where a person may put a letter in the queue again.
BY_A_PERSON = frozenset({State.UNKNOWN, State.FAILED, State.HELD})


class MoveRefused(Refused):
    """This letter cannot go there from where it is."""


def check_resend(mail: OutgoingMail, *, at: datetime) -> None:
    """Raise MoveRefused unless a person may put `mail` in the queue again: it is unknown, refused or held."""
    cut_off = mail.state == State.ATTEMPTING and mail.attempted_at and mail.attempted_at < at - ATTEMPT_ENDS_WITHIN
    if mail.state not in BY_A_PERSON and not cut_off:
        raise MoveRefused(
            _("This letter is “%s” now: look at the list again before you decide.") % State(mail.state).label
        )
