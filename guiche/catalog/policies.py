"""Who may change the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guiche.accounts.roles import Role

if TYPE_CHECKING:
    from guiche.accounts.models import User


def can_configure(user: User) -> bool:
    return user.has_role(Role.ADMINISTRATOR)
