"""When silence closes a ticket, and when its customer is reminded of that: arithmetic on a status and a moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from guiche.calendars.worktime import Calendar

if TYPE_CHECKING:
    from guiche.workflows.models import Status

LAST_REMINDER = 1  # business days before the closing


class Closing(NamedTuple):
    """Aware instants: of the end, None when the ticket does not close by itself, and of what comes before it."""

    closes_at: datetime | None
    reminders: tuple[datetime, ...] = ()

    @property
    def warns_at(self) -> datetime | None:
        """The first reminder."""
        return self.reminders[0] if self.reminders else None


def closing_of(status: Status, since: datetime, calendar: Calendar) -> Closing:
    """Return when silence that began at `since` closes a ticket in `status`, and when to remind of it.

    Business days are those of `calendar`; the wall clock of `since` is kept.
    """
    days = status.closes_after_days
    if days is None:
        return Closing(None)
    closes_at = calendar.add_business_days(since, days)
    return Closing(closes_at, reminders(status, closes_at, calendar))


def reminders(status: Status, closes_at: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """Return when a customer is reminded that silence closes a ticket at `closes_at`, earliest first.

    First as many business days before as the status says, then on the last one. A status without such days: never.
    """
    if not status.warns_days_before:
        return ()
    days = sorted({status.warns_days_before, LAST_REMINDER}, reverse=True)
    return tuple(calendar.subtract_business_days(closes_at, count) for count in days)


def next_reminder(status: Status, closes_at: datetime, calendar: Calendar, *, after: datetime) -> datetime | None:
    """Return the first of `reminders` later than `after`; None when there is none left."""
    return next((at for at in reminders(status, closes_at, calendar) if at > after), None)
