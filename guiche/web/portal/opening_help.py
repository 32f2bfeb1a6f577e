"""What the opening form asks while it is filled in: searches, similar tickets, the draft."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from guiche.drafts import actions as drafts
from guiche.tickets.actions import opening as actions
from guiche.tickets.models import Ticket
from guiche.web import formatting
from guiche.web.http import Request
from guiche.web.opening import answers
from guiche.web.portal import opening_place
from guiche.web.portal.opening import once_key

PERSON_FIELD = re.compile(r"custom-[0-9]{1,18}-text\Z")


@require_safe
def products(request: Request) -> HttpResponse:
    return answers.search_products(request, opening_place.organization_of(request))


@require_safe
def modules(request: Request) -> HttpResponse:
    return answers.search_modules(request, opening_place.organization_of(request))


@require_safe
def services(request: Request) -> HttpResponse:
    return answers.search_services(request, opening_place.organization_of(request))


@require_safe
def failures(request: Request) -> HttpResponse:
    return answers.search_failures(request, opening_place.organization_of(request))


@require_safe
def people(request: Request) -> HttpResponse:
    """The people of an organisation, for who administers its portal only."""
    organization = opening_place.organization_of(request)
    if not opening_place.administers(request, organization):
        raise Http404
    custom = next((name for name in request.GET if PERSON_FIELD.match(name)), "")
    return answers.search_people(request, organization, custom.removesuffix("-text") or "on_behalf_of")


@require_safe
def similar(request: Request) -> HttpResponse:
    organization = opening_place.organization_of(request)
    title = request.GET.get("title", "")[:200]
    found = actions.similar_open(request.user, organization, title)
    return render(request, "portal/opening/_similar.html", {"similar": found, "looked_for": title})


@require_POST
def draft(request: Request, slug: str) -> HttpResponse:
    """Keep what was typed so far; with `discard`, forget it and begin again."""
    place = opening_place.of(request, slug)
    if "discard" in request.POST:
        drafts.discard(request.user, place.draft)
        return redirect(f"{reverse('portal:opening', args=[slug])}?organizacao={place.organization.pk}")
    now = timezone.now()
    if Ticket.objects.filter(once_key=once_key(request), opened_by=request.user).exists():
        return JsonResponse({"time": formatting.clock(now)})  # late news of a form that was sent: no draft comes back
    return answers.keep_draft(request, place.draft, at=now)
