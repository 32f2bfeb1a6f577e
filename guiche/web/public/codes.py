"""The codes of the second step: one of the app is taken once, for as long as it would be right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.utils import timezone

from guiche.accounts import attempts

# The library forgets a code after its 30 seconds, and with the tolerance of one step it would be right for 90.
ONCE = attempts.Limit("code-used", 1, timedelta(minutes=5))


class _Once:
    """Refuses a code of the app that somebody has come in with already."""

    user: Any  # of the library's form beside us
    authenticator: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of the library's form beside us
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP
        digits = "".join(character for character in code if character.isalnum())
        if is_of_app and attempts.take(ONCE, f"{self.user.pk}:{digits}", at=timezone.now()) is None:
            raise get_adapter().validation_error("incorrect_code")
        return code


class StepForm(_Once, AuthenticateForm):  # type: ignore[misc]  # the library has no types
    """The second step of signing in."""


class ConfirmForm(_Once, ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    """The step again, before what matters."""
