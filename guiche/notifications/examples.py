"""A letter as it would look, with an invented ticket: for the page on which its words are changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from guiche.core import formatting, text
from guiche.core.errors import NotAllowed
from guiche.installation import models as installation
from guiche.mail import posting
from guiche.mail.stationery import brand
from guiche.notifications import letters, placeholders, policies, wordings
from guiche.notifications.messages import deadlines, sentences, tickets
from guiche.notifications.recipients import Part
from guiche.sla.metrics import Metric

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.notifications.shapes import Shape
    from guiche.notifications.stationery import Letter
    from guiche.notifications.wordings import Words

NUMBER = 4821
DAYS = 5  # until the invented ticket closes
LEFT = 3 * 3600  # seconds until the deadline that is warned of
LATE = timedelta(minutes=5)  # since the one that ran out


def letter(shape: Shape, language: str, words: Words, *, at: datetime) -> Letter:
    """Return the letter of an invented ticket that says `words`. Raises WordsRefused where it could not."""
    words = wordings.checked(words)
    with translation.override(language):
        known = values(shape, at=at)
        return letters.written(_told(shape, known), words, known)


@transaction.atomic
def send(shape: Shape, language: str, words: Words, *, by: User, at: datetime) -> None:
    """Send such a letter to `by`, who is writing the words. Nothing is kept of them.

    Raises NotAllowed; WordsRefused; WordsRefused when the person has no e-mail.
    """
    if not policies.can_reword(by):
        raise NotAllowed(_("Only administrators change the letters."))
    if not by.email:
        raise wordings.WordsRefused(_("Your record has no e-mail to send the test to."))
    given = letter(shape, language, words, at=at).for_mail(at=at)
    with translation.override(language):
        given["subject"] = _("Test: %s") % given["subject"]
    posting.post(event_key=f"letter-test:{by.pk}:{at.timestamp()}", to=by.email, **given)


def values(shape: Shape, *, at: datetime) -> dict[str, str]:
    """Return what stands for each name in the letters of the invented ticket, in the active language."""
    day = formatting.long_day(timezone.localtime(at).date() + timedelta(days=DAYS), at)
    known = {
        placeholders.ACTOR: _actor(shape),
        placeholders.READER: "Rafael" if shape.for_team else "Célia",
        placeholders.NUMBER: f"{installation.current().ticket_prefix}{NUMBER}",
        placeholders.TITLE: _("Images take long to open"),
        placeholders.STATUS: _("In progress"),
        placeholders.DAY: day,
        placeholders.ORGANIZATION: "Clínica Exemplo",
        placeholders.ASSIGNEE: "Rafael Nunes",
        placeholders.TEAM: _("Support"),
        placeholders.PORTAL: installation.current().full_name,
    }
    known[placeholders.NEWS] = placeholders.fill(_news(shape, at), known)
    known[placeholders.NEXT_STEP] = "" if shape.for_team else _next_step(shape.kind) % {"day": day}
    return known


def _actor(shape: Shape) -> str:
    """Return who does it: of two customers and two of the team, not the one who reads the letter."""
    by_customer = shape.kind in _BY_CUSTOMERS or (shape.for_team and shape.kind == "ticket.commented")
    if shape.for_team:
        return "Célia" if by_customer else "Sônia"
    return "Beatriz" if by_customer else "Rafael"


_BY_CUSTOMERS = frozenset(
    {
        "ticket.opened",
        "ticket.participant_added",
        "ticket.solution_rejected",
        "ticket.still_needed",
        "ticket.done",
        "ticket.reopened",
    }
)


def _news(shape: Shape, at: datetime) -> str:
    """Return what we say of the event, where that depends on more than the event: one of the cases."""
    shipped = shape.subject()
    if shipped != wordings.SHIPPED.subject:
        return shipped
    cases: dict[str, Callable[[], str]] = {
        "ticket.opened": sentences.opened_for_reader,
        "ticket.done": sentences.approved,
        "ticket.noted": sentences.mentioned,
        "ticket.participant_added": sentences.shared,
        "ticket.deadline_warned": lambda: deadlines.warned_of(Metric.SOLUTION, LEFT),
        "ticket.deadline_breached": lambda: deadlines.breached_of(Metric.SOLUTION),
    }
    given = {"left": formatting.duration(LEFT), "percent": "75", "when": formatting.said(at - LATE, at)}
    return cases[shape.kind]() % {"who": "{autor}", **given}


def _next_step(kind: str) -> str:
    say = {
        "ticket.opened": lambda: sentences.promised([sentences.response_by(), sentences.solution_by()]),
        "ticket.solution_offered": sentences.decide_by,
        "ticket.information_asked": sentences.answer_by,
        "ticket.closing_soon": sentences.answer_before,
        "ticket.still_needed": sentences.closes_on,
        "ticket.done": sentences.reopen_until,
    }.get(kind)
    return say() if say else ""


def _told(shape: Shape, known: Mapping[str, str]) -> dict[str, Any]:
    quoted = _quoted(shape.kind)
    return {
        **brand(),
        "number": known[placeholders.NUMBER],
        "ticket_number": NUMBER,
        "route": "desk:ticket" if shape.for_team else "portal:ticket",
        "has_page": True,
        "quote_html": text.render(quoted),
        "quote_text": text.plain(quoted),
        "is_note": shape.kind == "ticket.noted",
        "is_named": False,
        "asks_if_needed": shape.kind == "ticket.closing_soon" and not shape.for_team,
        "facts": [
            (_("Ticket"), f"{known[placeholders.NUMBER]} {known[placeholders.TITLE]}"),
            (_("Status"), known[placeholders.STATUS]),
            (_("Organisation"), known[placeholders.ORGANIZATION]),
            (_("Responsible"), known[placeholders.ASSIGNEE]),
        ],
        "reason": tickets.reason(_part(shape)),
        "added_by": "",
    }


def _quoted(kind: str) -> str:
    """Return the words that come with such an event, as somebody might write them."""
    return {
        "ticket.opened": _("Since Monday the images take more than 40 seconds to open."),
        "ticket.commented": _("Good morning. We are looking at the server and write again today."),
        "ticket.diagnosed": _("The disk of the image server is full: a cleaning did not run."),
        "ticket.information_asked": _("Which browser do you use, and in which version?"),
        "ticket.solution_offered": _("We restarted the image server. Please try again."),
        "ticket.solution_rejected": _("It is still slow on two of the machines."),
        "ticket.noted": _("Seems to be the same cause as last week."),
        "ticket.reopened": _("It came back this morning."),
    }.get(kind, "")


def _part(shape: Shape) -> Part:
    if shape.is_receipt:
        return Part.RECEIPT
    if shape.kind == "ticket.participant_added":
        return Part.ADDED
    return Part.ASSIGNEE if shape.for_team else Part.REQUESTER
