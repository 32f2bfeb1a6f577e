"""Writing to the audit trail, and checking that nobody rewrote it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction

from guiche.audit.models import Entry

if TYPE_CHECKING:
    from guiche.accounts.models import User

_LOCK = 4_207_001  # of pg_advisory_xact_lock: entries are chained one at a time


@transaction.atomic
def write(act: str, *, by: "User | None", at: datetime, subject: models.Model | None = None, **details: Any) -> Entry:
    """Append one entry, in the caller's transaction. `details` must be plain JSON values without secrets."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = Entry.objects.order_by("-id").values_list("hash", flat=True).first() or ""
    entry = Entry(
        at=at,
        actor=by if by and by.pk else None,
        act=act,
        subject_kind=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        details=json.loads(json.dumps(details, default=str)),
        previous_hash=last,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    return entry


def digest(entry: Entry) -> str:
    """Return the SHA-256 of what `entry` says and of the hash before it."""
    content: Mapping[str, Any] = {
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor_id,
        "act": entry.act,
        "subject": [entry.subject_kind, entry.subject_id],
        "details": entry.details,
        "previous": entry.previous_hash,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def first_broken() -> Entry | None:
    """Return the first entry that does not follow from the one before, or None when the chain is whole."""
    previous = ""
    for entry in Entry.objects.order_by("id").iterator():
        if entry.previous_hash != previous or entry.hash != digest(entry):
            return entry
        previous = entry.hash
    return None
