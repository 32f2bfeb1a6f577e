"""A worker of its own process that sends one letter: what the tests kill.

`naive` sends as one would without the state machine: the twin that shows that the tests can fail.
"""

import sys

import django

django.setup()

from django.core.mail import get_connection  # noqa: E402 - after setup()
from django.utils import timezone  # noqa: E402

from guiche.mail import letters  # noqa: E402
from guiche.mail.models import OutgoingMail  # noqa: E402
from guiche.mail.sending import Postman  # noqa: E402


def naive(mail_id: int) -> None:
    mail = OutgoingMail.objects.get(pk=mail_id)
    if mail.state == "queued":
        get_connection().send_messages([letters.build(mail)])
        OutgoingMail.objects.filter(pk=mail_id).update(state="sent", sent_at=timezone.now())


if __name__ == "__main__":
    way, number = sys.argv[1], int(sys.argv[2])
    if way == "naive":
        naive(number)
    else:
        with Postman() as postman:
            postman.carry_thread(number)
