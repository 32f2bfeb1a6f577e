"""What is said of a deadline adds up, to the second; and the figures of the design come out of its example."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guiche.calendars import worktime
from guiche.calendars.hours import DAY, Closure, Hours, Window
from guiche.sla import ledger, strip
from guiche.sla.ledger import Piece, check_code, closing_days, statement
from guiche.sla.metrics import Reason
from tests.calendars.strategies import ZONES, hours_of
from tests.calendars.twin import Following, Twin, instant, second

SAO_PAULO = zoneinfo.ZoneInfo("America/Sao_Paulo")
HOLIDAYS = {date(2025, 11, 20): (Closure("Consciência Negra"),)}
OFFICE = worktime.compiled(
    Hours(
        SAO_PAULO,
        dict.fromkeys(range(5), (Window(8 * 3600, 18 * 3600),)),
        lambda year: {day: one for day, one in HOLIDAYS.items() if day.year == year},
    )
)
MINUTE, HOUR = 60, 3600


def at(day: int, hour: int, minute: int = 0, sec: int = 0) -> datetime:
    return datetime(2025, 11, day, hour, minute, sec, tzinfo=SAO_PAULO)


def ran(start: datetime, end: datetime | None, **given) -> Piece:
    return Piece(start, end, True, "working", calendar=OFFICE, **given)


def waited(start: datetime, end: datetime | None, reason: str = "waiting_on_customer") -> Piece:
    return Piece(start, end, False, reason)


NOW = at(13, 10, 42)
# The ticket of the design: opened on a Wednesday, asked back, answered, delivered on the Thursday.
EXAMPLE = [
    ran(at(12, 9, 14), at(12, 10, 31), status="Em atendimento", counted_seconds=77 * MINUTE),
    waited(at(12, 10, 31), at(12, 13, 33)),
    ran(at(12, 13, 33), at(13, 9, 48), counted_seconds=375 * MINUTE),
    waited(at(13, 9, 48), None, "awaiting_validation"),
]


def example():
    return statement(EXAMPLE, now=NOW, target_seconds=12 * HOUR)


def long(hours: int, minutes: int) -> int:
    return hours * HOUR + minutes * MINUTE


class TestExample:
    def test_comes_to_the_figures_of_the_design(self):
        found = example()

        assert found.counted == long(7, 32)
        assert found.counted_lines == 3
        assert found.uncounted == long(17, 56)
        assert found.uncounted_on("customer") == long(3, 56)
        assert found.uncounted_on("calendar") == 14 * HOUR
        assert found.total == long(25, 28)
        assert (found.remaining, found.over) == (long(4, 28), 0)
        assert not found.differs

    def test_has_its_rows(self):
        rows = [(one.reason, one.side, one.counted, one.uncounted, one.running_sum) for one in example().lines]

        assert rows == [
            ("working", "provider", long(1, 17), 0, long(1, 17)),
            ("waiting_on_customer", "customer", 0, long(3, 2), long(1, 17)),
            ("working", "provider", long(4, 27), 0, long(5, 44)),
            ("outside_hours", "calendar", 0, 14 * HOUR, long(5, 44)),
            ("working", "provider", long(1, 48), 0, long(7, 32)),
            ("awaiting_validation", "customer", 0, 54 * MINUTE, long(7, 32)),
        ]
        assert [one.is_open_ended for one in example().lines] == [False] * 5 + [True]
        assert example().lines[0].status == "Em atendimento"

    def test_groups_them_by_the_day_on_which_they_start(self):
        days = example().by_day(SAO_PAULO)

        assert [(day.date, len(day.lines)) for day in days] == [(date(2025, 11, 12), 4), (date(2025, 11, 13), 2)]

    def test_counts_the_days_of_silence(self):
        days = closing_days(OFFICE, at(13, 9, 48), 7)

        assert [(one.date.day, one.number, one.name) for one in days] == [
            *((14, 1, ""), (17, 2, ""), (18, 3, ""), (19, 4, "")),
            (20, None, "Consciência Negra"),
            *((21, 5, ""), (24, 6, ""), (25, 7, "")),
        ]
        assert closing_days(OFFICE, at(13, 9, 48), 0) == []

    def test_is_drawn_as_in_the_design(self):
        picture = strip.drawn(example(), SAO_PAULO)

        assert [one.x for one in picture.segments] == [1.0, 51.4, 170.5, 345.2, 895.0, 965.7]
        assert [one.width for one in picture.segments] == [48.4, 117.1, 172.7, 547.8, 68.7, 33.3]
        assert [one.tone for one in picture.segments] == ["", "wait", "", "neutral", "", "wait"]
        assert [one.room for one in picture.segments] == ["time"] * 3 + ["time_and_reason", "time", "none"]
        assert [(one.x, one.anchor) for one in picture.ticks] == [
            *((0.0, "start"), (50.4, "start"), (169.5, "middle"), (344.2, "middle"), (894.0, "middle")),
            (964.7, "middle"),
        ]
        assert [one.names_day for one in picture.ticks] == [False] * 4 + [True, False]


class TestLines:
    def test_name_the_holiday(self):
        found = statement([ran(at(19, 17), at(21, 9))], now=NOW, target_seconds=1)

        assert [(one.reason, one.name, one.seconds) for one in found.lines] == [
            ("working", "", HOUR),
            ("outside_hours", "", 6 * HOUR),
            ("holiday", "Consciência Negra", 24 * HOUR),
            ("outside_hours", "", 8 * HOUR),
            ("working", "", HOUR),
        ]

    @pytest.mark.parametrize("hour", [10, 22])
    def test_show_what_has_just_begun(self, hour):
        """The present is a line of its own even in its first second, open or closed."""
        found = statement(
            [waited(at(12, 9), at(12, hour)), ran(at(12, hour), None)], now=at(12, hour), target_seconds=9
        )

        assert (found.lines[-1].seconds, found.lines[-1].is_open_ended) == (0, True)
        assert found.lines[-1].reason == ("working" if hour == 10 else "outside_hours")

    def test_only_the_last_of_a_running_piece_is_open_ended(self):
        found = statement([ran(at(12, 17), None)], now=at(13, 9), target_seconds=1)

        assert [one.is_open_ended for one in found.lines] == [False, False, True]

    @pytest.mark.parametrize("piece", [ran(at(12, 17), None), waited(at(12, 17), None)])
    def test_do_not_run_backwards_where_clocks_of_machines_differ(self, piece):
        found = statement([piece], now=at(12, 16, 59, 59), target_seconds=1)

        assert [(one.seconds, one.is_open_ended) for one in found.lines] == [(0, True)]
        assert strip.drawn(found, SAO_PAULO).segments == []

    def test_are_whole_seconds(self):
        late = timedelta(microseconds=999_999)

        found = statement([ran(at(12, 9) + late, None)], now=at(12, 9, 0, 2) + late, target_seconds=5)

        assert found.counted == 2

    def test_say_on_whose_side_for_every_reason(self):
        assert set(ledger.SIDES) == set(Reason.values) | {"outside_hours", "holiday"}

    @pytest.mark.parametrize(
        ("pieces", "said"),
        [
            ([], "without"),
            ([waited(at(12, 9), at(12, 10)), waited(at(12, 11), None)], "follow"),
            ([waited(at(12, 9), None), waited(at(12, 11), None)], "follow"),
            ([waited(at(12, 9), at(12, 8))], "before it starts"),
            ([Piece(at(12, 9), None, True, "working")], "no calendar"),
        ],
    )
    def test_are_refused_where_they_make_no_history(self, pieces, said):
        with pytest.raises(ValueError, match=said):
            statement(pieces, now=NOW, target_seconds=1)


class TestStored:
    def test_differs_where_the_calendar_says_something_else(self):
        told = replace(EXAMPLE[2], counted_seconds=375 * MINUTE + 1)

        found = statement([*EXAMPLE[:2], told, EXAMPLE[3]], now=NOW, target_seconds=12 * HOUR)

        assert [(one.stored, one.said) for one in found.differs] == [(375 * MINUTE + 1, 375 * MINUTE)]
        assert found.counted == long(7, 32)
        assert found.stored == long(7, 32) + 1
        assert found.remaining == long(4, 28) - 1

    def test_differs_where_what_did_not_run_was_counted(self):
        found = statement([Piece(at(12, 9), at(12, 10), False, "closed", counted_seconds=5)], now=NOW, target_seconds=1)

        assert [(one.stored, one.said) for one in found.differs] == [(5, 0)]

    def test_says_what_a_correction_counted_again(self):
        told = ran(at(12, 9), at(12, 10), counted_seconds=HOUR, counted_before=0, recounted_at=at(13, 9))

        found = statement([told, waited(at(12, 10), None)], now=NOW, target_seconds=1)

        assert [(one.before, one.after, one.at) for one in found.recounts] == [(0, HOUR, at(13, 9))]
        assert [one.is_recounted for one in found.lines] == [True, False]

    def test_is_over_past_the_target_and_not_at_it(self):
        assert statement(EXAMPLE, now=NOW, target_seconds=long(7, 32)).over == 0
        late = statement(EXAMPLE, now=NOW, target_seconds=long(7, 32) - 1)
        assert (late.over, late.remaining) == (1, 0)


class TestCheckCode:
    def test_is_short_and_always_the_same(self):
        assert check_code(4821, "solution", example()) == check_code(4821, "solution", example())
        assert [part.isalnum() and len(part) for part in check_code(4821, "solution", example()).split("-")] == [4, 4]

    def test_is_another_for_another_sheet(self):
        moved = [replace(EXAMPLE[0], end=at(12, 10, 31, 1)), replace(EXAMPLE[1], start=at(12, 10, 31, 1)), *EXAMPLE[2:]]
        told = [*EXAMPLE[:3], waited(at(13, 9, 48), None, "on_hold")]
        sheets = [
            (4821, "solution", example()),
            (4822, "solution", example()),
            (4821, "diagnosis", example()),
            (4821, "solution", statement(EXAMPLE, now=NOW + timedelta(seconds=1), target_seconds=12 * HOUR)),
            (4821, "solution", statement(EXAMPLE, now=NOW, target_seconds=12 * HOUR + 1)),
            (4821, "solution", statement(moved, now=NOW, target_seconds=12 * HOUR)),
            (4821, "solution", statement(told, now=NOW, target_seconds=12 * HOUR)),
        ]

        assert len({check_code(*sheet) for sheet in sheets}) == len(sheets)


REASONS = ["waiting_on_customer", "awaiting_validation", "on_hold", "elsewhere", "closed"]


@st.composite
def histories(draw):
    """Pieces that follow each other around a change of the clocks, with the twins of those that ran, and a present."""
    name = draw(st.sampled_from(sorted(ZONES)))
    zone, around = zoneinfo.ZoneInfo(name), draw(st.sampled_from(ZONES[name]))
    noon = second(datetime(around.year, around.month, around.day, 12, tzinfo=UTC))
    moments = st.integers(-9 * DAY, 9 * DAY).map(lambda n: instant(noon + n))
    marks = sorted(draw(st.sets(moments, min_size=2, max_size=7)))
    lasts = draw(st.booleans())
    pieces, twins = [], []
    for start, end in pairwise(marks):
        parts = [draw(hours_of(zone, around)) for _ in range(draw(st.sampled_from([1, 1, 2])))]
        counts = draw(st.booleans())
        calendar = worktime.joined([worktime.compiled(one) for one in parts])
        known = draw(st.booleans()) and not (lasts and end == marks[-1])
        stored = calendar.between(start, end) * counts if known else None
        reason = "working" if counts else draw(st.sampled_from(REASONS))
        last = None if lasts and end == marks[-1] else end
        pieces.append(Piece(start, last, counts, reason, None, calendar if counts else None, stored))
        twins.append((start, end, counts, Twin(*parts)))
    return zone, pieces, twins, marks[-1]


class TestHistories:
    @settings(max_examples=150, deadline=None)
    @given(histories())
    def test_add_up_to_the_second(self, history):
        zone, pieces, twins, now = history

        found = statement(pieces, now=now, target_seconds=12 * HOUR)

        assert all(before.end == after.start for before, after in pairwise(found.lines))
        assert found.counted == sum(twin.between(start, end) for start, end, counts, twin in twins if counts)
        assert found.counted == found.stored == found.lines[-1].running_sum
        assert found.total == found.counted + found.uncounted == second(now) - second(pieces[0].start)
        sides = ("provider", "customer", "calendar", "nobody")
        assert found.uncounted == sum(found.uncounted_on(side) for side in sides)
        assert not found.differs
        assert [line for day in found.by_day(zone) for line in day.lines] == list(found.lines)

    @settings(max_examples=100, deadline=None)
    @given(histories())
    def test_say_of_each_second_what_the_twin_says(self, history):
        _zone, pieces, twins, now = history

        for line in statement(pieces, now=now, target_seconds=1).lines:
            _start, _end, counts, twin = next(one for one in twins if one[0] <= line.start < one[1])
            opened = twin.between(line.start, line.end)
            assert opened == line.seconds * line.counts if counts else not line.counts
            assert line.side == "calendar" if counts and not line.counts else line.side != "calendar"

    @settings(max_examples=100, deadline=None)
    @given(histories(), st.sampled_from([320.0, 1000.0]))
    def test_are_drawn_without_overlaps(self, history, width):
        zone, pieces, _twins, now = history

        picture = strip.drawn(statement(pieces, now=now, target_seconds=1), zone, width)

        edges = [(one.x, one.x + one.width) for one in picture.segments]
        assert all(0 <= left <= right < width + 0.01 for left, right in edges)
        assert all(right < left + 0.01 for (_left, right), (left, _right) in pairwise(edges))
        labels = []
        for tick in picture.ticks:
            if tick.is_labelled:
                room = strip.DAY_AND_CLOCK if tick.names_day else strip.CLOCK
                left = tick.x - {"start": 0, "middle": room / 2, "end": room}[tick.anchor]
                labels.append((left, left + room))
        assert all(left >= -0.1 and right <= width + 0.1 for left, right in labels)
        assert all(right <= left + 0.2 for (_left, right), (left, _right) in pairwise(labels))


class TestClosingDays:
    @settings(max_examples=100, deadline=None)
    @given(st.data())
    def test_end_where_the_calendar_says(self, data):
        name = data.draw(st.sampled_from(sorted(ZONES)))
        zone, around = zoneinfo.ZoneInfo(name), data.draw(st.sampled_from(ZONES[name]))
        hours = data.draw(hours_of(zone, around))
        since = datetime(around.year, around.month, around.day, 10, tzinfo=UTC) - timedelta(days=6)
        days = data.draw(st.integers(1, 6))
        twin = Following([], hours)
        assume(any(hours.weekly.values()))

        found = closing_days(worktime.compiled(hours), since, days)

        assert found[-1].date == worktime.compiled(hours).add_business_days(since, days).astimezone(zone).date()
        assert [one.number for one in found if one.counts] == list(range(1, days + 1))
        near = [one for one in found if one.date <= around + timedelta(days=12)]
        assert all(one.counts == twin.opens_on(one.date) for one in near)
        assert all(one.counts or one.name for one in found)

    def test_do_not_go_on_for_ever(self):
        with pytest.raises(worktime.NeverOpens):
            closing_days(worktime.compiled(Hours(SAO_PAULO, {})), NOW, 1)
