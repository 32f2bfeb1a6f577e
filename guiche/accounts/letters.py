"""The letters about access: who gets them, in what words. Each goes to one address; only these hold secret links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from guiche.accounts import first_access
from guiche.accounts.models import LinkPurpose, User
from guiche.accounts.roles import Role
from guiche.installation import models as installation
from guiche.mail import posting
from guiche.mail.stationery import brand


def send_password_link(user: User, purpose: str, token: str, *, at: datetime) -> None:
    """The link that was asked for on the page of first access or of a new password: 10 minutes."""
    with translation.override(user.language):
        is_first = purpose == LinkPurpose.FIRST_ACCESS
        _send(
            user.email,
            user,
            f"{purpose}:{_mark(token)}",
            subject=_("Create your password") if is_first else _("Create a new password"),
            paragraphs=[
                _("Hello, %s.") % user.first_name,
                _("Somebody, probably you, asked for this link. It works once, for 10 minutes."),
                _("If it was not you, do nothing: without the link nothing changes."),
            ],
            button=_("Create password"),
            purpose=purpose,
            token=token,
            at=at,
        )


def send_invitation(user: User, token: str, *, by: User, organization: str, at: datetime) -> None:
    """The first letter somebody gets: who registered them, and the link to choose a password, 72 hours."""
    with translation.override(user.language):
        portal = installation.current().full_name
        who = by.name if not by.is_system else portal
        whose = _("%(who)s registered you in the portal %(portal)s, for %(organization)s.")
        plain = _("%(who)s registered you in the portal %(portal)s.")
        words = {"who": who, "portal": portal, "organization": organization}
        _send(
            user.email,
            user,
            f"invitation:{_mark(token)}",
            subject=_("Your access to %s") % portal,
            paragraphs=[
                _("Hello, %s.") % user.first_name,
                (whose if organization else plain) % words,
                _("Create your password to come in. The link works once, for 3 days; afterwards ask for another one."),
            ],
            button=_("Create password"),
            purpose=LinkPurpose.INVITATION,
            token=token,
            at=at,
        )


def send_confirmation(address: str, token: str, *, at: datetime) -> None:
    """To somebody who is registering: proves that the address is theirs.

    It says no word of what was typed beside the address: anybody may type the address of somebody else.
    """
    _send(
        address,
        None,
        f"confirm:{_mark(token)}",
        subject=_("Confirm your e-mail"),
        paragraphs=[
            _("Hello."),
            _("Confirm that this address is yours to go on with your registration. The link works once, for 24 hours."),
            _("If it was not you, do nothing: without the link nobody is registered."),
        ],
        button=_("Confirm e-mail"),
        purpose=LinkPurpose.CONFIRM_ADDRESS,
        token=token,
        at=at,
    )


def send_password_changed(user: User, *, at: datetime) -> None:
    with translation.override(user.language):
        _send(
            user.email,
            user,
            f"password-changed:{user.pk}:{at.timestamp()}",
            subject=_("Your password was changed"),
            paragraphs=[
                _("Your password was changed on %s, and your other sessions were ended.") % _moment(at),
                _warning(),
            ],
            at=at,
        )


def send_email_changed(user: User, *, old: str | None, new: str | None, by: User, at: datetime) -> None:
    """To both addresses: the one that signs in no more, and the one that does from now on."""
    with translation.override(user.language):
        words = {"old": old or "-", "new": new or "-", "who": by.name}
        text = _("%(who)s changed the e-mail with which you sign in, from %(old)s to %(new)s.") % words
        key = f"email-changed:{user.pk}:{at.timestamp()}"
        subject = _("Your e-mail was changed")
        kept = _("Your password stays the same.")
        _send(old, user, f"{key}:old", subject=subject, paragraphs=[text, _warning()], at=at)
        _send(new, user, f"{key}:new", subject=subject, paragraphs=[text, kept], at=at)


def send_new_device(user: User, *, device: str, address: str, at: datetime) -> None:
    with translation.override(user.language):
        words = {"device": device, "moment": _moment(at), "address": address}
        _send(
            user.email,
            user,
            f"new-device:{user.pk}:{at.timestamp()}",
            subject=_("Your account was opened on a new device"),
            paragraphs=[
                _("Your account was opened on %(device)s, on %(moment)s, from the address %(address)s.") % words,
                _("If it was you, do nothing."),
                _("If it was not, create a new password now: it ends every session."),
            ],
            button=_("Create a new password"),
            path="/senha/",
            at=at,
        )


def send_second_factor_changed(user: User, *, what: str, at: datetime) -> None:
    with translation.override(user.language):
        _send(
            user.email,
            user,
            f"second-factor:{user.pk}:{at.timestamp()}",
            subject=_("The second step of your sign-in was changed"),
            paragraphs=[_what_changed(what) % {"moment": _moment(at)}, _warning()],
            at=at,
        )


def send_roles_changed(user: User, *, old: Sequence[str], new: Sequence[str], by: User, at: datetime) -> None:
    """To every administrator: who may do what here was changed."""
    for administrator in User.objects.active().with_role(Role.ADMINISTRATOR).exclude(email=None):
        with translation.override(administrator.language):
            words = {"who": by.name, "name": user.name, "old": _roles(old), "new": _roles(new)}
            _send(
                administrator.email,
                administrator,
                f"roles:{user.pk}:{at.timestamp()}:{administrator.pk}",
                subject=_("The roles of %s were changed") % user.name,
                paragraphs=[
                    _("%(who)s changed the roles of %(name)s.") % words,
                    _("Before: %(old)s. Now: %(new)s.") % words,
                    _("Every administrator gets this letter."),
                ],
                at=at,
            )


def send_plain(
    user: User, key: str, *, subject: str, paragraphs: Sequence[str], button: str = "", path: str = "", at: datetime
) -> None:
    """A letter in the words of an app above, already in the person's language; `path` is of this site."""
    _send(user.email, user, key, subject=subject, paragraphs=paragraphs, button=button, path=path, at=at)


def send_to_address(address: str, key: str, *, subject: str, paragraphs: Sequence[str], at: datetime) -> None:
    """The same, to somebody who is not registered."""
    _send(address, None, key, subject=subject, paragraphs=paragraphs, at=at)


def _send(
    address: str | None,
    user: User | None,
    key: str,
    *,
    subject: str,
    paragraphs: Sequence[str],
    at: datetime,
    button: str = "",
    path: str = "",
    purpose: str = "",
    token: str = "",
) -> None:
    """Write one letter, in the active language. `token` stays out of the text until the moment it is sent."""
    if not address:
        return
    link = first_access.address_of(purpose, posting.PLACEHOLDER) if purpose else f"{settings.ADDRESS}{path}"
    context = {
        **brand(),
        "heading": subject,
        "paragraphs": list(paragraphs),
        "button": button,
        "link": link,
        "reason": _("You get this letter because it concerns your access. It cannot be switched off."),
    }
    ours = installation.current()
    posting.post(
        event_key=key,
        to=address,
        subject=subject,
        text=render_to_string("letters/letter.txt", context),
        html=render_to_string("letters/letter.html", context),
        sender_name=ours.sender_name or ours.full_name,
        language=translation.get_language(),
        secret=token,
        expires_at=at + first_access.LIFETIMES[purpose] if purpose else None,
        at=at,
    )


def _mark(token: str) -> str:
    """What makes the key of a letter its own without giving the token away."""
    return first_access.digest("letter", token)[:16]


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), _("m/d/Y, G:i"))


def _warning() -> str:
    contact = installation.current().access_email or settings.DEFAULT_FROM_EMAIL
    return _("If it was not you, write to %s at once.") % contact


def _what_changed(what: str) -> str:
    return {
        "totp_added": _("An authenticator app was added on %(moment)s."),
        "totp_removed": _("The authenticator app was removed on %(moment)s."),
        "passkey_added": _("A passkey was added on %(moment)s."),
        "passkey_removed": _("A passkey was removed on %(moment)s."),
        "codes_generated": _("New reserve codes were made on %(moment)s; the earlier ones work no more."),
    }.get(what, _("It was changed on %(moment)s."))


def _roles(roles: Sequence[str]) -> str:
    return ", ".join(str(Role(role).label) for role in roles) or _("none")
