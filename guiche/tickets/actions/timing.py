"""When a ticket is due and when silence closes it: written here, decided by the rooms that keep deadlines."""

from __future__ import annotations

from datetime import datetime

from guiche.tickets.models import Ticket

UNCHANGED = object()


def keep(
    ticket: Ticket,
    *,
    next_due_at: datetime | object | None = UNCHANGED,
    closes_at: datetime | object | None = UNCHANGED,
    warns_at: datetime | object | None = UNCHANGED,
) -> None:
    """Write on `ticket`, which the caller has locked, those instants that differ. One query, or none."""
    given = {"next_due_at": next_due_at, "closes_at": closes_at, "warns_at": warns_at}
    changed = {name: at for name, at in given.items() if at is not UNCHANGED and at != getattr(ticket, name)}
    if not changed:
        return
    for name, at in changed.items():
        setattr(ticket, name, at)
    Ticket.objects.filter(pk=ticket.pk).update(**changed)
