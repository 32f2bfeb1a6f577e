"""The digest: what waits for it, and the one letter a day that takes all of it along."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from guiche.accounts.models import User
from guiche.mail import posting
from guiche.mail.stationery import brand
from guiche.notifications import recipients, stationery
from guiche.notifications.groups import SHIPPED, Channels
from guiche.notifications.messages import digest as messages
from guiche.notifications.models import Digest, DigestLine, Preference
from guiche.notifications.mornings import last_morning, next_morning
from guiche.notifications.recipients import Part
from guiche.tickets.models import Activity, Following

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from guiche.notifications.recipients import Recipient

log = logging.getLogger(__name__)

KEY = "digest:%d"
_TEMPLATES = ("letters/tickets/digest.txt", "letters/tickets/digest.html")
_KEY = re.compile(r"digest:(\d+)")


def keep(activity: Activity, told: Iterable[Recipient], *, at: datetime) -> None:
    """Put `activity` by for the digests of these people. Once, however often it runs."""
    rows = [
        DigestLine(
            user=one.user,
            activity=activity,
            part=one.part,
            due_at=next_morning(at, stationery.zone_of(one.user, activity.ticket.organization)),
        )
        for one in told
    ]
    DigestLine.objects.bulk_create(rows, ignore_conflicts=True)


def send_due(*, at: datetime) -> None:
    """Write the digest of everybody for whom it is time. One that fails is logged and tried again the next time."""
    people = DigestLine.objects.due(at=at).order_by("user_id").values_list("user_id", flat=True).distinct()
    for user_id in list(people):
        try:
            send(user_id, at=at)
        except Exception:  # the edge of the job: what breaks one person's digest must not cost the others theirs
            log.exception("the digest of person %s cannot be written", user_id)


@transaction.atomic
def send(user_id: int, *, at: datetime) -> Digest | None:
    """Write the digest of a person if it is due, with its letter and in the same transaction; return it.

    Of two workers one gets the lines: the other finds none waiting. What comes in after the digest of a morning waits
    for the next one. None, and no letter, when nothing is left that the person may see and wants to hear of.
    """
    lines = _locked(user_id)
    if not any(line.due_at <= at for line in lines):
        return None
    user = User.objects.get(pk=user_id)
    zone = stationery.zone_of(user, lines[-1].activity.ticket.organization)
    day = last_morning(at, zone).date()
    if Digest.objects.filter(user=user, day=day).exists():
        return None
    told = _still_wanted(user, lines)
    DigestLine.objects.filter(pk__in={line.pk for line in lines} - {line.pk for line in told}).update(dropped_at=at)
    return _post(user, told, day=day, zone=zone, at=at) if told else None


def _locked(user_id: int) -> list[DigestLine]:
    """Return what waits for a person's digest, which nobody else can take now."""
    waiting = DigestLine.objects.filter(user=user_id).waiting().order_by("pk")
    ours = list(waiting.select_for_update().values_list("pk", flat=True))
    return list(DigestLine.objects.filter(pk__in=ours).for_letter())


def of_key(event_key: str) -> int | None:
    """Return the digest that a letter's key names; None for the key of another letter."""
    found = _KEY.fullmatch(event_key)
    return int(found.group(1)) if found else None


def is_still_for(digest_id: int, address: str) -> bool:
    """Whether a posted digest may still leave: its reader is still one of us and may see all that it tells of."""
    reader = User.objects.active().filter(email=address).first()
    if reader is None:
        return False
    lines = DigestLine.objects.filter(digest=digest_id)
    return not lines.exclude(pk__in=lines.visible_to(reader).values("pk")).exists()


def _post(user: User, told: list[DigestLine], *, day: date, zone: ZoneInfo, at: datetime) -> Digest:
    made = Digest.objects.create(user=user, day=day, at=at)
    DigestLine.objects.filter(pk__in=[line.pk for line in told]).update(digest=made)
    with stationery.read_by(user, zone):
        subject, said = messages.told(told, user, at=at)
        letter = stationery.written(_TEMPLATES, subject, {**brand(), **said}, has_page=True)
    posting.post(event_key=KEY % made.pk, to=user.email or "", **letter.for_mail(at=at))
    return made


def _still_wanted(user: User, lines: list[DigestLine]) -> list[DigestLine]:
    """Return those that the person may see now, of what they still want letters about."""
    if not user.is_active or user.is_system or not user.email:
        return []
    rows = DigestLine.objects.filter(pk__in=[line.pk for line in lines])
    visible = set(rows.visible_to(user).values_list("pk", flat=True))
    tickets = {line.activity.ticket_id for line in lines}
    silenced = Following.objects.filter(user=user, ticket__in=tickets, by_email=False)
    muted = set(silenced.values_list("ticket_id", flat=True))
    own = {row.group: row.channels for row in Preference.objects.filter(user=user)}
    return [
        line for line in lines if line.pk in visible and line.activity.ticket_id not in muted and _is_wanted(line, own)
    ]


def _is_wanted(line: DigestLine, own: Mapping[str, Channels]) -> bool:
    group = recipients.group_of(line.activity, Part(line.part))
    return own.get(group, SHIPPED[group]).by_email
