"""Who may decide on what is promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from guiche.accounts.models import User


def can_promise(user: User) -> bool:
    """Whether `user` may change agreements, and whom each is made with."""
    return user.has_role("administrator")
