"""A folder instead of a mail server: one file for each letter. For demonstrations and before mail is set up."""

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage as ParsedMessage
from email.parser import BytesHeaderParser
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

_NAME = re.compile(r"\A[0-9a-f]{32}\Z")


class Backend(BaseEmailBackend):
    """Writes each message durably into MAIL_FOLDER, under a name that nobody can guess."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _write(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True)
class FolderLetter:
    """A letter that lies in the folder, as one line of a list."""

    name: str
    at: datetime
    recipient: str
    subject: str


@dataclass(frozen=True)
class OpenedLetter:
    """A letter that lies in the folder, with its words."""

    letter: FolderLetter
    text: str
    html: str
    headers: list[tuple[str, str]]


def letters(to: str = "", *, skip: int = 0, limit: int = 200) -> list[FolderLetter]:
    """Return the latest letters whose address contains `to`, the newest first, without the first `skip` of them."""
    paths = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    if not to:
        return [_line_of(path, _head(path)) for path in paths[skip : skip + limit]]
    lines = (_line_of(path, _head(path)) for path in paths)
    return list(islice((line for line in lines if to.casefold() in line.recipient.casefold()), skip, skip + limit))


def open_letter(name: str) -> OpenedLetter | None:
    """Return the letter kept under `name`; None when there is none or `name` is none of ours."""
    path = _folder() / f"{name}.eml"
    if not _NAME.match(name) or not path.is_file():
        return None
    message = _parse(path)
    headers = [(key, str(value)) for key, value in message.items()]
    return OpenedLetter(_line_of(path, message), _part(message, "plain"), _part(message, "html"), headers)


def _write(content: bytes) -> None:
    folder = _folder()
    name = secrets.token_hex(16)
    partial, final = folder / f"{name}.partial", folder / f"{name}.eml"
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.rename(final)


def _folder() -> Path:
    folder = Path(settings.MAIL_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _parse(path: Path) -> ParsedMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def _head(path: Path) -> ParsedMessage:
    """Read what stands before the words alone: all that a list shows."""
    with path.open("rb") as file:
        return BytesHeaderParser(policy=policy.default).parse(file)


def _line_of(path: Path, message: ParsedMessage) -> FolderLetter:
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return FolderLetter(path.stem, at, str(message["To"] or ""), str(message["Subject"] or ""))


def _part(message: ParsedMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
