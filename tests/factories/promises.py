"""Policies and calendars for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import count

from guiche.accounts.models import Team, User
from guiche.calendars.plan import WHOLE_WEEK
from guiche.catalog.models import Severity
from guiche.sla.metrics import Metric
from guiche.sla.models import Assignment, Escalation, Policy, PolicyVersion, Target
from tests.factories.calendars import make_calendar, make_plan

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_numbers = count(1)


def make_policy(
    targets: Mapping[tuple[int | None, str], int],
    *,
    effective_from: datetime = SINCE,
    name: str = "",
    **columns: object,
) -> Policy:
    """A policy with one published version; `targets`: (level of severity, metric) → business hours."""
    number = next(_numbers)
    policy = Policy.objects.create(name=name or f"Acordo {number}", slug=f"acordo-{number}")
    make_version(policy, targets, effective_from=effective_from, **columns)
    return policy


def make_version(
    policy: Policy, targets: Mapping[tuple[int | None, str], int], *, effective_from: datetime | None, **columns: object
) -> PolicyVersion:
    """The next version; without a day it is the draft."""
    version = PolicyVersion.objects.create(policy=policy, number=policy.versions.count() + 1, **columns)
    levels = {severity.level: severity for severity in Severity.objects.all()}
    for (level, metric), hours in targets.items():
        severity = levels[level] if level is not None else None
        Target.objects.create(version=version, severity=severity, metric=metric, minutes=hours * 60)
    if effective_from is not None:
        version.effective_from = version.published_at = effective_from
        version.save()
    return version


def assign(policy: Policy | None = None, **level: object) -> Assignment:
    """Let a level (contract=…, organization=…, product=…, nothing) have a policy."""
    return Assignment.objects.update_or_create(
        **{
            name: level.get(name)
            for name in ("contract", "organization", "product", "module", "service", "request_type")
        },
        defaults={"policy": policy, "calendar": level.get("calendar"), "joins_city": level.get("joins_city")},
    )[0]


def promise_day_and_night(
    hours: Mapping[str, int], *, level: int = 2, team: Mapping[Team, int] | None = None
) -> Policy:
    """Promise `hours` by metric to tickets of a severity, counted without a break: no test waits for an opening."""
    calendar = make_calendar(plan=make_plan(weekly=WHOLE_WEEK, country=""))
    policy = Policy.objects.create(name=f"Acordo {(number := next(_numbers))}", slug=f"acordo-{number}")
    version = PolicyVersion.objects.create(policy=policy, number=1, calendar=calendar)
    of_level = {"version": version, "severity": Severity.objects.get(level=level)}
    for metric, count_of in hours.items():
        Target.objects.create(**of_level, metric=metric, minutes=count_of * 60)
    for one, count_of in (team or {}).items():
        Target.objects.create(**of_level, metric=Metric.TEAM, team=one, minutes=count_of * 60)
    version.effective_from = version.published_at = SINCE
    version.save()
    assign(policy)
    return policy


def make_escalation(*, percent: int, people: Iterable[User] = (), **columns: object) -> Escalation:
    """A warning of the solution; to `people`, and to whoever is responsible."""
    known = {"metric": "solution", "tells_assignee": True, "since": SINCE, **columns}
    made = Escalation.objects.create(percent=percent, **known)
    made.people.set(people)
    return made
