"""What a version of a policy says, apart from its row: written, compared, and judged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from guiche.accounts.models import Team
from guiche.calendars.models import Calendar
from guiche.catalog.models import Severity
from guiche.catalog.service_table import hours
from guiche.core import formatting
from guiche.sla.choosing import TargetKey, Version
from guiche.sla.metrics import FOR_CUSTOMERS, Metric
from guiche.sla.models import PolicyVersion
from guiche.sla.rules import MINUTE

MOST_MINUTES = 60 * 24 * 366  # a year around the clock
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """`targets` in business minutes; `calendar` and `severity_calendars` by the keys of their rows."""

    targets: Mapping[TargetKey, int] = field(default_factory=dict)
    calendar: int | None = None
    severity_calendars: Mapping[int, int] = field(default_factory=dict)
    counts_delivery: bool = False
    at_risk_percent: int = 75
    note: str = ""


class Hint(NamedTuple):
    """Two targets of a severity that are worth a second look, which is no reason to refuse them."""

    severity: int | None
    metric: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows that terms are about are called."""

    severities: Mapping[int, str]
    teams: Mapping[int, str]
    calendars: Mapping[int, str]


def names() -> Names:
    """Three queries."""
    severities = dict(Severity.objects.order_by("level").values_list("pk", "name"))
    teams = dict(Team.objects.order_by().values_list("pk", "name"))
    return Names(severities, teams, dict(Calendar.objects.order_by().values_list("pk", "name")))


def remembered(version: Version, note: str) -> Terms:
    """Return what a version says that `rules` hold."""
    return Terms(
        {key: seconds // MINUTE for key, seconds in version.targets.items()},
        version.calendar,
        version.severity_calendars,
        version.counts_delivery,
        version.at_risk_percent,
        note,
    )


def of(version: PolicyVersion) -> Terms:
    """Return what `version` says. Two queries."""
    return Terms(
        targets={(one.severity_id, one.metric, one.team_id): one.minutes for one in version.targets.all()},
        calendar=version.calendar_id,
        severity_calendars={one.severity_id: one.calendar_id for one in version.severity_calendars.all()},
        counts_delivery=version.counts_delivery,
        at_risk_percent=version.at_risk_percent,
        note=version.note,
    )


def box(key: TargetKey) -> str:
    """Return what the box of a target is called: "target-3-solution", "team-7-3"; 0 stands for no severity."""
    severity, metric, team = key
    return f"target-{severity or 0}-{metric}" if team is None else f"team-{team}-{severity or 0}"


def calendar_box(severity: int) -> str:
    return f"calendar-{severity}"


def mark(terms: Terms) -> str:
    """Return what a page remembers of `terms`, to be told when others changed them meanwhile."""
    said = (
        sorted((str(key), minutes) for key, minutes in terms.targets.items()),
        terms.calendar,
        sorted(terms.severity_calendars.items()),
        terms.counts_delivery,
        terms.at_risk_percent,
        terms.note,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def faults(terms: Terms) -> dict[str, str]:
    """Return what cannot be promised, by the box that it stands in."""
    found = {box(key): sentence for key, value in terms.targets.items() if (sentence := target_fault(value))}
    if not 1 <= terms.at_risk_percent <= 99:
        found["at_risk_percent"] = _("Write a share between 1 and 99.")
    if len(terms.note) > LONGEST_NOTE:
        found["note"] = _("Write at most %d characters.") % LONGEST_NOTE
    wanted = {"calendar": terms.calendar} if terms.calendar else {}
    wanted |= {calendar_box(severity): pk for severity, pk in terms.severity_calendars.items()}
    usable = set(Calendar.objects.active().of_hours().values_list("pk", flat=True)) if wanted else set()
    found |= {name: _("Choose a calendar that is in use.") for name, pk in wanted.items() if pk not in usable}
    return found


def hints(terms: Terms) -> list[Hint]:
    """Return where a later step is promised sooner than an earlier one."""
    return [hint for severity in dict.fromkeys(key[0] for key in terms.targets) for hint in _hints(terms, severity)]


def differences(before: Terms, after: Terms, names: Names) -> tuple[dict[str, str], dict[str, str]]:
    """Return what differs, in words: how it was, and how it is; blank where there was or is nothing."""
    old, new = _written(before, names), _written(after, names)
    other = [part for part in {**old, **new} if old.get(part) != new.get(part)]
    return {part: old.get(part, "") for part in other}, {part: new.get(part, "") for part in other}


def target_fault(minutes: int) -> str:
    """Return why nothing can be promised within `minutes`, blank when it can."""
    if minutes < 1:
        return _("Write more than zero, or leave it empty: then nothing is promised.")
    if minutes > MOST_MINUTES:
        return _("Write at most %s h, a whole year around the clock.") % formatting.number(MOST_MINUTES // 60)
    return ""


def _hints(terms: Terms, severity: int | None) -> Iterator[Hint]:
    response, diagnosis, solution = (terms.targets.get((severity, metric, None)) for metric in FOR_CUSTOMERS)
    if solution and response and solution < response:
        yield Hint(severity, Metric.SOLUTION, _("The solution is promised before the first response."))
    if solution and diagnosis and solution < diagnosis:
        yield Hint(severity, Metric.SOLUTION, _("The solution is promised before the diagnosis."))


def _written(terms: Terms, names: Names) -> dict[str, str]:
    """Return every part of `terms` in words."""
    said = {_target(key, names): hours(value) for key, value in sorted(terms.targets.items(), key=str)}
    said |= {
        _("Calendar of %(severity)s") % {"severity": names.severities.get(severity, "?")}: names.calendars.get(pk, "?")
        for severity, pk in terms.severity_calendars.items()
    }
    return said | {
        _("calendar"): names.calendars.get(terms.calendar or 0, ""),
        _("the delivery of the solution ends its deadline"): _("yes") if terms.counts_delivery else _("no"),
        _("at risk from, in percent used"): str(terms.at_risk_percent),
        _("what changed"): terms.note,
    }


def _target(key: TargetKey, names: Names) -> str:
    """Return "Indisponibilidade parcial, Solução", "Intermitência, Equipe de redes"."""
    severity, metric, team = key
    whom = names.severities.get(severity, "?") if severity is not None else _("Without severity")
    return f"{whom}, {Metric(metric).label if team is None else names.teams.get(team, '?')}"
