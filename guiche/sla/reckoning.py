"""What another promise would make of many clocks: reckoned on plain numbers, nothing is read or written.

Instants are seconds since 1970. `actions.retargeting` does the same for one ticket; tests hold that both agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guiche.calendars.worktime import Calendar
from guiche.sla import choosing, clockwork
from guiche.sla.choosing import Agreement, Facts, Version
from guiche.sla.clockwork import Over
from guiche.sla.metrics import Motion
from guiche.sla.rules import Rules


class Row(NamedTuple):
    """A clock that is not stopped, and what its ticket is."""

    clock: int
    ticket: int
    metric: str
    team: int | None
    version: int
    calendar: int
    city: int | None
    target: int
    motion: str
    since: int
    elapsed: int
    due: int | None
    breaches: int | None
    wakes: int | None
    warned: int
    breached: int | None
    organization: int
    request_type: int
    contract: int | None
    product: int | None
    module: int | None
    service: int | None
    severity: int | None
    place: tuple[str, str] | None  # city and state of its site


class Outcome(NamedTuple):
    """What a clock becomes; another `since` than it had: its running stretch ended for another calendar."""

    version: int
    calendar: int
    city: int | None
    target: int
    since: int
    elapsed: int
    due: int | None
    breaches: int | None
    wakes: int | None
    warned: int
    breached: int | None


class Ran(NamedTuple):
    """A closed interval that counted, with the calendar that counted it."""

    start: int
    counted: int
    calendar: Calendar


@dataclass
class Reckoner:
    """Reckons with `rules` as of `at`. `chooses`: agreements are chosen anew, else calendars alone are other ones.

    `replaced`: a policy whose tickets leave the version that they have. `recounts`: what was counted is another sum.
    """

    rules: Rules
    at: int
    chooses: bool = False
    replaced: int | None = None
    recounts: bool = False
    _agreements: dict[tuple[Facts, int], Agreement | None] = field(default_factory=dict)

    def of(self, row: Row, ran: Sequence[Ran] = ()) -> Outcome | None:
        """Return what becomes of `row`, or None where its promise is withdrawn. `ran` is asked where `needs_past`."""
        version, calendar, city, target = self._promised(row)
        if not target:
            return None
        is_other = self.recounts or target != row.target
        over = self._over(row, target, ran, is_other) if row.elapsed > target else None
        if row.motion == Motion.RUNNING and (calendar, city) != (row.calendar, row.city) and row.since < self.at:
            before = self.rules.calendar(row.calendar, row.city)
            elapsed = row.elapsed + before.seconds_between(row.since, self.at)
            if row.elapsed <= target < elapsed:
                over = clockwork.over_in(before, row.since, target - row.elapsed)
            row = row._replace(since=self.at, elapsed=elapsed)
        return self._reading(row._replace(version=version, calendar=calendar, city=city, target=target), is_other, over)

    def _over(self, row: Row, target: int, ran: Sequence[Ran], is_other: bool) -> Over | None:
        """Return where a clock ran out that has used more than its target: as it says, or by what `ran`."""
        if is_other:
            return _ran_out(ran, target)
        return None if row.due is None or row.breaches is None else Over(row.due, row.breaches)

    def needs_past(self, row: Row) -> bool:
        """Whether the time may have run out in a closed interval, so that those have to be looked at."""
        target = self._promised(row)[3]
        return 0 < target < row.elapsed and (self.recounts or target != row.target)

    def _promised(self, row: Row) -> tuple[int, int, int | None, int]:
        if not self.chooses:
            return row.version, row.calendar, row.city, row.target
        facts, agreement = self._agreement(row)
        if agreement is None:
            return row.version, row.calendar, row.city, 0
        calendar, city = self.rules.calendars_of(agreement, facts)
        team = agreement.team_target(row.team) if row.team is not None else None
        target = team if row.team is not None else agreement.targets.get(row.metric)
        return agreement.version.id, calendar, city, target or 0

    def _agreement(self, row: Row) -> tuple[Facts, Agreement | None]:
        city, state = row.place or ("", "")
        facts = Facts(
            row.organization,
            row.request_type,
            row.contract,
            row.product,
            row.module,
            row.service,
            row.severity,
            city,
            state,
        )
        key = (facts, row.version)
        if key not in self._agreements:
            self._agreements[key] = choosing.choose(
                self.rules.book, facts, clockwork.instant_of(self.at), keep=self._kept(row)
            )
        return facts, self._agreements[key]

    def _kept(self, row: Row) -> Version | None:
        version = self.rules.by_version[row.version]
        return None if version.policy == self.replaced else version

    def _reading(self, row: Row, is_other: bool, over: Over | None) -> Outcome:
        """Return what `row`, with what it is promised now, says. `over`: where its time ran out before its stretch."""
        time, running = self.rules.calendar(row.calendar, row.city), row.motion == Motion.RUNNING
        warned, breached, used = row.warned, row.breached, row.elapsed
        if is_other or breached is not None:
            used += time.seconds_between(row.since, self.at) if running and row.since < self.at else 0
            warned = clockwork.told_of(self.rules.marks, warned, clockwork.used_percent(used, row.target))
            breached = breached if used > row.target else None
        if not running:
            breached = over.breaches if over and is_other and used > row.target else breached
            return _outcome(row, (None, None, None), warned, breached)
        marks = clockwork.left_of(self.rules.marks, warned, is_breached=breached is not None)
        read = clockwork.reckon(time, row.since, row.elapsed, row.target, marks, over=over)
        return _outcome(row, read, warned, None if breached is None else read.breaches)


def _outcome(row: Row, read: tuple[int | None, int | None, int | None], warned: int, breached: int | None) -> Outcome:
    return Outcome(
        row.version, row.calendar, row.city, row.target, row.since, row.elapsed, *read, warned=warned, breached=breached
    )


def _ran_out(ran: Sequence[Ran], target: int) -> Over | None:
    left = target
    for one in ran:
        if one.counted > left:
            return clockwork.over_in(one.calendar, one.start, left)
        left -= one.counted
    return None
