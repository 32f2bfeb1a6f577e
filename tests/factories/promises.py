"""Policies and calendars for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count

from guiche.catalog.models import Severity
from guiche.sla.models import Assignment, Policy, PolicyVersion, Target

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
