"""Who belongs to a customer, by which domains people come in, which products it has, and who asks to come in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guiche.catalog.actions import products as catalog
from guiche.catalog.models import Product
from guiche.organizations.actions import domains, joining, memberships
from guiche.organizations.models import Department, JoinRequest, Membership, Organization, Site
from guiche.web import typeahead
from guiche.web.editing import Kept
from guiche.web.http import Request, visible_or_404
from guiche.web.manage import organization_forms as forms
from guiche.web.manage.answers import FormPage, address, form_page, posted, press, show
from guiche.web.manage.organizations import crumbs, form_or_post, found, page_of

SHOWN_DECISIONS = 20


@form_or_post
def invite(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    form = forms.InviteForm(posted(request), organization=one)
    page = FormPage(
        title=_("Invite person"),
        text=_("With an e-mail, they get a letter to create the password."),
        crumbs=crumbs(one),
        button=_("Send invitation"),
        done=_("Person added"),
        to=address("organization", pk),
    )
    return form_page(
        request,
        form,
        lambda cleaned: memberships.invite(one, by=request.user, at=timezone.now(), **cleaned),
        page,
    )


@form_or_post
def membership(request: Request, pk: int, membership_id: int) -> HttpResponse:
    one, place = _place(request, pk, membership_id)
    form = forms.PlaceForm(posted(request), organization=one, initial=forms.place_of(place))
    page = FormPage(
        title=_("Reach of %s") % place.user.name,
        crumbs=crumbs(one),
        button=_("Save"),
        done=_("Reach changed"),
        to=address("organization", pk),
        kept=Kept(row=place, read=forms.place_of, acts=("membership.changed",)),
    )
    return form_page(
        request,
        form,
        lambda cleaned: memberships.change(
            place, department=_kept_department(place, cleaned["site"]), by=request.user, at=timezone.now(), **cleaned
        ),
        page,
    )


def _kept_department(place: Membership, site: Site | None) -> Department | None:
    """The department stays as long as the unit does."""
    return place.department if place.department and place.department.site == site else None


@require_POST
def deactivate(request: Request, pk: int, membership_id: int) -> HttpResponse:
    return _press_place(request, pk, membership_id, memberships.deactivate, _("Person taken out of the organisation"))


@require_POST
def reactivate(request: Request, pk: int, membership_id: int) -> HttpResponse:
    return _press_place(request, pk, membership_id, memberships.reactivate, _("Person brought back"))


def _press_place(request: Request, pk: int, membership_id: int, act: Callable[..., object], done: str) -> HttpResponse:
    _one, place = _place(request, pk, membership_id)
    return press(
        request,
        lambda: act(place, by=request.user, at=timezone.now()),
        done=done,
        to=address("organization", pk),
        back=lambda again: page_of(again, pk),
    )


def _place(request: Request, pk: int, membership_id: int) -> tuple[Organization, Membership]:
    one = found(request, pk)
    rows = one.memberships.select_related("user", "organization", "site", "department")
    return one, get_object_or_404(rows, pk=membership_id)


@form_or_post
def domain_new(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    page = FormPage(
        title=_("New domain"),
        text=_("Once verified, whoever proves an address of it becomes a contact of this organisation by themselves."),
        crumbs=crumbs(one),
        button=_("Add domain"),
        done=_("Domain added. It links nobody before you verify it"),
        to=address("organization", pk),
    )
    return form_page(
        request,
        forms.DomainForm(posted(request)),
        lambda cleaned: domains.add(one, cleaned["name"], by=request.user, at=timezone.now()),
        page,
    )


@require_POST
def domain_verify(request: Request, pk: int, domain_id: int) -> HttpResponse:
    return _press_domain(request, pk, domain_id, domains.verify, _("Domain verified"))


@require_POST
def domain_remove(request: Request, pk: int, domain_id: int) -> HttpResponse:
    return _press_domain(request, pk, domain_id, domains.remove, _("Domain removed. Who came in by it stays"))


def _press_domain(request: Request, pk: int, domain_id: int, act: Callable[..., object], done: str) -> HttpResponse:
    domain = get_object_or_404(found(request, pk).domains, pk=domain_id)
    return press(
        request,
        lambda: act(domain, by=request.user, at=timezone.now()),
        done=done,
        to=address("organization", pk),
        back=lambda again: page_of(again, pk),
    )


@form_or_post
def products(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    offered = list(Product.objects.active().filter(is_for_all=False).values_list("pk", "name"))
    form = forms.ProductsForm(posted(request), products=offered, initial=_having(one))
    page = FormPage(
        title=_("Products of %s") % one.name,
        text=_("Forms offer these, and the products that every organisation has."),
        crumbs=crumbs(one),
        button=_("Save products"),
        done=_("Products saved"),
        to=address("organization", pk),
        kept=Kept(row=one, read=_having, acts=("organization.products_changed",)),
    )
    return form_page(
        request,
        form,
        lambda cleaned: catalog.set_products(one, cleaned["products"], by=request.user, at=timezone.now()),
        page,
    )


def _having(one: Organization) -> dict[str, object]:
    return {"products": list(one.products.values_list("pk", flat=True))}


@require_GET
def join_requests(request: Request) -> HttpResponse:
    rows = JoinRequest.objects.visible_to(request.user).select_related("organization", "asked_by", "decided_by")
    decided = rows.filter(decided_at__isnull=False).order_by("-decided_at", "-id")
    return show(
        request,
        "manage/organizations/join_requests.html",
        title=_("Access requests"),
        text=_("Who asked to come in and whose e-mail domain says nothing. Nobody is linked before you decide."),
        crumbs=crumbs()[:1],
        waiting=list(rows.waiting().order_by("created_at", "id")),
        decided=list(decided[:SHOWN_DECISIONS]),
    )


@form_or_post
def approve(request: Request, pk: int) -> HttpResponse:
    asked = visible_or_404(JoinRequest.objects.select_related("organization"), request.user, pk=pk)
    form = forms.ApproveForm(posted(request), initial={"organization": asked.organization or ""})
    page = FormPage(
        title=_("Let %s in") % asked.name,
        text=f"{asked.email} · {asked.company}",
        crumbs=[*crumbs()[:1], (_("Access requests"), address("join-requests"))],
        button=_("Let in"),
        done=_("%s is in and gets the letter to create the password") % asked.name,
        to=address("join-requests"),
        searches={"organization": address("organization-options")},
    )
    return form_page(
        request,
        form,
        lambda cleaned: joining.approve(asked, by=request.user, at=timezone.now(), **cleaned),
        page,
    )


@form_or_post
def refuse(request: Request, pk: int) -> HttpResponse:
    asked = visible_or_404(JoinRequest.objects.all(), request.user, pk=pk)
    page = FormPage(
        title=_("Refuse the request of %s") % asked.name,
        text=f"{asked.email} · {asked.company}",
        crumbs=[*crumbs()[:1], (_("Access requests"), address("join-requests"))],
        button=_("Refuse request"),
        done=_("Request refused, and the person was told"),
        to=address("join-requests"),
    )
    return form_page(
        request,
        forms.RefuseForm(posted(request)),
        lambda cleaned: joining.refuse(asked, by=request.user, at=timezone.now(), **cleaned),
        page,
    )


@require_GET
def options(request: Request) -> HttpResponse:
    """What the boxes that look for an organisation offer."""
    field = forms.organization_field()
    return typeahead.answer(request, field, "organization", _("No organisation with these words."))
