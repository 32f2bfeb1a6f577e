"""The files that come with a form: those already sent one by one, and those that a browser without JavaScript sends."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from guiche.core.errors import Refused
from guiche.files import actions as files
from guiche.files.models import StoredFile
from guiche.tickets.models import Attachment
from guiche.web.http import Request


class TooManyFiles(Refused):
    """More files than one message may have."""


def taken(request: Request, *, at: datetime, name: str = "files") -> list[StoredFile]:
    """Return the files of a posted form, in order: ids in `name`, uploads in `<name>-new`.

    Ids count only inside the person's own files that hang on nothing yet; others are left out, as if they did not
    exist. Raises Refused (too many, too large, of a wrong kind) naming the file.
    """
    sent = own_unattached(request, request.POST.getlist(name))
    uploads = request.FILES.getlist(f"{name}-new")
    if len(sent) + len(uploads) > settings.FILE_COUNT_LIMIT:
        raise TooManyFiles(
            _("There are %(count)s files and the limit is %(limit)s a message. Send the others in another one.")
            % {"count": len(sent) + len(uploads), "limit": settings.FILE_COUNT_LIMIT}
        )
    return sent + [files.keep(upload, by=request.user, at=at) for upload in uploads]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came with a form. `errors` are sentences for the person; what is in `files` is kept all the same."""

    files: list[StoredFile]
    errors: list[str]


def gathered(request: Request, *, at: datetime, name: str = "files") -> Gathered:
    """Return the files of a posted form as `taken` does, but keep what can be kept and say what could not.

    For forms that are shown again with what they had: nothing that was sent is sent twice.
    """
    ids = list(dict.fromkeys(filter(None, request.POST.getlist(name))))
    found = own_unattached(request, ids)
    errors = [] if len(found) == len(ids) else [_("A file is no longer here. Attach it again.")]
    uploads = request.FILES.getlist(f"{name}-new")
    if len(found) + len(uploads) > settings.FILE_COUNT_LIMIT:
        found, more = found[: settings.FILE_COUNT_LIMIT], len(found) + len(uploads)
        words = {"count": more, "limit": settings.FILE_COUNT_LIMIT}
        errors.append(
            _("There are %(count)s files and the limit is %(limit)s a message. Send the others in another one.") % words
        )
        uploads = uploads[: settings.FILE_COUNT_LIMIT - len(found)]
    for upload in uploads:
        try:
            found.append(files.keep(upload, by=request.user, at=at))
        except Refused as refusal:
            errors.append(refusal.message)
    return Gathered(found, errors)


def own_unattached(request: Request, ids: list[str]) -> list[StoredFile]:
    """Return the person's own stored files among `ids` that no ticket has, in the order of `ids`."""
    wanted = [identifier for identifier in map(_uuid, ids[:50]) if identifier]
    if not wanted:
        return []
    own = StoredFile.objects.of(request.user).filter(pk__in=wanted)
    attached = Attachment.objects.filter(file__in=wanted).values("file")
    found = {file.pk: file for file in own.exclude(pk__in=attached)}
    return [found[identifier] for identifier in dict.fromkeys(wanted) if identifier in found]


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None
