"""What staff do with people: register, change, give and take access and roles. For contacts of one organisation, see
organizations.actions.memberships."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.accounts import first_access, persons, policies, sessions
from guiche.accounts.events import PersonChanged, RolesChanged
from guiche.accounts.models import User
from guiche.accounts.roles import GRANTABLE, Role
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.files import actions as files
from guiche.files import picture

if TYPE_CHECKING:
    from django.core.files.base import File


class RolesRefused(Refused):
    """These roles cannot be given or taken."""


@transaction.atomic
def register_staff(
    *, name: str, email: str, roles: Iterable[str], phone: str = "", by: User, at: datetime, is_invited: bool = True
) -> User:
    """Register somebody of the provider with `roles`, and send the invitation unless `is_invited` is off.

    Raises NotAllowed unless `by` administers; RolesRefused for no role or one that nobody gives; PersonRefused
    for a wrong or taken address.
    """
    _check(policies.can_manage_people(by))
    roles = _clean_roles(roles)
    if not roles:
        message = _("Choose at least one role")
        raise RolesRefused(message, fields={"roles": message})
    user = persons.register(name=name, email=email, phone=phone, roles=[], by=by, at=at)
    user = grant_roles(user, roles, by=by, at=at)
    if is_invited and user.email:
        persons.invite(user, by=by, at=at)
    return user


@transaction.atomic
def invite(user: User, *, by: User, at: datetime) -> None:
    """Send, or send again, the invitation to choose a password. Raises NotAllowed, PersonRefused."""
    _check(policies.can_change_email(by, user))
    persons.invite(user, by=by, at=at)


@transaction.atomic
def change(user: User, *, by: User, at: datetime, **values: Any) -> User:
    """Change `name`, `phone`, `language`, `time_zone`, `theme` or `has_shortcuts`; others are a TypeError.

    Raises NotAllowed, PersonRefused.
    """
    if unknown := set(values) - CHANGEABLE:
        raise TypeError(f"change() does not write {sorted(unknown)}")
    _check(policies.can_change(by, user))
    user = User.objects.locked(user)
    if changed := persons.write(user, values):
        user.save(update_fields=changed)
        happened(PersonChanged(subject=user, by=by, at=at, details={"fields": changed}))
    return user


CHANGEABLE = frozenset({"name", "phone", "language", "time_zone", "theme", "has_shortcuts"})


@transaction.atomic
def set_photo(user: User, upload: File[bytes], *, by: User, at: datetime) -> User:
    """Make `upload`, cut to a square and cleaned of what the camera wrote, the photo. Raises PictureRefused."""
    _check(policies.can_change(by, user))
    square = picture.square(upload)
    user = User.objects.locked(user)
    user.photo = files.keep(_as_file(square), by=user, at=at, name="foto.webp")
    user.save(update_fields=["photo"])
    happened(PersonChanged(subject=user, by=by, at=at, details={"fields": ["photo"]}))
    return user


@transaction.atomic
def remove_photo(user: User, *, by: User, at: datetime) -> User:
    _check(policies.can_change(by, user))
    user = User.objects.locked(user)
    user.photo = None
    user.save(update_fields=["photo"])
    happened(PersonChanged(subject=user, by=by, at=at, details={"fields": ["photo"]}))
    return user


@transaction.atomic
def change_email(user: User, email: str, *, by: User, at: datetime) -> User:
    """Give another address: both are told, sessions end, links are void. Raises NotAllowed, PersonRefused."""
    _check(policies.can_change_email(by, user))
    return persons.change_email(user, email, by=by, at=at)


@transaction.atomic
def deactivate(user: User, *, by: User, at: datetime, successor: User | None = None) -> User:
    """Take the access away at once. `successor` takes over what is open in the name of somebody of the desk.

    Raises NotAllowed; RolesRefused for the last administrator; PersonRefused if the successor cannot take over.
    """
    _check(policies.can_deactivate(by, user))
    if user.has_role(Role.ADMINISTRATOR):
        _check_not_last_administrator(user, lock_administrators())
    if successor and (successor == user or not successor.is_active or not successor.at_the_desk):
        message = _("Choose somebody of the desk who has access")
        raise persons.PersonRefused(message, fields={"successor": message})
    return persons.deactivate(user, by=by, at=at, successor=successor)


@transaction.atomic
def reactivate(user: User, *, by: User, at: datetime) -> User:
    """Give the access back. Raises NotAllowed, PersonRefused."""
    _check(policies.can_deactivate(by, user))
    return persons.reactivate(user, by=by, at=at)


@transaction.atomic
def grant_roles(user: User, roles: Iterable[str], *, by: User, at: datetime) -> User:
    """Give `user` exactly these roles; every administrator is told. With less to do, sessions end at once.

    Raises NotAllowed unless `by` administers; RolesRefused for a role that nobody gives, or for the last
    administrator.
    """
    _check(policies.can_grant_roles(by, user))
    new = _clean_roles(roles)
    administrators = lock_administrators()
    user = User.objects.locked(user)
    old = list(user.roles)
    if new == old:
        return user
    if Role.ADMINISTRATOR in old and Role.ADMINISTRATOR not in new:
        _check_not_last_administrator(user, administrators)
    user.roles = new
    user.save(update_fields=["roles"])
    # What a session may do and how long it lasts follow the roles: it starts again, under a new key.
    sessions.end_all(user)
    details = {"old": old, "new": new}
    happened(RolesChanged(subject=user, by=by, at=at, old=tuple(old), new=tuple(new), details=details))
    return user


@transaction.atomic
def end_sessions(user: User, *, by: User, at: datetime) -> int:
    """Sign `user` out everywhere. Return how many sessions ended. Raises NotAllowed."""
    _check(policies.can_deactivate(by, user))
    first_access.void_all(user, at=at)
    ended = sessions.end_all(user)
    happened(PersonChanged(subject=user, by=by, at=at, details={"sessions_ended": ended}))
    return ended


def _clean_roles(roles: Iterable[str]) -> list[str]:
    asked = set(roles)
    if asked - set(GRANTABLE):
        raise RolesRefused(_("One of these roles cannot be given."), fields={"roles": _("Choose roles of the list")})
    return [str(role) for role in GRANTABLE if role in asked]


def lock_administrators() -> list[int]:
    """Lock who administers and return their keys: of two who remove each other at one second only one may succeed.

    All of them, in one order, and before anybody else is locked: so that the two wait instead of blocking each other.
    """
    rows = User.objects.active().with_role(Role.ADMINISTRATOR).order_by("pk").select_for_update()
    return list(rows.values_list("pk", flat=True))


def _check_not_last_administrator(user: User, administrators: list[int]) -> None:
    if not set(administrators) - {user.pk}:
        raise RolesRefused(_("%s is the only administrator. Make another one first.") % user.name)


def _check(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed(_("This is for administrators to do. Ask one of them."))


def _as_file(content: bytes) -> File[bytes]:
    from django.core.files.base import ContentFile

    return ContentFile(content, name="foto.webp")
