"""The customers as the desk knows them: organisations, their people, products and tickets."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guiche.accounts.models import User
from guiche.catalog.models import Product
from guiche.grids import paging
from guiche.organizations.models import Membership, Organization, Site
from guiche.tickets.models import Ticket
from guiche.web import chips, contracts
from guiche.web.deadlines import Form
from guiche.web.http import Request, visible_or_404

SIZE = 25
PEOPLE = 25
TICKETS = 10


@require_safe
def customers(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = Organization.objects.visible_to(request.user).select_related("group")
    if words:
        rows = rows.named_like(words)
    page = paging.page(rows, request.GET.get("p", ""), size=SIZE, key="search_key", descending=False)
    return render(request, "desk/customers/customers.html", {"page": page, "words": words})


@require_safe
def customer(request: Request, pk: int) -> HttpResponse:
    """One organisation: what is open, its people, sites and products, and the notes for staff."""
    rows = Organization.objects.select_related("group")
    organization = visible_or_404(rows, request.user, pk=pk)
    tickets = Ticket.objects.visible_to(request.user).of(organization)
    shown = list(tickets.open().for_list()[:TICKETS])
    people = Membership.objects.visible_to(request.user).filter(organization=organization, is_active=True)
    context = {
        "organization": organization,
        "tickets": shown,
        "chips": chips.of_rows(shown, timezone.now(), Form.BRIEF, for_staff=True),
        "open_count": tickets.open().count(),
        "people": paging.page(
            people.select_related("user", "site"),
            request.GET.get("p", ""),
            size=PEOPLE,
            key="user__search_key",
            descending=False,
        ),
        "sites": list(Site.objects.visible_to(request.user).filter(organization=organization, is_active=True)),
        "products": list(Product.objects.of(organization).order_by("position", "name", "id")),
        "contracts": contracts.lines(organization, request.user, at=timezone.now()),
    }
    return render(request, "desk/customers/customer.html", context)


@require_safe
def person(request: Request, pk: int) -> HttpResponse:
    """Somebody of a customer: how to reach them, where they belong, what they asked for."""
    contact = User.objects.contacts().filter(pk=pk).first()
    if contact is None:
        raise Http404
    belongs = Membership.objects.visible_to(request.user).filter(user=contact, is_active=True)
    tickets = Ticket.objects.visible_to(request.user).mine(contact)
    page = paging.page(tickets.for_list(), request.GET.get("p", ""), size=SIZE, key="touched_at")
    context = {
        "contact": contact,
        "memberships": list(belongs.select_related("organization", "site").order_by("organization__search_key", "id")),
        "page": page,
        "chips": chips.of_rows(page.rows, timezone.now(), Form.BRIEF, for_staff=True),
    }
    return render(request, "desk/customers/person.html", context)
