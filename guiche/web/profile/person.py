"""My own record: data, photo, password, appearance, sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guiche.accounts import sessions
from guiche.accounts.actions import access, people
from guiche.accounts.models import Session, User
from guiche.core.errors import Refused
from guiche.files import serving
from guiche.organizations.models import Membership
from guiche.web import clients, downloads
from guiche.web.http import Request, refuse
from guiche.web.profile.forms import AppearanceForm, PasswordForm, PhotoForm, ProfileForm


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: Request) -> HttpResponse:
    """Name, phone, language, zone. The e-mail is only shown: others change it."""
    user = request.user
    initial = {name: getattr(user, name) for name in ("name", "phone", "language", "time_zone")}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            people.change(user, by=user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Your data was saved."))
            return redirect("profile:home")
        except Refused as refusal:
            refuse(form, refusal)
    return render(request, "profile/home.html", _page(request, form), status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: Request) -> HttpResponse:
    """Send a photo, or (`remove`) take it away."""
    if request.method == "POST" and "remove" in request.POST:
        people.remove_photo(request.user, by=request.user, at=timezone.now())
        messages.success(request, _("Photo removed."))
        return redirect("profile:home")
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.set_photo(request.user, form.cleaned_data["photo"], by=request.user, at=timezone.now())
            messages.success(request, _("Photo changed."))
            return redirect("profile:home")
        except Refused as refusal:
            form.add_error("photo", refusal.message)
    context = {"form": form, "failed": bool(form.errors)}
    return render(request, "profile/photo.html", context, status=422 if form.errors else 200)


@require_safe
def portrait(request: Request, person_id: int) -> HttpResponseBase:
    """Somebody's photo: one's own, the team's to everybody, a contact's to staff and to who shares an organisation."""
    user = User.objects.active().filter(_seen_by(request.user), pk=person_id).select_related("photo").first()
    if user is None or user.photo is None:
        raise Http404
    return downloads.served(serving.serve(user.photo, to=request.user))


@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request) -> HttpResponse:
    """Change the password: the other sessions end, this one goes on under a new key."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = request.session.session_key
        try:
            user = access.change_password(request.user, **form.cleaned_data, at=timezone.now(), session_key=key)
            update_session_auth_hash(request, user)
            messages.success(request, _("Password changed. The other sessions were ended."))
            return redirect("profile:security")
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "failed": bool(form.errors)}
    return render(request, "profile/password.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def appearance(request: Request) -> HttpResponse:
    user = request.user
    form = AppearanceForm(request.POST or None, initial={"theme": user.theme, "has_shortcuts": user.has_shortcuts})
    if request.method == "POST" and form.is_valid():
        people.change(user, by=user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Appearance saved."))
        return redirect("profile:appearance")
    context = {"form": form, "failed": bool(form.errors)}
    return render(request, "profile/appearance.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request: Request) -> HttpResponse:
    """Where the account is open. POST ends one (`session`), or all the others."""
    user, key = request.user, request.session.session_key
    if request.method == "POST":
        if request.POST.get("session"):
            access.end_session(user, request.POST["session"], by=user, at=timezone.now())
            messages.success(request, _("Session ended."))
        else:
            sessions.end_all(user, but=key)
            messages.success(request, _("The other sessions were ended."))
        return redirect("profile:sessions")
    rows = Session.objects.of(user).alive(timezone.now()).order_by("-seen_at", "session_key")
    devices = [_device(row, is_this=row.session_key == key) for row in rows]
    devices.sort(key=lambda device: not device["is_this"])
    return render(request, "profile/sessions.html", {"devices": devices, "others": len(devices) - 1})


def _page(request: Request, form: ProfileForm) -> dict[str, Any]:
    place = request.memberships[0] if request.memberships else None
    administrators = Membership.objects.active().administering().filter(organization=request.organization)
    names = administrators.exclude(user=request.user).select_related("user").order_by("user__search_key", "id")[:3]
    return {
        "form": form,
        "place": place,
        "administrators": [row.user.name for row in names] if place else [],
        "failed": bool(form.errors),
    }


def _device(row: Session, *, is_this: bool) -> dict[str, Any]:
    return {
        "id": sessions.public_id(row.session_key),
        "name": row.device or _("another browser"),
        "address": row.address,
        "seen_at": row.seen_at,
        "is_this": is_this,
        "symbol": "cell" if row.device.rpartition(", ")[2] in clients.PHONES else "laptop",
    }


def _seen_by(user: User) -> Q:
    if user.works_here:
        return Q()
    own = Membership.objects.active().filter(user=user).values("organization")
    beside = Membership.objects.filter(user=OuterRef("pk"), organization__in=own)
    return Q(pk=user.pk) | ~Q(roles=[]) | Q(Exists(beside))
