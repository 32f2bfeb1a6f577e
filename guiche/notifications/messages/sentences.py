"""What letters and the bell say of events on tickets, each sentence once, in the active language.

Who, which day and which status are holes: tickets.py fills them with what happened, shapes.py with names in braces.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

# By kind of event. What is not here depends on more than the event: tickets.py chooses.
OF_EVENTS: dict[str, Callable[[], str]] = {
    "ticket.commented": lambda: _("%(who)s replied"),
    "ticket.diagnosed": lambda: _("%(who)s recorded the diagnosis"),
    "ticket.moved": lambda: _("%(who)s changed the status to “%(status)s”"),
    "ticket.information_asked": lambda: _("%(who)s asked for more information"),
    "ticket.solution_offered": lambda: _("%(who)s delivered a solution"),
    "ticket.solution_rejected": lambda: _("%(who)s rejected the solution"),
    "ticket.cancelled": lambda: _("%(who)s cancelled the ticket"),
    "ticket.reopened": lambda: _("%(who)s reopened the ticket"),
    "ticket.closing_soon": lambda: _("The ticket closes by itself on %(day)s"),
    "ticket.still_needed": lambda: _("%(who)s still needs the ticket"),
    "ticket.assigned": lambda: _("%(who)s handed the ticket to you"),
}


def received() -> str:
    return _("We received your ticket")


def opened_for_reader() -> str:
    return _("%(who)s opened a ticket for you")


def approved() -> str:
    return _("%(who)s approved the solution")


def mentioned() -> str:
    return _("%(who)s mentioned you in an internal note")


def shared() -> str:
    return _("%(who)s shared a ticket with you")


def decide_by() -> str:
    return _("Approve it or reject it by %(day)s. Without an answer, the ticket closes by itself.")


def answer_by() -> str:
    return _("The deadline waits for your answer. Without one, the ticket closes by itself on %(day)s.")


def answer_before() -> str:
    return _("If you still need help, answer before that day.")


def closes_on() -> str:
    return _("Without an answer, the ticket closes by itself on %(day)s.")


def reopen_until() -> str:
    return _("If it is not solved, you can reopen it until %(day)s.")


def response_by() -> str:
    return _("first response by %(day)s")


def diagnosis_by() -> str:
    return _("diagnosis by %(day)s")


def solution_by() -> str:
    return _("solution by %(day)s")


def promised(parts: list[str]) -> str:
    """Return "Primeira resposta até …; solução até …." of its parts; blank without any."""
    sentence = "; ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""
