"""Calendars for tests: the shipped one, and others published on the spot."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from django.apps import apps

from guiche.calendars import holidays, shipped
from guiche.calendars import plan as plans
from guiche.calendars.hours import Window
from guiche.calendars.models import Calendar, CalendarVersion, Kind
from guiche.calendars.plan import Plan
from guiche.calendars.plan_check import Frozen

_numbers = count(1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def week(*spans: tuple[int, int], days: int = 5) -> tuple[tuple[Window, ...], ...]:
    """Return windows, given in hours, of the first `days` days of the week."""
    windows = tuple(Window(opens * 3600, closes * 3600) for opens, closes in spans)
    return (windows,) * days + ((),) * (7 - days)


def make_plan(**said) -> Plan:
    """Return office hours of Brasília with national holidays, but for what is said."""
    return Plan(**{"zone": "America/Sao_Paulo", "weekly": week((8, 18)), **said})


def shipped_calendar() -> Calendar:
    shipped.load(apps)  # a test with real commits begins on an empty database
    return Calendar.objects.default()


def make_calendar(*, plan: Plan | None = None, since: datetime = LONG_AGO, **columns) -> Calendar:
    """Make a calendar with one published version of `plan`."""
    columns = {"name": f"Calendário {next(_numbers)}", "created_at": LONG_AGO, **columns}
    calendar = Calendar.objects.create(**columns)
    make_version(calendar, plan=plan or make_plan(), since=since)
    return calendar


def make_city_calendar(*, state: str = "SC", city: str = "Florianópolis", **columns) -> Calendar:
    plan = make_plan(weekly=plans.WHOLE_WEEK, state=state)
    return make_calendar(plan=plan, kind=Kind.CITY, state=state, city=city, name=city, **columns)


def make_version(
    calendar: Calendar,
    *,
    plan: Plan | None = None,
    since: datetime = LONG_AGO,
    holidays_kept: Frozen | None = None,
    **columns,
) -> CalendarVersion:
    """Publish `plan` as the next version of `calendar`."""
    plan = plan or make_plan()
    kept = holidays_kept or holidays.frozen(plan, since.year - 1, since.year + holidays.YEARS_AHEAD)
    columns = {"saved_at": since, "published_at": since, **columns}
    return calendar.versions.create(
        number=calendar.versions.count() + 1,
        plan=plans.dump(plan),
        holidays=plans.dump_holidays(kept),
        effective_from=since,
        **columns,
    )
