"""What a letter must carry and nobody may read in the log: encrypted while it waits."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

# Stands in the stored words of a letter where its secret belongs.
PLACEHOLDER = "__secret__"


class SecretLost(Exception):
    """The secret was sealed under another key: the letter cannot be completed."""


def seal(secret: str) -> str:
    """Return `secret` encrypted under a key of the installation that is used for nothing else."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what `seal` was given. Raises SecretLost if the installation's key is another one now."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SecretLost from None


def _box() -> Fernet:
    key = salted_hmac("guiche.mail.secrets", "outgoing letters", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
