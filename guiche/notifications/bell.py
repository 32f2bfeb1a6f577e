"""What the bell shows: a number, and the newest lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guiche.notifications.models import BellItem

if TYPE_CHECKING:
    from guiche.accounts.models import User

COUNTED = 100  # past this the bell says "99+"
SHOWN = 8  # lines of the popover
PAGE = 25


def unread_count(user: User) -> int:
    """Return how many lines are unread, at most COUNTED. One query, on an index."""
    return BellItem.objects.of(user).unread().order_by()[:COUNTED].count()


def latest(user: User) -> list[BellItem]:
    """Return the newest lines, for the popover. One query."""
    return list(BellItem.objects.visible_to(user).for_list()[:SHOWN])


def page(user: User, *, before: int | None = None, only_unread: bool = False) -> tuple[list[BellItem], int | None]:
    """Return a page of lines older than the line `before`, and the line the next page begins after (None: the last)."""
    rows = BellItem.objects.visible_to(user).for_list()
    if only_unread:
        rows = rows.unread()
    if before is not None:
        rows = rows.before(before)
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None
