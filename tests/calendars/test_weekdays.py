from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiche.calendars.weekdays import add_business_days, subtract_business_days

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def at(text: str, zone: ZoneInfo = SAO_PAULO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


class TestAddBusinessDays:
    @pytest.mark.parametrize(
        ("start", "days", "expected"),
        [
            ("2025-11-13 15:30", 7, "2025-11-24 15:30"),  # Thursday, over two weekends' worth of days
            ("2025-11-14 18:00", 1, "2025-11-17 18:00"),  # Friday evening to Monday evening
            ("2025-11-15 09:00", 1, "2025-11-17 09:00"),  # Saturday to Monday
            ("2025-11-16 09:00", 1, "2025-11-17 09:00"),  # Sunday to Monday
            ("2025-11-14 18:00", 10, "2025-11-28 18:00"),
            ("2025-11-15 09:00", 0, "2025-11-15 09:00"),  # nothing to add, even on a Saturday
            ("2025-12-31 23:59", 1, "2026-01-01 23:59"),  # holidays are not known yet
        ],
    )
    def test_counts_monday_to_friday(self, start, days, expected):
        assert add_business_days(at(start), days, SAO_PAULO) == at(expected)

    def test_counts_in_the_days_of_the_zone(self):
        # 01:00 UTC on Saturday is still Friday evening in São Paulo.
        start = datetime(2025, 11, 15, 1, 0, tzinfo=UTC)

        assert add_business_days(start, 1, SAO_PAULO) == at("2025-11-17 22:00")

    def test_keeps_the_clock_over_a_clock_change(self):
        zone = ZoneInfo("America/New_York")  # clocks forward on Sunday, 9 March 2025

        found = add_business_days(at("2025-03-07 12:00", zone), 1, zone)

        assert found == at("2025-03-10 12:00", zone).astimezone(UTC)
        assert found - at("2025-03-07 12:00", zone).astimezone(UTC) == timedelta(days=2, hours=23)

    def test_answers_an_hour_later_for_a_time_that_the_change_skips(self):
        zone = ZoneInfo("Africa/Cairo")  # clocks forward at midnight that begins Friday, 25 April 2025

        found = add_business_days(at("2025-04-24 00:30", zone), 1, zone)

        assert found.astimezone(zone).replace(tzinfo=None) == datetime(2025, 4, 25, 1, 30)

    def test_answers_in_utc(self):
        assert add_business_days(at("2025-11-13 15:30"), 1, SAO_PAULO).tzinfo is UTC

    @pytest.mark.parametrize(("start", "days"), [(datetime(2025, 11, 13), 1), (at("2025-11-13 15:30"), -1)])
    def test_refuses_what_has_no_answer(self, start, days):
        with pytest.raises(ValueError, match="aware"):
            add_business_days(start, days, SAO_PAULO)


def slowly(start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """One day at a time, each by itself: the obvious twin."""
    while days:
        start = add_business_days(start, 1, zone)
        days -= 1
    return start


MOMENTS = st.datetimes(datetime(2020, 1, 1, 3), datetime(2030, 1, 1), timezones=st.just(UTC))


class TestProperties:
    @given(MOMENTS, st.integers(0, 60))
    def test_many_days_are_as_many_single_ones(self, start, days):
        assert add_business_days(start, days, SAO_PAULO) == slowly(start, days, SAO_PAULO)

    @given(MOMENTS, st.integers(1, 60))
    def test_going_back_undoes_going_forward_from_a_weekday(self, start, days):
        start = add_business_days(start, 1, SAO_PAULO)

        assert subtract_business_days(add_business_days(start, days, SAO_PAULO), days, SAO_PAULO) == start
