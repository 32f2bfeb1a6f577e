"""Pages by key: the next page begins after the last row seen, so that walking a list costs the same everywhere."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[_Row]):
    """One page of rows; the cursors are "" where there is nothing more."""

    rows: list[_Row]
    next: str
    previous: str


def page(rows: QuerySet[_Row], cursor: str, *, size: int, key: str, descending: bool = True) -> Page[_Row]:
    """Return the page of `rows` that `cursor` points at, ordered by `key` (never null) and id.

    A cursor that cannot be read shows the first page. One query, of at most `size` + 1 rows.
    """
    backwards, place = _read(cursor)
    order = "-" if descending != backwards else ""
    ordered = rows.order_by(f"{order}{key}", f"{order}id")
    if place is not None:
        value, pk = place
        than = "lt" if descending != backwards else "gt"
        try:
            ordered = ordered.filter(Q(**{f"{key}__{than}": value}) | Q(**{key: value, f"id__{than}": pk}))
        except (TypeError, ValueError, ValidationError):  # a cursor of another list, or one that somebody wrote
            return page(rows, "", size=size, key=key, descending=descending)
    found: list[_Row] = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return Page(
        found,
        next=_write(found[-1], key, False) if found and (more or backwards) else "",
        previous=_write(found[0], key, True) if found and place is not None and (more or not backwards) else "",
    )


def _write(row: Model, key: str, backwards: bool) -> str:
    value = row
    for part in key.split("__"):
        value = getattr(value, part)
    written = {"t": value.isoformat()} if isinstance(value, datetime) else {"v": value}
    raw = json.dumps([int(backwards), written, row.pk], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[bool, tuple[Any, int] | None]:  # Any: a moment, a number or a text
    if not cursor or len(cursor) > 500:
        return False, None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        backwards, written, pk = json.loads(raw)
        value = datetime.fromisoformat(written["t"]) if "t" in written else written["v"]
        if not isinstance(pk, int) or not isinstance(value, (datetime, int, str)) or "\x00" in str(value):
            return False, None
        if isinstance(value, datetime) and value.tzinfo is None:
            return False, None
        return bool(backwards), (value, pk)
    except (binascii.Error, ValueError, TypeError, KeyError, UnicodeDecodeError):
        return False, None


def counted(rows: QuerySet[Any], limit: int = 1000) -> int:
    """Return how many `rows` there are, counting no further than `limit` + 1."""
    return rows.order_by()[: limit + 1].count()


def label(count: int, limit: int = 1000) -> str:
    """Return a count as it is shown: "1000+" past the limit."""
    return f"{limit}+" if count > limit else str(count)
