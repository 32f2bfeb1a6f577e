"""Who may come in: of the provider whoever is active; of a customer whoever still belongs to one."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from guiche.accounts import signin
from guiche.accounts.models import User
from guiche.organizations.models import Membership


class Backend(signin.Backend):
    """E-mail and password; at each request the person is asked for again, so that lost access ends at once."""

    def get_user(self, user_id: Any) -> User | None:
        belongs = Exists(Membership.objects.active().filter(user=OuterRef("pk")))
        return User.objects.active().filter(~Q(roles=[]) | Q(belongs), pk=user_id).first()


def has_somewhere_to_go(user: User) -> bool:
    """Whether `user` works here, or belongs to an organisation that is a customer still."""
    return user.works_here or Membership.objects.active().filter(user=user).exists()
