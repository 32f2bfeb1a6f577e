"""Telling people of an event, and keeping what each wants to hear of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from guiche.notifications import bell, letters, recipients
from guiche.notifications.groups import NO_BELL, NO_EMAIL, SHIPPED, Channels, Group, offered_to
from guiche.notifications.models import BellItem, Preference

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.tickets.models import Activity


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
    bell.announce_to([row.user_id for row in rows])


def prefer(chosen: Mapping[Group, Channels], *, by: User) -> None:
    """Keep what `by` wants to hear of; groups not offered to them, and channels that a group lacks, are left out."""
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
