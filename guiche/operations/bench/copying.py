"""Rows into tables by COPY, whatever columns a model has besides those that are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models


def copy(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write `rows`, whose values stand in the order of `names` (columns); other columns get their field's default."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    given = {field.column for field in fields} & set(names)
    assert given == set(names), f"{model.__name__} has no {set(names) - given}"
    others = [field for field in fields if field.column not in given]
    rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    columns = ", ".join(f'"{column}"' for column in (*names, *(field.column for field in others)))
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row((*row, *rest))


def go_on_after(model: type[models.Model], last: int) -> None:
    """Let the ids that the database gives begin after `last`."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(last, 1)])
