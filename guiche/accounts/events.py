"""What can happen to people. Recorded in the audit; letters and other apps follow by reactions."""

from dataclasses import dataclass
from typing import Any

from guiche.core.events import Event


class PersonRegistered(Event):
    kind = "person.registered"


class PersonChanged(Event):
    kind = "person.changed"


@dataclass(kw_only=True)
class EmailChanged(Event):
    kind = "person.email_changed"
    old: str | None
    new: str | None


@dataclass(kw_only=True)
class PersonDeactivated(Event):
    """`successor`, when given, takes over what was open in the person's name."""

    kind = "person.deactivated"
    successor: Any = None  # a User


class PersonReactivated(Event):
    kind = "person.reactivated"


@dataclass(kw_only=True)
class RolesChanged(Event):
    kind = "person.roles_changed"
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(kw_only=True)
class PeopleMerged(Event):
    """`subject` is the record that stays; what belonged to `merged` is to be moved to it."""

    kind = "person.merged"
    merged: Any  # a User


class PasswordChanged(Event):
    kind = "person.password_changed"


class SecondFactorChanged(Event):
    kind = "person.second_factor_changed"


class DeviceRemembered(Event):
    kind = "person.device_remembered"


class DeviceForgotten(Event):
    kind = "person.device_forgotten"


class SignedIn(Event):
    kind = "person.signed_in"


@dataclass(kw_only=True)
class SignedInOnNewDevice(Event):
    kind = "person.signed_in_on_new_device"
    device: str
    address: str


@dataclass(kw_only=True)
class PersonInvited(Event):
    """`token` opens the first access; it goes into the letter and nowhere else. `inviter` is named there."""

    kind = "person.invited"
    token: str
    organization: str = ""


class AccessAsked(Event):
    """Somebody typed an address and waits for a letter; whether it is known is looked up by a job."""

    kind = "access.asked"


class AdministratorSetUp(Event):
    kind = "person.administrator_set_up"
