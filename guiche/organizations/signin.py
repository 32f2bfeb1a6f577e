"""Who may come in: of the provider whoever is active; of a customer whoever still belongs to one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from guiche.accounts import signin
from guiche.accounts.models import User
from guiche.core import written
from guiche.core.sql import AmongRows, RowsOfOne
from guiche.organizations.models import Membership


class Backend(signin.Backend):
    """E-mail and password; at each request the person is asked for again, so that lost access ends at once."""

    def get_user(self, user_id: Any) -> User | None:
        found = written.rows(_welcome, int(user_id))
        return found[0] if found else None


def _welcome(user_id: int) -> QuerySet[User]:
    belongs = AmongRows("pk", RowsOfOne(_belonging, user_id))
    return User.objects.active().filter(~Q(roles=[]) | Q(belongs), pk=user_id)


def _belonging(user_id: int) -> Any:
    """The person itself, while it is an active member of anything."""
    return Membership.objects.active().filter(user=user_id).values("user")


def has_somewhere_to_go(user: User) -> bool:
    """Whether `user` works here, or belongs to an organisation that is a customer still."""
    return user.works_here or Membership.objects.active().filter(user=user).exists()
