"""What was agreed with a customer, as they read it in the portal."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guiche.organizations.models import Organization
from guiche.web import agreed as agreements
from guiche.web import agreed_services
from guiche.web.http import Request, visible_or_404


@require_safe
def deadlines(request: Request, pk: int) -> HttpResponse:
    organization = visible_or_404(Organization.objects, request.user, pk=pk)
    context = agreed_services.context(organization, request.GET, at=timezone.now())
    return render(request, "desk/customers/deadlines.html", context)


@require_safe
def table(request: Request, pk: int) -> HttpResponse:
    """The table of services under the filters of the page, as a spreadsheet."""
    organization = visible_or_404(Organization.objects, request.user, pk=pk)
    agreed = agreements.of(organization, at=timezone.now())
    name = f"prazos-{organization.pk}-{timezone.localdate():%Y-%m-%d}.csv"
    return agreed_services.spreadsheet(agreed, request.GET, name=name)
