"""A ticket on paper: a clean page to print, and the same as PDF."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guiche.tickets.models import Ticket
from guiche.web import answered, chips, sheets, timeline
from guiche.web.http import Request, membership_in, visible_or_404
from guiche.web.sheets import tickets as ticket_sheet


@require_safe
def sheet(request: Request, number: int) -> HttpResponse:
    found = _found(request, number)
    context = {
        "ticket": found,
        "facts": ticket_sheet.facts(found, request.user, **_more(request, found)),
        "timeline": (timeline.entries(found, request.user, is_member=_is_member(request, found)), [], []),
        "printed_at": timezone.now(),
    }
    return render(request, "portal/tickets/print.html", context)


@require_safe
def pdf(request: Request, number: int) -> HttpResponse:
    found = _found(request, number)
    content = sheets.as_pdf("ticket", ticket_sheet.data(found, request.user, **_more(request, found)))
    headers = {"Content-Disposition": f'inline; filename="chamado-{found.number}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _found(request: Request, number: int) -> Any:  # Any: a ticket with its answers
    return visible_or_404(Ticket.objects.for_page().with_answers(), request.user, number=number)


def _more(request: Request, found: Any) -> dict[str, Any]:  # Any: of _found()
    answers = answered.said(found.answered, for_staff=False)
    deadlines = chips.facts(found, timezone.now(), for_staff=False)
    return {"is_member": _is_member(request, found), "answered": answers, "deadlines": deadlines}


def _is_member(request: Request, found: Ticket) -> bool:
    return membership_in(request, found.organization_id) is not None
