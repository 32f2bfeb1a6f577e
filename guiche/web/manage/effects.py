"""What another promise would do to the open tickets, as a page shows it before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from guiche.core import formatting
from guiche.sla.effects import Effects
from guiche.sla.metrics import Metric
from guiche.sla.models import Retargeting
from guiche.tickets.models import Ticket
from guiche.web.manage.answers import address

if TYPE_CHECKING:
    from guiche.accounts.models import User


@dataclass(frozen=True)
class Row:
    """An open ticket whose deadline would be another. `title` and `organization` are blank where they are reserved."""

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
    visible = Ticket.objects.visible_to(reader).order_by().values("pk")
    known = Ticket.objects.filter(pk__in=keys).annotate(is_seen=Exists(visible.filter(pk=OuterRef("pk"))))
    words = (
        {
            pk: (number, title if is_seen else "", name if is_seen else "")
            for pk, number, title, name, is_seen in known.values_list(
                "pk", "number", "title", "organization__name", "is_seen"
            )
        }
        if keys
        else {}
    )
    rows = [
        Row(
            *words[effect.ticket],
            str(Metric(effect.metric).label),
            _moment(effect.due_at, at),
            _moment(effect.new_due_at, at),
            effect.is_overdue,
        )
        for effect in counts.rows
        if effect.ticket in words
    ]
    return Told(at, counts, rows)


def _moment(moment: datetime | None, now: datetime) -> str:
    return formatting.moment_text(moment, now) if moment else _("no deadline now")


def asked(by: User, at: datetime) -> str:
    """Return the address of the pass that `by` asked for at `at`, blank when none was."""
    found = Retargeting.objects.filter(asked_by=by, asked_at__gte=at.replace(microsecond=0)).order_by("-pk").first()
    return address("retargeting", found.pk) if found else ""
