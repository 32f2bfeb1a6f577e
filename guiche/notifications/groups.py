"""The events that somebody is told of, in the groups that a person turns on and off. Letters about access and
security belong to no group: nobody can turn them off."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channels(NamedTuple):
    """Whether something reaches a person by letter, and in the bell; `daily`: not at once, but in the digest."""

    by_email: bool
    in_bell: bool
    daily: bool = False


class Group(TextChoices):
    """What a person chooses about."""

    OPENED = "opened", _("A ticket opened for me")
    RECEIPT = "receipt", _("A copy of the tickets I open")
    TEAM = "team", _("A new ticket in my teams")
    ASSIGNED = "assigned", _("A ticket handed to me")
    REPLY = "reply", _("Replies")
    NOTE = "note", _("Internal notes to me")
    QUESTION = "question", _("A question that waits for the customer")
    SOLUTION = "solution", _("A solution to validate")
    REJECTION = "rejection", _("A solution rejected")
    STEP = "step", _("Other changes of status")
    CLOSING = "closing", _("Warning before a ticket closes by itself")
    END = "end", _("A ticket closed, cancelled or reopened")
    SHARED = "shared", _("A ticket shared with me")
    DEADLINE = "deadline", _("A deadline that is running out")
    OVERDUE = "overdue", _("A deadline that ran out")


# What the installation ships; a person's own choice is a row of Preference.
SHIPPED = {group: Channels(by_email=True, in_bell=True) for group in Group} | {
    Group.TEAM: Channels(by_email=False, in_bell=True),
    Group.RECEIPT: Channels(by_email=True, in_bell=False),  # the one letter to who did it
}
# Channels that a group does not have at all.
NO_EMAIL = frozenset({Group.TEAM})
NO_BELL = frozenset({Group.RECEIPT})
# What never waits for a digest: each asks something of its reader while a clock runs, or was asked for just now.
AT_ONCE = frozenset({Group.QUESTION, Group.SOLUTION, Group.CLOSING, Group.RECEIPT})

FOR_STAFF = (
    Group.TEAM,
    Group.ASSIGNED,
    Group.REPLY,
    Group.NOTE,
    Group.REJECTION,
    Group.STEP,
    Group.DEADLINE,
    Group.OVERDUE,
    Group.CLOSING,
    Group.END,
)
FOR_CONTACTS = (
    Group.REPLY,
    Group.QUESTION,
    Group.SOLUTION,
    Group.STEP,
    Group.CLOSING,
    Group.END,
    Group.OPENED,
    Group.SHARED,
    Group.RECEIPT,
)

# The stable code of an event → the group it is chosen by. What is not here is told to nobody.
OF_KIND = {
    "ticket.opened": Group.OPENED,
    "ticket.commented": Group.REPLY,
    "ticket.diagnosed": Group.REPLY,
    "ticket.still_needed": Group.REPLY,
    "ticket.noted": Group.NOTE,
    "ticket.moved": Group.STEP,
    "ticket.information_asked": Group.QUESTION,
    "ticket.solution_offered": Group.SOLUTION,
    "ticket.solution_rejected": Group.REJECTION,
    "ticket.done": Group.END,
    "ticket.cancelled": Group.END,
    "ticket.reopened": Group.END,
    "ticket.closing_soon": Group.CLOSING,
    "ticket.assigned": Group.ASSIGNED,
    "ticket.participant_added": Group.SHARED,
    "ticket.deadline_warned": Group.DEADLINE,
    "ticket.deadline_breached": Group.OVERDUE,
    "ticket.remedy_refused": Group.DEADLINE,
}


def offered_to(*, works_here: bool) -> tuple[Group, ...]:
    """Return the groups that a person chooses about, in the order of the page."""
    return FOR_STAFF if works_here else FOR_CONTACTS
