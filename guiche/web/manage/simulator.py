"""The simulator of deadlines in words: when a ticket would be due under a version, and the sum that gives it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from guiche.calendars import words as calendar_words
from guiche.calendars import worktime
from guiche.core import formatting
from guiche.sla import simulating
from guiche.sla.choosing import Version
from guiche.sla.metrics import FOR_CUSTOMERS, Metric
from guiche.sla.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from guiche.catalog.models import Severity
    from guiche.sla.models import PolicyVersion
    from guiche.sla.simulating import Line, Simulation

FIRST_LINES, LAST_LINES = 9, 4  # of a long sum
FRIDAY = 4


@dataclass(frozen=True)
class Row:
    words: str
    time: str


@dataclass(frozen=True)
class Answer:
    """What the simulator says. `big` is the moment; `others` the other metrics, each in a sentence."""

    intro: str
    big: str
    opening: str  # when it is overdue, where that is later
    rows: Sequence[Row]
    total: str
    others: Sequence[str]
    calendar: str
    zone: str  # where the calendar hangs, where that is elsewhere
    refusal: str = ""


def first_question(now: datetime) -> datetime:
    """Return the next Friday at 17h: what shows a weekend."""
    local = timezone.localtime(now)
    day = local.date() + timedelta(days=(FRIDAY - local.weekday()) % 7)
    return datetime.combine(day, time(17), local.tzinfo)


def answer(
    known: Rules, version: Version, severity: Severity | None, opened_at: datetime, names: Mapping[int, str]
) -> Answer | None:
    """Return what `version` promises to a ticket opened then; None where it promises nothing for that severity.

    `names`: of calendars.
    """
    calendar_id = _calendar_of(known, version, severity)
    targets = {metric: version.target(severity.pk if severity else None, metric) for metric in FOR_CUSTOMERS}
    promised = {metric: seconds for metric, seconds in targets.items() if seconds}
    if not promised:
        return None
    main = Metric.SOLUTION if Metric.SOLUTION in promised else next(iter(promised))
    calendar = known.calendar(calendar_id)
    try:
        found = {metric: simulating.simulate(calendar, opened_at, seconds) for metric, seconds in promised.items()}
    except worktime.WorktimeError:
        return Answer("", "", "", (), "", (), "", "", _("This calendar has no such time: choose another moment."))
    others = [_sentence(metric, one) for metric, one in found.items() if metric != main]
    return _answer(main, found[main], others, names.get(calendar_id, ""), calendar.zone)


def instead(
    known: Rules,
    in_force: PolicyVersion | None,
    chosen: PolicyVersion,
    severity: Severity | None,
    opened_at: datetime,
) -> str:
    """Return what the version in force would give, beside another one; blank where there is nothing to compare."""
    if in_force is None or in_force == chosen:
        return ""
    version = known.by_version[in_force.pk]
    number = {"number": in_force.number}
    seconds = version.target(severity.pk if severity else None, Metric.SOLUTION)
    if not seconds:
        return _("Version %(number)s, in force, promises no solution here.") % number
    calendar = known.calendar(_calendar_of(known, version, severity))
    try:
        due = calendar.add(opened_at, seconds)
    except worktime.WorktimeError:
        return ""
    with timezone.override(calendar.zone):
        said = {**number, "when": formatting.full_moment(due)}
    return _("Under version %(number)s, in force: %(when)s.") % said


def _calendar_of(known: Rules, version: Version, severity: Severity | None) -> int:
    chosen = version.severity_calendars.get(severity.pk) if severity else None
    return chosen or version.calendar or known.book.default_calendar


def _answer(metric: Metric, found: Simulation, others: Sequence[str], name: str, zone: ZoneInfo) -> Answer:
    with timezone.override(zone):
        opening = ""
        if found.breaches_at != found.due_at:
            opening = _("Overdue only from the next opening on: %s") % formatting.full_moment(found.breaches_at)
        said = {"opened": formatting.full_moment(found.opened_at), "metric": metric.label}
        return Answer(
            _("Opened %(opened)s. %(metric)s is due:") % said,
            formatting.full_moment(found.due_at),
            opening,
            _rows(found.lines),
            _time(found.seconds),
            others,
            name,
            _zone(zone, found.due_at),
        )


def _sentence(metric: Metric, found: Simulation) -> str:
    with timezone.override(found.due_at.tzinfo):
        return f"{metric.label}: {formatting.full_moment(found.due_at)}"


def _zone(zone: ZoneInfo, at: datetime) -> str:
    if at.utcoffset() == timezone.localtime(at, timezone.get_default_timezone()).utcoffset():
        return ""
    return calendar_words.zone(zone.key)


def _rows(lines: Sequence[Line]) -> list[Row]:
    if len(lines) <= FIRST_LINES + LAST_LINES + 1:
        return [_row(line) for line in lines]
    folded = lines[FIRST_LINES:-LAST_LINES]
    between = _("from %(first)s to %(last)s") % {"first": _day(folded[0].first), "last": _day(folded[-1].last)}
    middle = Row(between, _time(sum(line.seconds for line in folded)))
    return [*map(_row, lines[:FIRST_LINES]), middle, *map(_row, lines[-LAST_LINES:])]


def _row(line: Line) -> Row:
    day = _day(line.first)
    if line.last != line.first:
        day = _("%(first)s to %(last)s") % {"first": day, "last": _day(line.last)}
    if not line.spans:
        return Row(f"{day}, {line.name or _('closed all day')}", "0")
    spans = [_("from %(opens)s to %(closes)s") % {"opens": _clock(a), "closes": _clock(b)} for a, b in line.spans]
    return Row(f"{day}, {', '.join(spans)}", _time(line.seconds))


def _clock(moment: datetime) -> str:
    return formatting.time_of_day(moment.hour * 3600 + moment.minute * 60)


def _day(day: date) -> str:
    """Return "sex, 14 nov"."""
    weekday = _("Mon Tue Wed Thu Fri Sat Sun").split()[day.weekday()]
    month = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[day.month - 1]
    said = {"short_weekday": weekday, "day": _("1st") if day.day == 1 else day.day, "short_month": month}
    return _("%(short_weekday)s, %(short_month)s %(day)s") % said


def _time(seconds: int) -> str:
    return formatting.duration(seconds)
