"""People of my organisation, for who administers its portal: the list, one person, invitations, requests, domains."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiche.accounts.models import User
from guiche.core.errors import NotAllowed, Refused
from guiche.core.text import normalize
from guiche.grids import paging
from guiche.organizations import policies
from guiche.organizations.actions import memberships
from guiche.organizations.models import Domain, JoinRequest, Membership, Organization, Reach
from guiche.organizations.querysets import MembershipQuerySet
from guiche.web import editing
from guiche.web.http import Request, refuse, visible_or_404
from guiche.web.portal.people_forms import EmailForm, InvitationForm, PlaceForm, place_values
from guiche.workflows.stages import Family

SIZE = 25
STATES = {"ativas": "active", "convidadas": "invited", "suspensas": "suspended"}
FILTERS = ("q", "unidade", "alcance", "situacao")
INVITED = Family.ON_THE_WAY
View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Let in only who administers the portal of the current organisation."""

    @wraps(view)
    def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.administers or request.organization is None:
            raise NotAllowed(_("Only who administers the portal of your organisation enters here."))
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@administrators_only
def people(request: Request) -> HttpResponse:
    """The list, by name; searched by words, filtered by unit, reach and state."""
    organization = _organization(request)
    rows = found(request)
    page = paging.page(rows, request.GET.get("p", ""), size=SIZE, key="user__search_key", descending=False)
    context = {
        "rows": [_row(place, request) for place in page.rows],
        "page": page,
        "organization": organization,
        "tabs": _tabs(organization, "people"),
        "sites": organization.sites.order_by("name", "id"),
        "reaches": Reach.choices,
        "states": [("ativas", _("Active")), ("convidadas", _("Invited")), ("suspensas", _("Suspended"))],
        "chosen": {name: request.GET.get(name, "") for name in FILTERS},
        "found": paging.label(paging.counted(rows)),
        "kept": urlencode({name: request.GET[name] for name in FILTERS if request.GET.get(name)}),
    }
    return render(request, "portal/people/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def invite(request: Request) -> HttpResponse:
    """One more person: invited at once, or asked of staff when the address is not of the organisation."""
    organization = _organization(request)
    form = InvitationForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        who = {name: form.cleaned_data[name] for name in ("name", "email", "phone")}
        try:
            made = memberships.invite(organization, **who, **form.place(), by=request.user, at=timezone.now())  # type: ignore[arg-type]  # of PlaceForm.place
            messages.success(request, _said(made))
            return redirect("portal:people")
        except Refused as refusal:
            refuse(form, refusal)
    names = Domain.objects.filter(organization=organization, verified_at__isnull=False)
    context = {
        "form": form,
        "organization": organization,
        "domains": list(names.values_list("name", flat=True)),
        "reaches": _reach_cards(organization),
        "failed": bool(form.errors),
    }
    return render(request, "portal/people/invite.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def person(request: Request, pk: int) -> HttpResponse:
    """One person: what they see, and below it their address and access. POST changes what they see."""
    place = _place(request, pk)
    form = PlaceForm(request.POST or None, organization=place.organization, initial=place_values(place))
    editing.watch(form)
    if request.method == "POST" and form.is_valid():
        kept = editing.Kept(row=place, read=place_values, acts=("membership.changed",))
        try:
            editing.save(
                form,
                kept,
                lambda _cleaned: memberships.change(place, **form.place(), by=request.user, at=timezone.now()),  # type: ignore[arg-type]  # of PlaceForm.place
            )
            messages.success(request, _("The reach of %s was saved.") % place.user.name)
            return redirect("portal:person", pk)
        except Refused as refusal:
            refuse(form, refusal)
    return _shown(request, place, form, EmailForm())


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def email(request: Request, pk: int) -> HttpResponse:
    """Another address for the person; opened by itself it is their page."""
    if request.method != "POST":
        return redirect("portal:person", pk)
    place = _place(request, pk)
    form = EmailForm(request.POST)
    editing.watch(form)
    if form.is_valid():
        kept = editing.Kept(row=place.user, read=_address, acts=("person.email_changed",))
        try:
            editing.save(
                form,
                kept,
                lambda cleaned: memberships.change_email(place, cleaned["email"], by=request.user, at=timezone.now()),
            )
            messages.success(request, _("E-mail changed. Both addresses were told."))
            return redirect("portal:person", pk)
        except Refused as refusal:
            refuse(form, refusal)
    return _shown(request, place, PlaceForm(organization=place.organization, initial=place_values(place)), form)


@require_POST
@administrators_only
def access(request: Request, pk: int) -> HttpResponse:
    """Take the access away (`end`) or give it back."""
    place = _place(request, pk)
    try:
        if "end" in request.POST:
            memberships.deactivate(place, by=request.user, at=timezone.now())
            messages.success(request, _("%s has no access any more. Their tickets stay.") % place.user.name)
        else:
            memberships.reactivate(place, by=request.user, at=timezone.now())
            messages.success(request, _("%s has access again.") % place.user.name)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("portal:person", pk)


@require_POST
@administrators_only
def invitation(request: Request, pk: int) -> HttpResponse:
    """Send the letter of the first access again."""
    place = _place(request, pk)
    try:
        memberships.resend(place, by=request.user, at=timezone.now())
        messages.success(request, _("Invitation sent to %s.") % place.user.email)
    except NotAllowed:
        raise
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("portal:person", pk)


@require_safe
@administrators_only
def requests(request: Request) -> HttpResponse:
    """What was asked of staff for this organisation, and how it ended."""
    organization = _organization(request)
    rows = JoinRequest.objects.filter(organization=organization, asked_by__isnull=False).select_related("asked_by")
    context = {
        "rows": rows.order_by("-created_at", "-id")[:100],
        "organization": organization,
        "tabs": _tabs(organization, "requests"),
    }
    return render(request, "portal/people/requests.html", context)


@require_safe
@administrators_only
def domains(request: Request) -> HttpResponse:
    """The e-mail domains of the organisation: only shown, staff change them."""
    organization = _organization(request)
    context = {
        "rows": organization.domains.order_by("name"),
        "organization": organization,
        "tabs": _tabs(organization, "domains"),
    }
    return render(request, "portal/people/domains.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def organizations(request: Request) -> HttpResponse:
    """Choose which organisation the pages speak of. With one there is nothing to choose."""
    if request.method == "POST":
        given = request.POST.get("membership", "")
        chosen = next((place for place in request.memberships if str(place.pk) == given), None)
        if chosen is None:
            raise NotAllowed(_("You do not belong to this organisation."))
        memberships.make_current(chosen, by=request.user, at=timezone.now())
        messages.success(request, _("You are now in %s.") % chosen.organization.name)
        return redirect("portal:home")
    if len(request.memberships) < 2:
        return redirect("portal:home")
    words = normalize(request.GET.get("q", ""))
    places = [place for place in request.memberships if words in place.organization.search_key]
    return render(request, "portal/people/organizations.html", {"places": places, "words": request.GET.get("q", "")})


def _organization(request: Request) -> Organization:
    assert request.organization is not None  # administrators_only has asked
    return request.organization


def _place(request: Request, pk: int) -> Membership:
    """A place in the current organisation; one elsewhere is answered like one that does not exist."""
    rows = Membership.objects.filter(organization=_organization(request)).select_related("user", "organization", "site")
    return visible_or_404(rows.with_invitation(timezone.now()), request.user, pk=pk)


def found(request: Request) -> MembershipQuerySet:
    """Return the places in the current organisation that the filters let through, with person and invitation."""
    rows = Membership.objects.filter(organization=_organization(request))
    return _filtered(rows, request).select_related("user", "site").with_invitation(timezone.now())


def _filtered(rows: MembershipQuerySet, request: Request) -> MembershipQuerySet:
    for word in request.GET.get("q", "").split()[:6]:
        rows = rows.filter(Q(user__search_key__contains=normalize(word)))
    if request.GET.get("unidade", "").isascii() and request.GET.get("unidade", "").isdigit():
        rows = rows.filter(site=int(request.GET["unidade"][:9]))
    if request.GET.get("alcance") in Reach.values:
        rows = rows.filter(reach=request.GET["alcance"])
    return rows.in_state(STATES.get(request.GET.get("situacao", ""), ""))


def _row(place: Membership, request: Request) -> dict[str, Any]:
    label, family = state_of(place)
    return {
        "place": place,
        "user": place.user,
        "role": role_of(place),
        "state": label,
        "family": family,
        "is_self": place.user == request.user,
    }


def role_of(place: Membership) -> str:
    return _("Administers the portal") if place.is_portal_administrator else _("Opens and follows")


def state_of(place: Membership) -> tuple[str, str]:
    """How somebody stands, and the glyph and colour that say it."""
    if not place.is_active or not place.user.is_active:
        return _("Suspended"), Family.CANCELLED
    if place.user.has_usable_password():
        return _("Active"), Family.END
    if place.invited_until:  # type: ignore[attr-defined]  # of with_invitation()
        return _("Invitation sent"), INVITED
    return _("No password yet"), Family.PAUSE


def _address(user: User) -> dict[str, object]:
    return {"email": user.email or ""}


def _shown(request: Request, place: Membership, form: PlaceForm, email_form: EmailForm) -> HttpResponse:
    label, family = state_of(place)
    if editing.SEEN not in form.fields:
        editing.watch(form)
    if not email_form.is_bound:
        editing.watch(email_form, _address(place.user))
    context = {
        "place": place,
        "user": place.user,
        "state": label,
        "family": family,
        "form": form,
        "email_form": email_form,
        "reaches": _reach_cards(place.organization),
        "can_change": policies.can_change_membership(request.user, place),
        "can_change_person": policies.can_change_person(request.user, place),
        "failed": bool(form.errors or email_form.errors),
    }
    return render(request, "portal/people/person.html", context, status=422 if context["failed"] else 200)


def _reach_cards(organization: Organization) -> list[dict[str, str]]:
    texts = {
        Reach.OWN: _("Sees the tickets that they opened or are copied in."),
        Reach.UNIT: _("Sees also the tickets of their unit."),
        Reach.ALL: _("Sees all tickets of %s.") % organization.name,
    }
    return [{"value": str(key), "label": str(label), "text": texts[Reach(key)]} for key, label in Reach.choices]


def _said(made: Membership | JoinRequest) -> str:
    if isinstance(made, Membership):
        return _("Invitation sent to %s.") % made.user.name
    return _("This address is not of your organisation. The support team has the request and decides.")


def _tabs(organization: Organization, current: str) -> list[tuple[str, str, bool, int | None]]:
    people_count = Membership.objects.filter(organization=organization).count()
    waiting = JoinRequest.objects.filter(organization=organization).waiting().count()
    return [
        (_("People"), reverse("portal:people"), current == "people", people_count),
        (_("Requests"), reverse("portal:people-requests"), current == "requests", waiting),
        (_("Domains"), reverse("portal:people-domains"), current == "domains", None),
    ]
