"""What letters were written in a test, and the secret link in one, as its reader would get it."""

import re

from guiche.mail import secrets
from guiche.mail.models import OutgoingMail


def letters_to(address: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(recipient=address).order_by("id"))


def link_to(address: str) -> str:
    """Return the path of the link in the newest letter to `address`, its secret in place."""
    letter = next(mail for mail in reversed(letters_to(address)) if mail.secret)
    found = re.search(
        r"https?://[^/\s]+(/\S+)", letter.text.replace(secrets.PLACEHOLDER, secrets.unseal(letter.secret))
    )
    assert found
    return found.group(1)


def token_to(address: str) -> str:
    return link_to(address).rstrip("/").rsplit("/", 1)[1]
