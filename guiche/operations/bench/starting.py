"""What an opened ticket pays for all its clocks: CPU of this process, as in a request."""

from __future__ import annotations

import time

from django.db import transaction
from django.utils import timezone

from guiche.operations.bench.pages import TYPE
from guiche.operations.bench.report import Pace
from guiche.sla.actions import keeping
from guiche.sla.models import Clock
from guiche.tickets.models import Ticket

MOST_MS = 3.0


def paces(times: int) -> list[Pace]:
    """Begin the clocks of `times` tickets again, one after the other; nothing of it stays."""
    found = Ticket.objects.filter(request_type__slug=TYPE, severity__isnull=False).order_by("-pk")
    tickets = list(found.select_related("status", "request_type")[: times + 1])
    with transaction.atomic():
        Clock.objects.filter(ticket__in=tickets).delete()
        spent = sorted([_start_ms(ticket) for ticket in tickets][1:])  # the first one reads the rules
        transaction.set_rollback(True)
    return [Pace("begin the clocks of an opened ticket", spent[len(spent) // 2], "ms CPU", MOST_MS)]


def _start_ms(ticket: Ticket) -> float:
    began = time.process_time()
    keeping.start(ticket, at=timezone.now())
    return (time.process_time() - began) * 1000
