"""What silence does, found in stored rows: a tick that was skipped is made up for by the next."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from guiche.accounts.models import User
from guiche.accounts.roles import Role
from guiche.tickets.actions import moving
from guiche.tickets.models import Ticket

log = logging.getLogger(__name__)
BATCH = 500


@app.periodic(cron="* * * * *")
@app.task(queue="tickets", queueing_lock="tickets.follow_silence", pass_context=False)
def follow_silence(timestamp: int) -> None:
    """Warn of, then close, the tickets whose silence has lasted. Safe to run late, twice, or beside itself."""
    now, system = timezone.now(), User.objects.with_role(Role.SYSTEM).get()
    for ticket in Ticket.objects.due_to_warn(now).order_by("warns_at", "id")[:BATCH]:
        moving.warn_of_closing(ticket, by=system, at=now)
    for ticket in Ticket.objects.due_to_close(now).order_by("closes_at", "id")[:BATCH]:
        moving.close_by_silence(ticket, by=system, at=now)
