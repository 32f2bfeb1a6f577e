"""What every request passes: who it is, whether they may enter here, and how a refusal is answered."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from guiche.accounts import sessions
from guiche.accounts.models import User
from guiche.core import written
from guiche.core.errors import NotAllowed, Refused
from guiche.installation import models as installation
from guiche.notifications import bell
from guiche.organizations.models import Membership
from guiche.web import areas
from guiche.web.public.adapters import has_second_factor, is_required
from guiche.web.public.again import offered
from guiche.web.public.errors import method_not_allowed

if TYPE_CHECKING:
    from guiche.web.http import Request

Answer = Callable[[HttpRequest], HttpResponse]
METHODS = ["GET", "HEAD", "POST", "DELETE"]  # each view says which of these it knows

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{style}; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; font-src 'none'; "
    "object-src 'none'; frame-src 'self'; manifest-src 'self'"
)


class SecurityHeaders:
    """Says on every answer, files and errors too, what a browser may do with it. A view that says otherwise is kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.headers = {
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
            # Whoever uses the computer next finds no page of ours in it. Files with hashed names say otherwise.
            "Cache-Control": "no-store",
        }
        if settings.SECURE_HSTS_SECONDS:
            self.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        source = getattr(request, "style_source", "")  # set by brand.style when the page has its <style>
        policy = POLICY.format(style=f" {source}" if source else "")
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class KnownHost:
    """Answers only to the names of the installation, on every address: 400 otherwise, as Django says it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # raises DisallowedHost
        return self.get_response(request)


class Person:
    """Puts on the request what pages ask of the person, and speaks their language in their time zone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        user = request.user
        memberships = _memberships(user) if user.is_authenticated and not user.works_here else []
        request.memberships = memberships
        request.organization = memberships[0].organization if memberships else None
        request.administers = bool(memberships) and memberships[0].is_portal_administrator
        request.areas = []
        request.bell_count = 0
        if user.is_authenticated:
            request.areas = [(route, str(words), icon) for _, route, words, icon in areas.homes_of(user)]
            request.bell_count = SimpleLazyObject(lambda: bell.unread_count(user))  # type: ignore[assignment]  # read by layouts only
        language = user.language if user.is_authenticated else settings.LANGUAGE_CODE
        with translation.override(language), timezone.override(_zone(request)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _memberships(user: User) -> list[Membership]:
    found = written.rows(_places_of, user.pk)
    return sorted(found, key=lambda row: (-(row.used_at.timestamp() if row.used_at else 0), row.pk))


def _places_of(user_id: int) -> QuerySet[Membership]:
    return Membership.objects.active().filter(user=user_id).select_related("organization", "site")


def _zone(request: Request) -> zoneinfo.ZoneInfo:
    """The person's zone if set, else the organisation's, else the installation's."""
    own = request.user.time_zone if request.user.is_authenticated else ""
    organization = request.organization.time_zone if request.organization else ""
    try:
        return zoneinfo.ZoneInfo(own or organization or installation.current().time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)


class AreaGate:
    """Closed by default: an address opens only if its area is listed and this person may enter it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: Request, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        route = request.resolver_match.view_name if request.resolver_match else ""
        request.area = areas.area_of(route)
        attended = route not in areas.UNATTENDED and "X-Unattended" not in request.headers
        if request.user.is_authenticated and attended:
            sessions.touch(request.session, timezone.now())
        if request.area in areas.OPEN_TO_ALL:
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if route not in areas.ENROLMENT and is_required(request.user) and not has_second_factor(request.user):
            return _to_enrolment(request)
        if route == areas.START and not areas.may_enter(request.area, request.user):
            return redirect(areas.home_of(request.user))
        if not areas.may_enter(request.area, request.user):
            return render(request, "public/errors/403.html", {"message": ""}, status=403)
        _remember(request)
        return None


def _remember(request: Request) -> None:
    """Note the area that "/" takes this person to, when there are several and it changed."""
    user = request.user
    if len(request.areas) > 1 and user.last_area != request.area and request.area in areas.BEGINNINGS:
        User.objects.filter(pk=user.pk).update(last_area=request.area)


def _to_enrolment(request: Request) -> HttpResponse:
    """The installation asks staff for a second step: nothing else opens before there is one."""
    if request.htmx:
        return HttpResponse(status=403, headers={"HX-Redirect": reverse("profile:security")})
    return redirect("profile:security")


def _to_sign_in(request: Request) -> HttpResponse:
    """A page is remembered for after signing in; htmx is told to leave what is on the screen alone.

    What was typed in a plain form stays in the answer, to be sent once somebody signed in beside it.
    """
    if request.htmx:
        return HttpResponse(status=401, headers={"HX-Trigger": "session-over"})
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    kept = offered(request)
    if kept is not None and kept.texts:
        return render(request, "public/errors/signed_out.html", {"again": kept}, status=403)
    return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': wanted})}")


class Refusals:
    """Turns what a rule said, where no view caught it, into a page that says it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or response.content:
            return response
        kind = method_not_allowed(request)
        kind["Allow"] = response["Allow"]
        return kind

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        status = 403 if isinstance(exception, NotAllowed) else 409
        return render(request, "public/errors/403.html", {"message": exception.message}, status=status)
