"""Fill an empty, migrated database with an installation of a given size; take back what measuring added."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from random import Random
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from guiche.files.models import StoredFile
from guiche.notifications.models import BellItem
from guiche.operations.bench import clocks, people
from guiche.operations.bench.copying import copy, go_on_after
from guiche.operations.bench.sizes import Size
from guiche.operations.bench.tickets import Batch, Teller
from guiche.tickets.models import Activity, Attachment, Comment, ReadMark, Ticket, TicketText

SEED = 7
BATCH = 5_000
FILES = 20

TICKET = (
    *("id", "number", "title", "description", "organization_id", "site_id", "requester_id", "opened_by_id"),
    *("request_type_id", "product_id", "module_id", "service_id", "failure_id", "severity_id"),
    *("status_id", "team_id", "assignee_id", "solution_id", "opened_at", "touched_at", "customer_spoke_at"),
    *("status_since", "next_due_at", "closes_at", "ended_at", "outcome"),
)
COMMENT = ("id", "ticket_id", "author_id", "kind", "body", "at")
LINE = ("id", "ticket_id", "kind", "actor_id", "at", "details", "comment_id", "is_internal")
BELL = ("id", "user_id", "kind", "ticket_id", "activity_id", "part", "at", "read_at")


def load(size: Size) -> dict[str, int]:
    """Load everything and return the last id of each kind. The same size gives the same rows, counted back from now."""
    chance, now = Random(SEED), timezone.now().astimezone(UTC)  # noqa: S311  # nothing here is a secret
    with transaction.atomic():
        house = people.build(size, chance)
        files = _files(now)
    teller = Teller(house, size, chance, now, files)
    for batch in teller.batches(BATCH):
        with transaction.atomic():
            _write(batch)
    last = {"tickets": size.tickets, "comments": teller.comments, "lines": teller.lines}
    _close(last, bells=teller.bells)
    clocks.begin_all(now)
    return last


def _write(batch: Batch) -> None:
    copy(Ticket, TICKET, batch.tickets)
    copy(TicketText, ("ticket_id", "words"), batch.texts)
    copy(Comment, COMMENT, batch.comments)
    copy(Activity, LINE, batch.lines)
    copy(Attachment, ("id", "ticket_id", "file_id"), batch.attachments)
    copy(BellItem, BELL, batch.bells)


def _files(now: datetime) -> list[uuid.UUID]:
    """Rows of files without bytes: they are listed, never fetched."""
    made = StoredFile.objects.bulk_create(
        StoredFile(name=f"tela-{n}.png", checksum=f"{n:064x}", size=40_000 + n, kind="image/png", created_at=now)
        for n in range(FILES)
    )
    return [row.pk for row in made]


def _close(last: dict[str, int], *, bells: int) -> None:
    go_on_after(Ticket, last["tickets"])
    go_on_after(Comment, last["comments"])
    go_on_after(Activity, last["lines"])
    go_on_after(BellItem, bells)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('ticket_number', %s)", [last["tickets"]])


def settle() -> None:
    """Let PostgreSQL tidy up and count, as it does by itself in an installation that was not filled in a minute."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def take_back(last: dict[str, int]) -> None:
    """Remove what measuring has added after the load: tickets, words, jobs."""
    with transaction.atomic(), connection.cursor() as cursor:
        _drop(ReadMark.objects.all())
        _drop(Activity.objects.filter(pk__gt=last["lines"]))
        _drop(TicketText.objects.filter(pk__gt=last["tickets"]))
        _drop(Comment.objects.filter(pk__gt=last["comments"]))
        clocks.take_back(last["tickets"])
        _drop(Ticket.objects.filter(pk__gt=last["tickets"]))
        cursor.execute("DELETE FROM procrastinate_jobs")


def _drop(rows: models.QuerySet[Any]) -> None:  # Any: of whatever model
    rows._raw_delete(rows.db)  # nothing hangs on them: no need to look
