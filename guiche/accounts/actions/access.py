"""How somebody comes in: letters asked for, passwords chosen, the first administrator, what a sign-in leaves behind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from guiche.accounts import attempts, first_access, persons, remembered, sessions, system
from guiche.accounts.events import (
    AccessAsked,
    AdministratorSetUp,
    DeviceForgotten,
    DeviceRemembered,
    PasswordChanged,
    SecondFactorChanged,
    SignedIn,
    SignedInOnNewDevice,
)
from guiche.accounts.models import AccessLink, AccessRequest, KnownDevice, LinkPurpose, User
from guiche.accounts.roles import Role
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened

LONGEST_PASSWORD = 256


class PasswordRefused(Refused):
    """This password cannot be used."""


@transaction.atomic
def ask(
    purpose: str, *, address: str, network: str, at: datetime, details: Mapping[str, Any] | None = None
) -> AccessRequest | None:
    """Note that somebody typed `address` and waits for a letter; the same work whether or not anybody has it.

    Over the limits (3 an hour for an address, 20 for a network) nothing is noted, and the caller says nothing of it.
    Raises PersonRefused for what is not an address.
    """
    email = persons.clean_email(address)
    if email is None:
        message = _("Write your e-mail")
        raise persons.PersonRefused(message, fields={"email": message})
    tries = [
        (attempts.LETTERS_OF_ADDRESS, attempts.address_key(email)),
        (attempts.LETTERS_OF_NETWORK, attempts.network_key(network)),
    ]
    if attempts.take_all(tries, at=at) is None:
        return None
    request = AccessRequest.objects.create(purpose=purpose, address=email, details=dict(details or {}), created_at=at)
    happened(AccessAsked(subject=request, by=system.user(), at=at))
    return request


@transaction.atomic
def open_with_password(link: AccessLink, password: str, *, at: datetime) -> User:
    """Spend a first-access or new-password link and set the password: every session ends, a letter says so.

    Raises LinkRefused, PasswordRefused (the link stays unspent).
    """
    if link.user is None or link.purpose not in first_access.PASSWORD:
        raise first_access.LinkRefused(_("This link is for something else."))
    user = User.objects.locked(link.user)
    check_password(password, user)
    first_access.spend(link, at=at)
    return _set_password(user, password, at=at, but=None)


def change_password(user: User, *, old: str, new: str, at: datetime, session_key: str | None) -> User:
    """Change one's own password; the other sessions end, and a letter says so. A wrong `old` counts as at the gate.

    Raises PasswordRefused beside `old` or `new`.
    """
    # Outside the transaction: what is refused must not be forgotten with it.
    tried = attempts.take(attempts.PASSWORDS_OF_ADDRESS, attempts.address_key(user.email or str(user.pk)), at=at)
    if tried is None:
        message = _("Too many tries. Wait 15 minutes, then try again.")
        raise PasswordRefused(message, fields={"old": message})
    with transaction.atomic():
        user = User.objects.locked(user)
        if not user.check_password(old):
            message = _("The current password is another one. Try again or create a new one by e-mail.")
            raise PasswordRefused(message, fields={"old": message})
        attempts.give_back([tried])
        check_password(new, user, field="new")
        return _set_password(user, new, at=at, but=session_key)


@transaction.atomic
def set_up_first_administrator(link: AccessLink, *, name: str, email: str, password: str, at: datetime) -> User:
    """Make the first administrator of a new installation. Raises LinkRefused, PersonRefused, PasswordRefused."""
    if link.purpose != LinkPurpose.SETUP or first_access.has_administrator():
        raise first_access.LinkRefused(_("This installation has an administrator already."))
    first_access.spend(link, at=at)
    if not persons.clean_email(email):
        message = _("Write your e-mail")
        raise persons.PersonRefused(message, fields={"email": message})
    by = system.user()
    user = persons.register(name=name, email=email, phone="", roles=[Role.ADMINISTRATOR.value], by=by, at=at)
    check_password(password, user)
    user.set_password(password)
    user.password_changed_at = at
    user.save(update_fields=["password", "password_changed_at"])
    happened(AdministratorSetUp(subject=user, by=by, at=at))
    return user


def check_password(password: str, user: User | None, *, field: str = "password") -> None:
    """Raise PasswordRefused, saying all that is missing, unless `password` may be used by `user`."""
    if len(password) > LONGEST_PASSWORD:
        message = _("This is too long: at most %d characters.") % LONGEST_PASSWORD
        raise PasswordRefused(message, fields={field: message})
    try:
        validate_password(password, user)
    except ValidationError as error:
        message = " ".join(error.messages)
        raise PasswordRefused(message, fields={field: message}) from None


@transaction.atomic
def note_signed_in(user: User, *, mark: str, device: str, address: str, at: datetime) -> bool:
    """Note a sign-in. On a browser (`mark` is its cookie) where this person never was, a letter tells them.

    Return whether the browser was new. The very first one is not told: there is nothing to compare with.
    """
    happened(SignedIn(subject=user, by=user, at=at, details={"device": device, "address": address}))
    is_first = not KnownDevice.objects.filter(user=user).exists()
    mark_hash = hashlib.sha256(mark.encode()).hexdigest()
    row, is_new = KnownDevice.objects.update_or_create(
        user=user, mark_hash=mark_hash, defaults={"name": device, "seen_at": at}
    )
    if is_new and not is_first:
        happened(SignedInOnNewDevice(subject=user, by=user, at=at, device=row.name, address=address))
    return is_new


@transaction.atomic
def note_second_factor(user: User, *, what: str, by: User, at: datetime) -> None:
    """Note that a second factor was added or removed (`what` says which); a letter tells the person.

    Devices that were remembered had passed another second step: every one is asked again.
    """
    remembered.forget_all(user)
    happened(SecondFactorChanged(subject=user, by=by, at=at, details={"what": what}))


@transaction.atomic
def remember_device(user: User, *, device: str, by: User, at: datetime) -> tuple[int, str]:
    """Spare `user` the second step on a browser for 30 days. Return what stands for it, and its cookie's secret.

    To be called only when the second step was passed at this moment. Raises NotAllowed for somebody else.
    """
    if by != user:
        raise NotAllowed(_("This is not your account."))
    user = User.objects.locked(user)
    pk, token = remembered.issue(user, name=device, at=at)
    happened(DeviceRemembered(subject=user, by=by, at=at, details={"device": device}))
    return pk, token


@transaction.atomic
def forget_device(user: User, device_id: int, *, by: User, at: datetime) -> None:
    """Ask for the second step again on one of one's own devices. Raises NotAllowed for another's."""
    if by != user:
        raise NotAllowed(_("This is not your account."))
    if not remembered.forget(user, device_id):
        raise Refused(_("This device was forgotten already."))
    happened(DeviceForgotten(subject=user, by=by, at=at))


@transaction.atomic
def end_session(user: User, session_id: str, *, by: User, at: datetime) -> None:
    """End one of one's own sessions, named by what sessions.public_id() gave. Raises NotAllowed for another's."""
    if by != user:
        raise NotAllowed(_("This is not your session."))
    if not sessions.end_one(user, session_id):
        raise Refused(_("This session has ended already."))


def _set_password(user: User, password: str, *, at: datetime, but: str | None) -> User:
    user.set_password(password)
    user.password_changed_at = at
    user.save(update_fields=["password", "password_changed_at"])
    first_access.void_all(user, at=at)
    sessions.end_all(user, but=but)
    happened(PasswordChanged(subject=user, by=user, at=at))
    return user
