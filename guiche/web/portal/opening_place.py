"""Where a person opens a ticket: for which organisation, of which type, about which product, after which ticket."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model
from django.http import Http404
from django.urls import reverse

from guiche.catalog.models import Product, RequestType
from guiche.organizations.models import Organization
from guiche.tickets.models import Ticket
from guiche.web.http import Request, visible_or_404
from guiche.web.opening import sheets
from guiche.web.opening.answers import Addresses
from guiche.web.opening.form import products_of

CARRIED_ON = ("product", "module", "service", "failure")  # from a ticket to the one that goes on from it


def draft_of(kind: RequestType, organization_id: int, follow_up_of: Ticket | None) -> str:
    place = f"opening:{kind.slug}-{organization_id}"
    return f"{place}-{follow_up_of.number}" if follow_up_of else place


@dataclass(frozen=True, slots=True)
class Place:
    """What the address and the hidden fields of a form say, resolved inside what the person may see."""

    organization: Organization
    sheet: sheets.Sheet
    product: Product | None
    follow_up_of: Ticket | None
    may_name_others: bool
    reaches_all: bool

    @property
    def draft(self) -> str:
        """The name of its draft: one for each type and organisation, and one for each ticket that it goes on from."""
        return draft_of(self.sheet.kind, self.organization.pk, self.follow_up_of)

    @property
    def known(self) -> dict[str, Model | None]:
        """What a form starts with: of the ticket that it goes on from, otherwise of the pages before it."""
        if self.follow_up_of is None:
            return {"product": self.product}
        return {name: getattr(self.follow_up_of, name) for name in CARRIED_ON}

    @property
    def addresses(self) -> Addresses:
        slug = self.sheet.kind.slug
        return Addresses(
            fields=reverse("portal:opening-fields", args=[slug]),
            products=reverse("portal:opening-products"),
            modules=reverse("portal:opening-modules"),
            services=reverse("portal:opening-services"),
            failures=reverse("portal:opening-failures"),
            people=reverse("portal:opening-people"),
            upload=reverse("profile:upload"),
            draft=reverse("portal:opening-draft", args=[slug]),
            similar=reverse("portal:similar"),
            promise=f"{reverse('portal:opening-promise')}?tipo={slug}",
        )


def of(request: Request, slug: str) -> Place:
    """Return the place of this request. Raises Http404 for a type that is not offered there."""
    organization = organization_of(request)
    sheet = sheets.find(request.user, organization, slug)
    if sheet is None:
        raise Http404
    return Place(
        organization=organization,
        sheet=sheet,
        product=product_of(request, organization),
        follow_up_of=_follow_up_of(request, organization),
        may_name_others=administers(request, organization),
        reaches_all=reaches_all(request, organization),
    )


def organization_of(request: Request) -> Organization:
    """Return the organisation that was asked for, of those that the person belongs to; the current one otherwise."""
    asked = request.POST.get("organization") or request.GET.get("organization") or request.GET.get("organizacao")
    if asked:
        found = next((row.organization for row in request.memberships if str(row.organization_id) == asked), None)
    else:
        found = request.organization
    if found is None:
        raise Http404
    return found


def product_of(request: Request, organization: Organization) -> Product | None:
    """Return the product that the pages before this one were narrowed to, if the organisation has it."""
    slug = request.GET.get("produto", "")
    found: Product | None = products_of(organization).filter(slug=slug[:80]).first() if slug else None
    return found


def administers(request: Request, organization: Organization) -> bool:
    return any(row.is_portal_administrator and row.organization_id == organization.pk for row in request.memberships)


def reaches_all(request: Request, organization: Organization) -> bool:
    return any(row.sees_all and row.organization_id == organization.pk for row in request.memberships)


def _follow_up_of(request: Request, organization: Organization) -> Ticket | None:
    number = request.POST.get("continua") or request.GET.get("continua") or ""
    if not number:
        return None
    if not number.isdecimal() or len(number) > 15:
        raise Http404
    seen = Ticket.objects.of(organization).select_related(*CARRIED_ON)
    return visible_or_404(seen, request.user, number=int(number))
