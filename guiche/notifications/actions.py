"""Telling people of an event, and keeping what each wants to hear of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from guiche.mail.models import OutgoingMail
from guiche.notifications import bell, digests, letters, recipients, wordings
from guiche.notifications.groups import AT_ONCE, NO_BELL, NO_EMAIL, SHIPPED, Channels, Group, offered_to
from guiche.notifications.models import BellItem, DigestLine, Preference
from guiche.tickets.models import Activity

if TYPE_CHECKING:
    from guiche.accounts.models import User


@transaction.atomic
def tell(activity: Activity, *, at: datetime) -> None:
    """Put `activity` in the bell, and in the mailbox or the digest, of everybody who is to hear of it.

    Once, however often it runs: a line of a bell is one per person and event, a letter one per event and address; and
    what is in a letter comes into no digest, nor the other way round, whatever the person chose in between.
    """
    Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    told = recipients.of(activity)
    _ring(activity, [one for one in told if one.in_bell])
    _write([one for one in told if one.by_email], activity, at)


def _write(told: list[recipients.Recipient], activity: Activity, at: datetime) -> None:
    at_once = [one for one in told if not one.daily]
    if at_once:
        put_by = set(DigestLine.objects.filter(activity=activity).values_list("user_id", flat=True))
        own = wordings.own(activity.kind)
        for one in at_once:
            if one.user is None or one.user.pk not in put_by:
                letters.post(activity, one, at=at, own=own)
    if later := [one for one in told if one.daily]:
        posted = OutgoingMail.objects.filter(event_key=letters.EVENT_KEY % activity.pk)
        written = set(posted.filter(recipient__in=[one.address for one in later]).values_list("recipient", flat=True))
        digests.keep(activity, [one for one in later if one.address not in written], at=at)


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
            daily=channels.daily and channels.by_email and group not in NO_EMAIL | AT_ONCE,
        )
        for group, channels in chosen.items()
        if group in offered_to(works_here=by.works_here)
    ]
    Preference.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "group"], update_fields=["by_email", "in_bell", "daily"]
    )


def preferences_of(user: User) -> dict[Group, Channels]:
    """Return what `user` wants to hear of, for each group offered to them, in the order of the page. One query."""
    own = {row.group: row.channels for row in Preference.objects.filter(user=user)}
    return {group: own.get(group, SHIPPED[group]) for group in offered_to(works_here=user.works_here)}
