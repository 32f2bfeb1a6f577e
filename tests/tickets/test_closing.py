"""When silence closes a ticket, and the reminders before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from guiche.calendars import worktime
from guiche.calendars.hours import Closure, Hours, Window
from guiche.tickets import closing
from guiche.workflows.models import Status

ZONE = ZoneInfo("America/Sao_Paulo")
DELIVERED = datetime(2025, 11, 13, 10, 42, tzinfo=ZONE)  # a Thursday


def _holidays(year: int) -> Mapping[date, Sequence[Closure]]:
    return {date(year, 11, 20): [Closure("Consciência Negra")]}


OFFICE = {day: [Window(8 * 3600, 18 * 3600)] for day in range(5)}
CALENDAR = worktime.compiled(Hours(ZONE, weekly=OFFICE, closures=_holidays))


def status(closes: int | None, warns: int | None = None) -> Status:
    return Status(closes_after_days=closes, warns_days_before=warns)


def at(day: int) -> datetime:
    return DELIVERED.replace(day=day).astimezone(UTC)


class TestClosingOf:
    def test_reminds_on_friday_and_on_monday_of_a_closing_on_tuesday(self) -> None:
        found = closing.closing_of(status(7, 2), DELIVERED, CALENDAR)

        assert found == (at(25), (at(21), at(24)))
        assert found.warns_at == at(21)

    @pytest.mark.parametrize(("warns", "days"), [(None, ()), (1, (24,)), (2, (21, 24)), (5, (17, 24))])
    def test_reminds_last_on_the_day_before(self, warns: int | None, days: tuple[int, ...]) -> None:
        found = closing.closing_of(status(7, warns), DELIVERED, CALENDAR)

        assert found.reminders == tuple(at(day) for day in days)

    @pytest.mark.parametrize("warns", range(1, 10))
    def test_counts_back_to_where_counting_on_would_lead(self, warns: int) -> None:
        """A weekend, a holiday or a late hour at the start is no reason to remind on another day."""
        for days in range(14):
            since = DELIVERED + timedelta(days=days, hours=11)

            found = closing.closing_of(status(10, warns), since, CALENDAR)

            assert found.warns_at == CALENDAR.add_business_days(since, 10 - warns)

    def test_closes_nothing_where_the_status_does_not(self) -> None:
        assert closing.closing_of(status(None), DELIVERED, CALENDAR) == (None, ())
        assert closing.closing_of(status(None), DELIVERED, CALENDAR).warns_at is None


class TestNextReminder:
    @pytest.mark.parametrize(("after", "following"), [(14, 21), (21, 24), (22, 24), (24, None), (25, None)])
    def test_is_later_than_what_was_told(self, after: int, following: int | None) -> None:
        found = closing.next_reminder(status(7, 2), at(25), CALENDAR, after=at(after))

        assert found == (at(following) if following else None)
