"""Pieces of SQL that Django has no words for."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Expression, F, QuerySet


class AmongRows(Expression):
    """`column = ANY(ARRAY(subquery))`: like IN, but an index on the column serves it even inside an OR.

    PostgreSQL turns `a IN (SELECT …) OR b` into a filter over every row; with an array computed once it reads the
    indexes of both sides (BitmapOr). `rows` must yield one column.
    """

    conditional = True
    output_field = BooleanField()

    def __init__(self, column: str | F, rows: QuerySet[Any] | ArraySubquery) -> None:
        super().__init__()
        self.column = F(column) if isinstance(column, str) else column
        self.rows = rows if isinstance(rows, ArraySubquery) else ArraySubquery(rows)

    def get_source_expressions(self) -> list[Any]:
        return [self.column, self.rows]

    def set_source_expressions(self, exprs: Any) -> None:
        self.column, self.rows = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = compiler.compile(self.column)
        right, right_params = compiler.compile(self.rows)
        return f"{left} = ANY({right})", (*left_params, *right_params)
