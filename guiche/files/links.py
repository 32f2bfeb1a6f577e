"""Who holds on to stored files. The apps above say so in their `ready()`; what nobody holds is removed after a day."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

HeldIds = Callable[[], "QuerySet[Any, Any]"]  # Any: each app answers with values of its own model

_registered: list[HeldIds] = []


def register(held_ids: HeldIds) -> None:
    """Count the files that `held_ids()` answers with (a queryset of ids, one column, never null) as held."""
    if held_ids not in _registered:
        _registered.append(held_ids)


def held() -> "list[QuerySet[Any, Any]]":
    """Return one queryset of held file ids for each app that registered."""
    return [held_ids() for held_ids in _registered]
