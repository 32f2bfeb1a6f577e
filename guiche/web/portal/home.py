"""The portal's home: what waits for the person, what is in progress, and the doors to open a ticket."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiche.accounts.anybody import anybody
from guiche.catalog.models import Product, RequestType, Section
from guiche.core import written
from guiche.installation import models as installation
from guiche.organizations.models import Organization
from guiche.tickets.models import Ticket
from guiche.tickets.querysets import TicketQuerySet
from guiche.web import chips
from guiche.web.deadlines import Form
from guiche.web.http import Request
from guiche.workflows.stages import WAITS_FOR_CUSTOMER

STAGES_WAITING = sorted(str(stage) for stage in WAITS_FOR_CUSTOMER)
SHOWN = 5  # rows of each panel, and doors


@require_safe
def home(request: Request) -> HttpResponse:
    if installation.current().contacts_start_at_list and "inicio" not in request.GET:
        return redirect("portal:tickets")
    products = _products(request)
    chosen = next((product for product in products if product.slug == request.GET.get("produto")), None)
    types = _types(request, chosen)
    context = {
        "greeting": _greeting(),
        "products": products,
        "product": chosen,
        "doors": [kind for kind in types if kind.section != Section.OTHER][:SHOWN],
        "other_types": [kind for kind in types if kind.section == Section.OTHER],
        **_tickets(request, chosen),
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
    return written.rows(_products_of, request.organization.pk)


def _products_of(organization_id: int) -> QuerySet[Product]:
    return Product.objects.of(Organization(pk=organization_id)).order_by("position", "name", "id")


def _types(request: Request, product: Product | None) -> list[RequestType]:
    if request.organization is None:
        return []
    ids = (request.organization.pk, *([product.pk] if product else ()))
    return written.rows(_types_of, *ids, roles=tuple(request.user.roles))


def _types_of(organization_id: int, *product: int, roles: tuple[str, ...]) -> QuerySet[RequestType]:
    types = RequestType.objects.offered_to(anybody(0, roles), Organization(pk=organization_id))
    if product:
        types = types.filter(Q(products=product[0]) | Q(products__isnull=True)).distinct()
    return types.order_by("section", "position", "id")


def _tickets(request: Request, product: Product | None) -> dict[str, object]:
    """Two panels, their counts and the chips of what is in progress, in four queries."""
    ids = (request.user.pk, *([product.pk] if product else ()))
    roles = tuple(request.user.roles)
    counts = dict(written.rows(_by_stage, *ids, roles=roles))
    waiting = sum(count for stage, count in counts.items() if stage in WAITS_FOR_CUSTOMER)
    progress = written.rows(_in_progress, *ids, roles=roles)
    return {
        "waiting": written.rows(_waiting, *ids, roles=roles),
        "waiting_count": waiting,
        "progress": progress,
        "chips": chips.of_rows(progress, timezone.now(), Form.TOWARDS, for_staff=False),
        "progress_count": sum(counts.values()) - waiting,
    }


def _open(user_id: int, *product: int, roles: tuple[str, ...]) -> TicketQuerySet:
    seen = Ticket.objects.visible_to(anybody(user_id, roles)).open()
    return seen.filter(product=product[0]) if product else seen


def _by_stage(*ids: int, roles: tuple[str, ...]) -> Any:  # Any: a stage and a number instead of rows
    return _open(*ids, roles=roles).order_by().values_list("status__stage").annotate(count=Count("id"))


def _waiting(*ids: int, roles: tuple[str, ...]) -> TicketQuerySet:
    return _open(*ids, roles=roles).filter(status__stage__in=STAGES_WAITING).for_list()[:SHOWN]


def _in_progress(*ids: int, roles: tuple[str, ...]) -> TicketQuerySet:
    return _open(*ids, roles=roles).exclude(status__stage__in=STAGES_WAITING).for_list()[:SHOWN]
