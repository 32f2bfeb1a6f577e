"""The portal's home: what waits for the person, what is in progress, and the doors to open a ticket."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiche.catalog.models import Product, RequestType, Section
from guiche.installation import models as installation
from guiche.tickets.models import Ticket
from guiche.tickets.querysets import TicketQuerySet
from guiche.web.http import Request
from guiche.workflows.stages import WAITS_FOR_CUSTOMER

SHOWN = 5  # rows of each panel, and doors


@require_safe
def home(request: Request) -> HttpResponse:
    if installation.current().contacts_start_at_list and "inicio" not in request.GET:
        return redirect("portal:tickets")
    products = _products(request)
    chosen = next((product for product in products if product.slug == request.GET.get("produto")), None)
    seen = Ticket.objects.visible_to(request.user).open()
    if chosen is not None:
        seen = seen.filter(product=chosen)
    types = _types(request, chosen)
    context = {
        "greeting": _greeting(),
        "products": products,
        "product": chosen,
        "doors": [kind for kind in types if kind.section != Section.OTHER][:SHOWN],
        "other_types": [kind for kind in types if kind.section == Section.OTHER],
        **_tickets(seen),
        "demonstration_letters": settings.DEMONSTRATION,
    }
    return render(request, "portal/home.html", context)


def _greeting() -> str:
    hour = timezone.localtime().hour
    if 5 <= hour < 12:
        return _("Good morning")
    return _("Good afternoon") if 12 <= hour < 18 else _("Good evening")


def _products(request: Request) -> list[Product]:
    if request.organization is None:
        return []
    return list(Product.objects.of(request.organization).order_by("position", "name", "id"))


def _types(request: Request, product: Product | None) -> list[RequestType]:
    if request.organization is None:
        return []
    types = RequestType.objects.offered_to(request.user, request.organization)
    if product is not None:
        types = types.filter(Q(products=product) | Q(products__isnull=True)).distinct()
    return list(types.order_by("section", "position", "id"))


def _tickets(seen: TicketQuerySet) -> dict[str, object]:
    """Two panels and their counts, in three queries."""
    waits = Q(status__stage__in=[str(stage) for stage in WAITS_FOR_CUSTOMER])
    counts = seen.aggregate(waiting=Count("id", filter=waits), progress=Count("id", filter=~waits))
    return {
        "waiting": list(seen.filter(waits).for_list()[:SHOWN]),
        "waiting_count": counts["waiting"],
        "progress": list(seen.exclude(waits).for_list()[:SHOWN]),
        "progress_count": counts["progress"],
    }
