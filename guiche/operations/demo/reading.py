"""Reading: the people of the demonstration know what is some days old, and what they answered themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from procrastinate.contrib.django.models import ProcrastinateJob

from guiche.accounts.models import User
from guiche.notifications import bell, tasks
from guiche.notifications.models import BellItem
from guiche.tickets.actions import sharing
from guiche.tickets.models import Activity, Ticket

STAYS_UNREAD = timedelta(days=2)


def all_are_told() -> bool:
    """Say whether no notice waits to be given any more."""
    waiting = ProcrastinateJob.objects.filter(task_name=tasks.tell.name, status__in=("todo", "doing"))
    return not waiting.exists()


@transaction.atomic
def read_old(*, at: datetime) -> None:
    """Open every ticket whose news is older than `STAYS_UNREAD`, or came before the person's own last word there."""
    people, tickets = User.objects.in_bulk(), Ticket.objects.in_bulk()
    for user_id, ticket_id, last in _known(at - STAYS_UNREAD):
        sharing.mark_read(tickets[ticket_id], by=people[user_id], activity_id=last)
        bell.mark_ticket_read(people[user_id], tickets[ticket_id], at=at)


def _known(since: datetime) -> Iterator[tuple[int, int, int]]:
    """Yield person, ticket and last line of what is unread though it is known."""
    lines = Activity.objects.order_by().values_list("actor", "ticket").annotate(at=Max("at"))
    spoke = {(actor, ticket): at for actor, ticket, at in lines}
    unread = BellItem.objects.unread().filter(activity__isnull=False).order_by().values_list("user", "ticket")
    for user, ticket, newest, last in unread.annotate(newest=Max("at"), last=Max("activity")):
        if newest < max(since, spoke.get((user, ticket), since)):
            yield user, ticket, last
