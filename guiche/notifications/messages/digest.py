"""What a digest says: the news since the last one, by ticket, in the active language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiche.core import formatting
from guiche.notifications.messages import tickets

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.notifications.models import DigestLine
    from guiche.tickets.models import Ticket

MOST_LINES = 200  # past them the letter says how many more there are


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """What happened on one ticket."""

    ticket_number: int
    heading: str  # "#4821 Imagens lentas"
    lines: list[tuple[str, str]]  # moment and news


def told(lines: Sequence[DigestLine], user: User, *, at: datetime) -> tuple[str, dict[str, Any]]:
    """Return the subject of the digest of `lines`, read with for_letter(), and what its templates show. No query."""
    chapters = _chapters(lines[:MOST_LINES], user, at)
    news = ngettext("%(count)s piece of news", "%(count)s pieces of news", len(lines)) % {"count": len(lines)}
    count = len({line.activity.ticket_id for line in lines})
    where = ngettext("on %(count)s ticket", "on %(count)s tickets", count) % {"count": count}
    subject = _("Digest: %(news)s %(where)s") % {"news": news, "where": where}
    return subject, {
        "heading": subject,
        "chapters": chapters,
        "route": "desk:ticket" if user.at_the_desk else "portal:ticket",
        "more": max(0, len(lines) - MOST_LINES),
    }


def _chapters(lines: Sequence[DigestLine], user: User, at: datetime) -> list[Chapter]:
    found: dict[int, Chapter] = {}
    for line in lines:
        ticket = line.activity.ticket
        chapter = found.setdefault(ticket.pk, _chapter(ticket))
        moment = formatting.moment_text(line.activity.at, at)
        chapter.lines.append((moment, tickets.news(line.activity, line.part, at_the_desk=user.at_the_desk)))
    return list(found.values())


def _chapter(ticket: Ticket) -> Chapter:
    heading = f"{tickets.shown_number(ticket)} {ticket.title}"
    return Chapter(ticket_number=ticket.number, heading=heading, lines=[])
