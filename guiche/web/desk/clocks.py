"""The deadlines of one ticket, as its pane asks for them again: how they stand, and what has become urgent since."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guiche.sla import reading
from guiche.tickets.models import Ticket
from guiche.web import chips
from guiche.web.http import Request, visible_or_404


@require_safe
def clocks(request: Request, number: int) -> HttpResponse:
    """`visto`: how they stood in the panel that is on the screen."""
    found = visible_or_404(Ticket.objects, request.user, number=number)
    now, seen = timezone.now(), request.GET.get("visto", "")
    panel = chips.panel(reading.of_ticket(found, now, for_staff=True), now, for_staff=True, seen=seen)
    return render(request, "desk/tickets/_clocks.html", {"ticket": found, "clocks": panel, "renews": True})
