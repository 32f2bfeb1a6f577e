"""Letters asked for and the links in them: first access, new password, registration, the first administrator."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guiche.accounts import first_access
from guiche.accounts.actions import access
from guiche.accounts.models import AccessLink, LinkPurpose, User
from guiche.core.errors import Refused
from guiche.organizations import joining
from guiche.organizations.actions import joining as joining_actions
from guiche.web import clients
from guiche.web.http import Request, refuse
from guiche.web.public.forms import AddressForm, NewPasswordForm, RegistrationForm, SetUpForm
from guiche.web.public.signin import come_in


@require_http_methods(["GET", "HEAD", "POST"])
def ask_first_access(request: Request) -> HttpResponse:
    """Somebody registered by others asks for the link to choose a password. The same answer for any address."""
    return _ask(request, LinkPurpose.FIRST_ACCESS, AddressForm, "public/first_access.html")


@require_http_methods(["GET", "HEAD", "POST"])
def ask_new_password(request: Request) -> HttpResponse:
    return _ask(request, LinkPurpose.NEW_PASSWORD, AddressForm, "public/new_password.html")


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: Request) -> HttpResponse:
    """Somebody whom nobody registered: the address is proven first, everything else follows from its domain."""
    return _ask(request, LinkPurpose.CONFIRM_ADDRESS, RegistrationForm, "public/register.html")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: Request, token: str) -> HttpResponse:
    return _choose_password(request, token, first_access.FIRST, "public:first-access")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: Request, token: str) -> HttpResponse:
    return _choose_password(request, token, (LinkPurpose.NEW_PASSWORD,), "public:new-password")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, token: str) -> HttpResponse:
    """The address is proven: with a verified domain a password is chosen here, otherwise staff are asked."""
    now = timezone.now()
    link = first_access.find(token, LinkPurpose.CONFIRM_ADDRESS, at=now)
    if link is None:
        return _expired(request, "public:register")
    organization = joining.organization_of(link.address)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and (organization is None or form.is_valid()):
        try:
            done = joining_actions.confirm(link, password=form.data.get("password", ""), at=now)
            return come_in(request, done) if isinstance(done, User) else render(request, "public/requested.html")
        except Refused as refusal:
            form.is_valid()
            refuse(form, refusal)
    context = {"form": form, "link": link, "organization": organization, "failed": bool(form.errors)}
    return render(request, "public/confirm.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: Request, token: str) -> HttpResponse:
    """The first administrator of a new installation. 404 once there is one, and for any other token."""
    now = timezone.now()
    link = None if first_access.has_administrator() else first_access.find(token, LinkPurpose.SETUP, at=now)
    if link is None:
        raise Http404
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = access.set_up_first_administrator(link, **form.cleaned_data, at=now)
            return come_in(request, user)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "failed": bool(form.errors)}
    return render(request, "public/set_up.html", context, status=422 if form.errors else 200)


def _ask(request: Request, purpose: str, form_class: type[Any], template: str) -> HttpResponse:
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        address = values.pop("email")
        network = clients.address_of(request)
        try:
            access.ask(purpose, address=address, network=network, at=timezone.now(), details=values)
            return render(request, "public/check_mail.html", {"address": address, "values": values, "purpose": purpose})
        except Refused as refusal:
            refuse(form, refusal)
    return render(request, template, {"form": form, "failed": bool(form.errors)}, status=422 if form.errors else 200)


def _choose_password(request: Request, token: str, purposes: tuple[str, ...], again: str) -> HttpResponse:
    now = timezone.now()
    link = first_access.find(token, *purposes, at=now)
    if link is None:
        return _expired(request, again)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = access.open_with_password(link, form.cleaned_data["password"], at=now)
            return come_in(request, user)
        except Refused as refusal:
            refuse(form, refusal)
    context = {"form": form, "link": _shown(link), "is_first": link.purpose in first_access.FIRST}
    context["failed"] = bool(form.errors)
    return render(request, "public/choose_password.html", context, status=422 if form.errors else 200)


def _shown(link: AccessLink) -> dict[str, str]:
    return {"address": link.address, "name": link.user.first_name if link.user else ""}


def _expired(request: Request, again: str) -> HttpResponse:
    """The same for a link that was used, voided, has expired, or never was."""
    return render(request, "public/expired.html", {"again": again}, status=404)
