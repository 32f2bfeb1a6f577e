"""How deadlines work, and what was agreed with the reader's organisation: never with another one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guiche.web import agreed as agreements
from guiche.web import agreed_services
from guiche.web.http import Request
from guiche.web.portal import opening_place


@require_safe
def deadlines(request: Request) -> HttpResponse:
    organization = opening_place.organization_of(request)
    context = agreed_services.context(organization, request.GET, at=timezone.now())
    return render(request, "portal/agreed/deadlines.html", context)


@require_safe
def table(request: Request) -> HttpResponse:
    """The table of services under the filters of the page, as a spreadsheet."""
    agreed = agreements.of(opening_place.organization_of(request), at=timezone.now())
    name = f"prazos-{timezone.localdate():%Y-%m-%d}.csv"
    return agreed_services.spreadsheet(agreed, request.GET, name=name)
