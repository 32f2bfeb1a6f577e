"""Compile the translations (.po to .mo) that are newer than what was compiled."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from guiche.operations import words


def compile_changed(folder: Path = words.FOLDER) -> int:
    """Compile what has changed under `folder`; return how many catalogues. A read-only folder is left alone."""
    count = 0
    for source in _stale(folder):
        with contextlib.suppress(PermissionError):
            _compile(source)
            count += 1
    if count:
        words.forget()
    return count


def _stale(folder: Path) -> Iterator[Path]:
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            yield source


def _compile(source: Path) -> None:
    from babel.messages.mofile import write_mo  # half a second that a start without changes does not pay
    from babel.messages.pofile import read_po

    half = source.with_suffix(f".{os.getpid()}")
    with source.open("rb") as given, half.open("wb") as out:
        write_mo(out, read_po(given, locale=source.parts[-3]))
    half.replace(source.with_suffix(".mo"))
