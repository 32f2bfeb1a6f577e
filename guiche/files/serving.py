"""How a file is handed out: its bytes and the headers that keep a browser from running it. Knows no HTTP library."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from guiche.core import text
from guiche.core.errors import Refused
from guiche.files import storing
from guiche.files.models import Scan, StoredFile

# Ids are never given to other bytes, so a browser may keep them; nobody between may.
CACHE = "private, max-age=31536000, immutable"
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; sandbox"


class FileHeldBack(Refused):
    """The virus scanner has not let this file through."""


@dataclass(frozen=True)
class ServedFile:
    """What a view answers with: the bytes at `path`, `size` of them, under `headers`."""

    path: Path
    size: int
    headers: dict[str, str]


def serve(stored: StoredFile, *, to: Any, as_download: bool = False) -> ServedFile:
    """Return `stored` as it may be handed to `to`, who was found to be allowed to see the row that links it.

    A picture that we decoded and a PDF may be shown in the window; anything else is a download. Any: people
    live in an app above this one.

    Raises FileHeldBack if the virus scanner found something, or has not answered and `to` is not its owner.
    """
    check_scan(stored, to=to)
    inline = stored.is_shown_inline and stored.scan != Scan.UNSCANNABLE and not as_download
    kind = stored.kind if stored.is_shown_inline else _kind_of_download(stored.kind)
    return _served(storing.path_of(stored.checksum), kind, _disposition(stored.name, inline=inline))


def serve_thumbnail(stored: StoredFile, *, to: Any) -> ServedFile | None:
    """Return the small copy of a picture as `serve` does; None when there is none."""
    if not stored.has_thumbnail:
        return None
    check_scan(stored, to=to)
    stem = stored.name.rpartition(".")[0] or stored.name
    return _served(storing.thumbnail_of(stored.checksum), "image/webp", _disposition(f"{stem}.webp", inline=True))


def check_scan(stored: StoredFile, *, to: Any) -> None:
    """Raise FileHeldBack unless the scanner lets `to` have this file."""
    if stored.scan == Scan.INFECTED:
        raise FileHeldBack(
            _("“%s” holds a virus and is kept locked. Ask whoever sent it for another copy.") % stored.name
        )
    if stored.scan == Scan.PENDING and stored.owner_id != getattr(to, "pk", None):
        raise FileHeldBack(_("“%s” is still being checked for viruses. Try again in a minute.") % stored.name)


def _served(path: Path, kind: str, disposition: str) -> ServedFile:
    headers = {
        "Content-Type": kind,
        "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": CACHE,
    }
    return ServedFile(path, path.stat().st_size, headers)


def _kind_of_download(kind: str) -> str:
    """Return the type a download goes out under: a text must not be taken for a page by an old browser."""
    return "text/plain; charset=utf-8" if kind == "text/plain" else kind


def _disposition(name: str, *, inline: bool) -> str:
    name = text.clean_name(name)
    plain = "".join(sign if sign.isascii() and sign not in '"\\%;' else "_" for sign in name)
    return f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
