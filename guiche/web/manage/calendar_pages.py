"""A calendar on its page: its versions as tabs, its year, and what each of its days is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from guiche.calendars import changes, compiling, words
from guiche.calendars import year as years
from guiche.calendars.models import Calendar, CalendarVersion, Kind
from guiche.calendars.plan import OwnDay, Plan, WorkedDay
from guiche.calendars.year import Year
from guiche.core import formatting
from guiche.sla import uses
from guiche.sla.models import Retargeting
from guiche.web.http import Request
from guiche.web.manage import calendar_forms as forms
from guiche.web.manage import calendar_year, calendars, retargeting
from guiche.web.manage.answers import address, show

FIRST_YEAR, LAST_YEAR = 1990, 2199
DRAFT, WAITING, IN_FORCE, PAST, REPLACED = "draft", "waiting", "in_force", "past", "replaced"


@dataclass(frozen=True)
class Known:
    """What the page of a calendar reads once. `versions`: oldest first, without those withdrawn."""

    one: Calendar
    versions: Sequence[CalendarVersion]
    now: datetime

    @cached_property
    def published(self) -> list[CalendarVersion]:
        return [one for one in self.versions if not one.is_draft]

    @cached_property
    def draft(self) -> CalendarVersion | None:
        return next((one for one in self.versions if one.is_draft), None)

    @cached_property
    def turns(self) -> list[tuple[datetime, CalendarVersion]]:
        return compiling.in_turn(self.published)

    @property
    def in_force(self) -> CalendarVersion | None:
        return compiling.in_force(self.published, self.now) if self.published else None

    def kind(self, version: CalendarVersion) -> str:
        if version.is_draft:
            return DRAFT
        if version == self.in_force:
            return IN_FORCE
        since = next((since for since, one in self.turns if one == version), None)
        if since is None:
            return REPLACED
        return WAITING if since > self.now else PAST

    def until(self, version: CalendarVersion) -> datetime | None:
        """Return when the version after `version` took its place."""
        later = [since for since, one in self.turns if one.number > version.number]
        return min(later) if later else None


@dataclass(frozen=True)
class DayLine:
    """A day of its own or a worked one in the list below the year; `href`, `remove`: where it is changed."""

    when: str
    name: str
    said: str
    href: str = ""
    remove: str = ""


@require_GET
def calendar(request: Request, pk: int) -> HttpResponse:
    """The draft, or else the version in force, or else the newest."""
    return page(request, pk)


@require_GET
def version(request: Request, pk: int, number: int) -> HttpResponse:
    return page(request, pk, number)


def page(request: Request, pk: int, number: int | None = None) -> HttpResponse:
    one = calendars.found(pk)
    known = Known(one, list(one.versions.filter(withdrawn_at=None).order_by("number")), timezone.now())
    chosen = _chosen(known, number)
    plan = compiling.plan_of(chosen)
    today = known.now.astimezone(ZoneInfo(plan.zone)).date()
    shown = _year_asked(request, today)
    year = _year(known, chosen, shown)
    who = uses.of_calendars([one.pk], known.now).get(one.pk, [])
    return show(
        request,
        "manage/calendars/calendar.html",
        title=one.name,
        text=_("Who counts by it: %s.") % calendars.used_by(one, who, 8),
        crumbs=calendars.crumbs(),
        one=one,
        version=chosen,
        kind=known.kind(chosen),
        tabs=_tabs(known, chosen),
        draft=known.draft,
        has_published=bool(known.published),
        changes=_changes(known),
        hours=calendars.said(one, chosen),
        has_hours=one.kind == Kind.HOURS,
        facts=_facts(known, chosen),
        asked=_under_way(one),
        now=known.now,
        **_drawn(year, today, plan, one.pk if chosen == known.versions[-1] else None),
    )


def _chosen(known: Known, number: int | None) -> CalendarVersion:
    if number is None:
        found = known.draft or known.in_force
    else:
        found = next((one for one in known.versions if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _year_asked(request: Request, today: date) -> int:
    asked = request.GET.get("ano", "")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else today.year
    return min(max(number, FIRST_YEAR), LAST_YEAR)


def _year(known: Known, chosen: CalendarVersion, number: int) -> Year:
    """Return the year as it counts, for the version in force; for any other, as it says it alone."""
    if chosen == known.in_force:
        return years.of(known.published, number)
    return years.of_version(chosen, number)


def _drawn(year: Year, today: date, plan: Plan, changes_in: int | None) -> dict[str, object]:
    """Return the year and the days of `plan`; `changes_in`: the calendar in which these days are changed."""
    return {
        "year": year,
        "years": sorted({today.year, year.number - 1, year.number, year.number + 1}),
        "months": calendar_year.months(year, today),
        "letters": calendar_year.weekday_letters(),
        "total": _total(year),
        "days": [own_line(own, changes_in) for own in plan.own],
        "worked": [worked_line(one, changes_in) for one in plan.worked],
        "short_day": short_day,
    }


def _total(year: Year) -> str:
    hours = formatting.number(year.open_seconds // 3600)
    said = {"n": year.open_days, "hours": hours, "year": year.number}
    words_of = ngettext(
        "%(n)s open day and %(hours)s business hours in %(year)s",
        "%(n)s open days and %(hours)s business hours in %(year)s",
        year.open_days,
    )
    return words_of % said


def short_day(day: date) -> str:
    """Return "qua, 1º jan"."""
    weekday = _("Mon Tue Wed Thu Fri Sat Sun").split()[day.weekday()]
    month = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[day.month - 1]
    said = {"short_weekday": weekday, "day": _("1st") if day.day == 1 else day.day, "short_month": month}
    return _("%(short_weekday)s, %(short_month)s %(day)s") % said


def own_line(own: OwnDay, pk: int | None = None) -> DayLine:
    """Return a day of its own in words; with the calendar's `pk`, where it is changed."""
    if isinstance(own.day, date):
        when = formatting.day(own.day)
    else:
        said = {"day": f"{own.day.day:02d}", "month": f"{own.day.month:02d}"}
        when = _("%(day)s/%(month)s of every year") % said
    return _day_line(when, own.name, words.of_own(own), "calendar-day", pk, forms.key(own.day))


def worked_line(one: WorkedDay, pk: int | None = None) -> DayLine:
    said = words.of_worked(one.windows)
    return _day_line(formatting.day(one.day), one.name, said, "calendar-worked", pk, forms.key(one.day))


def _day_line(when: str, name: str, said: str, route: str, pk: int | None, key: str) -> DayLine:
    if pk is None:
        return DayLine(when, name, said)
    return DayLine(when, name, said, address(route, pk, key), address(f"{route}-remove", pk, key))


def _changes(known: Known) -> list[str]:
    """Return what the draft changes of what counts last, in words."""
    if known.draft is None or not known.turns:
        return []
    before = compiling.plan_of(known.turns[-1][1])
    return changes.changes(before, compiling.plan_of(known.draft))


def _tabs(known: Known, chosen: CalendarVersion) -> list[tuple[str, str, bool, str | None]]:
    tabs: list[tuple[str, str, bool, str | None]] = []
    for one in reversed(known.versions):
        href = address("calendar-version", known.one.pk, one.number)
        tabs.append((_tab(known, one), href, one == chosen, _("draft") if one.is_draft else None))
    return tabs


def _tab(known: Known, one: CalendarVersion) -> str:
    kind, said = known.kind(one), {"number": one.number}
    zone = ZoneInfo(compiling.plan_of(one).zone)
    if kind == IN_FORCE:
        return _("Version %(number)s, in force") % said
    if kind == WAITING and one.effective_from:
        return _("Version %(number)s, from %(day)s on") % {**said, "day": _local_day(one.effective_from, zone)}
    if kind == PAST and (until := known.until(one)):
        return _("Version %(number)s, until %(day)s") % {**said, "day": _local_day(until - timedelta(seconds=1), zone)}
    if kind == REPLACED:
        return _("Version %(number)s, replaced") % said
    return _("Version %(number)s") % said


def _local_day(moment: datetime, zone: ZoneInfo) -> str:
    return formatting.day(moment.astimezone(zone).date())


def _facts(known: Known, chosen: CalendarVersion) -> list[tuple[str, str]]:
    """Return what is to be said of a published version: since when, by whom, and why."""
    if chosen.is_draft or chosen.effective_from is None or chosen.published_at is None:
        return []
    since = _("as it was shipped") if chosen.published_by is None else formatting.full_moment(chosen.effective_from)
    who = chosen.published_by.name if chosen.published_by else ""
    published = formatting.full_moment(chosen.published_at)
    found = [(_("Counts since"), since)] if known.kind(chosen) != WAITING else [(_("Counts from"), since)]
    if who:
        found.append((_("Published"), f"{published}, {who}"))
    if chosen.corrects_past:
        found.append((_("Correction"), _("It corrected the past: open tickets were counted again.")))
    return [*found, (_("Why it changed"), chosen.note)]


def _under_way(one: Calendar) -> Retargeting | None:
    asked = retargeting.latest_of(one.pk)
    return asked if asked and asked.state in retargeting.UNDER_WAY else None
