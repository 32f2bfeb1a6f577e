"""Somebody of whom only the id and the roles are known: for queries that are written once (core.written)."""

from collections.abc import Sequence

from guiche.accounts.models import User


def anybody(pk: int, roles: Sequence[str]) -> User:
    """Return a person, not of the database, that querysets may ask what they ask of any: id and roles."""
    return User(pk=pk, roles=list(roles))
