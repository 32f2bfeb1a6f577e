"""The way to a mail server: Django's, with a total time limit and knowing how far a letter got when the line broke."""

import smtplib
import time
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

SECONDS = 30.0  # for all of one letter
COMMAND_SECONDS = 20.0  # for one answer of the server


class Unanswered(Exception):
    """The whole letter was handed over and no answer came: the server may have taken it."""


class _Watched(smtplib.SMTP):
    """Knows whether the dot that ends a letter has left, and lets no letter take longer than its time."""

    whole_letter_left = False
    deadline = 0.0

    def begin_letter(self) -> None:
        self.whole_letter_left = False
        self.deadline = time.monotonic() + SECONDS

    def send(self, s: Any) -> None:  # Any: as smtplib has it, bytes or text
        super().send(s)
        # An error above means that not all bytes were taken off our hands, so the server cannot have the dot.
        if isinstance(s, bytes) and s.endswith(b"\r\n.\r\n"):
            self.whole_letter_left = True

    def getreply(self) -> tuple[int, bytes]:
        if self.deadline and self.sock is not None:
            left = self.deadline - time.monotonic()
            self.sock.settimeout(max(1.0, min(left, COMMAND_SECONDS)))
        return super().getreply()


class _WatchedOverTls(_Watched, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class Backend(EmailBackend):
    """Sends through EMAIL_HOST. Raises Unanswered apart from what smtplib raises."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _WatchedOverTls if self.use_ssl else _Watched

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if isinstance(self.connection, _Watched):
            self.connection.begin_letter()
        try:
            return int(super().send_messages(email_messages))
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            if isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                raise
            if isinstance(self.connection, _Watched) and self.connection.whole_letter_left:
                raise Unanswered(str(error)) from error
            raise
