"""Making calendars, naming them, and choosing the one that counts where none is named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.utils.translation import gettext as _

from guiche.calendars import compiling
from guiche.calendars import holidays as known
from guiche.calendars import plan as plans
from guiche.calendars.actions import permission
from guiche.calendars.actions.permission import CalendarRefused
from guiche.calendars.events import (
    CalendarArchived,
    CalendarCreated,
    CalendarMadeDefault,
    CalendarRenamed,
    CalendarRestored,
)
from guiche.calendars.models import Calendar, Kind
from guiche.calendars.plan import WHOLE_WEEK, Plan
from guiche.core.events import happened
from guiche.core.fields import SortKey
from guiche.core.text import typed

LONGEST_NAME = 80


@transaction.atomic
def create(
    *, name: str, kind: str = Kind.HOURS, state: str = "", city: str = "", by: Any, at: datetime
) -> Calendar:  # Any: people live in an app above this one
    """Make a calendar, with a draft to begin from: the default's plan, or for a city its holidays alone.

    Raises NotAllowed, CalendarRefused beside name, kind, state and city.
    """
    permission.check(by)
    name, city = _clean(name), _clean(city)
    faults = {"name": _name_fault(name, None), **_kind_faults(kind, state, city)}
    _refuse(faults)
    if kind == Kind.HOURS:
        state = city = ""
    calendar = Calendar.objects.create(name=name, kind=kind, state=state, city=city, created_at=at)
    plan = plans.dump(_first_plan(calendar))
    calendar.versions.create(number=1, plan=plan, saved_at=at, saved_by=by)
    happened(CalendarCreated(subject=calendar, by=by, at=at, details={"name": name, "kind": str(kind)}))
    return calendar


@transaction.atomic
def rename(calendar: Calendar, name: str, *, by: Any, at: datetime) -> Calendar:  # Any: as above
    """Raises NotAllowed, CalendarRefused beside name."""
    calendar = permission.locked(calendar, by=by)
    name, old = _clean(name), calendar.name
    _refuse({"name": _name_fault(name, calendar)})
    if name != old:
        calendar.name = name
        calendar.save(update_fields=["name"])
        happened(CalendarRenamed(subject=calendar, by=by, at=at, details={"old": old, "new": name}))
    return calendar


@transaction.atomic
def make_default(calendar: Calendar, *, by: Any, at: datetime) -> Calendar:  # Any: as above
    """Let `calendar` count where none is named. Raises NotAllowed, CalendarRefused."""
    permission.check(by)
    # All of them, few as they are: two who choose at the same time must see each other.
    rows = {row.pk: row for row in Calendar.objects.select_for_update(no_key=True).order_by("pk")}
    calendar = rows[calendar.pk]
    permission.in_use(calendar)
    if calendar.kind != Kind.HOURS:
        raise CalendarRefused(_("A calendar of a city says only when it is closed. Choose one with hours."))
    if not calendar.versions.published().exists():
        raise CalendarRefused(_("This calendar was never published: nothing can be counted by it yet."))
    if calendar.is_default:
        return calendar
    previous = next((row for row in rows.values() if row.is_default), None)
    Calendar.objects.filter(is_default=True).update(is_default=False)
    calendar.is_default = True
    calendar.save(update_fields=["is_default"])
    details = {"name": calendar.name, "previous": previous.name if previous else ""}
    happened(CalendarMadeDefault(subject=calendar, by=by, at=at, details=details))
    return calendar


@transaction.atomic
def archive(calendar: Calendar, *, by: Any, at: datetime) -> Calendar:  # Any: as above
    """Take `calendar` out of what can be chosen. Raises NotAllowed, CalendarRefused, and what refuses for its use."""
    calendar = permission.locked(calendar, by=by)
    if calendar.is_default:
        raise CalendarRefused(_("This is the default calendar. Make another one the default first."))
    if calendar.is_active:
        calendar.is_active = False
        calendar.save(update_fields=["is_active"])
        happened(CalendarArchived(subject=calendar, by=by, at=at, details={"name": calendar.name}))
    return calendar


@transaction.atomic
def restore(calendar: Calendar, *, by: Any, at: datetime) -> Calendar:  # Any: as above
    """Raises NotAllowed, CalendarRefused when the city has another calendar meanwhile."""
    calendar = permission.locked(calendar, by=by)
    if not calendar.is_active:
        if calendar.kind == Kind.CITY:
            _refuse({"city": _city_fault(calendar.state, calendar.city)})
        calendar.is_active = True
        calendar.save(update_fields=["is_active"])
        happened(CalendarRestored(subject=calendar, by=by, at=at, details={"name": calendar.name}))
    return calendar


def _first_plan(calendar: Calendar) -> Plan:
    default = Calendar.objects.with_versions().filter(is_default=True).first()
    newest = list(default.versions.all())[-1] if default else None
    plan = compiling.plan_of(newest) if newest else Plan("America/Sao_Paulo", ((),) * 7)
    if calendar.kind == Kind.HOURS:
        return plan
    city = calendar.city if calendar.city in known.cities_of(calendar.state) else ""
    return Plan(plan.zone, WHOLE_WEEK, state=calendar.state, city=city)


def _clean(text: str) -> str:
    return " ".join(typed(text).split())


def _refuse(faults: dict[str, str]) -> None:
    if refused := {field: sentence for field, sentence in faults.items() if sentence}:
        raise CalendarRefused(" ".join(refused.values()), fields=refused)


def _name_fault(name: str, calendar: Calendar | None) -> str:
    if not name:
        return _("Write a name.")
    if len(name) > LONGEST_NAME:
        return _("Write at most %d characters.") % LONGEST_NAME
    same = Calendar.objects.alias(key=SortKey("name")).filter(key=SortKey(Value(name)))
    if same.exclude(pk=calendar.pk if calendar else 0).exists():
        return _("There is already one with this name. Choose another.")
    return ""


def _kind_faults(kind: str, state: str, city: str) -> dict[str, str]:
    if kind not in Kind.values:
        return {"kind": _("Choose a kind from the list.")}
    if kind == Kind.HOURS:
        return {}
    if state not in known.STATES:
        return {"state": _("Choose a state from the list.")}
    return {"city": _city_fault(state, city)}


def _city_fault(state: str, city: str) -> str:
    if not city or len(city) > LONGEST_NAME:
        return _("Write the name of the city, of at most 80 characters.")
    cities = Calendar.objects.of_cities().filter(is_active=True, state=state).alias(key=SortKey("city"))
    if other := cities.filter(key=SortKey(Value(city))).first():
        return _("This city has a calendar already: %s.") % other.name
    return ""
