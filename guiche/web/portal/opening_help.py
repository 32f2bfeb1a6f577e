"""What the opening form asks while it is filled in: searches, similar tickets, the draft."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from guiche.core import formatting
from guiche.drafts import actions as drafts
from guiche.tickets.actions import opening as actions
from guiche.web.http import Request
from guiche.web.opening import answers, once
from guiche.web.portal import opening_place

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
    """The people of an organisation, for who administers it; in a custom field, for who reaches all of it."""
    organization = opening_place.organization_of(request)
    custom = next((name for name in request.GET if PERSON_FIELD.match(name)), "")
    may_see = opening_place.reaches_all if custom else opening_place.administers
    if not may_see(request, organization):
        raise Http404
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
        goes_on = f"&continua={place.follow_up_of.number}" if place.follow_up_of else ""
        return redirect(f"{reverse('portal:opening', args=[slug])}?organizacao={place.organization.pk}{goes_on}")
    now = timezone.now()
    if once.opened_by(request, once.key_of(request)):
        return JsonResponse({"time": formatting.clock(now)})  # late news of a form that was sent: no draft comes back
    return answers.keep_draft(request, place.draft, at=now)
