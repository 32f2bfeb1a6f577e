"""What another promise would do to the open tickets, as a page shows it before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from guiche.core import formatting
from guiche.sla.effects import Effect, Effects
from guiche.sla.metrics import Metric
from guiche.sla.models import Retargeting
from guiche.tickets.models import Ticket
from guiche.web.manage.answers import address

if TYPE_CHECKING:
    from guiche.accounts.models import User


@dataclass(frozen=True)
class Row:
    """An open ticket whose deadline would be another. `title` and `organization` are blank to who may not read them."""

    number: int
    title: str
    organization: str
    metric: str
    before: str
    after: str
    is_overdue: bool


@dataclass(frozen=True)
class Told:
    """`Effects` for a page: the moment of the count, and the tickets by name."""

    at: datetime
    counts: Effects
    rows: Sequence[Row]

    @property
    def hidden(self) -> int:
        return self.counts.changed - len(self.rows)


def told(counts: Effects, reader: User, at: datetime) -> Told:
    """Return `counts` with the tickets as `reader` may see them. One query."""
    keys = [effect.ticket for effect in counts.rows]
    words = {ticket.pk: _words(ticket) for ticket in _named(keys, reader)} if keys else {}
    rows = [
        Row(
            *words[effect.ticket],
            str(Metric(effect.metric).label),
            *_moments(effect, at),
            effect.is_overdue,
        )
        for effect in counts.rows
        if effect.ticket in words
    ]
    return Told(at, counts, rows)


def _named(keys: Sequence[int], reader: User) -> QuerySet[Any]:  # Any: tickets, with `is_seen`
    seen = Ticket.objects.visible_to(reader).order_by().filter(pk=OuterRef("pk"))
    rows = Ticket.objects.filter(pk__in=keys).select_related("organization", "request_type")
    return rows.annotate(is_seen=Exists(seen.values("pk")))


def _words(ticket: Any) -> tuple[int, str, str]:  # Any: as above
    """Return number, title and customer: the title to who may read it, nothing of what is reserved to anybody else."""
    name = ticket.organization.name if ticket.is_seen or not ticket.request_type.is_reserved else ""
    return ticket.number, ticket.title if ticket.is_seen else "", name


def _moments(effect: Effect, now: datetime) -> tuple[str, str]:
    """Return when it is due as things stand, and when it would be."""
    if effect.is_paused:
        return _("paused"), _("paused")
    return _moment(effect.due_at, now), _moment(effect.new_due_at, now)


def _moment(moment: datetime | None, now: datetime) -> str:
    return formatting.moment_text(moment, now) if moment else _("no deadline now")


def asked(by: User, at: datetime) -> str:
    """Return the address of the pass that `by` asked for at `at`, blank when none was."""
    found = Retargeting.objects.filter(asked_by=by, asked_at__gte=at.replace(microsecond=0)).order_by("-pk").first()
    return address("retargeting", found.pk) if found else ""
