"""The letter box: a letter and its job, written in the transaction of whoever posts it."""

from datetime import datetime
from typing import Any, Unpack

from django.db import transaction

from guiche.mail import actions, tasks
from guiche.mail.models import OutgoingMail
from guiche.mail.secrets import PLACEHOLDER

__all__ = ["PLACEHOLDER", "post", "resend"]


@transaction.atomic
def post(**letter: Unpack[actions.Letter]) -> OutgoingMail:
    """Write a letter as `actions.write` does, and its job with it: both exist if and only if the change does."""
    mail, created = actions.write(**letter)
    if created:
        tasks.send.defer(mail_id=mail.pk)
    return mail


@transaction.atomic
def resend(mail: OutgoingMail, *, by: Any, at: datetime) -> OutgoingMail:
    """Send a letter again as `actions.resend` says, at once. Any: people live in an app above this one."""
    mail = actions.resend(mail, by=by, at=at)
    tasks.send.defer(mail_id=mail.pk)
    return mail
