"""What people are told about their access, and the job that answers who asked for a letter."""

from guiche.accounts import letters, tasks
from guiche.accounts.events import (
    AccessAsked,
    EmailChanged,
    PasswordChanged,
    PersonInvited,
    RolesChanged,
    SecondFactorChanged,
    SignedInOnNewDevice,
)


def answer_access_request_later(event: AccessAsked) -> None:
    tasks.answer_access_request.defer(request_id=event.subject.pk)


def send_invitation(event: PersonInvited) -> None:
    letters.send_invitation(event.subject, event.token, by=event.by, organization=event.organization, at=event.at)


def tell_email_changed(event: EmailChanged) -> None:
    letters.send_email_changed(event.subject, old=event.old, new=event.new, by=event.by, at=event.at)


def tell_password_changed(event: PasswordChanged) -> None:
    letters.send_password_changed(event.subject, at=event.at)


def tell_new_device(event: SignedInOnNewDevice) -> None:
    letters.send_new_device(event.subject, device=event.device, address=event.address, at=event.at)


def tell_second_factor_changed(event: SecondFactorChanged) -> None:
    letters.send_second_factor_changed(event.subject, what=event.details["what"], at=event.at)


def tell_administrators(event: RolesChanged) -> None:
    letters.send_roles_changed(event.subject, old=event.old, new=event.new, by=event.by, at=event.at)
