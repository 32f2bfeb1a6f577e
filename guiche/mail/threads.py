"""Message-IDs: fixed when a letter is written, and not to be guessed. Pure but for the installation's key."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def root(thread: str, recipient: str) -> str:
    """Return the Message-ID that begins `thread` for `recipient`; all its letters refer to it."""
    return _identifier("root", thread, recipient)


def of_letter(event_key: str, recipient: str) -> str:
    """Return the Message-ID of the letter that tells `recipient` of an event: always the same one."""
    return _identifier("letter", event_key, recipient)


def _identifier(*parts: str) -> str:
    keyed = salted_hmac("guiche.mail.threads", "\0".join(parts), algorithm="sha256").hexdigest()[:40]
    return f"<{keyed}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"
