"""The installation itself as a person: what clocks, rules and jobs do is done by it."""

from guiche.accounts.models import User
from guiche.accounts.roles import Role


def user() -> User:
    """Return the system. One query."""
    return User.objects.with_role(Role.SYSTEM).get()
