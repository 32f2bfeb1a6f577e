"""What is answered when something failed or was refused: a kind page, or a fragment for htmx; never a trace."""

from __future__ import annotations

import json
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from guiche.web import areas
from guiche.web.http import safe_next
from guiche.web.public import signin
from guiche.web.public.again import fresh_token, is_from_here, offered

# Forms that have nothing left to do for who signed in meanwhile, on another tab.
COMING_IN = ("public:signin", "mfa_authenticate", "mfa_login_webauthn")
STALE = "incorrect."  # how Django's reason ends when only the token is wrong: neither the origin nor the cookies
RETRY_SECONDS = 30  # when a page or a program may ask again


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "public/errors/404.html", status=404)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "public/errors/403.html", {"message": ""}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is not this browser's. Most often its page is older than the last sign-in.

    Then nothing is lost: what was typed is shown, with a button and a fresh token; a page that htmx serves takes the
    fresh token for its forms, and the same button works.
    """
    user = getattr(request, "user", None)
    who = user.name if user is not None and user.is_authenticated else ""
    again = None
    if reason.endswith(STALE) and is_from_here(request):
        if who and request.path in {reverse(route) for route in COMING_IN}:
            return redirect(safe_next(request, areas.START))
        if request.path == reverse("public:signin"):
            return signin.once_more(request)
        again = offered(request)
    response = render(request, "public/errors/csrf.html", {"again": again, "who": who}, status=403)
    if again and request.headers.get("HX-Request") == "true":
        response["HX-Trigger"] = json.dumps({"token-renewed": {"token": fresh_token(request)}})
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(
        request,
        400,
        _("We did not understand this request"),
        _("Go back and try again. If a file was being sent, check its size."),
        "alert",
    )


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    """Answer somebody who came by an address that only receives forms: a page kept open over night, a typed link."""
    return _plain(
        request,
        405,
        _("This address only receives forms"),
        _("Go back to the page where you were and use its buttons. What you wrote and was saved is kept."),
        "alert",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a failure of ours, with 503 when it was the database that did not answer. Asks the database nothing."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return _plain(
        request,
        500,
        _("Something failed on our side"),
        _("We have been told. What you wrote and was saved is kept. Try again in a few minutes."),
        "alert",
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """Answer that the service is away for a moment, and when to ask again."""
    response = _plain(
        request,
        503,
        _("We will be right back"),
        _("The service is away for a moment. What you wrote and was saved is kept. Try again in half a minute."),
        "clock",
    )
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _plain(request: HttpRequest, status: int, title: str, text: str, symbol: str) -> HttpResponse:
    # From the header: what failed may have been the middleware that sets request.htmx.
    is_fragment = request.headers.get("HX-Request") == "true"
    again = offered(request) if status >= 500 else None
    context = {"title": title, "text": text, "symbol": symbol, "is_fragment": is_fragment, "again": again}
    return render(request, "public/errors/plain.html", context, status=status)
