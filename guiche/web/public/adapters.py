"""Where the accounts library meets our rules: limits, who may come in, what a sign-in leaves behind, its words."""

from __future__ import annotations

import secrets
import time
from datetime import datetime
from typing import Any, cast

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.accounts import attempts, sessions
from guiche.accounts.actions import access
from guiche.accounts.models import User
from guiche.core import secretbox
from guiche.installation import models as installation
from guiche.organizations import signin
from guiche.web import areas, clients
from guiche.web.public import remembered

DEVICE_COOKIE = "__Host-guiche-device" if settings.IS_HTTPS else "guiche-device"
DEVICE_COOKIE_SECONDS = 365 * 24 * 3600
# What the library calls its letters → what we note.
CHANGES = {
    "mfa/email/totp_activated": "totp_added",
    "mfa/email/totp_deactivated": "totp_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "codes_generated",
}
# Steps of signing in of the library's → ours.
STAGES = {"allauth.mfa.stages.AuthenticateStage": "guiche.web.public.remembered.SecondStepStage"}


class Paused(Exception):
    """Too many passwords were tried. `until` is when another may be; None when only the network is to wait."""

    def __init__(self, until: datetime | None) -> None:
        super().__init__(until)
        self.until = until


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Signing in, by whichever door of the library."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("The password is another one. Try again."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait 15 minutes, then try again."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose e-mail and password these are. Raises Paused after 5 wrong ones; a right one is not counted."""
        now = timezone.now()
        key = attempts.address_key(credentials.get("email") or "")
        network = attempts.network_key(clients.address_of(request))
        tries = [(attempts.PASSWORDS_OF_ADDRESS, key), (attempts.PASSWORDS_OF_NETWORK, network)]
        taken = attempts.take_all(tries, at=now)
        if taken is None:
            raise Paused(attempts.free_at(attempts.PASSWORDS_OF_ADDRESS, key, at=now))
        user = authenticate(request, **credentials)
        if user:
            attempts.give_back(taken)
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the password of the person signed in; counted like any other try."""
        try:
            found = self.authenticate(context.request, email=user.email, password=password)
        except Paused:
            raise self.validation_error("too_many_login_attempts") from None
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not again for who has just signed in, unless a remembered device spared the second step."""
        if remembered.was_skipped(context.request):
            return True
        started = context.request.session.get(sessions.STARTED)
        if not started:
            return True
        age = time.time() - datetime.fromisoformat(started).timestamp()
        return bool(age > app_settings.REAUTHENTICATION_TIMEOUT)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Whom a remembered device spared the second step proves that step: the password was proven already."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        steps = [method for method in methods if method["id"] != "reauthenticate"]
        return steps if steps and remembered.was_skipped(context.request) else methods

    def get_login_stages(self) -> list[str]:
        return [STAGES.get(stage, stage) for stage in super().get_login_stages()]

    def pre_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse | None:
        """Turn away who has nowhere to go: a contact whose last organisation ended, somebody closed, the system."""
        if user.is_active and not user.is_system and signin.has_somewhere_to_go(user):
            return None
        return render(request, "public/no_organization.html", status=403)

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session: a new key, a new CSRF secret, and whose, where and since when written on it."""
        super().login(request, user)
        address = clients.address_of(request) or None
        sessions.start(request.session, user, device=clients.device_of(request), address=address, at=timezone.now())
        remembered.mark_session(request)

    def post_login(self, request: HttpRequest, user: User, *, redirect_url: str | None, **how: Any) -> HttpResponse:
        """Go where the person wanted, and note the sign-in: on a new device they get a letter."""
        response = redirect(redirect_url or self.get_login_redirect_url(request))
        mark = request.COOKIES.get(DEVICE_COOKIE, "")
        if not 20 <= len(mark) <= 100:
            mark = secrets.token_urlsafe(24)
        device, address = clients.device_of(request), clients.address_of(request)
        access.note_signed_in(user, mark=mark, device=device, address=address, at=timezone.now())
        response.set_cookie(
            DEVICE_COOKIE,
            mark,
            max_age=DEVICE_COOKIE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=settings.IS_HTTPS,
        )
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return areas.home_of(cast("User", request.user))

    def get_client_ip(self, request: HttpRequest) -> str:
        return clients.address_of(request) or "unknown"

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: str | None = None
    ) -> None:
        """The library's notices are our letters; one we don't know is a fault, not a silence."""
        access.note_second_factor(user, what=CHANGES[template_prefix], by=user, at=timezone.now())

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The library's own sentences are not shown: our pages say what happened."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """Codes and passkeys: their secrets encrypted, their words ours."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right. Wait for the next one and type it again."),
        "cannot_delete_authenticator": gettext_lazy("A second step is required here. Add another one before."),
    }

    def encrypt(self, text: str) -> str:
        return secretbox.seal(text, "second factor")

    def decrypt(self, encrypted_text: str) -> str:
        return secretbox.unseal(encrypted_text, "second factor")

    def get_totp_issuer(self) -> str:
        return installation.current().full_name

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the installation's own address; on loopback to the name that was typed."""
        host = settings.ALLOWED_HOSTS[0] if settings.IS_HTTPS else context.request.get_host().partition(":")[0]
        return {"id": host, "name": installation.current().full_name}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        is_last = not others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
        return not (is_last and is_required(authenticator.user))

    def generate_authenticator_name(self, user: User, type: str) -> str:
        count = Authenticator.objects.filter(user=user, type=type).count()
        return str(_("Passkey %d") % (count + 1))


def is_required(user: User) -> bool:
    """Whether `user` must have a second factor."""
    return user.works_here and installation.current().staff_second_factor


def has_second_factor(user: User) -> bool:
    """Whether `user` has a code app or a passkey. One query."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())
