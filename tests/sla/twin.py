"""Deadlines the slow and obvious way: a ticket whose clocks are walked through, step of time by step of time.

Knows nothing of intervals, prefix sums or stored instants: every clock keeps the list of the steps that it counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

PAUSING, ENDED = {"waiting", "validating"}, {"closed", "cancelled"}
FAR = 40 * 86_400  # seconds that are looked ahead


@dataclass(frozen=True)
class Promise:
    """What is agreed for one product: seconds by (metric, severity), and the calendar of each severity."""

    targets: Mapping[tuple[str, int], int]
    calendars: Mapping[int, str]


@dataclass
class Clock:
    metric: str
    team: str | None
    target: int
    calendar: str
    motion: str = "none"
    counted: list[int] = field(default_factory=list)  # begin of every step that counted
    begun: list[int] = field(default_factory=list)  # when it began to run, or to run by another calendar
    met_at: int | None = None


class Twin:
    """One ticket. `is_open(calendar, second)` holds for all of a step."""

    def __init__(
        self,
        promises: Mapping[str, Promise],
        is_open: Callable[[str, int], bool],
        step: int,
        *,
        at: int,
        level: int,
        counts_delivery: bool,
    ) -> None:
        self.promises, self.is_open, self.step, self.counts_delivery = promises, is_open, step, counts_delivery
        self.now, self.stage, self.team, self.level, self.product = at, "new", "one", level, ""
        self.has_answer = self.has_diagnosis = False
        self.clocks: dict[str, Clock] = {}
        for metric in ("first_response", "diagnosis", "solution"):
            self._begin(metric, metric, None)
        self._begin("team one", "team", "one")
        self._settle()

    def walk(self, until: int) -> None:
        while self.now < until:
            for clock in self.clocks.values():
                if clock.motion == "running" and self.is_open(clock.calendar, self.now):
                    clock.counted.append(self.now)
            self.now += self.step

    # What happens.

    def move(self, stage: str) -> None:
        self.stage = stage
        self._settle()

    def answer(self) -> None:
        self.has_answer = True
        self._settle()

    def diagnose(self) -> None:
        self.has_diagnosis = True
        self._settle()

    def transfer(self, team: str) -> None:
        self.team = team
        if f"team {team}" not in self.clocks:
            self._begin(f"team {team}", "team", team)
        self._settle()

    def agree(self, *, level: int | None = None, product: str | None = None) -> None:
        """What stopped stays; what is counted stays; the rest is counted as is agreed now."""
        self.level = self.level if level is None else level
        self.product = self.product if product is None else product
        for clock in self.clocks.values():
            if clock.motion == "stopped":
                continue
            before = clock.calendar
            clock.target, clock.calendar = self._promised(clock.metric)
            if clock.motion == "running" and clock.calendar != before:
                clock.begun.append(self.now)

    # What is asked.

    def elapsed(self, clock: Clock) -> int:
        return len(clock.counted) * self.step

    def due_and_breach(self, clock: Clock) -> tuple[int, int]:
        """When nothing is left of the stretch that goes over the target, and when it does; were it to go on running."""
        counted, wanted, at = list(clock.counted), clock.target // self.step, self.now
        while len(counted) <= wanted:
            if self.is_open(clock.calendar, at):
                counted.append(at)
            at += self.step
            assert at < self.now + FAR
        over = counted[wanted]
        begun = max(one for one in clock.begun if one <= over)
        return max(begun, counted[wanted - 1] + self.step), over

    def breached_at(self, clock: Clock) -> int | None:
        return clock.counted[clock.target // self.step] if self.elapsed(clock) > clock.target else None

    # How.

    def _promised(self, metric: str) -> tuple[int, str]:
        promise = self.promises[self.product]
        return promise.targets[metric, self.level], promise.calendars[self.level]

    def _begin(self, key: str, metric: str, team: str | None) -> None:
        self.clocks[key] = Clock(metric, team, *self._promised(metric))

    def _settle(self) -> None:
        for clock in self.clocks.values():
            before, clock.motion = clock.motion, self._motion(clock)
            if clock.motion == before:
                continue
            if clock.motion == "running":
                clock.begun.append(self.now)
            clock.met_at = self.now if clock.motion == "stopped" and self._is_met(clock) else None

    def _motion(self, clock: Clock) -> str:
        if clock.metric in ("first_response", "diagnosis"):
            if clock.motion == "stopped" or self._came(clock) or self.stage in ENDED:
                return "stopped"
            return "paused" if self.stage in PAUSING else "running"
        if self.stage in ENDED:
            return "stopped"
        if clock.metric == "solution" and self.counts_delivery and self.stage == "validating":
            return "stopped"
        if clock.metric == "team" and clock.team != self.team:
            return "paused"
        return "paused" if self.stage in PAUSING else "running"

    def _came(self, clock: Clock) -> bool:
        return self.has_answer if clock.metric == "first_response" else self.has_diagnosis

    def _is_met(self, clock: Clock) -> bool:
        if self.elapsed(clock) > clock.target:
            return False
        if clock.metric in ("first_response", "diagnosis"):
            return self._came(clock)
        return self.stage != "cancelled"
