"""The business days after which silence closes a ticket, as its ledger lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiche.calendars.worktime import Calendar, WorktimeError
from guiche.sla import ledger
from guiche.tickets import closing
from guiche.web.ledgers import amounts

if TYPE_CHECKING:
    from guiche.sla.ledger import ClosingDay
    from guiche.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Day:
    """A date on the way; `counts` is False for a holiday, `is_last` the one on which it closes."""

    title: str
    text: str
    counts: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Silence:
    text: str
    days: Sequence[Day]


def silence_of(ticket: Ticket, calendar: Calendar) -> Silence | None:
    """Return how silence closes `ticket`; None while it does not."""
    days, closes_at = ticket.status.closes_after_days, ticket.closes_at
    if days is None or closes_at is None:
        return None
    try:
        found = ledger.closing_days(calendar, max(ticket.status_since, ticket.customer_spoke_at), days)
    except WorktimeError:  # its calendar was changed, and never opens any more
        return None
    local = closes_at.astimezone(calendar.zone)
    return Silence(_text(ticket, calendar, closes_at, days), [_day(one, local) for one in found])


def _day(one: ClosingDay, closes_at: datetime) -> Day:
    title, is_last = amounts.short_day(one.date), one.date == closes_at.date()
    if not one.counts:
        return Day(title, _("does not count: %(name)s") % {"name": one.name}, False, False)
    text = _("day %(n)s") % {"n": one.number}
    if is_last:
        text = _("%(day)s, closes %(at)s") % {"day": text, "at": amounts.at(closes_at)}
    return Day(title, text, True, is_last)


def _text(ticket: Ticket, calendar: Calendar, closes_at: datetime, days: int) -> str:
    sentence = ngettext(
        "The ticket closes by itself after %(n)s business day without an answer.",
        "The ticket closes by itself after %(n)s business days without an answer.",
        days,
    ) % {"n": days}
    reminders = closing.reminders(ticket.status, closes_at, calendar)
    if not reminders:
        return sentence
    told = [amounts.short_day(at.astimezone(calendar.zone)) for at in reminders]
    if len(told) == 1:
        return sentence + " " + _("We remind you on %(day)s.") % {"day": told[0]}
    listed = {"days": ", ".join(told[:-1]), "last": told[-1]}
    return sentence + " " + _("We remind you on %(days)s and on %(last)s.") % listed
