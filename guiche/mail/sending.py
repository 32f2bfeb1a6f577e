"""Takes letters to the mail server: claim, commit, send, commit. At most once by itself; what is unknown is said."""

import logging
import smtplib
from contextlib import suppress
from types import TracebackType

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from guiche.mail import actions, letters
from guiche.mail.models import OutgoingMail
from guiche.mail.smtp import Unanswered

log = logging.getLogger(__name__)


class Postman:
    """Carries letters over one connection, opened for the first and kept for those that follow."""

    def __init__(self) -> None:
        self._connection = get_connection()
        self._open = False

    def __enter__(self) -> "Postman":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up()

    def carry(self, mail_id: int) -> OutgoingMail | None:
        """Send the letter if it is due, and return it; None when it is not due or somebody else has it."""
        mail = actions.claim(mail_id, at=timezone.now())
        if mail is None:
            return None
        try:
            message = letters.build(mail)
            message.message()  # Django puts the headers together only here: better now than with the server listening
        except Exception as error:  # the edge of the job: whatever is wrong with the words, it has not left
            log.exception("letter %s cannot be put together", mail.pk)
            actions.note_refused(mail, type(error).__name__, at=timezone.now(), address_refused=False)
            return mail
        self._deliver(mail, message)
        return mail

    def carry_thread(self, mail_id: int) -> None:
        """Send the letter, then those of its thread to the same address that waited for it."""
        mail = self.carry(mail_id)
        while mail is not None:
            following = OutgoingMail.objects.due(at=timezone.now()).in_thread_of(mail).values_list("pk", flat=True)
            next_id = following.first()
            mail = self.carry(next_id) if next_id else None

    def _deliver(self, mail: OutgoingMail, message: EmailMultiAlternatives) -> None:
        """Hand the message to the server and note how that went. Each branch is one row of abuse case R9."""
        try:
            self._hand_over(message)
        except Unanswered as error:
            actions.note_unknown(mail, _said(error), at=timezone.now())
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            self._note_answer(mail, code, answer, address_refused=True)
        except smtplib.SMTPHeloError as error:
            actions.note_unreachable(mail, _said(error), at=timezone.now())
        except smtplib.SMTPSenderRefused as error:
            # About our own address, so about every letter: somebody will set it right, and nothing is lost till then.
            note = actions.note_unreachable if error.smtp_code == 421 else actions.note_put_off
            note(mail, _said(error), at=timezone.now())
        except smtplib.SMTPResponseException as error:
            self._note_answer(mail, error.smtp_code, error.smtp_error, address_refused=False)
        except smtplib.SMTPNotSupportedError as error:
            actions.note_refused(mail, _said(error), at=timezone.now(), address_refused=True)
        except (_ServerAway, OSError) as error:  # smtplib's own errors are OSErrors too
            actions.note_unreachable(mail, _said(error), at=timezone.now())
        else:
            actions.note_sent(mail, at=timezone.now())
            return
        self._hang_up()

    def _hand_over(self, message: EmailMultiAlternatives) -> None:
        kept_open = self._open
        self._pick_up()
        try:
            self._connection.send_messages([message])
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            # A server may tire of a line that was kept open. What broke before the end of the letter did not leave.
            if not kept_open:
                raise
            self._hang_up()
            self._pick_up()
            self._connection.send_messages([message])

    def _note_answer(self, mail: OutgoingMail, code: int, answer: bytes | str, *, address_refused: bool) -> None:
        words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        said = f"{code} {words}"
        if code == 421:  # the server is closing, whatever it was asked
            actions.note_unreachable(mail, said, at=timezone.now())
        elif code >= 500:
            actions.note_refused(mail, said, at=timezone.now(), address_refused=address_refused)
        else:
            actions.note_put_off(mail, said, at=timezone.now())

    def _pick_up(self) -> None:
        if self._open:
            return
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:
            # Whatever it says before it heard of the letter is about the server or our account with it.
            raise _ServerAway(_said(error)) from error
        self._open = True

    def _hang_up(self) -> None:
        self._open = False
        with suppress(OSError, smtplib.SMTPException):  # the letter's fate is decided; a rude goodbye changes nothing
            self._connection.close()


class _ServerAway(Exception):
    """There is no line to the mail server."""


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:1000] if str(error) else type(error).__name__
