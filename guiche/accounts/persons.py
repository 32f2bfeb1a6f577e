"""What is done to a person's record, without asking who may: for actions, which have asked their own policy."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guiche.accounts import first_access, sessions
from guiche.accounts.events import EmailChanged, PersonDeactivated, PersonInvited, PersonReactivated, PersonRegistered
from guiche.accounts.models import Language, LinkPurpose, Theme, User
from guiche.accounts.signin import normalize_email
from guiche.core.errors import Refused
from guiche.core.events import happened
from guiche.core.text import typed


class PersonRefused(Refused):
    """This cannot be written on a person's record."""


@transaction.atomic
def register(*, name: str, email: str, phone: str, roles: list[str], by: User, at: datetime) -> User:
    """Make a person without a password. Raises PersonRefused if the name is missing or the address taken or wrong."""
    user = User(name=clean_name(name), email=clean_email(email), phone=clean_line(phone, 40), roles=roles)
    user.password = make_password(None)
    save_with_email(user)
    happened(PersonRegistered(subject=user, by=by, at=at, details={"roles": roles}))
    return user


@transaction.atomic
def invite(user: User, *, by: User, at: datetime, organization: str = "") -> None:
    """Send the letter with which `user` chooses a password: 72 hours, voiding earlier ones.

    Raises PersonRefused for somebody without e-mail, without access or with a password already.
    """
    if not user.email:
        raise PersonRefused(_("%s has no e-mail address. Add one, then send the invitation.") % user.name)
    if not user.is_active:
        raise PersonRefused(_("%s has no access now. Give the access back, then send the invitation.") % user.name)
    if user.has_usable_password():
        raise PersonRefused(_("%s has chosen a password already and signs in with it.") % user.name)
    token = first_access.issue(LinkPurpose.INVITATION, user=user, at=at)
    happened(PersonInvited(subject=user, by=by, at=at, token=token, organization=organization))


@transaction.atomic
def change_email(user: User, email: str, *, by: User, at: datetime) -> User:
    """Give `user` another address: links are void, sessions end, both addresses are told.

    Raises PersonRefused if the address is wrong or taken.
    """
    user = User.objects.locked(user)
    old, new = user.email, clean_email(email)
    if new == old:
        raise PersonRefused(_("This is the e-mail already."), fields={"email": _("This is the e-mail already.")})
    user.email = new
    save_with_email(user, update_fields=["email"])
    first_access.void_all(user, at=at)
    sessions.end_all(user)
    happened(EmailChanged(subject=user, by=by, at=at, old=old, new=new, details={"old": old, "new": new}))
    return user


@transaction.atomic
def deactivate(user: User, *, by: User, at: datetime, successor: User | None = None) -> User:
    """Take the access away at once: sessions end, links are void. What they did stays."""
    user = User.objects.locked(user)
    if not user.is_active:
        raise PersonRefused(_("%s has no access already.") % user.name)
    user.is_active, user.deactivated_at = False, at
    user.save(update_fields=["is_active", "deactivated_at"])
    first_access.void_all(user, at=at)
    sessions.end_all(user)
    details = {"successor": successor.pk} if successor else {}
    happened(PersonDeactivated(subject=user, by=by, at=at, successor=successor, details=details))
    return user


@transaction.atomic
def reactivate(user: User, *, by: User, at: datetime) -> User:
    """Give the access back. A record merged into another stays closed."""
    user = User.objects.locked(user)
    if user.is_active:
        raise PersonRefused(_("%s has access already.") % user.name)
    if user.merged_into_id:
        raise PersonRefused(_("This record was merged into another one of the same person. Use that one."))
    user.is_active, user.deactivated_at = True, None
    user.save(update_fields=["is_active", "deactivated_at"])
    happened(PersonReactivated(subject=user, by=by, at=at))
    return user


def write(user: User, values: Mapping[str, Any]) -> list[str]:
    """Put what was typed on `user`, unsaved, and return the names of the fields that changed."""
    cleaners: dict[str, Callable[[Any], Any]] = {
        "name": clean_name,
        "phone": _clean_phone,
        "language": _clean_language,
        "time_zone": clean_time_zone,
        "theme": _clean_theme,
        "has_shortcuts": bool,
    }
    changed = []
    for field, value in values.items():
        value = cleaners[field](value)
        if getattr(user, field) != value:
            setattr(user, field, value)
            changed.append(field)
    return changed


def save_with_email(user: User, update_fields: list[str] | None = None) -> None:
    """Save `user`; the database says whether the address is taken, so two at once cannot both have it."""
    try:
        with transaction.atomic():
            user.save(update_fields=update_fields)
    except IntegrityError as error:
        if not User.objects.filter(email=user.email).exclude(pk=user.pk).exists():
            raise
        message = _("Somebody with this e-mail is registered already.")
        raise PersonRefused(message, fields={"email": message}) from error


def clean_name(name: str) -> str:
    name = clean_line(name, 120)
    if len(name) < 2:
        message = _("Write the full name")
        raise PersonRefused(message, fields={"name": message})
    return name


def clean_email(email: str) -> str | None:
    """Return the address in its kept form, None for none. Raises PersonRefused if it cannot be one."""
    email = normalize_email(typed(email or ""))
    if not email:
        return None
    try:
        validate_email(email)
    except ValidationError:
        message = _("Check the e-mail. Example: name@company.com")
        if "@" not in email:
            message = _("The @ is missing in the e-mail. Example: name@company.com")
        raise PersonRefused(message, fields={"email": message}) from None
    return email


def clean_line(value: str, longest: int) -> str:
    """Return one line of text as it is kept: single spaces, no controls. Raises PersonRefused when it is too long."""
    value = " ".join(typed(value or "").split())
    if len(value) > longest:
        raise PersonRefused(_("This is too long: at most %d characters.") % longest)
    return value


def clean_time_zone(zone: str) -> str:
    if zone and zone not in zoneinfo.available_timezones():
        message = _("Choose a time zone of the list")
        raise PersonRefused(message, fields={"time_zone": message})
    return zone


def _clean_phone(phone: str) -> str:
    return clean_line(phone, 40)


def _clean_language(language: str) -> str:
    if language not in Language.values:
        message = _("Choose a language of the list")
        raise PersonRefused(message, fields={"language": message})
    return language


def _clean_theme(theme: str) -> str:
    if theme not in Theme.values:
        message = _("Choose a theme of the list")
        raise PersonRefused(message, fields={"theme": message})
    return theme
