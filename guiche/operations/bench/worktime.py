"""How fast business time is computed: the engine alone, without rows. CPU of this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from guiche.calendars import holidays, worktime
from guiche.calendars import plan as plans
from guiche.calendars.hours import Window
from guiche.calendars.plan import OptionalDay, Plan
from guiche.calendars.worktime import Calendar
from guiche.operations.bench.report import Pace

HOUR, DAY = 3600, 86_400
FORTY_HOURS = 40 * HOUR
ADD_US, COMPILE_MS = 5.0, 5.0  # what each may take
YEAR = 2026
_WINDOWS = (Window(8 * HOUR, 12 * HOUR), Window(13 * HOUR, 18 * HOUR))
_WEEK = (*(_WINDOWS,) * 5, (), ())


def paces(*, rounds: int = 15, times: int = 2_000) -> list[Pace]:
    """Measure, as medians of `rounds`; `times` operations of a compiled calendar in each."""
    provider, city = _plan("SP", "São Paulo"), _plan("BA")
    calendar = _compiled(provider)
    parts = [(None, calendar), (datetime(YEAR, 3, 1, tzinfo=UTC), _compiled(city))]
    moments = _moments(times)
    compiling = {
        "compile a year": lambda: _compiled(provider),
        "compile a year: two joined": lambda: worktime.joined([_compiled(provider), _compiled(city)]),
        "compile a year: two in turn": lambda: worktime.stitched(parts),
    }
    operations: dict[str, Callable[[datetime], object]] = {
        "add 40 business hours": lambda moment: calendar.add(moment, FORTY_HOURS),
        "between, 30 days apart": lambda moment: calendar.between(moment, moment + timedelta(days=30)),
        "next_open": calendar.next_open,
        "intervals of 30 days": lambda moment: calendar.intervals(moment, moment + timedelta(days=30)),
    }
    limits = {"add 40 business hours": ADD_US, "compile a year": COMPILE_MS}
    made = [Pace(name, _compile_ms(make, rounds), "ms", limits.get(name)) for name, make in compiling.items()]
    asked = [Pace(name, _operation_us(do, moments, rounds), "µs", limits.get(name)) for name, do in operations.items()]
    return [*asked, *made]


def _plan(state: str, city: str = "") -> Plan:
    """A week with lunch breaks, the holidays of the place, and half a Wednesday at the end of carnival."""
    return Plan(
        "America/Sao_Paulo", _WEEK, state=state, city=city, optional=(OptionalDay("Quarta-feira de Cinzas", 43_200),)
    )


def _compiled(plan: Plan) -> Calendar:
    kept = holidays.frozen(plan, YEAR - 1, YEAR + 1)  # a version holds on to them: looked up once
    return worktime.compiled(plans.hours(plan, lambda year: kept.get(year, ())))


def _moments(times: int) -> list[datetime]:
    """Instants all over the year, in and out of hours."""
    chance, start = Random(1), datetime(YEAR, 1, 1, 12, tzinfo=UTC)  # noqa: S311  # the same at every run
    return [start + timedelta(seconds=chance.randrange(330 * DAY)) for _n in range(times)]


def _compile_ms(make: Callable[[], Calendar], rounds: int) -> float:
    moment = datetime(YEAR, 7, 1, tzinfo=UTC)
    make().is_open(moment)  # what a process remembers of time zones and holidays is remembered now
    return _median(1_000, rounds, lambda: make().is_open(moment))


def _operation_us(do: Callable[[datetime], object], moments: list[datetime], rounds: int) -> float:
    def all_of_them() -> None:
        for moment in moments:
            do(moment)

    all_of_them()  # what is compiled is compiled now
    return _median(1_000_000, rounds, all_of_them) / len(moments)


def _median(unit: int, rounds: int, do: Callable[[], object]) -> float:
    """Return the CPU time of one `do()`, in `unit`ths of a second."""
    found = []
    for _turn in range(rounds):
        began = time.process_time()
        do()
        found.append((time.process_time() - began) * unit)
    return sorted(found)[rounds // 2]
