"""What a letter must carry and nobody may read in the log: sealed while it waits."""

from guiche.core import secretbox
from guiche.core.secretbox import SecretLost

__all__ = ["PLACEHOLDER", "SecretLost", "seal", "unseal"]

# Stands in the stored words of a letter where its secret belongs.
PLACEHOLDER = "__secret__"
_PURPOSE = "outgoing letters"


def seal(secret: str) -> str:
    """Return `secret` encrypted under a key of the installation that is used for nothing else."""
    return secretbox.seal(secret, _PURPOSE)


def unseal(sealed: str) -> str:
    """Return what `seal` was given. Raises SecretLost if the installation's key is another one now."""
    return secretbox.unseal(sealed, _PURPOSE)
