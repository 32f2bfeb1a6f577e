"""My own record: data, photo, password, appearance, sessions."""

from __future__ import annotations

import re
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

from guiche.accounts import remembered, sessions
from guiche.accounts.actions import access, people
from guiche.accounts.models import Session, User
from guiche.core.errors import Refused
from guiche.files import picture, serving
from guiche.organizations.models import Membership
from guiche.web import clients, downloads
from guiche.web.http import Request, refuse
from guiche.web.profile.forms import AppearanceForm, PasswordForm, PhotoForm, ProfileForm

NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


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
    context = {"form": form, "failed": bool(form.errors), "max_bytes": picture.PHOTO_LIMIT}
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
    form = AppearanceForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        people.change(user, by=user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Appearance saved."))
        return redirect("profile:appearance")
    context = {"form": form, "failed": bool(form.errors)}
    return render(request, "profile/appearance.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def session_list(request: Request) -> HttpResponse:
    """Where the account is open, and which devices are not asked for the second step.

    POST ends one session (`session`), forgets one device (`device`), or does both to all the others.
    """
    user, key = request.user, request.session.session_key
    if request.method == "POST":
        messages.success(request, _end(user, request.POST.dict(), key=key))
        return redirect("profile:sessions")
    rows = Session.objects.of(user).alive(timezone.now()).order_by("-seen_at", "session_key")
    devices = [_device(row, is_this=row.session_key == key) for row in rows]
    devices.sort(key=lambda device: not device["is_this"])
    context = {"devices": devices, "others": len(devices) - 1, "remembered": _remembered(request)}
    return render(request, "profile/sessions.html", context)


def _end(user: User, posted: dict[str, Any], *, key: str | None) -> str:
    """Do what a button of the page of sessions says. Return what was done, in words."""
    now = timezone.now()
    if posted.get("session"):
        access.end_session(user, posted["session"], by=user, at=now)
        return _("Session ended.")
    if posted.get("device"):
        number = posted["device"]
        access.forget_device(user, int(number) if NUMBER.fullmatch(number) else 0, by=user, at=now)
        return _("Device forgotten. The next sign-in on it asks for the second step.")
    sessions.end_all(user, but=key)
    return _("The other sessions were ended.")


def _remembered(request: Request) -> list[dict[str, Any]]:
    this = request.session.get(sessions.REMEMBERED)
    return [{"row": row, "is_this": row.pk == this} for row in remembered.all_of(request.user, at=timezone.now())]


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
