"""Telling people of an event, and what people do with their bell and their preferences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from guiche.core.events import announce
from guiche.notifications import letters, recipients
from guiche.notifications.groups import NO_BELL, NO_EMAIL, SHIPPED, Channels, Group, offered_to
from guiche.notifications.models import BellItem, Preference

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.notifications.querysets import BellItemQuerySet
    from guiche.tickets.models import Activity, Ticket

PEOPLE_PER_NOTICE = 500  # a notice holds at most 8,000 bytes


@transaction.atomic
def tell(activity: Activity, *, at: datetime) -> None:
    """Put `activity` in the bell, and in the mailbox, of everybody who is to hear of it.

    Once, however often it runs: a line of a bell is one per person and event, a letter one per event and address.
    """
    told = recipients.of(activity)
    _ring(activity, [one for one in told if one.in_bell])
    for one in told:
        if one.by_email:
            letters.post(activity, one, at=at)


def _ring(activity: Activity, told: Iterable[recipients.Recipient]) -> None:
    rows = [
        BellItem(
            user=one.user,
            kind=activity.kind,
            ticket_id=activity.ticket_id,
            activity=activity,
            part=one.part,
            at=activity.at,
        )
        for one in told
    ]
    BellItem.objects.bulk_create(rows, ignore_conflicts=True)
    _announce([row.user_id for row in rows])


def mark_read(item: BellItem, *, by: User, at: datetime) -> None:
    """Mark one line of one's own bell as read."""
    _mark(BellItem.objects.of(by).filter(pk=item.pk), by, at)


def mark_ticket_read(ticket: Ticket, *, by: User, at: datetime) -> None:
    """Mark what the bell of `by` says of `ticket` as read: they have it before them. One query when there is nothing."""
    _mark(BellItem.objects.of(by).about(ticket), by, at)


def mark_all_read(*, by: User, at: datetime) -> None:
    """Mark all of one's bell as read."""
    _mark(BellItem.objects.of(by), by, at)


def drop_out_of_sight(*, by: User, at: datetime) -> None:
    """Mark as read what `by` may see no longer, so that the number agrees with the list."""
    seen = BellItem.objects.visible_to(by).unread()
    _mark(BellItem.objects.of(by).exclude(pk__in=seen.values("pk")), by, at)


def prefer(chosen: Mapping[Group, Channels], *, by: User) -> None:
    """Keep what `by` wants to hear of, by group; a group that is not offered to them, or channel it lacks, is left out."""
    rows = [
        Preference(
            user=by,
            group=group,
            by_email=channels.by_email and group not in NO_EMAIL,
            in_bell=channels.in_bell and group not in NO_BELL,
        )
        for group, channels in chosen.items()
        if group in offered_to(works_here=by.works_here)
    ]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "group"], update_fields=["by_email", "in_bell"]
    )


def preferences_of(user: User) -> dict[Group, Channels]:
    """Return what `user` wants to hear of, for each group offered to them, in the order of the page. One query."""
    own = {row.group: Channels(row.by_email, row.in_bell) for row in Preference.objects.filter(user=user)}
    return {group: own.get(group, SHIPPED[group]) for group in offered_to(works_here=user.works_here)}


def _mark(rows: BellItemQuerySet, by: User, at: datetime) -> None:
    """Mark `rows` as read, and tell the other windows of `by`."""
    if rows.unread().update(read_at=at):
        _announce([by.pk])


def _announce(people: list[int]) -> None:
    for start in range(0, len(people), PEOPLE_PER_NOTICE):
        announce({"kind": "bell", "people": people[start : start + PEOPLE_PER_NOTICE]})
