"""Secrets that must be read again: encrypted at rest under a key of the installation, one per purpose."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac


class SecretLost(Exception):
    """It was sealed under another key, or for another purpose."""


def seal(secret: str, purpose: str) -> str:
    """Return `secret` encrypted for `purpose`; no other purpose opens it."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Return what `seal` was given for `purpose`. Raises SecretLost."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretLost from None


def _box(purpose: str) -> Fernet:
    key = salted_hmac("guiche.core.secretbox", purpose, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
