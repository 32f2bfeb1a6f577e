"""People and teams for tests."""

import itertools
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password

from guiche.accounts.models import Team, User

PASSWORD = "picote-canhoto-2026"
_HASH = ""
_numbers = itertools.count(1)


def make_user(*, name: str = "", roles: Sequence[str] = (), password: str | None = PASSWORD, **values: Any) -> User:
    """A person who may sign in with PASSWORD (None: no password yet). Without roles: a contact, of nobody yet."""
    number = next(_numbers)
    user = User(
        name=name or f"Pessoa {number}", roles=list(roles), **{"email": f"pessoa{number}@acme.example", **values}
    )
    user.password = _hash_of(password) if password else make_password(None)
    user.save()
    return user


def make_team(*, name: str = "", people: Sequence[User] = (), **values: Any) -> Team:
    number = next(_numbers)
    name = name or f"Equipe {number}"
    team = Team.objects.create(**{"name": name, "slug": f"equipe-{number}", **values})
    team.people.set(people)
    return team


def _hash_of(password: str) -> str:
    """Argon2 is slow on purpose: the usual password is hashed once a session."""
    global _HASH
    if password != PASSWORD:
        return make_password(password)
    _HASH = _HASH or make_password(PASSWORD)
    return _HASH
