"""The bell: its number, its lines, and marking them as read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from guiche.core import written
from guiche.core.events import announce
from guiche.notifications.models import BellItem

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.notifications.querysets import BellItemQuerySet
    from guiche.tickets.models import Ticket

COUNTED = 100  # past this the bell says "99+"
SHOWN = 8  # lines of the popover
PAGE = 25
PEOPLE_PER_NOTICE = 500  # a notice holds at most 8,000 bytes


def unread_count(user: User) -> int:
    """Return how many lines are unread, at most COUNTED. One query, on an index."""
    return len(written.rows(_unread, user.pk))


def _unread(user_id: int) -> Any:  # Any: ids instead of rows
    return BellItem.objects.filter(user=user_id).unread().order_by().values_list("pk")[:COUNTED]


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


def mark_read(user: User, item: BellItem, *, at: datetime) -> None:
    """Mark one line of `user`'s bell as read."""
    _mark(BellItem.objects.of(user).filter(pk=item.pk), user, at)


def mark_ticket_read(user: User, ticket: Ticket, *, at: datetime) -> None:
    """Mark what `user`'s bell says of `ticket` as read: they have it before them. One query if there is nothing."""
    _mark(BellItem.objects.of(user).about(ticket), user, at)


def mark_all_read(user: User, *, at: datetime) -> None:
    """Mark all of `user`'s bell as read."""
    _mark(BellItem.objects.of(user), user, at)


def drop_out_of_sight(user: User, *, at: datetime) -> None:
    """Mark as read what `user` may see no longer, so that the number agrees with the list."""
    seen = BellItem.objects.visible_to(user).unread()
    _mark(BellItem.objects.of(user).exclude(pk__in=seen.values("pk")), user, at)


def announce_to(people: Sequence[int]) -> None:
    """Tell the live pages of these people, when this transaction commits, that their bell changed."""
    for start in range(0, len(people), PEOPLE_PER_NOTICE):
        announce({"kind": "bell", "people": people[start : start + PEOPLE_PER_NOTICE]})


@transaction.atomic
def _mark(rows: BellItemQuerySet, user: User, at: datetime) -> None:
    if rows.unread().update(read_at=at):
        announce_to([user.pk])
