"""Rows of a query that is asked at every page, without writing its SQL every time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

_Row = TypeVar("_Row", bound=Model)
_KNOWN = ("select", "klass_info", "annotation_col_map", "col_count", "has_extra_select")
LARGEST_ID = 2**62 - 2**20  # beyond any id, and short of the marks
_TEXT_MARK = "\x00"  # which no text in PostgreSQL begins with
_FIRST_MARK = -(2**62)  # no id: it stands for one while the SQL is written


def rows(build: Callable[..., QuerySet[_Row]], *ids: int | str, **same: Hashable) -> list[_Row]:
    """Return the rows of `build(*ids, **same)`, asked of the database anew; only the query's text is remembered.

    Django takes one to four milliseconds to write the SQL of a page's large queries, several times what they take to
    answer. `build` is a function of a module. It must put every one of `ids` (ids, a slug, words to look for) into the
    query and decide nothing by them or by the clock; what it decides by is `same`, and each value of it is written for
    itself: keep them few.
    """
    template = _template(build, tuple(isinstance(one, str) for one in ids), tuple(sorted(same.items())))
    if template is None or any(isinstance(one, int) and abs(one) > LARGEST_ID for one in ids):
        return []
    asked = template.queryset._chain()  # copies its prefetches too
    query = asked.query.chain(_WrittenQuery)
    query.template, query.ids = template, ids
    asked._query = query  # by its own name: the property would turn tuples into dictionaries
    return list(asked)


def forget() -> None:
    """Write every query again when it is asked next: for tests that change what a query says."""
    _template.cache_clear()


@dataclass(frozen=True)
class _Template:
    """A query as it was written once, with marks where the ids go."""

    queryset: Any  # Any, here and below: Django's compiler has no types
    known: dict[str, Any]  # what a compiler finds out while it writes: which columns make which object
    text: str
    params: tuple[Any, ...]

    def params_of(self, ids: tuple[int | str, ...]) -> tuple[Any, ...]:
        return tuple(_mended(param, ids) for param in self.params)


def _mended(param: Any, ids: tuple[int | str, ...]) -> Any:
    if isinstance(param, str):
        return ids[int(param[1:])] if param.startswith(_TEXT_MARK) else param
    place = param - _FIRST_MARK if isinstance(param, int) else -1
    return ids[place] if 0 <= place < len(ids) else param


@lru_cache(maxsize=256)
def _template(
    build: Callable[..., Any], are_texts: tuple[bool, ...], same: tuple[tuple[str, Hashable], ...]
) -> _Template | None:
    marks = [f"{_TEXT_MARK}{n}" if is_text else _FIRST_MARK + n for n, is_text in enumerate(are_texts)]
    queryset = build(*marks, **dict(same))
    compiler = queryset.query.get_compiler(queryset.db)
    try:
        text, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    plain = [param for param in params if isinstance(param, int | str)]
    forgotten = [place for place, mark in enumerate(marks) if mark not in plain]
    assert not forgotten, f"{build.__name__} leaves out what it was given at {forgotten}"
    return _Template(queryset, {name: getattr(compiler, name) for name in _KNOWN}, text, tuple(params))


class _WrittenQuery(Query):
    """Lives for one evaluation only: what would be added to it would be left out."""

    template: _Template
    ids: tuple[int | str, ...]

    def get_compiler(self, using: Any = None, connection: Any = None, elide_empty: bool = True) -> Any:
        return _WrittenCompiler(self, connection or connections[using], using, elide_empty)


class _WrittenCompiler(SQLCompiler):
    """Gives what the first writing found out."""

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> tuple[str, tuple[Any, ...]]:
        query: Any = self.query
        template: _Template = query.template
        self.__dict__.update(template.known)
        return template.text, template.params_of(query.ids)
