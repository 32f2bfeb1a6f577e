"""The letters of events: composed for one recipient, in their language and zone, and handed to the mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup

from guiche.accounts.models import User
from guiche.core import text
from guiche.installation import models as installation
from guiche.mail import posting
from guiche.mail.stationery import brand
from guiche.notifications import digests, placeholders, recipients, shapes, stationery, wordings
from guiche.notifications.messages import deadlines, quoting, tickets
from guiche.notifications.recipients import Part
from guiche.notifications.stationery import Letter
from guiche.tickets.models import Activity, Attachment

if TYPE_CHECKING:
    from guiche.notifications.recipients import Recipient
    from guiche.notifications.wordings import Own, Words

EVENT_KEY = "ticket-event:%d"
_KEY_OF_EVENT = re.compile(r"ticket-event:(\d+)")
_TEMPLATES = ("letters/tickets/event.txt", "letters/tickets/event.html")
LONGEST_QUOTE = 20_000  # characters; past them the letter points to the portal


def post(activity: Activity, to: Recipient, *, at: datetime, own: Own | None = None) -> None:
    """Hand the letter of `activity` to the mail, in this transaction. The same event and address is taken once."""
    posting.post(
        event_key=EVENT_KEY % activity.pk,
        to=to.address,
        thread=f"ticket-{activity.ticket.number}",
        starts_thread=activity.kind == "ticket.opened",
        **compose(activity, to, own).for_mail(at=at),
    )


def is_still_for(event_key: str, address: str) -> bool:
    """Whether a posted letter may still go to `address`: rights may have ended while it waited (case 217).

    Letters of other events than a ticket's are not ours to judge.
    """
    if digest_id := digests.of_key(event_key):
        return digests.is_still_for(digest_id, address)
    ours = _KEY_OF_EVENT.fullmatch(event_key)
    if ours is None:
        return True
    activity = Activity.objects.select_related("ticket").get(pk=int(ours.group(1)))
    reader = User.objects.active().filter(email=address).first()
    if reader and recipients.may_read(activity, reader):
        return True
    return recipients.still_in_copy(activity, address) or recipients.still_named(activity, address)


def compose(activity: Activity, to: Recipient, own: Own | None = None) -> Letter:
    """Return the letter of `activity` as `to` is to read it, in an administrator's own words where there are any.

    `own`: what wordings.own() gave for this event; asked for, in one query, when it is not given.
    """
    own = wordings.own(activity.kind) if own is None else own
    with stationery.read_by(to.user, stationery.zone_of(to.user, activity.ticket.organization)):
        return written(_told(activity, to), _words(activity, to, own), _values(activity, to))


def written(told: Mapping[str, Any], words: Words, values: Mapping[str, str]) -> Letter:
    """Return the letter that says `words`, with `values` for their names, around what is always told.

    The text above the quote is for who has a page to do something about it: copies have none.
    """
    heading = " ".join(placeholders.fill(words.subject, values).split())
    said = {
        **told,
        "heading": heading,
        "first_line": heading if heading.endswith((".", "!", "?", "…", ":")) else f"{heading}.",
        "paragraphs": _paragraphs(placeholders.fill(words.text, values)) if told["has_page"] else [],
    }
    subject = f"[{told['number']}] {heading}"
    return stationery.written(_TEMPLATES, subject, said, has_page=told["has_page"])


def _words(activity: Activity, to: Recipient, own: Own) -> Words:
    """Return the words that hold for this letter: own ones, unless they would tell a copy what copies are not told."""
    at_the_desk = _at_the_desk(to)
    shape = shapes.of(activity.kind, to.part, at_the_desk=at_the_desk)
    chosen = own.get((shape.code, translation.get_language())) if shape else None
    if chosen and (to.user or not placeholders.named_in(chosen.subject) & placeholders.NOT_FOR_COPIES):
        return chosen
    return wordings.SHIPPED


def _values(activity: Activity, to: Recipient) -> dict[str, str]:
    """Return what stands for each name in braces."""
    ticket, at_the_desk = activity.ticket, _at_the_desk(to)
    return {
        placeholders.NEWS: tickets.news(activity, to.part, at_the_desk=at_the_desk),
        placeholders.NEXT_STEP: tickets.next_step(activity, at_the_desk=at_the_desk) if to.user else "",
        placeholders.ACTOR: tickets.actor_name(activity),
        placeholders.READER: to.user.first_name if to.user else to.address,
        placeholders.NUMBER: tickets.shown_number(ticket),
        placeholders.TITLE: ticket.title,
        placeholders.STATUS: tickets.status_name(activity, at_the_desk=at_the_desk),
        placeholders.DAY: tickets.closing_day(activity),
        placeholders.ORGANIZATION: ticket.organization.name,
        placeholders.ASSIGNEE: ticket.assignee.name if ticket.assignee else _("Nobody yet"),
        placeholders.TEAM: ticket.team.name,
        placeholders.PORTAL: installation.current().full_name,
    }


def _paragraphs(said: str) -> list[list[str]]:
    """Return the paragraphs of a plain text, each as its lines."""
    return [block.strip("\n").split("\n") for block in re.split(r"\n[ \t]*\n", said) if block.strip()]


def _at_the_desk(to: Recipient) -> bool:
    return bool(to.user and to.user.at_the_desk)


def _told(activity: Activity, to: Recipient) -> dict[str, Any]:
    """Return what a letter tells whatever its words are: nobody can take it out."""
    quoted = _quoted(activity, to)
    return {
        **brand(),
        "number": tickets.shown_number(activity.ticket),
        "ticket_number": activity.ticket.number,
        "route": "desk:ticket" if _at_the_desk(to) else "portal:ticket",
        "has_page": to.user is not None,
        "quote_html": quoting.html(quoted, address=settings.ADDRESS if to.user else "") if quoted else Markup(""),
        "quote_text": text.plain(quoted),
        "is_note": activity.is_internal,
        "asks_if_needed": activity.kind == "ticket.closing_soon" and to.user is not None and not to.user.works_here,
        "facts": _facts(activity, to, _at_the_desk(to)),
        "reason": tickets.reason(to.part, added_by=to.added_by),
        "added_by": to.added_by,
        "is_named": to.part == Part.ADDRESS,
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
    if due := deadlines.due(activity):
        facts.append((_("Due"), due))
    if to.user or to.part == Part.ADDRESS:
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
