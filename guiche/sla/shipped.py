"""The promise that every installation begins with, the administrators' to change. A migration loads it once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NAME, SLUG = "Padrão", "padrao"
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
# Level of severity → business hours of the first response, of the solution.
HOURS = {1: (2, 4), 2: (3, 12), 3: (8, 40), 4: (16, 56)}


def load(apps: Any) -> None:
    """Make the shipped policy the default where there is none. Any: the registry of a migration, or Django's own."""
    if apps.get_model("sla", "Policy").objects.exists():
        return
    policy = apps.get_model("sla", "Policy").objects.create(name=NAME, slug=SLUG)
    version = apps.get_model("sla", "PolicyVersion").objects.create(policy=policy, number=1)
    targets = apps.get_model("sla", "Target")
    for severity in apps.get_model("catalog", "Severity").objects.order_by("level"):
        for metric, hours in zip(("first_response", "solution"), HOURS[severity.level], strict=True):
            targets.objects.create(version=version, severity=severity, metric=metric, minutes=hours * 60)
    version.effective_from = version.published_at = SINCE
    version.save()
    apps.get_model("sla", "Assignment").objects.create(policy=policy)


def load_escalations(apps: Any) -> None:
    """Warn of deadlines where nobody has said otherwise: whoever is responsible, then the supervisors too."""
    escalations = apps.get_model("sla", "Escalation").objects
    if escalations.exists():
        return
    for metric in ("first_response", "solution"):
        escalations.create(metric=metric, percent=75, tells_assignee=True, since=SINCE)
    escalations.create(percent=100, tells_assignee=True, tells_supervisors=True, since=SINCE)
