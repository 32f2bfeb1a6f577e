"""Devices on which the second step was passed and is not asked for a while. Only a hash of their secret is kept."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from guiche.accounts.models import RememberedDevice, User

LIFETIME = timedelta(days=30)
MOST = 20  # of one person: the oldest make room
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # 32 random bytes: 256 bits


def issue(user: User, *, name: str, at: datetime) -> tuple[int, str]:
    """Remember one more device of `user`. Return its id, and the secret for its cookie."""
    token = secrets.token_urlsafe(32)
    row = RememberedDevice.objects.create(
        user=user, token_hash=_hash(token), name=name[:120], created_at=at, expires_at=at + LIFETIME
    )
    kept = RememberedDevice.objects.filter(user=user).order_by("-created_at", "-id").values("pk")[:MOST]
    RememberedDevice.objects.filter(user=user).exclude(pk__in=kept).delete()
    return row.pk, token


def find(user: User, tokens: Iterable[str], *, at: datetime) -> RememberedDevice | None:
    """Return the device of `user` that one of `tokens` stands for; None when it is over or somebody else's."""
    hashes = [_hash(token) for token in tokens if _TOKEN.fullmatch(token)]
    if not hashes:
        return None
    return RememberedDevice.objects.filter(user=user, token_hash__in=hashes, expires_at__gt=at).first()


def all_of(user: User, *, at: datetime) -> QuerySet[RememberedDevice]:
    """Return the devices on which `user` is not asked now, newest first."""
    return RememberedDevice.objects.filter(user=user, expires_at__gt=at).order_by("-created_at", "-id")


def forget(user: User, pk: int | None) -> bool:
    """Ask for the second step again on one device of `user`. Return whether there was one."""
    return bool(pk and RememberedDevice.objects.filter(user=user, pk=pk).delete()[0])


def forget_all(user: User) -> None:
    RememberedDevice.objects.filter(user=user).delete()


def forget_expired(*, at: datetime) -> int:
    """Remove the rows that spare nobody anything any more. Return how many."""
    return RememberedDevice.objects.filter(expires_at__lte=at).delete()[0]


def _hash(token: str) -> str:
    return hashlib.sha256(f"remembered device:{token}".encode()).hexdigest()
