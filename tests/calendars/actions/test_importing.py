from datetime import UTC, date, datetime

import pytest

from guiche.calendars import compiling
from guiche.calendars.actions import importing, keeping, versions
from guiche.calendars.actions.permission import CalendarRefused
from guiche.calendars.actions.versions import ChangedMeanwhile
from guiche.calendars.ical import FileRefused
from guiche.calendars.plan import OwnDay
from guiche.core.errors import NotAllowed
from tests.calendars.test_ical import event, file_of
from tests.factories.calendars import make_calendar, make_plan

NOON = datetime(2025, 11, 14, 15, tzinfo=UTC)
FILE = file_of(
    event("Padroeira", ";VALUE=DATE:20260612"),
    event("Natal", ";VALUE=DATE:20251225", "RRULE:FREQ=YEARLY"),
    event("Reunião", ":20260612T100000Z"),
)
PADROEIRA = OwnDay("Padroeira", date(2026, 6, 12))


def bring_in(calendar, content=FILE, *, by, **said):
    return importing.bring_in(calendar, content, by=by, at=NOON, **said)


class TestBringIn:
    def test_adds_to_the_draft_what_is_new(self, elisa):
        calendar = make_calendar(plan=make_plan(own=(OwnDay("Fundação", date(2026, 4, 2)),)))

        found = bring_in(calendar, by=elisa)

        assert found.days == (PADROEIRA,)
        assert [one.name for one in found.left_out] == ["Reunião", "Natal"]
        draft = calendar.versions.drafts().get()
        assert [one.name for one in compiling.plan_of(draft).own] == ["Fundação", "Padroeira"]

    def test_a_second_time_nothing_is_new(self, elisa):
        calendar = make_calendar()
        bring_in(calendar, by=elisa)

        assert bring_in(calendar, by=elisa).days == ()
        assert compiling.plan_of(calendar.versions.drafts().get()).own == (PADROEIRA,)

    def test_without_days_there_is_no_draft(self, elisa):
        calendar = make_calendar()

        assert bring_in(calendar, file_of(), by=elisa).days == ()
        assert not calendar.versions.drafts().exists()

    def test_refuses_what_is_no_calendar_file(self, elisa):
        with pytest.raises(FileRefused):
            bring_in(make_calendar(), b"<html>", by=elisa)

    def test_refuses_an_archived_calendar(self, elisa):
        with pytest.raises(CalendarRefused):
            bring_in(keeping.archive(make_calendar(), by=elisa, at=NOON), by=elisa)

    def test_tells_that_others_changed_it_meanwhile(self, elisa):
        calendar = make_calendar()
        seen = versions.mark(versions.edited(calendar))
        versions.save_draft(calendar, make_plan(country=""), by=elisa, at=NOON)

        with pytest.raises(ChangedMeanwhile):
            bring_in(calendar, by=elisa, expected=seen)

    def test_is_for_administrators(self, ana):
        with pytest.raises(NotAllowed):
            bring_in(make_calendar(), by=ana)
