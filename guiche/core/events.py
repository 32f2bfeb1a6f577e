"""What happened: written in the timeline of its subject, announced to live pages, and followed by its reactions."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from guiche.accounts.models import User

CHANNEL = "guiche"  # of LISTEN/NOTIFY


class Subject(Protocol):
    """A thing with a timeline: it writes its own entries and says who may hear that it changed."""

    pk: Any

    def record(self, event: "Event") -> Any: ...  # the entry written; its type is the subject's own

    def announcement(self) -> dict[str, Any]: ...  # ids only, never content


@dataclass(kw_only=True)
class Event:
    """Something that happened to `subject`, done by `by`, at the aware instant `at`."""

    kind: ClassVar[str]
    subject: Any  # a Subject of the app that defines the event
    by: "User"
    at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)
    comment: Any = None  # the words that came with it, when the subject has comments
    internal: bool = False  # staff only
    entry: Any = None  # the timeline row, once written


Reaction = Callable[[Any], None]


def happened(event: Event) -> None:
    """Write `event` in the timeline of its subject, then run its reactions, in the order of the table.

    Called inside the action's transaction: a reaction that raises undoes the action, so slow or fallible work belongs
    in a job. Live pages are told on commit, by ids only.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("happened() outside a transaction")
    event.entry = event.subject.record(event)
    announce({"kind": event.kind, "internal": event.internal, **event.subject.announcement()})
    for react in _reactions().get(type(event), ()):
        react(event)


def announce(notice: Mapping[str, Any]) -> None:
    """Tell every live page, on commit, that something changed. `notice` holds ids, never content."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(notice, default=str)])


@cache
def _reactions() -> Mapping[type[Event], Sequence[Reaction]]:
    table: Mapping[type[Event], Sequence[Reaction]] = import_string(settings.EVENT_REACTIONS)
    return table
