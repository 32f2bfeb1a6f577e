"""Versions as they follow each other, and what each process remembers of them."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiche.calendars import compiling, holidays
from guiche.calendars import plan as plans
from guiche.calendars.plan import Holiday, Level
from tests.factories.calendars import make_calendar, make_plan, make_version, week

START = datetime(2025, 1, 1, tzinfo=UTC)
HOURS = st.lists(st.integers(0, 12), min_size=1, max_size=6)


def rows(hours):
    """Return versions, the nth of which begins at the nth of `hours`."""
    return [SimpleNamespace(number=n, effective_from=START + timedelta(hours=one)) for n, one in enumerate(hours, 1)]


class TestInTurn:
    @given(HOURS, st.integers(0, 12))
    def test_the_highest_number_that_has_begun_counts(self, hours, at):
        versions, moment = rows(hours), START + timedelta(hours=at)
        begun = [one for one in versions if one.effective_from <= moment]

        found = compiling.in_force(reversed(versions), moment)

        if begun:
            assert found.number == max(one.number for one in begun)
        else:
            assert found == compiling.in_turn(versions)[0][1]

    @given(HOURS)
    def test_is_in_the_order_of_time(self, hours):
        found = [since for since, _version in compiling.in_turn(rows(hours))]

        assert found == sorted(set(found))


@pytest.mark.django_db
class TestRemembered:
    def test_a_published_version_is_compiled_once(self):
        calendar = make_calendar()

        first = compiling.version_calendar(calendar.versions.get())

        assert compiling.version_calendar(calendar.versions.get()) is first
        assert compiling.stitched(calendar.versions.published()) is first

    def test_a_draft_is_compiled_anew(self):
        draft = make_calendar().versions.create(number=2, plan=plans.dump(make_plan()), saved_at=START)

        assert compiling.version_calendar(draft).between(START, START + timedelta(days=7)) == 40 * 3600
        draft.plan = plans.dump(make_plan(weekly=week((8, 9))))
        assert compiling.version_calendar(draft).between(START, START + timedelta(days=7)) == 4 * 3600

    def test_a_draft_is_compiled_anew_among_others_too(self):
        calendar = make_calendar()
        draft = calendar.versions.create(number=2, plan=plans.dump(make_plan()), saved_at=START, effective_from=START)
        published = list(calendar.versions.published())

        assert compiling.stitched([*published, draft]).between(START, START + timedelta(days=7)) == 40 * 3600
        draft.plan = plans.dump(make_plan(weekly=week((8, 9))))
        assert compiling.stitched([*published, draft]).between(START, START + timedelta(days=7)) == 4 * 3600

    def test_what_follows_a_calendar_is_remembered_by_its_versions(self):
        calendar = make_calendar()
        make_version(calendar, plan=make_plan(weekly=week((20, 22))), since=START)
        first = compiling.stitched(calendar.versions.published())

        assert compiling.stitched(calendar.versions.published()) is first
        make_version(calendar, since=START + timedelta(days=30))
        assert compiling.stitched(calendar.versions.published()) is not first


@pytest.mark.django_db
class TestHolidays:
    def test_are_those_it_was_published_with(self):
        """Whatever a later release of the package says."""
        calendar = make_calendar()
        named = Holiday(date(2026, 3, 2), "Dia que a lei já não conhece", Level.NATIONAL, "x")
        make_version(calendar, since=START, holidays_kept={2026: (named,)})

        version = calendar.versions.last()

        assert compiling.holidays_of(version, 2026) == (named,)
        assert not compiling.version_calendar(version).is_open(datetime(2026, 3, 2, 15, tzinfo=UTC))
        assert compiling.version_calendar(version).is_open(datetime(2026, 12, 25, 15, tzinfo=UTC))

    def test_of_years_it_does_not_hold_are_asked_of_the_package(self):
        version = make_calendar().versions.get()

        assert compiling.holidays_of(version, 2050) == holidays.of(make_plan(), 2050) != ()
