"""What a printed ticket says, for whoever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guiche.core import formatting, text
from guiche.installation import models as installation
from guiche.web import timeline

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.tickets.models import Ticket

Answered = Iterable[tuple[str, str]]  # name of a field and its answer in words

Deadlines = Iterable[tuple[str, str]]  # what a clock is of, and how it stands

# What one sheet takes: setting more holds a processor and its memory. The rest stays in the portal.
MOST_SIGNS = 300_000
MOST_LINES = 6_000


def facts(
    ticket: Ticket,
    reader: User,
    *,
    is_member: bool | None = None,
    answered: Answered = (),
    deadlines: Deadlines = (),
) -> list[tuple[str, str]]:
    """Return the head of the sheet as pairs of label and value; what is not known is left out.

    `answered`: what the own fields say, as `answered.said` tells this reader. `deadlines`: those of `chips.facts`.
    """
    product = ", ".join(part.name for part in (ticket.product, ticket.module) if part)
    contact = ", ".join(part for part in (ticket.contact_name, ticket.contact_phone) if part)
    is_of_theirs = timeline.may_read_people(ticket, reader, is_member=is_member)
    pairs = [
        (_("Status"), ticket.status.name if reader.works_here else ticket.status.shown_to_customer),
        (_("Type"), ticket.request_type.name),
        (_("Organisation"), ticket.organization.name),
        (_("Contract"), ticket.contract.number if ticket.contract and is_of_theirs else ""),
        (_("Product"), product),
        (_("Severity (customer)"), ticket.severity.name if ticket.severity else ""),
        *answered,
        (_("Requester"), ticket.requester.name),
        (_("Contact"), contact if is_of_theirs else ""),
        (_("Responsible"), ticket.assignee.name if ticket.assignee else ticket.team.name),
        (_("Opened"), formatting.full_moment(ticket.opened_at)),
        (_("Ended"), formatting.full_moment(ticket.ended_at) if ticket.ended_at else ""),
        (_("Outcome"), ticket.get_outcome_display() if ticket.outcome else ""),
        *((_("Deadline: %(goal)s") % {"goal": goal}, said) for goal, said in deadlines),
        (_("Number in the other system"), ticket.external_number),
        (_("Old number"), ticket.legacy_number),
    ]
    return [(label, value) for label, value in pairs if value]


def data(ticket: Ticket, reader: User, **known: Any) -> dict[str, Any]:  # Any: what `facts` takes besides
    """Return what `ticket.typ` shows: only what `reader` may see, as plain text."""
    ours = installation.current()
    return {
        "provider": ours.full_name,
        "organization": ticket.organization.name,
        "number": f"{ours.ticket_prefix}{ticket.number}",
        "title": ticket.title,
        "language": (translation.get_language() or "pt")[:2],
        "printed": _("Printed on %(moment)s") % {"moment": formatting.full_moment(timezone.now())},
        "facts": facts(ticket, reader, **known),
        "words": {"files": _("Files")},
        "entries": _within_limits(
            [_entry(one) for one in timeline.entries(ticket, reader, is_member=known.get("is_member"))]
        ),
    }


def _within_limits(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first of `entries` that fit on a sheet, saying where the others are."""
    signs = lines = 0
    for place, entry in enumerate(entries):
        signs += len(entry["text"])
        lines += entry["text"].count("\n") + 2
        if signs > MOST_SIGNS or lines > MOST_LINES:
            return [*entries[:place], {"kind": "line", "text": _("(The rest is in the portal.)"), "at": ""}]
    return entries


def _entry(one: timeline.Entry) -> dict[str, Any]:
    at = formatting.full_moment(one.at)
    if not one.is_message:
        return {"kind": "line", "text": one.sentence.striptags(), "at": at}
    role = _("Internal note") if one.is_note else one.role
    words = re.sub(r"\n{3,}", "\n\n", text.plain(one.text or ""))
    if one.comment and one.comment.redacted_at:
        words = _("This comment was redacted.")
    return {
        "kind": "message",
        "name": one.person.name,
        "role": role,
        "at": at,
        "text": words,
        "files": [file.name for file in one.files],
    }
