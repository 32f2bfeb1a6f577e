"""All that promises are chosen and counted by, as it stands: read once, kept until something changes.

A snapshot belongs to the stamp of `RuleSet`, which triggers of the database renew with every change of a policy, an
assignment, a calendar or the service table: one small query tells whether the snapshot at hand is still the present.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q, QuerySet, Value

from guiche.calendars import compiling, worktime
from guiche.calendars.models import Calendar, CalendarVersion
from guiche.catalog.models import Impact
from guiche.core import written
from guiche.core.text import normalize
from guiche.sla import clockwork, escalations
from guiche.sla.choosing import Agreement, Book, Facts, Key, Level, Said, Version
from guiche.sla.escalations import Rule
from guiche.sla.metrics import Metric
from guiche.sla.models import Assignment, Escalation, PolicyVersion, RuleSet, SeverityCalendar, Target

MINUTE = 60


class Part(NamedTuple):
    """A stretch of time and the versions of calendars that count it; `city`: of the customer's city."""

    start: datetime
    end: datetime
    version: int
    city: int | None


@dataclass
class Rules:
    """A snapshot. Shared by threads; calendars are compiled when they are first asked for."""

    stamp: UUID
    book: Book
    calendar_versions: Mapping[int, Sequence[CalendarVersion]]  # published, in order of their day
    cities: Mapping[tuple[str, str], int]  # (city, state) as normalized → calendar
    by_version: Mapping[int, Version]
    # Percents of a target that are told of, in order; the last is the breach.
    marks: Sequence[int] = (clockwork.ALL_USED,)
    escalations: Sequence[Rule] = ()
    supposed: Mapping[int, worktime.Calendar] = field(default_factory=dict)  # calendars as a draft would have them
    _compiled: dict[tuple[int, int | None], worktime.Calendar] = field(default_factory=dict)
    _counted: dict[tuple[int | None, int | None], worktime.Calendar] = field(default_factory=dict)

    def city_of(self, facts: Facts) -> int | None:
        """Return the calendar of the customer's city, or else of its state; None where there is neither."""
        state = normalize(facts.state)
        return self.cities.get((normalize(facts.city), state)) or self.cities.get(("", state))

    def calendars_of(self, agreement: Agreement, facts: Facts) -> tuple[int, int | None]:
        """Return the calendar that counts and, where the assignment says so, that of the customer's city."""
        return agreement.calendar, self.city_of(facts) if agreement.joins_city else None

    def calendar(self, calendar: int, city: int | None = None) -> worktime.Calendar:
        """Return the business time of a calendar through all its versions, joined with that of a city."""
        found = self._compiled.get((calendar, city))
        if found is None:
            parts = [self._through_versions(one) for one in (calendar, city) if one is not None]
            found = parts[0] if city is None else worktime.joined(parts)
            self._compiled[calendar, city] = found
        return found

    def counted_by(self, version: int | None, city: int | None) -> worktime.Calendar:
        """Return the business time of single versions: what an interval was counted by."""
        found = self._counted.get((version, city))
        if found is None:
            parts = [compiling.version_calendar(self._version(one)) for one in (version, city) if one is not None]
            found = self._counted[version, city] = parts[0] if len(parts) == 1 else worktime.joined(parts)
        return found

    def _version(self, pk: int) -> CalendarVersion:
        return next(one for versions in self.calendar_versions.values() for one in versions if one.pk == pk)

    def _through_versions(self, calendar: int) -> worktime.Calendar:
        return self.supposed.get(calendar) or compiling.stitched(self.calendar_versions[calendar])

    def since(self, day: datetime) -> list[CalendarVersion]:
        """Return the versions that count from `day` on."""
        return [one for versions in self.calendar_versions.values() for one in versions if one.effective_from == day]

    def parts(self, calendar: int, city: int | None, start: datetime, end: datetime) -> Iterator[Part]:
        """Yield what `[start, end)` is made of, by the versions that count it."""
        cuts = {start, end}
        for one in (calendar, city):
            days = (version.effective_from for version in self.calendar_versions.get(one or 0, ()))
            cuts |= {day for day in days if day is not None and start < day < end}
        ordered = sorted(cuts)
        for since, until in pairwise(ordered):
            yield Part(since, until, self._version_at(calendar, since), self._version_at(city, since) if city else None)

    def _version_at(self, calendar: int, at: datetime) -> int:
        return compiling.in_force(self.calendar_versions[calendar], at).pk


# As they would be: what a preview is made by. Nothing is written.


def with_version(known: Rules, row: PolicyVersion, at: datetime) -> Rules:
    """Return the rules as if `row`, a draft, were published at `at`."""
    targets = {(one.severity_id, one.metric, one.team_id): one.minutes * MINUTE for one in row.targets.all()}
    calendars = {one.severity_id: one.calendar_id for one in row.severity_calendars.all()}
    version = replace(version_of(row, targets, calendars), effective_from=clockwork.floored(at))
    versions = {**known.book.versions, version.policy: [*known.book.versions.get(version.policy, ()), version]}
    by_version = {**known.by_version, version.id: version}
    return _like(known, book=replace(known.book, versions=versions), by_version=by_version)


def with_level(known: Rules, key: Key, said: Said | None) -> Rules:
    """Return the rules as if a level said something else, or nothing."""
    levels = {other: one for other, one in known.book.levels.items() if other != key}
    return _like(known, book=replace(known.book, levels=levels if said is None else {**levels, key: said}))


def with_calendar(known: Rules, row: CalendarVersion, at: datetime) -> Rules:
    """Return the rules as if `row`, a draft, were published and counted from `at` on."""
    draft = copy(row)
    draft.effective_from = clockwork.floored(at)
    versions = [*known.calendar_versions.get(row.calendar_id, ()), draft]
    turns = [(since, compiling.version_calendar(one)) for since, one in compiling.in_turn(versions)]
    supposed = {**known.supposed, row.calendar_id: worktime.stitched(turns)}
    return _like(known, supposed=supposed, calendar_versions={**known.calendar_versions, row.calendar_id: versions})


def without(known: Rules, day: datetime) -> Rules:
    """Return the rules as they were before the versions of calendars that count from `day` on."""
    gone = {one.calendar_id for one in known.since(day)}
    versions = {
        calendar: [one for one in ones if one.effective_from != day] or ones
        for calendar, ones in known.calendar_versions.items()
    }
    supposed = {calendar: one for calendar, one in known.supposed.items() if calendar not in gone}
    return _like(known, calendar_versions=versions, supposed=supposed)


def _like(known: Rules, **changes: Any) -> Rules:  # Any: the fields of Rules
    return replace(known, _compiled={}, _counted={}, **changes)


def current() -> Rules:
    """Return the rules as they stand in the present transaction. One query, and eight more after a change."""
    # The stamp is read before the rows: rows that are newer than it are read again at the next asking.
    return _snapshot(_stamp())


def held() -> Rules:
    """Return the rules as they stand, and keep them so until the transaction ends: who changes them waits for it.

    What writes deadlines reckons with these. A pass through all tickets begins after the change that asked for it, so
    it meets every deadline that was reckoned before; none is written by old rules behind its back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT stamp FROM sla_ruleset FOR SHARE")
        row = cursor.fetchone()
    return _snapshot(row[0]) if row else current()


def of_stamp(stamp: UUID) -> Rules:
    """Return the rules of a stamp that was read in the same statement as what they are wanted for."""
    return _snapshot(stamp)


def _stamp() -> UUID:
    found = written.rows(_rule_set)
    return (found[0] if found else RuleSet.objects.get_or_create(pk=1)[0]).stamp


def _rule_set() -> QuerySet[RuleSet]:
    return RuleSet.objects.all()


@lru_cache(maxsize=4)
def _snapshot(stamp: UUID) -> Rules:
    versions = _versions()
    by_policy: dict[int, list[Version]] = defaultdict(list)
    for version in versions:
        by_policy[version.policy].append(version)
    calendars, default = _calendars()
    book = Book(_levels(), by_policy, default, _service_table())
    found, by_version = _escalations(), {version.id: version for version in versions}
    return Rules(stamp, book, calendars, _cities(), by_version, marks=escalations.marks_of(found), escalations=found)


def _levels() -> dict[Key, Said]:
    return {_key(row): Said(row.policy_id, row.calendar_id, row.joins_city) for row in Assignment.objects.all()}


def _key(row: Assignment) -> Key:
    if row.contract_id:
        return (Level.CONTRACT, row.contract_id, 0, 0)
    if row.organization_id:
        return (Level.ORGANIZATION, row.organization_id, 0, 0)
    if row.product_id:
        level = Level.SERVICE if row.service_id else Level.MODULE if row.module_id else Level.PRODUCT
        return (level, row.product_id, row.module_id or 0, row.service_id or 0)
    if row.request_type_id:
        return (Level.REQUEST_TYPE, row.request_type_id, 0, 0)
    return (Level.DEFAULT, 0, 0, 0)


def _versions() -> list[Version]:
    targets: dict[int, dict[tuple[int | None, str, int | None], int]] = defaultdict(dict)
    for target in Target.objects.all():
        targets[target.version_id][target.severity_id, target.metric, target.team_id] = target.minutes * MINUTE
    calendars: dict[int, dict[int, int]] = defaultdict(dict)
    for row in SeverityCalendar.objects.all():
        calendars[row.version_id][row.severity_id] = row.calendar_id
    rows = PolicyVersion.objects.published().select_related("policy").order_by("policy", "number")
    return [version_of(row, targets[row.pk], calendars[row.pk]) for row in rows]


def version_of(
    row: PolicyVersion, targets: Mapping[tuple[int | None, str, int | None], int], calendars: Mapping[int, int]
) -> Version:
    """Return `row`, published or a draft, as what is chosen by; `targets` in seconds."""
    return Version(
        id=row.pk,
        policy=row.policy_id,
        policy_name=row.policy.name,
        number=row.number,
        effective_from=row.effective_from or datetime.max,  # naive on purpose: a draft is never compared
        calendar=row.calendar_id,
        counts_delivery=row.counts_delivery,
        at_risk_percent=row.at_risk_percent,
        targets=targets,
        severity_calendars=calendars,
    )


def _calendars() -> tuple[dict[int, list[CalendarVersion]], int]:
    found: dict[int, list[CalendarVersion]] = defaultdict(list)
    rows = CalendarVersion.objects.published().select_related("calendar")
    default = 0
    for row in rows.order_by("calendar", "number"):
        found[row.calendar_id].append(row)
        default = row.calendar_id if row.calendar.is_default else default
    return dict(found), default


def _cities() -> dict[tuple[str, str], int]:
    rows = Calendar.objects.active().of_cities().values_list("city", "state", "pk")
    return {(normalize(city), normalize(state)): pk for city, state, pk in rows}


def _service_table() -> dict[tuple[int, int], dict[str, int]]:
    """What the published table promises for a service at a severity: of several impacts, the shortest time."""
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    columns = ("service_id", "severity_id", "diagnosis_minutes", "solution_minutes")
    for service, severity, diagnosis, solution in Impact.objects.values_list(*columns):
        for metric, minutes in ((Metric.DIAGNOSIS, diagnosis), (Metric.SOLUTION, solution)):
            if minutes:
                here = found[service, severity]
                here[metric] = min(minutes * MINUTE, here.get(metric, minutes * MINUTE))
    return {pair: targets for pair, targets in found.items() if targets}


def _escalations() -> list[Rule]:
    people = ArrayAgg("people", filter=Q(people__isnull=False), default=Value([]))
    rows = Escalation.objects.active().annotate(told=people).order_by("percent", "id")
    return [Rule(*row) for row in rows.values_list(*_OF_RULE)]


_OF_RULE = (  # in the order of the fields of Rule
    *("id", "percent", "metric", "severity_id", "team_id", "since"),
    *("tells_assignee", "tells_supervisors", "tells_team", "told", "email", "remedy"),
)
