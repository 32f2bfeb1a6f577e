"""What becomes of somebody's tickets when they leave, or when two records of one person become one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from guiche.core.events import happened
from guiche.tickets.events import TicketAssigned
from guiche.tickets.models import Following, Participant, Ticket

if TYPE_CHECKING:
    from guiche.accounts.models import User


def hand_over(leaver: User, to: User | None, *, by: User, at: datetime) -> int:
    """Give the open tickets of `leaver` to `to`, or back to their teams; return how many.

    A ticket of a team that `to` cannot see goes back to its team. Called when somebody of the desk loses access, by
    whoever may take it away: that right was checked there.
    """
    tickets = list(Ticket.objects.select_for_update(of=["self"]).open().filter(assignee=leaver).order_by("id"))
    seen = set(Ticket.objects.visible_to(to).filter(assignee=leaver).values_list("pk", flat=True)) if to else set()
    for ticket in tickets:
        ticket.assignee = to if ticket.pk in seen else None
        ticket.save(update_fields=["assignee"])
        name, pk = (to.name, to.pk) if to and ticket.assignee else ("", None)
        details = {"assignee": name, "assignee_id": pk, "previous_id": leaver.pk}
        happened(TicketAssigned(subject=ticket, by=by, at=at, details=details))
    return len(tickets)


def join_records(merged: User, into: User) -> None:
    """Make `into` the requester, opener and follower wherever `merged` was. What `merged` wrote stays signed by it."""
    Ticket.objects.filter(requester=merged).update(requester=into)
    Ticket.objects.filter(opened_by=merged).update(opened_by=into)
    for model in (Participant, Following):
        there = model._default_manager.filter(user=into, ticket=OuterRef("ticket"))
        model._default_manager.filter(Exists(there), user=merged).delete()
        model._default_manager.filter(user=merged).update(user=into)
