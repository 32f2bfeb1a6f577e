"""What keeps a team from being closed. The apps above say so in their `ready()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guiche.accounts.models import Team

Reason = Callable[["Team"], str]

_registered: list[Reason] = []


def register(reason: Reason) -> None:
    """Ask `reason(team)` before a team is closed: a sentence that says what still comes to it, "" when nothing does."""
    if reason not in _registered:
        _registered.append(reason)


def reasons(team: Team) -> list[str]:
    """Return every sentence that says why `team` cannot be closed now."""
    return [sentence for reason in _registered if (sentence := reason(team))]
