"""What the worker does with letters: send one, and look every minute for what is due."""

import time

from django.utils import timezone
from procrastinate.contrib.django import app

from guiche.mail import actions
from guiche.mail.models import OutgoingMail
from guiche.mail.sending import Postman

SWEEP_SECONDS = 50.0  # a sweep ends before the next one begins


@app.task(queue="mail")
def send(*, mail_id: int) -> None:
    """Send one letter, and those of its thread that waited for it."""
    with Postman() as postman:
        postman.carry_thread(mail_id)


@app.periodic(cron="* * * * *")
@app.task(queue="mail", queueing_lock="mail.sweep")
def sweep(timestamp: int) -> None:
    """Send what is due by what is stored, whenever this runs and whatever became of the jobs."""
    actions.note_cut_off(at=timezone.now())
    actions.expire(at=timezone.now())
    if actions.hold_back():
        return
    until = time.monotonic() + SWEEP_SECONDS
    with Postman() as postman:
        while time.monotonic() < until and (mail_id := _first_due()) is not None:
            postman.carry_thread(mail_id)


def _first_due() -> int | None:
    return OutgoingMail.objects.due(at=timezone.now()).values_list("pk", flat=True).first()
