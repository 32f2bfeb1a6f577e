"""The letters of events: composed for one recipient, in their language and zone, and handed to the mail."""

from __future__ import annotations

import re
import zoneinfo
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from markupsafe import Markup

from guiche.accounts.models import User
from guiche.core import text
from guiche.installation import models as installation
from guiche.mail import posting
from guiche.notifications import recipients
from guiche.notifications.colour import brand_hex
from guiche.notifications.messages import quoting, tickets
from guiche.tickets.models import Activity, Attachment

if TYPE_CHECKING:
    from guiche.notifications.recipients import Recipient

EVENT_KEY = "ticket-event:%d"
_KEY_OF_EVENT = re.compile(r"ticket-event:(\d+)")
LONGEST_QUOTE = 20_000  # characters; past them the letter points to the portal


@dataclass(frozen=True)
class Letter:
    """What is put in the envelope. `unsubscribe` is blank for who has no page to choose on."""

    subject: str
    text: str
    html: str
    unsubscribe: str
    language: str


def post(activity: Activity, to: Recipient, *, at: datetime) -> None:
    """Hand the letter of `activity` to the mail, in this transaction. The same event and address is taken once."""
    letter = compose(activity, to)
    posting.post(
        event_key=EVENT_KEY % activity.pk,
        to=to.address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        thread=f"ticket-{activity.ticket.number}",
        starts_thread=activity.kind == "ticket.opened",
        sender_name=installation.current().sender_name or installation.current().full_name,
        list_unsubscribe=letter.unsubscribe,
        language=letter.language,
        at=at,
    )


def is_still_for(event_key: str, address: str) -> bool:
    """Whether a posted letter may still go to `address`: rights may have ended while it waited (case 217).

    Letters of other events than a ticket's are not ours to judge.
    """
    ours = _KEY_OF_EVENT.fullmatch(event_key)
    if ours is None:
        return True
    activity = Activity.objects.select_related("ticket").get(pk=int(ours.group(1)))
    reader = User.objects.active().filter(email=address).first()
    return bool(reader and recipients.may_read(activity, reader)) or recipients.still_in_copy(activity, address)


def compose(activity: Activity, to: Recipient) -> Letter:
    """Return the letter of `activity` as `to` is to read it."""
    language = to.user.language if to.user else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(_zone(activity, to)):
        told = _told(activity, to)
        subject = f"[{told['number']}] {told['news']}"
        return Letter(
            subject=" ".join(subject.split()),
            unsubscribe=render_to_string("letters/unsubscribe.txt", told) if to.user else "",
            language=language,
            text=render_to_string("letters/tickets/event.txt", told).strip() + "\n",
            html=render_to_string("letters/tickets/event.html", told),
        )


def _told(activity: Activity, to: Recipient) -> dict[str, Any]:
    """Return what the templates of a letter show."""
    ticket, row = activity.ticket, installation.current()
    at_the_desk = bool(to.user and to.user.at_the_desk)
    quoted = _quoted(activity, to)
    return {
        "address": settings.ADDRESS,
        "provider": row.full_name,
        "support": row.email,
        "colour": brand_hex(float(row.brand_hue), float(row.brand_chroma)),
        "language": translation.get_language(),
        "number": tickets.shown_number(ticket),
        "ticket": ticket,
        "route": "desk:ticket" if at_the_desk else "portal:ticket",
        "has_page": to.user is not None,
        "news": tickets.news(activity, to.part, at_the_desk=at_the_desk),
        "next_step": tickets.next_step(activity, at_the_desk=at_the_desk) if to.user else "",
        "quote_html": quoting.html(quoted, address=settings.ADDRESS if to.user else "") if quoted else Markup(""),
        "quote_text": text.plain(quoted),
        "is_note": activity.is_internal,
        "facts": _facts(activity, to, at_the_desk),
        "reason": tickets.reason(to.part, added_by=to.added_by),
        "added_by": to.added_by,
    }


def _quoted(activity: Activity, to: Recipient) -> str:
    """Return the words that came with the event, as typed. An internal note only ever to somebody of the desk."""
    if activity.kind == "ticket.opened":
        return _shortened(activity.ticket.description)
    comment = activity.comment
    if comment is None or comment.redacted_at is not None:
        return ""
    if comment.is_internal and not (to.user and to.user.at_the_desk):
        return ""
    return _shortened(comment.body)


def _shortened(words: str) -> str:
    if len(words) <= LONGEST_QUOTE:
        return words
    return words[:LONGEST_QUOTE].rsplit("\n", 1)[0] + "\n\n" + _("(The rest is in the portal.)")


def _facts(activity: Activity, to: Recipient, at_the_desk: bool) -> list[tuple[str, str]]:
    ticket = activity.ticket
    status = ticket.status.name if at_the_desk else ticket.status.shown_to_customer
    facts = [(_("Ticket"), f"{tickets.shown_number(ticket)} {ticket.title}"), (_("Status"), status)]
    if to.user:
        facts.append((_("Organisation"), ticket.organization.name))
        facts.append((_("Responsible"), ticket.assignee.name if ticket.assignee else _("Nobody yet")))
    if names := _file_names(activity):
        facts.append((_("Files"), ", ".join(names)))
    return facts


def _file_names(activity: Activity) -> list[str]:
    """Return the names of the files that came with the event."""
    if activity.kind != "ticket.opened" and activity.comment_id is None:
        return []
    if activity.comment and activity.comment.redacted_at is not None:
        return []
    files = Attachment.objects.filter(ticket=activity.ticket_id, comment=activity.comment_id)
    return list(files.values_list("file__name", flat=True))


def _zone(activity: Activity, to: Recipient) -> zoneinfo.ZoneInfo:
    """The person's zone if set, else the organisation's for its people, else the installation's."""
    own = to.user.time_zone if to.user else ""
    customer = "" if to.user and to.user.works_here else activity.ticket.organization.time_zone
    try:
        return zoneinfo.ZoneInfo(own or customer or installation.current().time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo(settings.TIME_ZONE)
