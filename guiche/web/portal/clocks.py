"""The deadlines of one ticket, as its page asks for them again: how they stand, and what has become urgent since."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guiche.sla import reading
from guiche.tickets import policies
from guiche.tickets.models import Ticket
from guiche.web import chips
from guiche.web.http import Request, membership_in, visible_or_404


@require_safe
def clocks(request: Request, number: int) -> HttpResponse:
    """`visto`: how they stood in the panel that is on the screen."""
    found = visible_or_404(Ticket.objects.select_related("request_type"), request.user, number=number)
    rights = policies.rights_of_member(request.user, found, membership_in(request, found.organization_id))
    now, seen = timezone.now(), request.GET.get("visto", "")
    states = reading.of_ticket(found, now, for_staff=False)
    panel = chips.panel(states, now, for_staff=False, may_judge=rights.may_judge, seen=seen)
    return render(request, "portal/tickets/_clocks.html", {"ticket": found, "clocks": panel, "renews": True})
