"""Asking who may, and holding a calendar while it is decided on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from guiche.calendars import policies
from guiche.calendars.models import Calendar
from guiche.core.errors import NotAllowed, Refused


class CalendarRefused(Refused):
    """This cannot be done with the calendar."""


def check(by: Any) -> None:  # Any: people live in an app above this one
    """Raise NotAllowed unless `by` may change calendars."""
    if not policies.can_change(by):
        raise NotAllowed(_("Only administrators change calendars."))


def locked(calendar: Calendar, *, by: Any) -> Calendar:  # Any: as above
    """Return the row as it is now, held until the end of the transaction. Raises NotAllowed."""
    check(by)
    return Calendar.objects.locked(calendar)


def in_use(calendar: Calendar) -> None:
    """Raise CalendarRefused when `calendar` is archived."""
    if not calendar.is_active:
        raise CalendarRefused(_("This calendar is archived. Bring it back before you change it."))
