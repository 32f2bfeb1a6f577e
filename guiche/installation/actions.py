"""What administrators change of the installation itself: brand, contact, limits and switches."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.core.text import typed
from guiche.files import actions as files
from guiche.installation import models as installation
from guiche.installation import policies
from guiche.installation.events import InstallationChanged
from guiche.installation.models import Installation

MOST_CHROMA = Decimal("0.16")
MOST_HUE = 360
MOST_REOPENING_DAYS = 90
_PREFIX = re.compile(r"^[A-Za-z#][A-Za-z0-9#-]{0,7}$")


class BrandRefused(Refused):
    """The installation cannot be like this."""


@transaction.atomic
def change(values: Mapping[str, Any], *, by: Any, at: datetime) -> Installation:
    """Write `values` (columns of Installation but the logo) and return the row. Every process shows them in seconds.

    Any: people live in an app above this one; values are checked here.

    Raises NotAllowed; BrandRefused with a sentence for each field; TypeError for an unknown value.
    """
    _check_may(by)
    if unknown := set(values) - set(_CLEANERS):
        raise TypeError(f"an installation does not take {sorted(unknown)}")
    row = _locked()
    cleaned, refused = _cleaned(values)
    if refused:
        raise BrandRefused(" ".join(refused.values()), fields=refused)
    changed = {name: value for name, value in cleaned.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save()
    installation.forget()
    if changed:
        details = {name: str(value) for name, value in changed.items()}
        happened(InstallationChanged(subject=row, by=by, at=at, details=details))
    return row


@transaction.atomic
def set_logo(upload: File[bytes] | None, *, by: Any, at: datetime) -> Installation:
    """Make `upload`, a picture, the logo; None removes it. Raises NotAllowed, BrandRefused, FileRefused."""
    _check_may(by)
    row = _locked()
    kept = files.keep(upload, by=None, at=at) if upload is not None else None
    if kept is not None and not kept.is_picture:
        sentence = _("The logo must be a picture: PNG, JPEG or WebP.")
        raise BrandRefused(sentence, fields={"logo": sentence})
    row.logo = kept
    row.save()
    installation.forget()
    happened(InstallationChanged(subject=row, by=by, at=at, details={"logo": kept.name if kept else ""}))
    return row


def _check_may(by: Any) -> None:
    if not policies.can_configure(by):
        raise NotAllowed(_("Only administrators change the installation."))


def _locked() -> Installation:
    Installation.objects.get_or_create(pk=1)
    return Installation.objects.select_for_update().get(pk=1)


def _cleaned(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    cleaned: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for name, value in values.items():
        try:
            cleaned[name] = _CLEANERS[name](value)
        except (ValueError, ValidationError, InvalidOperation):
            refused[name] = _sentence(name)
    return cleaned, refused


def _sentence(name: str) -> str:
    sentences = {
        "name": _("Write the name of the portal, of at most 80 characters."),
        "brand_hue": _("Choose a hue from 0 to 360."),
        "brand_chroma": _("Choose a strength from 0 to 0,16."),
        "email": _("Write an e-mail like suporte@empresa.com.br, or leave this empty."),
        "access_email": _("Write an e-mail like suporte@empresa.com.br, or leave this empty."),
        "ticket_prefix": _("The prefix has at most 8 letters, numbers, # or -, and begins with a letter or #."),
        "time_zone": _("Choose a time zone from the list."),
        "signature": _("Write the signature in at most 6 lines and 400 characters."),
        "reopening_days": _("Write a number of days from 0 to 90."),
    }
    return sentences.get(name) or _("This is too long. Write it shorter.")


def _line(longest: int, *, required: bool = False) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        line = " ".join(typed(str(value)).split())
        if len(line) > longest or (required and not line):
            raise ValueError(line)
        return line

    return clean


def _lines(longest: int, most: int) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        lines = [" ".join(line.split()) for line in typed(str(value)).strip().splitlines()]
        if len(lines) > most or len("\n".join(lines)) > longest:
            raise ValueError(lines)
        return "\n".join(lines)

    return clean


def _number(lowest: int, highest: int) -> Callable[[Any], int]:
    def clean(value: Any) -> int:
        number = int(value)
        if not lowest <= number <= highest:
            raise ValueError(number)
        return number

    return clean


def _chroma(value: Any) -> Decimal:
    number = Decimal(str(value)).quantize(Decimal("0.001"))
    if not 0 <= number <= MOST_CHROMA:
        raise ValueError(number)
    return number


def _email(value: Any) -> str:
    address = str(value).strip().lower()
    if address:
        validate_email(address)
    return address


def _prefix(value: Any) -> str:
    prefix = str(value).strip()
    if prefix and not _PREFIX.match(prefix):
        raise ValueError(prefix)
    return prefix


def _zone(value: Any) -> str:
    if value not in zoneinfo.available_timezones():
        raise ValueError(value)
    return str(value)


_CLEANERS: Mapping[str, Callable[[Any], Any]] = {
    "name": _line(80, required=True),
    "tagline": _line(40),
    "claim": _line(160),
    "brand_hue": _number(0, MOST_HUE),
    "brand_chroma": _chroma,
    "phone": _line(40),
    "hours_text": _line(120),
    "email": _email,
    "access_email": _email,
    "sender_name": _line(80),
    "signature": _lines(400, 6),
    "ticket_prefix": _prefix,
    "time_zone": _zone,
    "reopening_days": _number(0, MOST_REOPENING_DAYS),
    "contacts_start_at_list": bool,
    "staff_second_factor": bool,
    "mail_held": bool,
}
