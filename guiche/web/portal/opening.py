"""Opening a ticket at the portal: choose the type, fill in its form, read its number."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiche.catalog.models import Product, RequestType, Section
from guiche.core.errors import Refused
from guiche.drafts import actions as drafts
from guiche.drafts.models import Draft
from guiche.organizations.models import Organization
from guiche.sla import dues, promise_words
from guiche.tickets.actions import opening as actions
from guiche.tickets.models import Ticket
from guiche.web import uploads
from guiche.web.http import Request, refuse, visible_or_404
from guiche.web.opening import answers, once, promise
from guiche.web.opening.form import OpeningForm, products_of
from guiche.web.portal import opening_place
from guiche.web.portal.opening_place import Place


@require_safe
def new(request: Request) -> HttpResponse:
    """The types that may be opened, by section, for one organisation and perhaps one product."""
    organization = opening_place.organization_of(request)
    products = list(products_of(organization))
    chosen = next((product for product in products if product.slug == request.GET.get("produto")), None)
    context = {
        "organization": organization,
        "products": products,
        "product": chosen,
        "sections": _sections(request, organization, chosen),
    }
    return render(request, "portal/opening/new.html", context)


def _sections(
    request: Request, organization: Organization, product: Product | None
) -> list[tuple[str, list[RequestType]]]:
    kinds = RequestType.objects.offered_to(request.user, organization)
    if product is not None:
        kinds = kinds.filter(Q(products=product) | Q(products__isnull=True)).distinct()
    offered = list(kinds.order_by("position", "id"))
    sections = [(str(section.label), [kind for kind in offered if kind.section == section]) for section in Section]
    return [(label, kinds_of_it) for label, kinds_of_it in sections if kinds_of_it]


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: Request, slug: str) -> HttpResponse:
    place = opening_place.of(request, slug)
    if request.method == "POST":
        return _open(request, place, timezone.now())
    draft = drafts.find(request.user, place.draft)
    typed = answers.typed_in(draft) if draft else None
    form = _form(request, place, typed=typed, gathered=answers.files_in(draft) if draft else None)
    return _page(request, place, form, draft=draft)


def _form(request: Request, place: Place, **content: Any) -> OpeningForm:  # Any: what OpeningForm takes
    return OpeningForm(
        place.sheet,
        by=request.user,
        organization=place.organization,
        known=place.known,
        may_name_others=place.may_name_others,
        reaches_all=place.reaches_all,
        **content,
    )


def _open(request: Request, place: Place, at: datetime) -> HttpResponse:
    opened_before, key = once.before(request, once.key_of(request))
    if opened_before:
        return _to_opened(request, opened_before)
    form = _form(request, place, data=request.POST, gathered=uploads.gathered(request, at=at))
    similar: list[Ticket] = []
    if form.is_valid():
        similar = once.unseen(request, place.organization, form.cleaned_data["title"])
    if form.is_valid() and not similar:
        try:
            asked = form.asked(follow_up_of=place.follow_up_of)
            ticket = actions.open_ticket(asked, by=request.user, at=at, once_key=key)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            drafts.discard(request.user, place.draft)
            return redirect("portal:opened", ticket.number)
    # The other half of a double click may have opened it meanwhile, with its files.
    if opened_before := once.opened_by(request, key):
        return _to_opened(request, opened_before)
    return _page(request, place, form, similar=similar, key=key, status=422)


def _to_opened(request: Request, ticket: Ticket) -> HttpResponse:
    once.say_if_another(request, ticket)
    return redirect("portal:opened", ticket.number)


def _page(
    request: Request,
    place: Place,
    form: OpeningForm,
    *,
    draft: Draft | None = None,
    similar: list[Ticket] | None = None,
    key: uuid.UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "place": place,
        "kind": place.sheet.kind,
        "form": form,
        "promise": promise.shown(form, at=timezone.now()),
        "to": place.addresses,
        "draft": draft,
        "similar": similar or [],
        "looked_for": "",
        "once_key": key or uuid.uuid4(),
        "failed": status == 422,
    }
    return render(request, "portal/opening/opening.html", context, status=status)


@require_POST
def fields(request: Request, slug: str) -> HttpResponse:
    """The form as the choices made so far shape it: what changed of it, or without JavaScript the whole page."""
    place = opening_place.of(request, slug)
    gathered = uploads.gathered(request, at=timezone.now())
    form = _form(request, place, typed=request.POST, gathered=gathered)
    if not request.htmx:
        return _page(request, place, form, key=once.key_of(request))
    context = {
        "form": form,
        "promise": promise.shown(form, at=timezone.now()),
        "to": place.addresses,
        "changed": answers.changed(form, request),
    }
    return render(request, "portal/opening/fields.html", context)


@require_safe
def promised(request: Request) -> HttpResponse:
    """The deadlines of a ticket as it is written so far: the parts of the page that say them."""
    if "tipo" not in request.GET:
        return redirect("portal:new")
    place = opening_place.of(request, request.GET["tipo"])
    shown = promise.shown(_form(request, place, typed=request.GET), at=timezone.now())
    return render(request, "portal/opening/promise.html", {"promise": shown})


@require_safe
def opened(request: Request, number: int) -> HttpResponse:
    """The number of a ticket that was just opened, for who opened it or in whose name."""
    ticket = visible_or_404(
        Ticket.objects.select_related("request_type", "requester", "status", "follow_up_of"),
        request.user,
        number=number,
    )
    if request.user.pk not in (ticket.requester_id, ticket.opened_by_id):
        raise Http404
    copies = [
        *ticket.copies.values_list("address", flat=True),
        *ticket.participants.values_list("user__email", flat=True),
    ]
    context = {
        "ticket": ticket,
        "copies": copies,
        "draft": opening_place.draft_of(ticket.request_type, ticket.organization_id, ticket.follow_up_of),
        "dues": [(one.metric.label, promise_words.when(one.at, one.zone)) for one in dues.of(ticket)],
    }
    return render(request, "portal/opening/opened.html", context)
