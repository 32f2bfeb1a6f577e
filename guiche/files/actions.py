"""What can be done with files: keep one, note what the scanner said, remove what nobody holds."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.utils.translation import gettext as _

from guiche.core import text
from guiche.core.errors import Refused
from guiche.files import picture, signatures, sizes, storing
from guiche.files.models import Scan, StoredFile

UNHELD_FOR = timedelta(hours=24)
# What one person may have lying here that is attached to nothing yet.
UNHELD_LIMIT = 2 * 1024**3
UNHELD_COUNT = 300


class FileRefused(Refused):
    """This file is not kept, and the message names it."""


def keep(upload: "File[bytes]", *, by: Any, at: datetime, name: str | None = None) -> StoredFile:
    """Keep an uploaded file and return its row, owned by `by` (None for what the program makes itself).

    The bytes are on the disk before the row is written. Photographs lose place, date and camera, and stand
    upright. Any: people live in an app above this one.

    Raises FileRefused if it is empty, too large, a program, or not what its name says; PictureRefused if
    it is a picture that cannot be opened.
    """
    shown = text.clean_name(name or upload.name or "", empty=_("file"))
    limit: int = settings.FILE_SIZE_LIMIT
    if upload.size > limit:
        raise FileRefused(_too_large(shown, upload.size, limit))
    _check_room(by, at)
    try:
        with storing.partial(upload.chunks(), limit=limit) as written:
            return _keep_written(written, shown, by=by, at=at)
    except storing.TooLarge:
        raise FileRefused(_too_large(shown, None, limit)) from None


def discard(stored: StoredFile) -> None:
    """Forget a file that its owner takes back before sending it; drafts lose it too. The bytes go with the next sweep.

    The caller has found that nothing sent holds it; a row that does makes the database refuse.
    """
    stored.delete()


@transaction.atomic
def note_scan(stored: StoredFile, verdict: Scan, *, at: datetime) -> None:
    """Note what the scanner said about the bytes of `stored`, on every file that shares them."""
    StoredFile.objects.filter(checksum=stored.checksum, scan=Scan.PENDING).update(scan=verdict)


def remove_unheld(*, at: datetime) -> int:
    """Remove the rows of files that nobody holds and nobody will: older than a day. Return how many."""
    removed, _kinds = StoredFile.objects.unheld().created_before(at - UNHELD_FOR).delete()
    return removed


def remove_unrowed(*, at: datetime) -> int:
    """Remove bytes that no row speaks of, settled more than a day ago. Return how many."""
    before = (at - UNHELD_FOR).timestamp()
    storing.forget_partial(before=before)
    return sum(_removed_if_unrowed(checksum) for checksum, settled in storing.checksums() if settled < before)


def _keep_written(written: storing.Written, name: str, *, by: Any, at: datetime) -> StoredFile:
    if not written.size:
        raise FileRefused(_("“%s” is empty. Choose the file again.") % name)
    with written.path.open("rb") as content:
        kind = signatures.recognize(content)
    _check_kind(name, kind)
    stored = StoredFile(owner=by, name=name, kind=kind.mime, created_at=at, scan=_first_scan_state())
    if kind in signatures.DECODED:
        return _keep_picture(stored, written.path)
    return _save(stored, written)


def _keep_picture(stored: StoredFile, path: Path) -> StoredFile:
    decoded = picture.decode(path, name=stored.name)
    stored.is_picture = stored.has_thumbnail = True
    stored.width, stored.height = decoded.width, decoded.height
    # Written again without metadata, a picture may grow a little: that is ours, not the sender's.
    with storing.partial([decoded.content], limit=len(decoded.content)) as cleaned:
        storing.put(decoded.small, storing.thumbnail_of(cleaned.checksum))
        return _save(stored, cleaned)


@transaction.atomic
def _save(stored: StoredFile, written: storing.Written) -> StoredFile:
    """Settle the bytes and save the row, so that no sweep can take the bytes away in between."""
    _lock_bytes(written.checksum)
    storing.settle(written)
    stored.checksum, stored.size = written.checksum, written.size
    stored.save(force_insert=True)
    return stored


@transaction.atomic
def _removed_if_unrowed(checksum: str) -> bool:
    _lock_bytes(checksum)
    if StoredFile.objects.filter(checksum=checksum).exists():
        return False
    storing.forget(checksum)
    return True


def _lock_bytes(checksum: str) -> None:
    """Wait until nobody else keeps or removes these bytes; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [checksum])


def _check_room(by: Any, at: datetime) -> None:
    lying = StoredFile.objects.of(by).created_since(at - UNHELD_FOR).unheld()
    if by is not None and (lying.total_size() > UNHELD_LIMIT or lying.count() > UNHELD_COUNT):
        raise FileRefused(_("You have many files that were not sent yet. Send or remove them, then add others."))


def _check_kind(name: str, kind: signatures.Kind) -> None:
    """Raise FileRefused unless a file of this kind may be kept under this name."""
    if signatures.is_program(name, kind):
        raise FileRefused(
            _("“%s” is a program, and programs are not accepted. Send what it shows: a picture, a PDF.") % name
        )
    if kind in signatures.UNCLEANABLE:
        raise FileRefused(
            _("“%(name)s” is %(kind)s, which most computers cannot open. Send it as JPEG or PNG.")
            % {"name": name, "kind": kind.label}
        )
    if signatures.contradicts(name, kind):
        raise FileRefused(
            _("“%(name)s” is in fact %(kind)s. Save it in the format that its name says, or rename it.")
            % {"name": name, "kind": kind.label}
        )


def _first_scan_state() -> Scan:
    return Scan.PENDING if settings.CLAMD else Scan.NOT_SCANNED


def _too_large(name: str, size: int | None, limit: int) -> str:
    words = {"name": name, "limit": sizes.in_words(limit)}
    if size is None:
        return (
            _("“%(name)s” is larger than the limit of %(limit)s. Send a smaller file, or a link in the description.")
            % words
        )
    return _(
        "“%(name)s” has %(size)s and the limit is %(limit)s. Send a smaller file, or a link in the description."
    ) % {**words, "size": sizes.in_words(size)}
