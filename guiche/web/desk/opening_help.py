"""What the opening form of the desk asks while it is filled in: searches and similar tickets of an organisation."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guiche.organizations.models import Organization
from guiche.tickets.actions import opening
from guiche.web import typeahead
from guiche.web.desk import forms
from guiche.web.http import Request, visible_or_404
from guiche.web.opening import answers


@require_safe
def products(request: Request) -> HttpResponse:
    return answers.search_products(request, _organization(request))


@require_safe
def failures(request: Request) -> HttpResponse:
    return answers.search_failures(request, _organization(request))


@require_safe
def people(request: Request) -> HttpResponse:
    """The people of the organisation, for a custom field that asks for one."""
    name = next((name for name in request.GET if name.endswith("-text")), "")
    return answers.search_people(request, _organization(request), name.removesuffix("-text"))


@require_safe
def teams(request: Request) -> HttpResponse:
    return typeahead.answer(request, forms.teams(), "team")


@require_safe
def similar(request: Request) -> HttpResponse:
    """The open tickets of the organisation that say nearly the same; none while no organisation is chosen."""
    title = request.GET.get("title", "")[:200]
    organization = _organization(request)
    found = opening.similar_open(request.user, organization, title) if organization else []
    return render(request, "desk/opening/similar.html", {"similar": found, "looked_for": title if organization else ""})


def _organization(request: Request) -> Organization | None:
    """Return the organisation that the page was drawn for; None while it is for nobody yet."""
    written = request.GET.get("organization", "")
    if not written:
        return None
    if not written.isdecimal() or len(written) > 18:
        raise Http404
    organization: Organization = visible_or_404(Organization.objects, request.user, pk=int(written))
    return organization
