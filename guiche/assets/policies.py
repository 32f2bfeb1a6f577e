"""Who may do what with contracts. Seeing is Contract.objects.visible_to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guiche.organizations.policies import can_manage_organizations

if TYPE_CHECKING:
    from guiche.accounts.models import User


def can_manage_contracts(by: User) -> bool:
    """Those who manage the organisation that it is of: administrators."""
    return can_manage_organizations(by)
