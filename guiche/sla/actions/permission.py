"""Asking who may, and holding a policy while it is decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guiche.core.errors import Conflict, NotAllowed, Refused
from guiche.sla import policies
from guiche.sla.models import Policy

if TYPE_CHECKING:
    from guiche.accounts.models import User


class PolicyRefused(Refused):
    """This cannot be promised, or not like this."""


class ChangedMeanwhile(Conflict, PolicyRefused):
    """Somebody else changed this since the page was drawn."""


def check(by: User) -> None:
    """Raise NotAllowed unless `by` may decide on what is promised."""
    if not policies.can_promise(by):
        raise NotAllowed(_("Only administrators decide on deadlines."))


def locked(policy: Policy, *, by: User) -> Policy:
    """Return the row as it is now, held until the end of the transaction. Raises NotAllowed."""
    check(by)
    return Policy.objects.locked(policy)


def in_use(policy: Policy) -> None:
    """Raise PolicyRefused when `policy` is archived."""
    if not policy.is_active:
        raise PolicyRefused(_("This agreement is archived. Bring it back before you change it."))
