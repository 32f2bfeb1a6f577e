"""Signed-in browsers without the sign-in form, for people of the measured installation."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from guiche.accounts import sessions
from guiche.accounts.models import User

CSRF = "bench" * 6 + "be"  # what the cookie and the field of a form both say: 32 letters


def cookies_of(user: User) -> dict[str, str]:
    """Return the cookies of a new session of `user`."""
    store = sessions.SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.start(store, user, device="bench", address="127.0.0.1", at=timezone.now())
    store.create()
    return {settings.SESSION_COOKIE_NAME: str(store.session_key), settings.CSRF_COOKIE_NAME: CSRF}
