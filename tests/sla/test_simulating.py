"""When a ticket would be due, and the sum that gives it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from guiche.calendars import worktime
from guiche.calendars.hours import Closure, Hours, Window
from guiche.sla import simulating
from tests.factories.calendars import week

BRASILIA = ZoneInfo("America/Sao_Paulo")
HOUR = 3600


def calendar(*spans: tuple[int, int], zone: ZoneInfo = BRASILIA, **said: object) -> worktime.Calendar:
    return worktime.compiled(Hours(zone=zone, weekly=dict(enumerate(week(*spans or ((8, 18),)))), **said))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 11, day, hour, minute, tzinfo=BRASILIA)


def told(found: simulating.Simulation) -> list[tuple[int, int, list[tuple[int, int]], float, str]]:
    return [
        (line.first.day, line.last.day, [(a.hour, b.hour) for a, b in line.spans], line.seconds / HOUR, line.name)
        for line in found.lines
    ]


class TestSimulate:
    def test_tells_the_sum_over_a_weekend(self):
        found = simulating.simulate(calendar(), at(14, 17), 8 * HOUR)

        assert found.due_at == at(17, 15)
        assert told(found) == [
            (14, 14, [(17, 18)], 1, ""),
            (15, 16, [], 0, ""),
            (17, 17, [(8, 15)], 7, ""),
        ]

    def test_names_a_holiday_apart_from_the_days_around_it(self):
        closures = {date(2025, 11, 20): [Closure("Consciência Negra")], date(2025, 11, 21): [Closure("Ponte")]}
        open_days = calendar(closures=lambda year: closures if year == 2025 else {})

        found = simulating.simulate(open_days, at(19, 17), 2 * HOUR)

        assert told(found) == [
            (19, 19, [(17, 18)], 1, ""),
            (20, 20, [], 0, "Consciência Negra"),
            (21, 21, [], 0, "Ponte"),
            (22, 23, [], 0, ""),
            (24, 24, [(8, 9)], 1, ""),
        ]

    def test_keeps_lunch_as_two_spans_and_a_night_as_two_days(self):
        lunch = simulating.simulate(calendar((8, 12), (13, 18)), at(17, 11), 2 * HOUR)
        night = simulating.simulate(calendar((20, 30)), at(17, 23), 2 * HOUR)

        assert told(lunch) == [(17, 17, [(11, 12), (13, 14)], 2, "")]
        assert told(night) == [(17, 17, [(23, 0)], 1, ""), (18, 18, [(0, 1)], 1, "")]

    def test_what_runs_out_at_closing_is_overdue_at_the_next_opening(self):
        found = simulating.simulate(calendar(), at(14, 17), HOUR)

        assert (found.due_at, found.breaches_at) == (at(14, 18), at(17, 8))
        assert told(found) == [(14, 14, [(17, 18)], 1, "")]

    @pytest.mark.parametrize("seconds", [1, 59, 7 * HOUR + 1, 400 * HOUR])
    def test_adds_up_to_the_second_where_the_clocks_change(self, seconds):
        whole = Hours(zone=ZoneInfo("Europe/Lisbon"), weekly={day: [Window(0, 24 * HOUR)] for day in range(7)})
        opened = datetime(2025, 10, 24, 13, 7, 5, tzinfo=BRASILIA)

        found = simulating.simulate(worktime.compiled(whole), opened, seconds)

        assert sum(line.seconds for line in found.lines) == seconds
