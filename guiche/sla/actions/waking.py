"""The minute's work on clocks: what they reached is put on record, and what is to be done about it is done.

Everything follows from stored rows: run late, twice or beside itself it comes to the same. Each ticket is a transaction
of its own, so that one that fails, or that somebody holds, keeps nobody else waiting; the next minute tries it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection, transaction

from guiche.sla import rules
from guiche.sla.actions import keeping, reaching, remedying
from guiche.sla.clockwork import floored
from guiche.sla.models import Clock, DueRemedy
from guiche.tickets.models import Ticket

if TYPE_CHECKING:
    from guiche.accounts.models import User

log = logging.getLogger(__name__)

BATCH = 500
# What somebody does at an instant is saved a little later: it comes first, though the job runs in between.
GRACE = timedelta(seconds=15)
PATIENCE = "5s"  # that one ticket is waited for


def wake_due(*, by: User, at: datetime) -> None:
    """Record what running clocks have reached, then do what escalations are still to do. `by`: the system."""
    until = floored(at) - GRACE
    for ticket_id in _tickets_to_wake(until):
        _alone(partial(wake, by=by, at=until), ticket_id, "the clocks of ticket %s cannot be woken")
    for remedy_id in _remedies_to_do():
        _alone(partial(remedying.take, by=by, at=at), remedy_id, "remedy %s cannot be taken")


def wake(ticket_id: int, *, by: User, at: datetime) -> None:
    """Record what the clocks of one ticket reached before `at`, a whole second."""
    ticket = Ticket.objects.locked(Ticket(pk=ticket_id))
    reaching.catch_up(ticket, keeping.clocks_of(ticket), rules.held(), by=by, at=at)


def _tickets_to_wake(until: datetime) -> Iterator[int]:
    """Yield the tickets of all clocks to wake, once each in a batch; what fails is passed over, not met again."""
    rows = Clock.objects.to_wake(until).only("id", "wakes_at", "ticket_id")
    batch = list(rows[:BATCH])
    while batch:
        yield from dict.fromkeys(clock.ticket_id for clock in batch)
        batch = list(rows.after(batch[-1])[:BATCH])


def _remedies_to_do() -> Iterator[int]:
    last = 0
    while batch := list(DueRemedy.objects.to_do().filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]


def _alone(act: Callable[[int], None], pk: int, failure: str) -> None:
    """Do `act` to `pk` in a transaction of its own that waits for no lock longer than PATIENCE; log what fails."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            act(pk)
    except Exception:  # the edge of the job: one ticket must not hold up the others
        log.exception(failure, pk)
