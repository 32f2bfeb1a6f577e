"""Where the bytes lie: once for each checksum, under the files folder, never under a name that somebody typed."""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

PARTIAL_FOLDER = "incoming"
THUMBNAILS = "thumbnails"


class TooLarge(Exception):
    """More bytes arrived than the limit allows."""


@dataclass(frozen=True)
class Written:
    """Bytes on the disk, not yet under their final name."""

    path: Path
    checksum: str
    size: int


def path_of(checksum: str) -> Path:
    """Return where the bytes with this checksum lie, or would lie."""
    return Path(settings.FILES_ROOT) / checksum[:2] / checksum[2:4] / checksum


def thumbnail_of(checksum: str) -> Path:
    """Return where the small copy (WebP) of the picture with this checksum lies, or would lie."""
    return Path(settings.FILES_ROOT) / THUMBNAILS / checksum[:2] / f"{checksum}.webp"


@contextmanager
def partial(chunks: Iterable[bytes], *, limit: int) -> Iterator[Written]:
    """Write what arrives beside the store, at most `limit` bytes, and take it away again unless it was settled.

    Raises TooLarge as soon as the limit is passed, whatever the sender said that it would send.
    """
    folder = _made(Path(settings.FILES_ROOT) / PARTIAL_FOLDER)
    path = folder / secrets.token_hex(16)
    try:
        yield _write(path, chunks, limit=limit)
    finally:
        path.unlink(missing_ok=True)


def settle(written: Written) -> None:
    """Give the bytes their final name, durably. Bytes that are already there are kept, and count as new again."""
    target = path_of(written.checksum)
    if target.exists():
        os.utime(target)
    else:
        _move(written.path, target)


def put(content: bytes, target: Path) -> None:
    """Write `content` durably under `target`."""
    beside = _made(Path(settings.FILES_ROOT) / PARTIAL_FOLDER) / secrets.token_hex(16)
    _write(beside, [content], limit=len(content))
    _move(beside, target)


def checksums() -> Iterator[tuple[str, float]]:
    """Yield the checksum and the time of last settling (seconds) of all bytes that are kept."""
    for path in Path(settings.FILES_ROOT).glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
        yield path.name, path.stat().st_mtime


def forget(checksum: str) -> None:
    """Remove the bytes and their small copy."""
    thumbnail_of(checksum).unlink(missing_ok=True)
    path_of(checksum).unlink(missing_ok=True)


def forget_partial(*, before: float) -> int:
    """Remove what half-finished uploads left behind before `before` (seconds). Return how many."""
    left = [
        path for path in _made(Path(settings.FILES_ROOT) / PARTIAL_FOLDER).iterdir() if path.stat().st_mtime < before
    ]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _write(path: Path, chunks: Iterable[bytes], *, limit: int) -> Written:
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return Written(path, digest.hexdigest(), size)


def _move(path: Path, target: Path) -> None:
    _made(target.parent)
    path.rename(target)
    # The name itself must outlive a power cut, and so must the folders on the way to it.
    for folder in (target.parent, target.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
