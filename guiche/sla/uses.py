"""Who counts by a calendar: what must be given another one before it can be archived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from guiche.sla import places
from guiche.sla.models import Assignment, PolicyVersion, SeverityCalendar


def of_calendars(calendars: Collection[int], now: datetime) -> Mapping[int, list[str]]:
    """Return who counts by each of `calendars` (ids), in words. Three queries.

    Versions of agreements count that are drafts, in force, or to come. Clocks that run already go on whatever happens.
    """
    found: dict[int, list[str]] = defaultdict(list)
    for pk, who in (*_given(calendars), *_promised(calendars, now)):
        if who not in found[pk]:
            found[pk].append(who)
    return found


def _given(calendars: Collection[int]) -> Iterator[tuple[int, str]]:
    for row in Assignment.objects.filter(calendar__in=calendars).in_order():
        if row.calendar_id:
            yield row.calendar_id, places.of(row).name


def _promised(calendars: Collection[int], now: datetime) -> Iterator[tuple[int, str]]:
    versions = _counting(now)
    for version in versions.values():
        if version.calendar_id is not None and version.calendar_id in calendars:
            yield version.calendar_id, _("agreement %(name)s") % {"name": version.policy.name}
    rows = SeverityCalendar.objects.filter(version__in=versions, calendar__in=calendars).select_related("severity")
    for row in rows.order_by("version", "severity__level"):
        said = {"name": versions[row.version_id].policy.name, "severity": row.severity.name}
        yield row.calendar_id, _("agreement %(name)s, severity %(severity)s") % said


def _counting(now: datetime) -> Mapping[int, PolicyVersion]:
    """Return the versions by which something is or will be promised, or may be soon."""
    rows = PolicyVersion.objects.filter(withdrawn_at=None, policy__is_active=True).select_related("policy")
    in_force: dict[int, PolicyVersion] = {}  # by policy
    others: list[PolicyVersion] = []
    for version in rows.order_by("policy__name", "policy", "number"):
        if version.effective_from and version.effective_from <= now:
            in_force[version.policy_id] = version
        else:
            others.append(version)
    return {one.pk: one for one in (*in_force.values(), *others)}
