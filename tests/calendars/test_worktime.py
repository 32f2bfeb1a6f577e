"""Business time against a slow and obvious twin, over clock changes, long nights, holidays and half days."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guiche.calendars import worktime
from guiche.calendars.hours import DAY, Closure, Hours, HoursRefused, Window
from tests.calendars.strategies import QUARTER, ZONES, hours_of
from tests.calendars.twin import CELL, Following, Twin, second


@st.composite
def worlds(draw):
    """A calendar, its twin, and two instants near a change of the clocks."""
    name = draw(st.sampled_from(sorted(ZONES)))
    zone, around = zoneinfo.ZoneInfo(name), draw(st.sampled_from(ZONES[name]))
    parts = [draw(hours_of(zone, around))]
    if draw(st.integers(0, 3)) == 0:
        parts.append(draw(hours_of(zoneinfo.ZoneInfo(draw(st.sampled_from(sorted(ZONES)))), around)))
    calendars = [worktime.compiled(one) for one in parts]
    calendar = worktime.joined(calendars) if len(calendars) > 1 else calendars[0]
    noon = datetime(around.year, around.month, around.day, 12, tzinfo=UTC)
    moment = st.integers(-9 * DAY, 9 * DAY) | st.integers(-36 * 96, 36 * 96).map(lambda n: n * QUARTER)
    first, other = (noon + timedelta(seconds=draw(moment)) for _ in range(2))
    return calendar, Twin(*parts), first.astimezone(zone), other


@st.composite
def followed(draw):
    """A calendar that changes once or twice, at any second, its parts and the cuts, and two instants around them."""
    names = draw(st.lists(st.sampled_from(sorted(ZONES)), min_size=2, max_size=3))
    around = draw(st.sampled_from(ZONES[names[0]]))
    parts = [draw(hours_of(zoneinfo.ZoneInfo(name), around)) for name in names]
    noon = datetime(around.year, around.month, around.day, 12, tzinfo=UTC)
    moment = st.integers(-9 * DAY, 9 * DAY).map(lambda n: noon + timedelta(seconds=n))
    cuts = sorted(draw(moment) for _ in parts[1:])
    return parts, cuts, draw(moment), draw(moment)


@st.composite
def following(draw):
    """The same, with cuts on a quarter of an hour: a calendar, its twin, and two instants."""
    parts, cuts, first, other = draw(followed())
    cuts = [datetime.fromtimestamp(second(cut) // CELL * CELL, UTC) for cut in cuts]
    calendar = worktime.stitched(list(zip([None, *cuts], map(worktime.compiled, parts), strict=True)))
    return calendar, Following(cuts, *parts), first.astimezone(parts[0].zone), other


ALL = worlds() | following()
AMOUNTS = st.integers(0, 4 * DAY) | st.integers(0, 200).map(lambda n: n * QUARTER)
MANY = settings(max_examples=100, deadline=None)


class TestTwin:
    @MANY
    @given(ALL)
    def test_between(self, world):
        calendar, twin, a, b = world
        assert calendar.between(a, b) == twin.between(a, b)

    @MANY
    @given(ALL, AMOUNTS)
    def test_add(self, world, amount):
        calendar, twin, a, _b = world
        expected = twin.add(a, amount)
        assume(expected is not None)
        assert calendar.add(a, amount) == expected

    @MANY
    @given(ALL, AMOUNTS)
    def test_subtract(self, world, amount):
        calendar, twin, a, _b = world
        expected = twin.subtract(a, amount)
        assume(expected is not None)
        assert calendar.subtract(a, amount) == expected

    @MANY
    @given(ALL)
    def test_opening_and_closing(self, world):
        calendar, twin, a, _b = world
        assert calendar.is_open(a) == twin.is_open(a)
        for name in ("next_open", "next_close", "previous_close"):
            expected = getattr(twin, name)(a)
            if expected is not None:
                assert getattr(calendar, name)(a) == expected, name

    @MANY
    @given(ALL)
    def test_intervals(self, world):
        calendar, twin, a, b = world
        first, last = min(a, b), max(a, b)
        found = calendar.intervals(first, last)
        assert sum(one.seconds for one in found) == second(last) - second(first)
        assert sum(one.seconds for one in found if one.is_open) == twin.between(first, last)
        assert all(one.end == after.start for one, after in pairwise(found))
        assert all((one.is_open, one.reason) != (after.is_open, after.reason) for one, after in pairwise(found))
        assert all(twin.between(one.start, one.end) == one.seconds * one.is_open for one in found)

    @MANY
    @given(ALL, st.integers(0, 6))
    def test_business_days(self, world, days):
        calendar, twin, a, _b = world
        for step, moved in ((1, calendar.add_business_days), (-1, calendar.subtract_business_days)):
            day, left = a.astimezone(twin.zone).date(), days
            for _ in range(30):
                if not left:
                    break
                day += timedelta(days=step)
                left -= twin.opens_on(day)
            if left:
                continue
            clock = a.astimezone(twin.zone).time().replace(microsecond=0, fold=0)
            expected = datetime.combine(day, clock, twin.zone).astimezone(UTC) if days else a
            assert moved(a, days) == expected


class TestStitched:
    @MANY
    @given(followed())
    def test_is_cut_to_the_second(self, found):
        parts, cuts, a, b = found
        calendars = [worktime.compiled(one) for one in parts]
        calendar = worktime.stitched(list(zip([None, *cuts], calendars, strict=True)))
        first, last = min(a, b), max(a, b)

        turn = sum(cut <= first for cut in cuts)
        assert calendar.is_open(first) == Twin(parts[turn]).is_open(first)
        bounds = [first, *(min(max(cut, first), last) for cut in cuts), last]
        expected = [Twin(one).between(x, y) for one, (x, y) in zip(parts, pairwise(bounds), strict=True)]
        assert calendar.between(first, last) == sum(expected)

    @pytest.mark.parametrize("step", [-1, 0, 1])
    def test_takes_the_later_one_from_its_instant_on(self, step):
        cut = at(2026, 11, 20, 16, 30, 7)
        calendar = worktime.stitched([(None, office()), (cut, worktime.compiled(Hours(SAO_PAULO, ALWAYS)))])

        assert calendar.next_close(at(2026, 11, 19, 17)) == at(2026, 11, 19, 18)
        assert calendar.between(cut + timedelta(seconds=step), at(2026, 11, 21, 0)) == 26_993 - step
        assert [one.is_open for one in calendar.intervals(at(2026, 11, 20, 14), at(2026, 11, 25))] == [True]

    def test_takes_its_days_from_the_last(self):
        kathmandu = zoneinfo.ZoneInfo("Asia/Kathmandu")
        parts = [(None, office()), (at(2026, 11, 20), office(zone=kathmandu))]

        assert worktime.stitched(parts).zone is kathmandu

    def test_of_two_from_the_same_second_the_later_holds(self):
        cut, shut = at(2026, 11, 20, 12), worktime.compiled(Hours(SAO_PAULO, {}))

        assert worktime.stitched([(None, office()), (cut, shut), (cut, office())]).next_open(cut) == at(
            2026, 11, 20, 13
        )

    def test_joins_like_any_other(self):
        cut = at(2026, 11, 20, 12)
        whole = worktime.compiled(Hours(SAO_PAULO, ALWAYS))

        both = worktime.joined([worktime.stitched([(None, whole), (cut, office())]), whole])

        assert both.between(at(2026, 11, 20), at(2026, 11, 21)) == 17 * 3600

    @pytest.mark.parametrize("cuts", [[2, 1], [1, None]])
    def test_refuses_what_does_not_ascend(self, cuts):
        parts = [(None, office()), *((n and at(2026, 1, n), office()) for n in cuts)]

        with pytest.raises(ValueError, match=r"ascend|instant"):
            worktime.stitched(parts)

    def test_refuses_nothing(self):
        with pytest.raises(ValueError, match="no parts"):
            worktime.stitched([])


SAO_PAULO = zoneinfo.ZoneInfo("America/Sao_Paulo")
OFFICE = (Window(8 * 3600, 12 * 3600), Window(13 * 3600, 18 * 3600))


def office(closures=None, days=None, zone=SAO_PAULO):
    closed = closures or {}
    return worktime.compiled(
        Hours(
            zone,
            dict.fromkeys(range(5), OFFICE),
            lambda year: {d: c for d, c in closed.items() if d.year == year},
            days or {},
        )
    )


def at(*parts, zone=SAO_PAULO):
    return datetime(*parts, tzinfo=zone)


class TestOffice:
    def test_what_runs_out_at_closing_is_due_at_closing(self):
        assert office().add(at(2026, 11, 20, 17), 3600) == at(2026, 11, 20, 18)
        assert office().add(at(2026, 11, 20, 17), 3601) == at(2026, 11, 23, 8, 0, 1)

    def test_a_lunch_break_does_not_count(self):
        assert office().add(at(2026, 11, 20, 11, 30), 3600) == at(2026, 11, 20, 13, 30)
        assert office().between(at(2026, 11, 20, 0), at(2026, 11, 21, 0)) == 9 * 3600

    def test_backwards(self):
        assert office().subtract(at(2026, 11, 23, 8), 3600) == at(2026, 11, 20, 17)
        assert office().between(at(2026, 11, 23, 9), at(2026, 11, 20, 17)) == -2 * 3600

    def test_nothing_to_add_is_where_one_was(self):
        midnight = at(2026, 11, 21, 0)
        assert office().add(midnight, 0) is midnight
        assert office().subtract(midnight, 0) is midnight
        with pytest.raises(ValueError, match="negative"):
            office().add(midnight, -1)

    def test_says_why_it_does_not_count(self):
        found = office({date(2026, 4, 21): (Closure("Tiradentes"),)}).intervals(at(2026, 4, 20, 17), at(2026, 4, 22, 9))
        assert [(one.is_open, one.reason, one.seconds // 3600) for one in found] == [
            (True, "", 1),
            (False, "", 6),
            (False, "Tiradentes", 24),
            (False, "", 8),
            (True, "", 1),
        ]

    def test_a_holiday_on_a_sunday_closes_nothing(self):
        found = office({date(2026, 11, 15): (Closure("República"),)}).intervals(
            at(2026, 11, 14, 0), at(2026, 11, 16, 8)
        )
        assert [one.reason for one in found] == [""]

    def test_a_worked_saturday(self):
        days = {date(2026, 11, 21): (Window(9 * 3600, 12 * 3600),)}
        assert office(days=days).add(at(2026, 11, 20, 18), 3600) == at(2026, 11, 21, 10)
        closed = {date(2026, 11, 21): (Closure("Padroeira"),)}
        assert office(closed, days).add(at(2026, 11, 20, 18), 3600) == at(2026, 11, 23, 9)

    def test_business_days_keep_the_clock(self):
        assert office().add_business_days(at(2026, 11, 20, 22, 15), 1) == at(2026, 11, 23, 22, 15)
        assert office().subtract_business_days(at(2026, 11, 23, 7), 1) == at(2026, 11, 20, 7)


ALWAYS = dict.fromkeys(range(7), (Window(0, DAY),))


class TestRoundTheClock:
    def test_the_day_on_which_clocks_go_back_has_25_hours(self):
        zone = zoneinfo.ZoneInfo("America/New_York")
        calendar = worktime.compiled(Hours(zone, ALWAYS))
        assert calendar.between(at(2026, 11, 1, zone=zone), at(2026, 11, 2, zone=zone)) == 25 * 3600
        assert calendar.between(at(2026, 3, 8, zone=zone), at(2026, 3, 9, zone=zone)) == 23 * 3600

    def test_goes_over_the_years(self):
        calendar = worktime.compiled(Hours(SAO_PAULO, ALWAYS))
        assert calendar.add(at(2026, 12, 31, 23), 40 * 365 * DAY) == at(2026, 12, 31, 23) + timedelta(days=40 * 365)
        assert calendar.intervals(at(2026, 12, 31), at(2027, 1, 2))[0].seconds == 2 * DAY

    def test_never_closes(self):
        with pytest.raises(worktime.NeverCloses):
            worktime.compiled(Hours(SAO_PAULO, ALWAYS)).next_close(at(2026, 1, 1))


class TestNeverOpens:
    @pytest.mark.parametrize("name", ["next_open", "next_close", "previous_close"])
    def test_says_so(self, name):
        with pytest.raises(worktime.NeverOpens):
            getattr(worktime.compiled(Hours(SAO_PAULO, {})), name)(at(2026, 1, 1))

    @pytest.mark.parametrize("name", ["add", "subtract", "add_business_days", "subtract_business_days"])
    def test_says_so_of_sums(self, name):
        with pytest.raises(worktime.NeverOpens):
            getattr(worktime.compiled(Hours(SAO_PAULO, {})), name)(at(2026, 1, 1), 1)

    def test_of_two_that_have_nothing_in_common(self):
        parts = [worktime.compiled(Hours(SAO_PAULO, {day: OFFICE})) for day in (0, 1)]
        with pytest.raises(worktime.NeverOpens):
            worktime.joined(parts).add(at(2026, 1, 1), 1)

    def test_once_was_open(self):
        only = worktime.compiled(Hours(SAO_PAULO, {}, days={date(2026, 1, 5): OFFICE}))
        assert only.add(at(2026, 1, 1), 9 * 3600) == at(2026, 1, 5, 18)
        assert only.next_close(at(2026, 1, 5, 14)) == at(2026, 1, 5, 18)
        assert only.previous_close(at(2036, 1, 1)) == at(2026, 1, 5, 18)
        with pytest.raises(worktime.NeverOpens):
            only.add(at(2026, 1, 1), 9 * 3600 + 1)


class TestRefused:
    @pytest.mark.parametrize(
        "weekly",
        [
            {0: [Window(0, 7200), Window(3600, 10800)]},
            {0: [Window(3600, 3600)]},
            {0: [Window(7200, 3600)]},
            {0: [Window(-1, 3600)]},
            {0: [Window(DAY, DAY + 3600)]},
            {0: [Window(0, DAY + 1)]},
            {6: [Window(22 * 3600, DAY + 7200)], 0: [Window(3600, 7200)]},
            {7: [Window(0, 3600)]},
        ],
    )
    def test_weekly_windows(self, weekly):
        with pytest.raises(HoursRefused) as refused:
            Hours(SAO_PAULO, weekly)
        assert refused.value.part == "weekly"

    @pytest.mark.parametrize(
        "twice", [(Closure("a"), Closure("b")), (Closure("a", 0, 0),), (Closure("a", 0, DAY + 1),)]
    )
    def test_closures(self, twice):
        with pytest.raises(HoursRefused):
            office({date(2026, 4, 21): twice}).is_open(at(2026, 4, 21))

    def test_an_instant_without_a_zone(self):
        with pytest.raises(ValueError, match="zone"):
            office().is_open(datetime(2026, 1, 1))
