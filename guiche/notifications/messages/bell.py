"""The words of a line in the bell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from guiche.notifications.messages import tickets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from guiche.notifications.models import BellItem
    from guiche.tickets.models import Activity, Ticket


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line as a template shows it, in the active language."""

    id: int
    news: str
    number: str
    title: str
    at: datetime
    is_read: bool


def lines(items: Iterable[BellItem], *, at_the_desk: bool) -> list[Line]:
    """Return what `items`, read with for_list(), say. No query."""
    return [_line(item, item.activity, item.ticket, at_the_desk) for item in items if item.activity and item.ticket]


def _line(item: BellItem, activity: Activity, ticket: Ticket, at_the_desk: bool) -> Line:
    return Line(
        id=item.pk,
        news=tickets.news(activity, item.part, at_the_desk=at_the_desk),
        number=tickets.shown_number(ticket),
        title=ticket.title,
        at=item.at,
        is_read=item.read_at is not None,
    )
