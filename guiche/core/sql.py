"""Pieces of SQL that Django has no words for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Expression, F, QuerySet

RowsOf = Callable[[int], "QuerySet[Any, Any]"]  # Any: rows of some model, of whatever shape
_ANYBODY = -4_611_686_018_427_387_904  # stands for the id where SQL is written without one


class RowsOfOne(Expression):
    """`ARRAY(subquery)` of a query that depends on one id and nothing else, such as "the organisations of a person".

    Django takes a millisecond to write such a query in SQL, and every list asks several: here the text is written
    once in a process and only the id changes. The rows themselves are read anew each time. `build` is a function of a
    module, takes the id, yields one column, and must not decide anything by the id's value.
    """

    def __init__(self, build: RowsOf, pk: int) -> None:
        super().__init__()
        self.build = build
        self.pk = pk

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, params = _written(self.build)
        return text, tuple(self.pk if param == _ANYBODY else param for param in params)


@lru_cache(maxsize=128)
def _written(build: RowsOf) -> tuple[str, tuple[Any, ...]]:
    text, params = build(_ANYBODY).query.sql_with_params()
    assert _ANYBODY in params, f"{build.__name__} does not ask for its id"
    return f"ARRAY({text})", tuple(params)


class AmongRows(Expression):
    """`column = ANY(ARRAY(subquery))`: like IN, but an index on the column serves it even inside an OR.

    PostgreSQL turns `a IN (SELECT …) OR b` into a filter over every row; with an array computed once it reads the
    indexes of both sides (BitmapOr). `rows` must yield one column.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, column: str | F, rows: QuerySet[Any] | ArraySubquery | RowsOfOne) -> None:
        super().__init__()
        self.column = F(column) if isinstance(column, str) else column
        self.rows = rows if isinstance(rows, ArraySubquery | RowsOfOne) else ArraySubquery(rows)

    def get_source_expressions(self) -> list[Any]:
        return [self.column, self.rows]

    def set_source_expressions(self, exprs: Any) -> None:
        self.column, self.rows = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = compiler.compile(self.column)
        right, right_params = compiler.compile(self.rows)
        return f"{left} = ANY({right})", (*left_params, *right_params)


class AmongIds(Expression):
    """`column = ANY('{1,2,3}')`: ids in one parameter, so that the text of the query does not depend on how many."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, column: str | F, ids: str) -> None:
        """`ids` as `ids_text` writes them."""
        super().__init__()
        self.column = F(column) if isinstance(column, str) else column
        self.ids = ids

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = compiler.compile(self.column)
        return f"{left} = ANY(%s::bigint[])", (*params, self.ids)


def ids_text(ids: Iterable[int]) -> str:
    """Return ids as an array in PostgreSQL's own writing: "{1,2,3}"."""
    return "{" + ",".join(map(str, ids)) + "}"
