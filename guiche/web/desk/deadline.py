"""The lines behind the deadlines of a ticket, as the team reads them: those between teams too."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guiche.web.http import Request
from guiche.web.ledgers import answer


@require_safe
def page(request: Request, number: int) -> HttpResponse:
    return answer.shown(request, number, "desk/tickets/deadline.html")


@require_safe
def spreadsheet(request: Request, number: int) -> HttpResponse:
    return answer.spreadsheet(request, number)
