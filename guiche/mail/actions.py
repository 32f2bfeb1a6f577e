"""What can be done with a letter: write it down, claim it, note how it went, send it again, let held ones go.

Who may press the buttons is asked by the doors: mail knows addresses, not people.
"""

from datetime import datetime
from typing import Any, Required, TypedDict, Unpack

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from guiche.core import text as words
from guiche.core.errors import Refused
from guiche.installation import models as installation
from guiche.mail import lifecycle, secrets, threads
from guiche.mail.models import OutgoingMail, RefusedAddress
from guiche.mail.states import GIVES_UP_AFTER, SERVER_RESTS_FOR, State, wait_after


class ResendRefused(Refused):
    """This letter cannot be sent again."""


class Letter(TypedDict, total=False):
    """What a letter is written from."""

    event_key: Required[str]  # with the address, what makes it one letter and not two
    to: Required[str]
    subject: Required[str]
    text: Required[str]
    at: Required[datetime]
    html: str
    thread: str  # "ticket-42"
    starts_thread: bool  # the first letter of its thread: the others refer to it
    sender_name: str
    reply_to: str
    list_unsubscribe: str  # value of the header, in angle brackets
    language: str
    secret: str  # a link's token: kept encrypted, and `secrets.PLACEHOLDER` stands for it in the words
    expires_at: datetime | None  # not sent after it


def write(**letter: Unpack[Letter]) -> tuple[OutgoingMail, bool]:
    """Return the letter that tells an address of an event, and whether it is new: there is one for each of both.

    Raises ValidationError if `to` is no address; ValueError if the words give the secret away.
    """
    recipient = letter["to"].strip().lower()
    validate_email(recipient)
    _check_secret(letter)
    return OutgoingMail.objects.get_or_create(
        event_key=letter["event_key"], recipient=recipient, defaults=_columns(letter, recipient)
    )


def claim(mail_id: int, *, at: datetime) -> OutgoingMail | None:
    """Mark a due letter as being sent, and return it; None when it is not due or somebody else has it.

    One statement, committed before the mail server hears of the letter: of two workers, one gets it.
    """
    if hold_back() or expire(at=at, mail_id=mail_id) or withdraw(mail_id, at=at):
        return None
    claimed = OutgoingMail.objects.due(at=at).filter(pk=mail_id)
    taken = OutgoingMail.objects.filter(pk__in=claimed.order_by().values("pk"), state=State.QUEUED).update(
        state=State.ATTEMPTING, attempted_at=at, attempts=F("attempts") + 1
    )
    return OutgoingMail.objects.get(pk=mail_id) if taken else None


def note_sent(mail: OutgoingMail, *, at: datetime) -> None:
    """Note that the server took the letter; its address takes letters, then."""
    _settle(mail, state=State.SENT, sent_at=at, error="", secret="")
    RefusedAddress.objects.filter(address=mail.recipient).delete()


@transaction.atomic
def note_refused(mail: OutgoingMail, answer: str, *, at: datetime, address_refused: bool) -> None:
    """Note that the server will never take the letter, and whether that is because of the address."""
    _settle(mail, state=State.FAILED, error=answer, secret="")
    if address_refused:
        refused, created = RefusedAddress.objects.get_or_create(
            address=mail.recipient, defaults={"answer": answer, "refused_at": at}
        )
        if not created:
            RefusedAddress.objects.filter(pk=refused.pk).update(answer=answer, refused_at=at, count=F("count") + 1)


def note_put_off(mail: OutgoingMail, answer: str, *, at: datetime) -> None:
    """Note that the server said "later": the letter waits longer each time, and is given up in the end."""
    if at >= mail.gives_up_at:
        note_refused(mail, answer, at=at, address_refused=False)
    else:
        _settle(mail, state=State.QUEUED, error=answer, next_attempt_at=at + wait_after(mail.attempts))


def note_unreachable(mail: OutgoingMail, answer: str, *, at: datetime) -> None:
    """Note that the server cannot be reached: this letter and all others rest for a minute, none is lost."""
    if at >= mail.gives_up_at:
        note_refused(mail, answer, at=at, address_refused=False)
        return
    again = at + SERVER_RESTS_FOR
    _settle(mail, state=State.QUEUED, error=answer, next_attempt_at=again)
    OutgoingMail.objects.waiting().filter(next_attempt_at__lt=again).update(next_attempt_at=again)


def note_unknown(mail: OutgoingMail, answer: str, *, at: datetime) -> None:
    """Note that nobody can say whether the letter left. It is listed, and sent again only by a person."""
    _settle(mail, state=State.UNKNOWN, error=answer)


def note_cut_off(*, at: datetime) -> int:
    """Note as unknown every letter whose attempt never ended. Return how many."""
    message = _("The worker stopped while it sent this letter.")
    return OutgoingMail.objects.cut_off(at=at).update(state=State.UNKNOWN, error=message)


@transaction.atomic
def resend(mail: OutgoingMail, *, by: Any, at: datetime) -> OutgoingMail:
    """Put an unknown, refused or held letter in the queue again, under the same Message-ID.

    Any: people live in an app above this one.

    Raises MoveRefused if it waits, is on its way or has left; ResendRefused if its secret is gone.
    """
    mail = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    lifecycle.check_resend(mail, at=at)
    if mail.carries_secret and not mail.secret:
        raise ResendRefused(_("The link of this letter is no longer kept. Make a new one for the person instead."))
    mail.state, mail.next_attempt_at, mail.gives_up_at, mail.resent_by = State.QUEUED, at, at + GIVES_UP_AFTER, by
    mail.error = ""
    mail.save(update_fields=["state", "next_attempt_at", "gives_up_at", "resent_by", "error"])
    return mail


def release_held(*, by: Any, at: datetime) -> int:
    """Put all held letters in the queue, which must not be held any more. Return how many."""
    return OutgoingMail.objects.held().update(
        state=State.QUEUED, next_attempt_at=at, gives_up_at=at + GIVES_UP_AFTER, resent_by=by
    )


def hold_back() -> bool:
    """Say whether the installation holds its letters; if so, mark those that wait as held."""
    if not installation.current().mail_held:
        return False
    OutgoingMail.objects.waiting().update(state=State.HELD)
    return True


def withdraw(mail_id: int, *, at: datetime) -> bool:
    """Give up a due letter whose reader may not read it any more; return whether that was so.

    Whoever posts letters says so (`settings.LETTER_GUARD`): time passes between the post and the sending.
    """
    mail = OutgoingMail.objects.due(at=at).filter(pk=mail_id).first()
    if mail is None or import_string(settings.LETTER_GUARD)(mail.event_key, mail.recipient):
        return False
    message = _("Whom this letter was for may not read it any more, so it was not sent.")
    return bool(
        OutgoingMail.objects.filter(pk=mail_id, state=State.QUEUED).update(state=State.FAILED, secret="", error=message)
    )


def expire(*, at: datetime, mail_id: int | None = None) -> int:
    """Give up letters whose time is over before they left, and forget their secrets. Return how many."""
    over = OutgoingMail.objects.filter(expires_at__lte=at)
    if mail_id is not None:
        over = over.filter(pk=mail_id)
    over.filter(state=State.UNKNOWN).exclude(secret="").update(secret="")
    return over.filter(state__in=[State.QUEUED, State.HELD]).update(
        state=State.FAILED, secret="", error=_("What this letter carried was no longer valid, so it was not sent.")
    )


def _settle(mail: OutgoingMail, **facts: Any) -> None:  # Any: values of whatever columns are named
    """Note how this very attempt ended; nothing, when the letter was sent again by a person meanwhile."""
    OutgoingMail.objects.filter(pk=mail.pk, attempts=mail.attempts, state__in=[State.ATTEMPTING, State.UNKNOWN]).update(
        **facts
    )


def _columns(letter: Letter, recipient: str) -> dict[str, Any]:  # Any: values of columns of several types
    thread, starts, at = letter.get("thread", ""), letter.get("starts_thread", False), letter["at"]
    root = threads.root(thread, recipient) if thread else ""
    secret = letter.get("secret", "")
    return {
        "thread": thread,
        "subject": _one_line(letter["subject"])[:250],
        "text": words.typed(letter["text"]),
        "html": words.typed(letter.get("html", "")),
        "sender_name": _one_line(letter.get("sender_name", ""))[:120],
        "reply_to": _one_line(letter.get("reply_to", "")),
        "list_unsubscribe": _one_line(letter.get("list_unsubscribe", "")),
        "language": letter.get("language", ""),
        "message_id": root if root and starts else threads.of_letter(letter["event_key"], recipient),
        "in_reply_to": "" if starts else root,
        "secret": secrets.seal(secret) if secret else "",
        "expires_at": letter.get("expires_at"),
        "created_at": at,
        "next_attempt_at": at,
        "gives_up_at": at + GIVES_UP_AFTER,
    }


def _check_secret(letter: Letter) -> None:
    secret = letter.get("secret", "")
    for body in filter(None, [letter["text"], letter.get("html", "")]):
        if secret and (secret in body or secrets.PLACEHOLDER not in body):
            raise ValueError("a letter's words hold the placeholder, never the secret")


def _one_line(value: str) -> str:
    """Return `value` as one header line: no break in it can start another header."""
    return " ".join(words.typed(value).split())
