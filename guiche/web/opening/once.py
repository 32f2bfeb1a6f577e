"""Pressing the button of an opening form: once for each showing of it, and not past a similar ticket unseen."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.utils.translation import gettext as _

from guiche.installation import models as installation
from guiche.organizations.models import Organization
from guiche.tickets.actions import opening as actions
from guiche.tickets.models import Ticket
from guiche.web.http import Request


def key_of(request: Request) -> uuid.UUID:
    """Return the key of this showing of the form: posted twice, it opens one ticket."""
    try:
        return uuid.UUID(request.POST.get("once_key", ""))
    except ValueError:
        return uuid.uuid4()


def opened_by(request: Request, key: uuid.UUID) -> Ticket | None:
    """Return what this person opened with `key` already."""
    return before(request, key)[0]


def before(request: Request, key: uuid.UUID) -> tuple[Ticket | None, uuid.UUID]:
    """Return what this person opened with `key` already, and the key to open with. One query.

    The key is a new one if somebody else's ticket has it: nobody is told that they used it. While nobody's has, it
    stays: their own may come this moment, by the other half of a double click, and then it is what stops this half.
    """
    found = Ticket.objects.filter(once_key=key).first()
    if found is None or found.opened_by_id == request.user.pk:
        return found, key
    return None, uuid.uuid4()


def say_if_another(request: Request, ticket: Ticket) -> None:
    """Tell who sends a page again that was left in the browser, with another matter in it, what it had opened."""
    if " ".join(request.POST.get("title", "").split()) == ticket.title:
        return
    words = {"number": f"{installation.current().ticket_prefix}{ticket.number}"}
    messages.info(request, _("This page had opened %(number)s already. For another matter, open a new one.") % words)


def unseen(request: Request, organization: Organization, title: str) -> list[Ticket]:
    """Return the open tickets that say nearly the same and were not on the page when the button was pressed."""
    if request.POST.get("similar-for", "").strip() == title:  # looked for while it was typed
        return []
    seen = set(request.POST.getlist("similar"))
    found = actions.similar_open(request.user, organization, title)
    return found if any(str(ticket.number) not in seen for ticket in found) else []
