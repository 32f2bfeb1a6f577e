"""Spreadsheets as rows of text: CSV or XLSX that somebody sent, and CSV of ours. It knows no meanings."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from guiche.core import decoding
from guiche.core.errors import Refused

MOST_ROWS = 10_000
MOST_COLUMNS = 60
MOST_LETTERS = 2_000  # of one cell
LARGEST = 10 * 1024 * 1024  # bytes of the file
LARGEST_OPEN = 80 * 1024 * 1024  # bytes of what an XLSX unpacks to
SECONDS = 20  # for the process that opens an XLSX
_DECODER = Path(__file__).with_name("xlsx.py")
_DELIMITERS = ";,\t"
_PACKED = b"PK\x03\x04"
# What a spreadsheet would run instead of showing.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# Where a spreadsheet parts cells at commas, "x,=1" is two of them, whatever stands in quotes.
_FORMULA_WITHIN = re.compile(r"([,;\t\r\n][ '\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


class SheetRefused(Refused):
    """This file cannot be read as a spreadsheet."""


def read(content: bytes) -> list[list[str]]:
    """Return the rows of the first sheet, cells as trimmed text; merged cells repeat their text in each cell.

    A CSV may be in UTF-8 or Windows-1252, with semicolons, commas or tabs. Row 1 of the file is row 0 of the answer.

    Raises SheetRefused for anything else, and for what is too large.
    """
    if len(content) > LARGEST:
        raise SheetRefused(_("The file is larger than 10 MB. Split it in two."))
    rows = _read_xlsx(content) if content.startswith(_PACKED) else _read_csv(content)
    if len(rows) > MOST_ROWS:
        raise SheetRefused(_("The file has more than 10.000 rows. Split it in two."))
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise SheetRefused(_("The file is empty. Choose another one."))
    return rows


def _read_xlsx(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_OPEN:
                raise SheetRefused(_("The file is larger than 10 MB. Split it in two."))
    except (zipfile.BadZipFile, ValueError, OSError) as broken:
        raise _cannot_be_opened() from broken
    opened = _opened(content)
    rows = [[_trimmed(cell) for cell in row] for row in opened["rows"]]
    for (top, left), (bottom, right) in opened["merged"]:
        _fill(rows, top, left, bottom, right)
    return rows


def _opened(content: bytes) -> dict[str, list[Any]]:  # Any: cells, or corners of what was merged
    """Return what the limited process read. Raises SheetRefused when it could not, or asked for too much."""
    try:
        code, output = decoding.run(_DECODER, MOST_ROWS + 1, MOST_COLUMNS, content=content, seconds=SECONDS)
    except TimeoutError as late:
        raise _cannot_be_opened() from late
    if code:
        raise _cannot_be_opened()
    found: dict[str, list[Any]] = json.loads(output)
    return found


def _cannot_be_opened() -> SheetRefused:
    return SheetRefused(_("This file cannot be opened. Save it as XLSX or CSV and send it again."))


def _fill(rows: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    if top >= len(rows) or left >= len(rows[top]):
        return
    for row in rows[top : bottom + 1]:
        for column in range(left, min(right + 1, len(row))):
            row[column] = rows[top][left]


def _read_csv(content: bytes) -> list[list[str]]:
    if b"\0" in content:
        raise _cannot_be_opened()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        return [
            [_trimmed(cell) for cell in row[:MOST_COLUMNS]]
            for row, _number in zip(reader, range(MOST_ROWS + 1), strict=False)
        ]
    except csv.Error as broken:
        raise _cannot_be_opened() from broken


def _trimmed(text: str) -> str:
    """Return a cell without spaces around it, and without the apostrophe that `harmless` puts before a formula."""
    cell = " ".join(text.split())[:MOST_LETTERS]
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def written(rows: Iterable[Iterable[str]]) -> str:
    """Return `rows` as a CSV that Excel opens in Portuguese, where no cell is run as a formula."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def harmless(cell: str) -> str:
    """Return `cell` with an apostrophe before what a spreadsheet would run."""
    cell = _FORMULA_WITHIN.sub(r"\1'", cell)
    return f"'{cell}" if cell.lstrip(" '\"").startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


def column_of(header: Sequence[str], *names: str) -> int | None:
    """Return where in `header` (normalised words) a cell begins with one of `names`; None when nowhere."""
    for index, cell in enumerate(header):
        if any(cell.startswith(name) for name in names):
            return index
    return None
