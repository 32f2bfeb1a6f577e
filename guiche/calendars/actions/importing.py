"""Bringing days of a file into the draft of a calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from guiche.calendars import compiling, ical
from guiche.calendars.actions import permission, versions
from guiche.calendars.ical import Reading
from guiche.calendars.models import Calendar


@transaction.atomic
def bring_in(
    calendar: Calendar, content: bytes, *, by: Any, at: datetime, expected: str | None = None
) -> Reading:  # Any: people live in an app above this one
    """Add the days of an .ics file to the draft of `calendar`, and return which they were and which were left out.

    Without any there is no draft made. Raises NotAllowed, FileRefused, and what `versions.save_draft` raises.
    """
    calendar = permission.locked(calendar, by=by)
    permission.in_use(calendar)
    begun = versions.compared(calendar, expected)
    assert begun is not None  # a calendar is made with a draft, and only a newer version takes its place
    plan = compiling.plan_of(begun)
    reading = ical.new_ones(ical.read(content), plan, versions.frozen(plan, at, at))
    if reading.days:
        versions.save_draft(calendar, replace(plan, own=(*plan.own, *reading.days)), by=by, at=at)
    return reading
