"""What is answered when something failed or was refused: a kind page, or a fragment for htmx; never a trace."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

RETRY_SECONDS = 30  # when a page or a program may ask again


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "public/errors/404.html", status=404)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "public/errors/403.html", {"message": ""}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "public/errors/csrf.html", status=403)


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
    context = {"title": title, "text": text, "symbol": symbol, "is_fragment": is_fragment}
    return render(request, "public/errors/plain.html", context, status=status)
