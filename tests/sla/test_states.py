"""guiche/sla/states.py: each boundary, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from guiche.sla.metrics import Metric, Motion, Reason
from guiche.sla.states import Kind, State, kind_of

START = datetime(2025, 11, 12, 12, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
TARGET = 4 * 3600
DUE = START + 4 * HOUR
OPENING = DUE + 14 * HOUR


def kind(now: datetime, *, motion: str = Motion.RUNNING, elapsed: int | None = None, **columns: Any) -> Kind:
    """A clock of four hours that has run since START, without a break."""
    known: dict[str, Any] = {"due_at": DUE, "breaches_at": DUE, "breached_at": None, "met_at": None}
    if motion != Motion.RUNNING:
        known |= {"due_at": None, "breaches_at": None}
    known |= columns
    used = int((now - START).total_seconds()) if elapsed is None else elapsed
    return kind_of(motion, now, target=TARGET, elapsed=used, at_risk_percent=75, **known)


def state(**changed: Any) -> State:
    known: dict[str, Any] = {
        "metric": Metric.SOLUTION,
        "kind": Kind.ON_TIME,
        "reason": Reason.WORKING,
        "since": START,
        "target": TARGET,
        "elapsed": 0,
    }
    return State(**(known | changed))


class TestRunning:
    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            (START, Kind.ON_TIME),
            (START + 3 * HOUR - SECOND, Kind.ON_TIME),
            (START + 3 * HOUR, Kind.AT_RISK),
            (DUE, Kind.AT_RISK),
            (DUE + SECOND, Kind.OVERDUE),
        ],
    )
    def test_in_open_hours(self, now: datetime, expected: Kind) -> None:
        assert kind(now) == expected

    @pytest.mark.parametrize(
        ("now", "elapsed", "expected"),
        [
            (DUE - SECOND, TARGET - 1, Kind.AT_RISK),
            (DUE, TARGET, Kind.DUE_AT_OPENING),
            (OPENING - SECOND, TARGET, Kind.DUE_AT_OPENING),
            (OPENING, TARGET, Kind.DUE_AT_OPENING),
            (OPENING + SECOND, TARGET + 1, Kind.OVERDUE),
        ],
    )
    def test_that_runs_out_at_closing(self, now: datetime, elapsed: int, expected: Kind) -> None:
        assert kind(now, elapsed=elapsed, breaches_at=OPENING) == expected

    def test_that_is_known_to_be_overdue_stays_so(self) -> None:
        assert kind(START, breached_at=START) == Kind.OVERDUE

    def test_is_at_risk_by_the_share_of_its_policy(self) -> None:
        def at_half(now: datetime, elapsed: int) -> Kind:
            return kind_of(
                Motion.RUNNING,
                now,
                target=TARGET,
                elapsed=elapsed,
                due_at=DUE,
                breaches_at=DUE,
                breached_at=None,
                met_at=None,
                at_risk_percent=50,
            )

        assert at_half(START + 2 * HOUR - SECOND, TARGET // 2 - 1) == Kind.ON_TIME
        assert at_half(START + 2 * HOUR, TARGET // 2) == Kind.AT_RISK


class TestStill:
    def test_paused_is_paused_however_much_is_used(self) -> None:
        assert kind(DUE, motion=Motion.PAUSED, elapsed=60) == Kind.PAUSED
        assert kind(DUE, motion=Motion.PAUSED, elapsed=TARGET + 60, breached_at=DUE) == Kind.PAUSED

    def test_stopped_says_how_it_went(self) -> None:
        assert kind(DUE, motion=Motion.STOPPED, met_at=DUE) == Kind.MET
        assert kind(DUE, motion=Motion.STOPPED, breached_at=DUE) == Kind.MISSED
        assert kind(DUE, motion=Motion.STOPPED) == Kind.STOPPED


class TestAmounts:
    def test_what_remains_and_what_is_over_exclude_each_other(self) -> None:
        before, at, after = (state(elapsed=TARGET + seconds) for seconds in (-1, 0, 1))

        assert [(one.remaining, one.over) for one in (before, at, after)] == [(1, 0), (0, 0), (0, 1)]

    def test_the_share_is_rounded_down_and_never_more_than_all(self) -> None:
        shares = [
            state(elapsed=elapsed).used_percent for elapsed in (0, TARGET // 2 - 1, TARGET - 1, TARGET, 9 * TARGET)
        ]

        assert shares == [0, 49, 99, 100, 100]
        assert state(elapsed=TARGET // 4).left_percent == 75
