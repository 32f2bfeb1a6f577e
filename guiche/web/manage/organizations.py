"""Customers: the list, the page of one, and what is written on it. Its people and domains: memberships.py."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.accounts.models import User
from guiche.catalog.models import Product
from guiche.grids import paging
from guiche.organizations.actions import organizations as actions
from guiche.organizations.models import Group, Membership, Organization, Site
from guiche.web import contracts
from guiche.web.editing import Kept
from guiche.web.http import Request, visible_or_404
from guiche.web.manage import organization_forms as forms
from guiche.web.manage import trail
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show

SIZE = 25
form_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def organizations(request: Request) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    closed = request.GET.get("ver") == "encerradas"
    rows = Organization.objects.visible_to(request.user).filter(is_active=not closed).select_related("group")
    if words:
        rows = rows.named_like(words)
    members = Count("memberships", filter=Q(memberships__is_active=True), distinct=True)
    rows = rows.annotate(people=members).prefetch_related("domains")
    page = paging.page(rows, request.GET.get("p", ""), size=SIZE, key="search_key", descending=False)
    return show(
        request,
        "manage/organizations/organizations.html",
        title=_("Organisations"),
        text=_("The customers, each with its units, domains, people and products."),
        crumbs=crumbs()[:1],
        page=page,
        query=words,
        closed=closed,
    )


@require_GET
def organization(request: Request, pk: int) -> HttpResponse:
    return page_of(request, pk)


def page_of(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    people = Membership.objects.filter(organization=one).select_related("user", "site", "department")
    if words:
        people = people.filter(user__in=User.objects.named_like(words))
    page = paging.page(people, request.GET.get("p", ""), size=SIZE, key="user__search_key", descending=False)
    return show(
        request,
        "manage/organizations/organization.html",
        title=one.name,
        text=one.legal_name,
        crumbs=crumbs(),
        one=one,
        sites=list(one.sites.prefetch_related("departments")),
        domains=list(one.domains.select_related("verified_by")),
        products=list(Product.objects.of(one)),
        contracts=contracts.lines(one, request.user, at=timezone.now()),
        page=page,
        query=words,
        entries=list(trail.last_of("organizations.organization", pk)),
    )


@form_or_post
def new(request: Request) -> HttpResponse:
    form = forms.OrganizationForm(posted(request))
    page = FormPage(
        title=_("New organisation"),
        text=_("Only the name is needed. Units, domains and people come on its page."),
        crumbs=crumbs(),
        button=_("Register organisation"),
        done=_("Organisation registered"),
        to=lambda made: address("organization", made.pk),
    )
    return form_page(request, form, lambda cleaned: actions.create(by=request.user, at=timezone.now(), **cleaned), page)


@form_or_post
def edit(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    form = forms.OrganizationForm(posted(request), initial=_facts(one))
    page = FormPage(
        title=_("Change organisation"),
        crumbs=crumbs(one),
        button=_("Save"),
        done=_("Saved"),
        to=address("organization", pk),
        kept=Kept(row=one, read=_facts, acts=("organization.changed",)),
    )
    return form_page(
        request, form, lambda cleaned: actions.change(one, by=request.user, at=timezone.now(), **cleaned), page
    )


def _facts(one: Organization) -> dict[str, object]:
    return {name: getattr(one, name) for name in forms.FACTS} | {"cnpj": one.written_cnpj}


@require_POST
def deactivate(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    return press(
        request,
        lambda: actions.deactivate(one, by=request.user, at=timezone.now()),
        done=_("Organisation closed: its people have no access any more, and its tickets stay"),
        to=address("organization", pk),
        back=lambda again: page_of(again, pk),
    )


@require_POST
def reactivate(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    return press(
        request,
        lambda: actions.reactivate(one, by=request.user, at=timezone.now()),
        done=_("Organisation opened again"),
        to=address("organization", pk),
        back=lambda again: page_of(again, pk),
    )


@form_or_post
def site_new(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    return _site_page(
        request,
        one,
        forms.SiteForm(posted(request)),
        lambda cleaned: _save_site(None, one, cleaned, request),
        title=_("New unit"),
    )


@form_or_post
def site_edit(request: Request, pk: int, site_id: int) -> HttpResponse:
    one = found(request, pk)
    site = get_object_or_404(one.sites, pk=site_id)
    form = forms.SiteForm(posted(request), initial=forms.site_values(site))
    return _site_page(
        request,
        one,
        form,
        lambda cleaned: _save_site(site, one, cleaned, request),
        title=_("Change unit"),
        kept=Kept(row=site, read=forms.site_values, acts=("site.changed",)),
    )


def _site_page(
    request: Request, one: Organization, form: forms.SiteForm, act: Any, *, title: str, kept: Kept | None = None
) -> HttpResponse:
    # Any: what the form cleaned goes in, a unit comes out.
    page = FormPage(
        title=title,
        crumbs=crumbs(one),
        button=_("Save unit"),
        done=_("Unit saved"),
        to=address("organization", one.pk),
        kept=kept,
    )
    return form_page(request, form, act, page)


def _save_site(site: Site | None, one: Organization, cleaned: dict[str, Any], request: Request) -> Site:
    """Save the unit and its departments together."""
    by, at = request.user, timezone.now()
    names, is_active = cleaned.pop("departments").splitlines(), cleaned.pop("is_active")
    made = (
        actions.change_site(site, is_active=is_active, by=by, at=at, **cleaned)
        if site
        else actions.add_site(one, by=by, at=at, **cleaned)
    )
    if names or site:
        actions.set_departments(made, names, by=by, at=at)
    return made


@form_or_post
def groups(request: Request) -> HttpResponse:
    form = forms.GroupForm(posted(request))
    page = FormPage(
        title=_("Business groups"),
        text=_("A group gathers organisations of one owner. It is only for finding them; nobody sees more by it."),
        crumbs=crumbs()[:1],
        button=_("Make group"),
        done=_("Group made"),
        to=address("groups"),
        template="manage/organizations/groups.html",
        more={"groups": list(Group.objects.annotate(count=Count("organizations")))},
    )
    return form_page(
        request,
        form,
        lambda cleaned: actions.create_group(name=cleaned["name"], by=request.user, at=timezone.now()),
        page,
    )


@form_or_post
def group(request: Request, pk: int) -> HttpResponse:
    one = get_object_or_404(Group, pk=pk)
    form = forms.GroupForm(posted(request), initial={"name": one.name})
    page = FormPage(
        title=one.name,
        crumbs=[*crumbs()[:1], (_("Business groups"), address("groups"))],
        button=_("Rename"),
        done=_("Group renamed"),
        to=address("groups"),
        template="manage/organizations/group.html",
        more={"members": list(one.organizations.order_by("search_key", "id"))},
        kept=Kept(row=one, read=lambda row: {"name": row.name}, acts=("group.changed",)),
    )
    return form_page(
        request,
        form,
        lambda cleaned: actions.rename_group(one, name=cleaned["name"], by=request.user, at=timezone.now()),
        page,
    )


def found(request: Request, pk: int) -> Organization:
    return visible_or_404(Organization.objects.select_related("group"), request.user, pk=pk)


def crumbs(one: Organization | None = None) -> Crumbs:
    way = [(_("Administration"), address("home")), (_("Organisations"), address("organizations"))]
    return [*way, (one.name, address("organization", one.pk))] if one else way
