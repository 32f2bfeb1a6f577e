"""Putting words and files on a ticket: what every action that says something shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from guiche.core.errors import Refused
from guiche.files.models import StoredFile
from guiche.tickets.models import Attachment, Comment, CommentKind, Ticket

if TYPE_CHECKING:
    from guiche.accounts.models import User

LONGEST = 50_000  # characters of one comment or description


class WordsRefused(Refused):
    """What was written cannot be taken as it is."""


def write(
    ticket: Ticket,
    kind: CommentKind,
    body: str,
    *,
    by: User,
    at: datetime,
    files: Sequence[StoredFile] = (),
    once_key: UUID | None = None,
) -> Comment:
    """Write a comment of `kind` with its files. Raises WordsRefused on too many words or files."""
    comment = Comment.objects.create(ticket=ticket, author=by, kind=kind, body=checked(body), at=at, once_key=once_key)
    attach(ticket, files, comment=comment)
    return comment


def checked(body: str) -> str:
    """Return `body` as it is kept. Raises WordsRefused when it is too long."""
    body = body.replace("\x00", "").strip()
    if len(body) > LONGEST:
        raise WordsRefused(
            _("The text has %(length)s characters and the limit is %(limit)s. Send the rest as a file.")
            % {"length": len(body), "limit": LONGEST},
            fields={},
        )
    return body


def attach(ticket: Ticket, files: Sequence[StoredFile], *, comment: Comment | None = None) -> None:
    """Link `files`, which belong to the author, to `ticket` or to its `comment`."""
    if len(files) > settings.FILE_COUNT_LIMIT:
        raise WordsRefused(
            _("There are %(count)s files and the limit is %(limit)s a message. Send the others in another one.")
            % {"count": len(files), "limit": settings.FILE_COUNT_LIMIT}
        )
    Attachment.objects.bulk_create(
        Attachment(ticket=ticket, comment=comment, file=file, position=position) for position, file in enumerate(files)
    )
