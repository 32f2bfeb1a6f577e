"""What is said of deadlines: how much is left, that one ran out, that what was to be done could not be.

Each sentence has holes, filled by `given`. Instants are in the zone of the calendar that counts, named where the
reader's clocks show another time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiche.calendars import words as calendar_words
from guiche.core import formatting
from guiche.sla.metrics import Metric

if TYPE_CHECKING:
    from guiche.tickets.models import Activity

HOUR, MINUTE = 3600, 60


def warned(activity: Activity, *, when_told: bool = False) -> str:
    return warned_of(activity.details["metric"], _left(activity, when_told=when_told))


def breached(activity: Activity) -> str:
    return breached_of(activity.details["metric"])


def breached_then(activity: Activity) -> str:
    """Return "O prazo da solução venceu", for a line that says when beside it."""
    say: dict[str, Callable[[], str]] = {
        Metric.FIRST_RESPONSE: lambda: _("The deadline of the first response ran out"),
        Metric.DIAGNOSIS: lambda: _("The deadline of the diagnosis ran out"),
        Metric.SOLUTION: lambda: _("The deadline of the solution ran out"),
        Metric.TEAM: lambda: _("The deadline of the team ran out"),
    }
    return say[activity.details["metric"]]()


def remedy_refused(activity: Activity) -> str:
    return _("What was to be done at %(percent)s %% of the deadline could not be: %(why)s")


def warned_of(metric: str, left: int) -> str:
    """Return "Faltam %(left)s para a solução (%(percent)s %% do prazo)"; of what is left, singular or plural."""
    leading = left // HOUR or left // MINUTE
    say: dict[str, Callable[[], str]] = {
        Metric.FIRST_RESPONSE: lambda: ngettext(
            "%(left)s left for the first response (%(percent)s %% of the time)",
            "%(left)s left for the first response (%(percent)s %% of the time)",
            leading,
        ),
        Metric.DIAGNOSIS: lambda: ngettext(
            "%(left)s left for the diagnosis (%(percent)s %% of the time)",
            "%(left)s left for the diagnosis (%(percent)s %% of the time)",
            leading,
        ),
        Metric.SOLUTION: lambda: ngettext(
            "%(left)s left for the solution (%(percent)s %% of the time)",
            "%(left)s left for the solution (%(percent)s %% of the time)",
            leading,
        ),
        Metric.TEAM: lambda: ngettext(
            "%(left)s left for the team (%(percent)s %% of the time)",
            "%(left)s left for the team (%(percent)s %% of the time)",
            leading,
        ),
    }
    return say[metric]()


def breached_of(metric: str) -> str:
    """Return "O prazo da solução venceu %(when)s"."""
    say: dict[str, Callable[[], str]] = {
        Metric.FIRST_RESPONSE: lambda: _("The deadline of the first response ran out %(when)s"),
        Metric.DIAGNOSIS: lambda: _("The deadline of the diagnosis ran out %(when)s"),
        Metric.SOLUTION: lambda: _("The deadline of the solution ran out %(when)s"),
        Metric.TEAM: lambda: _("The deadline of the team ran out %(when)s"),
    }
    return say[metric]()


def given(activity: Activity, *, when_told: bool = False) -> dict[str, str]:
    """Return what fills the holes. `when_told`: what was left when people were told, however late that was."""
    details = activity.details
    return {
        "left": formatting.duration(_left(activity, when_told=when_told)),
        "percent": str(details.get("percent", "")),
        "when": moment(activity.at, details.get("zone", "")),
        "why": details.get("why", "").rstrip("."),
    }


def _left(activity: Activity, *, when_told: bool) -> int:
    left: int = activity.details.get("left_seconds", 0)
    late: int = activity.details.get("left_when_told", left)
    return late if when_told else left


def due(activity: Activity) -> str:
    """Return when the deadline is that an event warns of; blank for other events."""
    stored = activity.details.get("due_at") if activity.kind == "ticket.deadline_warned" else ""
    return moment(datetime.fromisoformat(stored), activity.details.get("zone", "")) if stored else ""


def moment(at: datetime, zone_name: str) -> str:
    """Return "hoje às 11h54", in the zone of that name, which is told where it shows another time than the reader's."""
    zone = _zone(zone_name)
    text = formatting.said(at, None, zone)
    if zone is None or at.astimezone(zone).utcoffset() == timezone.localtime(at).utcoffset():
        return text
    return f"{text} ({calendar_words.zone(zone_name)})"


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
