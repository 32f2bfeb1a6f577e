"""Single-use links: made, found and spent. Only a hash is kept, its purpose inside; a newer link voids the older."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from guiche.accounts.models import AccessLink, LinkPurpose, User
from guiche.accounts.roles import Role
from guiche.core.errors import Refused

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # 32 random bytes: 256 bits
LIFETIMES: Mapping[str, timedelta] = {
    LinkPurpose.SETUP: timedelta(hours=1),
    LinkPurpose.INVITATION: timedelta(hours=72),
    LinkPurpose.FIRST_ACCESS: timedelta(minutes=10),
    LinkPurpose.NEW_PASSWORD: timedelta(minutes=10),
    LinkPurpose.CONFIRM_ADDRESS: timedelta(hours=24),
}
# What each kind of link opens. web/public/urls.py mounts the same addresses; a test compares them.
PATHS: Mapping[str, str] = {
    LinkPurpose.SETUP: "/configurar/%s/",
    LinkPurpose.INVITATION: "/primeiro-acesso/%s/",
    LinkPurpose.FIRST_ACCESS: "/primeiro-acesso/%s/",
    LinkPurpose.NEW_PASSWORD: "/senha/nova/%s/",
    LinkPurpose.CONFIRM_ADDRESS: "/cadastro/%s/",
}
FIRST = (LinkPurpose.INVITATION, LinkPurpose.FIRST_ACCESS)
PASSWORD = (*FIRST, LinkPurpose.NEW_PASSWORD)


class LinkRefused(Refused):
    """This link opens nothing any more."""


def setup_link(at: datetime) -> str | None:
    """Return the address on which the first administrator is made, voiding earlier ones; None once there is one."""
    if has_administrator():
        return None
    return address_of(LinkPurpose.SETUP, issue(LinkPurpose.SETUP, at=at))


def has_administrator() -> bool:
    """Whether anybody administers the installation, or ever did: the set-up link is for a new one only."""
    return User.objects.with_role(Role.ADMINISTRATOR).exists()


def address_of(purpose: str, token: str) -> str:
    """Return the whole address of a link, from the installation's own address and never from a request."""
    return f"{settings.ADDRESS}{PATHS[purpose] % token}"


@transaction.atomic
def issue(
    purpose: str,
    *,
    at: datetime,
    user: User | None = None,
    address: str = "",
    details: Mapping[str, Any] | None = None,
) -> str:
    """Make a link for `user` or for an address that nobody has yet, and return its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    address = address or (user.email if user else None) or ""
    void(purpose, user=user, address=address, at=at)
    AccessLink.objects.create(
        purpose=purpose,
        user=user,
        address=address,
        token_hash=digest(purpose, token),
        details=dict(details or {}),
        created_at=at,
        expires_at=at + LIFETIMES[purpose],
    )
    return token


def void(purpose: str, *, user: User | None, address: str, at: datetime) -> None:
    """Void the unused links that a new one replaces: any that sets this person's password, or the address's same."""
    kinds = PASSWORD if purpose in PASSWORD else (purpose,)
    whose = Q(user=user) if user else Q(user__isnull=True, address=address)
    AccessLink.objects.unused().filter(whose, purpose__in=kinds).update(voided_at=at)


def void_all(user: User, *, at: datetime) -> None:
    """Void every unused link of a person: its address changed, it left, or it was merged."""
    AccessLink.objects.unused().filter(user=user).update(voided_at=at)


def find(token: str, *purposes: str, at: datetime) -> AccessLink | None:
    """Return the link that `token` opens for one of `purposes`, or None: malformed, unknown, used, voided or expired.

    A person's link opens nothing once its address is no longer theirs, or they may not come in.
    """
    if not _TOKEN.fullmatch(token):
        return None
    digests = [digest(purpose, token) for purpose in purposes]
    link = AccessLink.objects.open(at).select_related("user").filter(token_hash__in=digests).first()
    if link is None or not any(secrets.compare_digest(link.token_hash, known) for known in digests):
        return None
    if link.user and (not link.user.is_active or link.user.email != link.address):
        return None
    return link


def spend(link: AccessLink, *, at: datetime) -> None:
    """Use the link up. Raises LinkRefused if somebody was faster or it has ended meanwhile."""
    if not AccessLink.objects.open(at).filter(pk=link.pk).update(used_at=at):
        raise LinkRefused(_("This link was used already or has expired. Ask for another one."))


def digest(purpose: str, token: str) -> str:
    """Return what is kept of a token. The purpose is part of it, so a token of one never opens another."""
    return hashlib.sha256(f"{purpose}:{token}".encode()).hexdigest()
