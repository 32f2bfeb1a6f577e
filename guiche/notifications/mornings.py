"""When a digest is due: eight in the morning of each day, where its reader is. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = 8


def last_morning(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the latest 8:00 of `zone` that is not after `at`, in that zone."""
    today = _morning(at, zone)
    return today if today <= at else _morning(at, zone, days=-1)


def next_morning(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the first 8:00 of `zone` after `at`, in that zone."""
    today = _morning(at, zone)
    return today if today > at else _morning(at, zone, days=1)


def _morning(at: datetime, zone: ZoneInfo, *, days: int = 0) -> datetime:
    # By the calendar: 24 hours later would be 7:00 or 9:00 on the days on which clocks change.
    day = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, time(HOUR), tzinfo=zone)
