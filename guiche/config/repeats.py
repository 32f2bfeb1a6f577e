"""Doing a request again that the database stopped in favour of another one, when nothing of it was saved.

PostgreSQL ends a deadlock by stopping one of the two, and takes back all that its transaction did. The other one goes
on, so a moment later the same request gets through. docs/decisions/0018.
"""

from __future__ import annotations

import logging
import random
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.http import HttpRequest

log = logging.getLogger(__name__)

AGAIN = 2  # tries after the first one
DEADLOCK, SERIALIZATION = "40P01", "40001"
_LEAVES_NOTHING = re.compile(r"\A\s*+\(?(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|LOCK)\b", re.I)
_ENQUEUES = "procrastinate_"  # a job is written by a SELECT of such a function


class Try:
    """One time that a request is worked on.

    `has_saved`: something of it was committed. `was_stopped`: the database stopped it before that; it may be repeated.
    """

    def __init__(self) -> None:
        self.has_saved = False
        self.was_stopped = False

    def __call__(self, go_on: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Pass a query on (Django's execute_wrapper), and learn when what it wrote is committed."""
        result = go_on(sql, params, many, context)
        if not self.has_saved and _writes(str(sql)):
            transaction.on_commit(self._note_saved)  # at once, outside of a transaction
        return result

    def note_failure(self, error: BaseException | None) -> None:
        """Note what ended the request. What is written after it, such as when the session was seen, does not count."""
        self.was_stopped = _was_stopped(error) and not self.has_saved

    def _note_saved(self) -> None:
        self.has_saved = True


_current: ContextVar[Try | None] = ContextVar("try", default=None)


@contextmanager
def watched() -> Iterator[Try]:
    """Watch what is done to the database, and give the Try that knows it afterwards."""
    one = Try()
    mark = _current.set(one)
    try:
        with connection.execute_wrapper(one):
            yield one
    finally:
        _current.reset(mark)


def pauses() -> Iterator[float]:
    """Return how many seconds to wait before each further try: short, and never the same for two that met."""
    return (random.uniform(0.02, 0.1) * count for count in range(1, AGAIN + 1))  # noqa: S311  # no secret


def _note_failure(sender: object, request: HttpRequest | None = None, **_: Any) -> None:
    one = _current.get()
    if one:
        one.note_failure(sys.exc_info()[1])
        if one.was_stopped and request:
            log.warning("%s %s was stopped by the database", request.method, request.path)


def _writes(sql: str) -> bool:
    return _LEAVES_NOTHING.match(sql) is None or _ENQUEUES in sql


def _was_stopped(error: BaseException | None) -> bool:
    """Whether `error`, or what it was made of, says that the database stopped this one so that another goes on."""
    while error is not None:
        if getattr(error, "sqlstate", None) in {DEADLOCK, SERIALIZATION}:
            return True
        error = error.__cause__
    return False


got_request_exception.connect(_note_failure)
