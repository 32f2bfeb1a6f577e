"""Pictures: cleaned of what the camera wrote, made small, made square. The decoding happens in a limited process."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.utils.translation import gettext as _

from guiche.core import decoding, text
from guiche.core.errors import Refused
from guiche.files import signatures, sizes
from guiche.files.decoder import MAX_PIXELS, TOO_MANY_PIXELS

SECONDS = 10
SIDE = 256  # of a profile photo, in pixels
PHOTO_LIMIT = 5 * 1024 * 1024
_DECODER = Path(__file__).with_name("decoder.py")


class PictureRefused(Refused):
    """This cannot be shown as a picture."""


@dataclass(frozen=True)
class Decoded:
    """A picture without metadata, its size in pixels as it is shown, and a small copy of it (WebP)."""

    content: bytes
    width: int
    height: int
    small: bytes


def decode(path: Path, *, name: str) -> Decoded:
    """Return the picture at `path` cleaned and with its thumbnail. `name` is only for the sentence of a refusal.

    Raises PictureRefused if it is damaged, larger than 50 million pixels, or takes too long.
    """
    with path.open("rb") as content:
        facts, rest = _run_decoder(content, name=name)
    cleaned = facts["cleaned"]
    return Decoded(rest[:cleaned], facts["width"], facts["height"], rest[cleaned:])


def square(upload: "File[bytes]") -> bytes:
    """Return the middle of an uploaded photo as a square WebP of 256 pixels, without metadata.

    Raises PictureRefused if it is not a picture that browsers show, or is too large.
    """
    name = text.clean_name(upload.name or "", empty=_("file"))
    content = upload.read(PHOTO_LIMIT + 1)
    if len(content) > PHOTO_LIMIT:
        raise PictureRefused(
            _("The picture “%(name)s” has more than %(limit)s. Send a smaller one.")
            % {"name": name, "limit": sizes.in_words(PHOTO_LIMIT)}
        )
    if signatures.recognize(io.BytesIO(content)) not in signatures.DECODED:
        raise PictureRefused(_("“%s” is not a picture that can be shown here. Send a JPEG, PNG or WebP.") % name)
    _facts, small = _run_decoder(content, name=name, side=SIDE)
    return small


def _run_decoder(content: bytes | IO[bytes], *, name: str, side: int = 0) -> tuple[dict[str, int], bytes]:
    try:
        code, output = decoding.run(_DECODER, side, content=content, seconds=SECONDS)
    except TimeoutError:
        raise PictureRefused(_unreadable(name)) from None
    if code == TOO_MANY_PIXELS:
        raise PictureRefused(
            _("The picture “%(name)s” has too many pixels: the limit is %(limit)d million. Send a smaller copy.")
            % {"name": name, "limit": MAX_PIXELS // 1_000_000}
        )
    if code:
        raise PictureRefused(_unreadable(name))
    line, _break, rest = output.partition(b"\n")
    return json.loads(line), rest


def _unreadable(name: str) -> str:
    return _("The picture “%s” is damaged and cannot be opened. Save it again and send the new copy.") % name
