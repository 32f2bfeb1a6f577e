"""Who an e-mail and password belong to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password

from guiche.accounts.models import User


class Backend(BaseBackend):
    """E-mail and password of an active person. The system, and whoever has no password yet, cannot sign in."""

    def authenticate(
        self, request: Any, email: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        if not email or not password:
            return None
        user = User.objects.active().filter(email=normalize_email(email)).first()
        if user is None or user.is_system or not user.has_usable_password():
            make_password(password)  # the same time as for somebody we know
            return None
        return user if user.check_password(password) else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.active().filter(pk=user_id).first()


def normalize_email(address: str) -> str:
    """Return the one form in which an e-mail address is kept and compared."""
    return address.strip().lower()
