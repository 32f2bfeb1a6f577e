"""What our letters about tickets share: what goes into the envelope, the language and zone of the reader."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from guiche.installation import models as installation

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.organizations.models import Organization


@dataclass(frozen=True)
class Letter:
    """What is put in the envelope. `unsubscribe` is blank for who has no page to choose on."""

    subject: str
    text: str
    html: str
    unsubscribe: str
    language: str

    def for_mail(self, *, at: datetime) -> dict[str, Any]:
        """Return what `mail.posting.post` takes of it, with our name as its sender."""
        row = installation.current()
        return {
            "subject": self.subject,
            "text": self.text,
            "html": self.html,
            "sender_name": row.sender_name or row.full_name,
            "list_unsubscribe": self.unsubscribe,
            "language": self.language,
            "at": at,
        }


def written(templates: tuple[str, str], subject: str, told: Mapping[str, Any], *, has_page: bool) -> Letter:
    """Return the letter that `templates`, of plain text and of HTML, make of `told`, in the active language."""
    text, html = templates
    return Letter(
        subject=" ".join(subject.split()),
        unsubscribe=render_to_string("letters/unsubscribe.txt", {"address": settings.ADDRESS}) if has_page else "",
        language=translation.get_language(),
        text=render_to_string(text, dict(told)).strip() + "\n",
        html=render_to_string(html, dict(told)),
    )


@contextmanager
def read_by(user: User | None, zone: zoneinfo.ZoneInfo) -> Iterator[None]:
    """Speak the language of `user` (ours for who has no account), and tell moments in `zone`."""
    language = user.language if user else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone):
        yield


def zone_of(user: User | None, organization: Organization) -> zoneinfo.ZoneInfo:
    """The person's zone if set, else the organisation's for its people, else the installation's."""
    own = user.time_zone if user else ""
    customer = "" if user and user.works_here else organization.time_zone
    try:
        return zoneinfo.ZoneInfo(own or customer or installation.current().time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
