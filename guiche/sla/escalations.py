"""Who is told and what is done when a deadline has used a share of its time: the rows as rules know them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from guiche.calendars.worktime import Calendar
from guiche.sla import clockwork
from guiche.sla.clockwork import ALL_USED, Past
from guiche.sla.metrics import FOR_CUSTOMERS


class Remedy(TextChoices):
    """What is done to the ticket, besides telling people."""

    REASSIGN = "reassign", _("Hand it to a person")
    TRANSFER = "transfer", _("Move it to a team")
    RAISE = "raise", _("Raise the severity by one level")


@dataclass(frozen=True, slots=True)
class Rule:
    """An active escalation. None and blank: all of them; of a blank metric, all that customers know."""

    id: int
    percent: int
    metric: str
    severity: int | None
    team: int | None
    since: datetime  # what was reached before is none of its business
    tells_assignee: bool = False
    tells_supervisors: bool = False
    tells_team: bool = False
    people: Sequence[int] = ()
    address: str = ""
    remedy: str = ""

    def concerns(self, metric: str, severity: int | None, team: int) -> bool:
        return (
            (metric in FOR_CUSTOMERS if not self.metric else metric == self.metric)
            and self.severity in (None, severity)
            and self.team in (None, team)
        )


class Mark(NamedTuple):
    """A share of the target, in percent, and the instant at which it was used."""

    percent: int
    at: datetime


def marks_of(rules: Iterable[Rule]) -> list[int]:
    """Return the percents at which clocks are woken, in order. The breach is always the last."""
    return sorted({rule.percent for rule in rules} | {ALL_USED})


def called(rules: Iterable[Rule], mark: Mark, *, metric: str, severity: int | None, team: int) -> list[Rule]:
    """Return the escalations that `mark` calls for, on a ticket with that severity and team."""
    return [
        rule
        for rule in rules
        if rule.percent == mark.percent and rule.since <= mark.at and rule.concerns(metric, severity, team)
    ]


def passed(
    calendar: Calendar,
    *,
    since: datetime,
    elapsed: int,
    target: int,
    marks: Iterable[int],
    past: Callable[[], Iterable[Past]],
    at: datetime,
) -> Iterator[Mark]:
    """Yield those of `marks`, all below 100, that a clock reached before `at`, each with its own instant.

    The clock has run since `since` and had counted `elapsed` seconds by then. `past` is asked for a mark that was
    reached in an interval that is closed.
    """
    for percent in marks:
        used = seconds_at(target, percent)
        over = clockwork.ran_out(past(), used) if used < elapsed else None
        reached = clockwork.instant_of(over.due) if over else calendar.add(since, max(0, used - elapsed))
        if reached < at:
            yield Mark(percent, reached)


def seconds_at(target: int, percent: int) -> int:
    """Return how many seconds of `target` are `percent` of it, rounded up."""
    return -(-target * percent // ALL_USED)


def audience(rules: Sequence[Rule], *, assignee: int | None, team: int) -> dict[str, Any]:
    """Return whom `rules` tell, by ids, as the details of an event keep it. Where nobody is responsible: the team."""
    to_assignee = any(rule.tells_assignee for rule in rules)
    to_team = any(rule.tells_team for rule in rules) or (to_assignee and assignee is None)
    return {
        "assignee": assignee if to_assignee else None,
        "team": team if to_team else None,
        "supervisors": team if any(rule.tells_supervisors for rule in rules) else None,
        "people": sorted({person for rule in rules for person in rule.people}),
        "addresses": sorted({rule.address for rule in rules if rule.address}),
    }
