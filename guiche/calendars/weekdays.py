"""Business days while there are no calendars: Monday to Friday of one zone. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_SATURDAY = 5


def add_business_days(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the instant `days` business days after `start`, at the same time of the clock in `zone`.

    `start` is aware, in any zone; `days` is not negative; the answer is aware, in UTC. From a Saturday or Sunday, one
    day leads to Monday. With nothing to add, the answer is `start`. A time that a clock change skips becomes the one an
    hour later; of one that happens twice, the first is meant.

    Raises ValueError for a naive `start` or negative `days`.
    """
    return _moved(start, days, zone, step=timedelta(days=1))


def subtract_business_days(end: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the instant `days` business days before `end`: the mirror of `add_business_days`."""
    return _moved(end, days, zone, step=timedelta(days=-1))


def _moved(moment: datetime, days: int, zone: ZoneInfo, *, step: timedelta) -> datetime:
    if moment.tzinfo is None or days < 0:
        raise ValueError("an aware moment and a number of days from 0 on")
    if not days:
        return moment.astimezone(UTC)
    local = moment.astimezone(zone)
    day = local.date()
    while days:
        day += step
        days -= day.weekday() < _SATURDAY
    # To UTC at once: sums of a zone's own datetimes ignore the clock change between them.
    return datetime.combine(day, local.time().replace(fold=0), zone).astimezone(UTC)
