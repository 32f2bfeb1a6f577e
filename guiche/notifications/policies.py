"""Who may change what the letters say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guiche.accounts.roles import Role

if TYPE_CHECKING:
    from guiche.accounts.models import User


def can_reword(user: User) -> bool:
    return user.has_role(Role.ADMINISTRATOR)
