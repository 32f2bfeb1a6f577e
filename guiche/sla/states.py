"""How one clock stands at a moment: what a chip and a panel say. Pure; amounts are business seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from guiche.sla.metrics import Motion

ALL = 100  # percent


class Kind(StrEnum):
    """The states that are shown. A ticket without clocks has none of them."""

    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    DUE_AT_OPENING = "due_at_opening"  # it ran out at closing: overdue only after the next opening
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    STOPPED = "stopped"  # without what was promised, before it was too late


ALARMING = frozenset({Kind.AT_RISK, Kind.DUE_AT_OPENING, Kind.OVERDUE})  # entering one of them is said aloud


@dataclass(frozen=True, slots=True)
class State:
    """One clock at a moment. `elapsed`: what it has counted until then; `since`: when its present stretch began.

    `zone` is that of its calendar, in which its instants are written. `team`: whose clock it is, of one between teams.
    """

    metric: str
    kind: Kind
    reason: str
    since: datetime
    target: int
    elapsed: int
    due_at: datetime | None = None
    opens_at: datetime | None = None  # the next opening from `due_at` on
    zone: tzinfo | None = None
    team: str = ""

    @property
    def remaining(self) -> int:
        return max(0, self.target - self.elapsed)

    @property
    def over(self) -> int:
        """What was counted beyond the target."""
        return max(0, self.elapsed - self.target)

    @property
    def used_percent(self) -> int:
        """How much of the target is used, rounded down; never more than all of it."""
        return min(ALL, self.elapsed * ALL // self.target) if self.target else ALL

    @property
    def left_percent(self) -> int:
        return ALL - self.used_percent


def kind_of(
    motion: str,
    now: datetime,
    *,
    target: int,
    elapsed: int,
    due_at: datetime | None,
    breaches_at: datetime | None,
    breached_at: datetime | None,
    met_at: datetime | None,
    at_risk_percent: int,
) -> Kind:
    """Return how a clock stands at `now`, a whole second. At the due instant itself it is not overdue yet."""
    if motion == Motion.STOPPED:
        return Kind.MET if met_at else Kind.MISSED if breached_at else Kind.STOPPED
    if motion == Motion.PAUSED:
        return Kind.PAUSED
    assert due_at is not None
    assert breaches_at is not None
    if breached_at is not None or now > breaches_at:
        return Kind.OVERDUE
    if due_at <= now and due_at < breaches_at:
        return Kind.DUE_AT_OPENING
    return Kind.AT_RISK if elapsed * ALL >= target * at_risk_percent else Kind.ON_TIME
