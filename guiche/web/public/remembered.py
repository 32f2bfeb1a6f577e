"""Devices that are not asked for the second step for 30 days: their cookie, and the stage of signing in that reads it.

The library has trusted browsers too, but keeps them in the cookie alone: nobody could list or forget them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from guiche.accounts import remembered, sessions
from guiche.accounts.actions import access
from guiche.web import clients

if TYPE_CHECKING:
    from guiche.accounts.models import User

COOKIE = "__Host-guiche-remembered" if settings.IS_HTTPS else "guiche-remembered"
PEOPLE = 5  # how many may be remembered on one browser


class SecondStepStage(AuthenticateStage):  # type: ignore[misc]  # the library has no types
    """Asks for the second step, unless this person passed it on this device in the last 30 days."""

    def _should_handle(self, request: HttpRequest) -> bool:
        if not super()._should_handle(request):
            return False
        device = remembered.find(self.login.user, _tokens(request), at=timezone.now())
        request.remembered_device = device  # type: ignore[attr-defined]  # read by mark_session, in the same request
        return device is None


def mark_session(request: HttpRequest) -> None:
    """Write on a session that began without its second step that it did: what matters asks for the step then."""
    device = getattr(request, "remembered_device", None)
    if device:
        request.session[sessions.REMEMBERED] = device.pk
        request.session[sessions.SKIPPED] = True


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Spare the person who has just passed the second step the next ones on this browser."""
    user = cast("User", request.user)
    device = clients.device_of(request)
    pk, token = access.remember_device(user, device=device, by=user, at=timezone.now())
    request.session[sessions.REMEMBERED] = pk
    cookie: dict[str, Any] = {"max_age": int(remembered.LIFETIME.total_seconds()), "secure": settings.IS_HTTPS}
    tokens = [token, *_tokens(request)][:PEOPLE]
    response.set_cookie(COOKIE, ".".join(tokens), path="/", httponly=True, samesite="Lax", **cookie)


def was_skipped(request: HttpRequest) -> bool:
    """Whether the session began without the second step."""
    return bool(request.session.get(sessions.SKIPPED))


def _tokens(request: HttpRequest) -> list[str]:
    """Return the secrets in the cookie: one for each person who is remembered on this browser."""
    return request.COOKIES.get(COOKIE, "").split(".")[:PEOPLE]
