"""Answers to be kept: a file as `files.serving` hands it out, several in one ZIP, or rows as a spreadsheet."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

from guiche.core import spreadsheets
from guiche.files.serving import ServedFile

CHUNK = 64 * 1024  # bytes
_PRIVATE = "private, no-store"


class Streamed(StreamingHttpResponse):
    """Bytes from an ordinary iterator, one piece at a time whatever the server.

    Django, asked for such an answer by an asynchronous server, first makes a list of all its pieces.
    """

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = iter(self.streaming_content)  # type: ignore[arg-type]  # never made of an asynchronous one
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a ZIP. `at` is aware."""

    name: str
    path: Path
    at: datetime


def served(file: ServedFile) -> Streamed:
    """Return the answer that hands `file` out."""
    return _streamed(_read(file.path), {**file.headers, "Content-Length": str(file.size)})


def zipped(entries: Iterable[Entry], *, name: str) -> Streamed:
    """Return a ZIP of `entries` that is made while it is sent; two of one name are told apart. `name` is ASCII."""
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": _PRIVATE,
    }
    return _streamed(_pieces(entries), headers)


def spreadsheet(rows: Iterable[Iterable[str]], *, name: str) -> HttpResponse:
    """Return `rows` as a CSV. `name` is ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": _PRIVATE}
    return HttpResponse(spreadsheets.written(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _streamed(pieces: Iterator[bytes], headers: dict[str, str]) -> Streamed:
    # Said so that nothing compresses again what is compressed already, and the browser knows how much is to come.
    return Streamed(pieces, headers={**headers, "Content-Encoding": "identity"})


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as content:
        yield from iter(lambda: content.read(CHUNK), b"")


class _Outbox(io.RawIOBase):
    """What the ZIP has written and nobody has sent yet. It cannot go back, so each file is written in one pass."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:  # Any: whatever has bytes in it, as the file interface says
        self._waiting.append(bytes(content))
        return len(content)

    def taken(self) -> bytes:
        taken = b"".join(self._waiting)
        self._waiting.clear()
        return taken


def _pieces(entries: Iterable[Entry]) -> Iterator[bytes]:
    outbox = _Outbox()
    names: set[str] = set()
    with zipfile.ZipFile(outbox, "w") as archive:
        for entry in entries:
            for _piece in _written(archive, entry, _own_name(entry.name, names)):
                yield outbox.taken()
    yield outbox.taken()


def _written(archive: zipfile.ZipFile, entry: Entry, name: str) -> Iterator[int]:
    """Write one file, stopping after each piece so that it can be sent. Bytes that are gone are left out."""
    if not entry.path.exists():
        return
    about = zipfile.ZipInfo(name, date_time=entry.at.timetuple()[:6])
    about.file_size = entry.path.stat().st_size
    with archive.open(about, "w") as target:
        for piece in _read(entry.path):
            yield target.write(piece)


def _own_name(name: str, taken: set[str]) -> str:
    """Return `name`, or "name (2).txt" when it is taken, and take it."""
    stem, dot, extension = name.rpartition(".")
    stem, end = (stem, dot + extension) if stem else (name, "")
    own, number = name, 1
    while own.casefold() in taken:
        number += 1
        own = f"{stem} ({number}){end}"
    taken.add(own.casefold())
    return own
