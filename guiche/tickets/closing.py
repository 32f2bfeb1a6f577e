"""When silence closes a ticket: arithmetic on a status and the moment from which silence is counted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from guiche.calendars.worktime import Calendar

if TYPE_CHECKING:
    from guiche.workflows.models import Status


class Closing(NamedTuple):
    """Both aware instants, or None: the ticket does not close by itself, or nobody is warned."""

    closes_at: datetime | None
    warns_at: datetime | None


def closing_of(status: Status, since: datetime, calendar: Calendar) -> Closing:
    """Return when silence that began at `since` closes a ticket in `status`, and when to warn of it.

    Business days are those of `calendar`; the wall clock of `since` is kept.
    """
    days = status.closes_after_days
    if days is None:
        return Closing(None, None)
    warning = status.warns_days_before
    warns_at = calendar.add_business_days(since, days - warning) if warning else None
    return Closing(calendar.add_business_days(since, days), warns_at)
