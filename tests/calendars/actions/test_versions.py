import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from guiche.audit.models import Entry
from guiche.calendars import compiling, holidays
from guiche.calendars import plan as plans
from guiche.calendars.actions import keeping, permission, versions
from guiche.calendars.actions.permission import CalendarRefused
from guiche.calendars.actions.versions import ChangedMeanwhile
from guiche.calendars.models import Calendar, CalendarVersion
from guiche.calendars.plan import WHOLE_WEEK, MonthDay, OwnDay, WorkedDay
from guiche.calendars.plan_check import PlanRefused
from guiche.calendars.worktime import LAST_YEAR
from guiche.core.errors import NotAllowed
from guiche.sla.terms import MOST_MINUTES
from tests.calendars.actions.test_keeping import together
from tests.factories.calendars import make_calendar, make_city_calendar, make_plan, shipped_calendar, week

BRASILIA = ZoneInfo("America/Sao_Paulo")
NOON = datetime(2025, 11, 14, 12, tzinfo=BRASILIA)
LATER = NOON + timedelta(days=10)
EARLIER = NOON - timedelta(days=10)
SATURDAYS = make_plan(weekly=week((8, 18), days=6))
NIGHTS = make_plan(weekly=week((20, 30)))


@pytest.fixture
def padrao(db):
    return shipped_calendar()


def refused(act, **said):
    with pytest.raises((CalendarRefused, PlanRefused)) as refusal:
        act(**{"at": NOON, **said})
    assert refusal.value.message
    return list(refusal.value.fields)


@contextmanager
def undone():
    """Take back what is done inside, as when a later reaction refuses."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def published(calendar, plan, by, **said):
    at = said.get("at", NOON)
    versions.save_draft(calendar, plan, by=by, at=at)
    return versions.publish(calendar, by=by, **{"at": at, **said})


def hours_on(calendar, day):
    counted = compiling.stitched(calendar.versions.published())
    midnight = datetime(day.year, day.month, day.day, tzinfo=BRASILIA)
    return counted.between(midnight, midnight + timedelta(days=1)) / 3600


class TestSaveDraft:
    def test_keeps_it_on_paper(self, elisa, padrao):
        draft = versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)

        assert (draft.number, draft.is_draft, compiling.plan_of(draft)) == (2, True, SATURDAYS)
        assert hours_on(padrao, date(2025, 11, 22)) == 0
        assert not Entry.objects.exists()

    def test_takes_the_place_of_the_one_before(self, elisa, padrao):
        versions.save_draft(padrao, NIGHTS, by=elisa, at=NOON)

        versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)

        assert compiling.plan_of(padrao.versions.drafts().get()) == SATURDAYS

    def test_refuses_beside_the_field(self, elisa, padrao):
        christmas = make_plan(own=(OwnDay("Natal", MonthDay(12, 25)),))

        assert refused(partial(versions.save_draft, padrao, christmas), by=elisa) == ["own-0-day"]
        assert not padrao.versions.drafts().exists()

    def test_tells_the_slower_of_two(self, elisa, padrao):
        seen = versions.mark(versions.edited(padrao))
        versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON, expected=seen)

        with pytest.raises(ChangedMeanwhile):
            versions.save_draft(padrao, NIGHTS, by=elisa, at=NOON, expected=seen)

        now = versions.mark(versions.edited(padrao))
        versions.save_draft(padrao, NIGHTS, by=elisa, at=NOON, expected=now)

    def test_a_city_has_no_hours_of_its_own(self, elisa):
        city = make_city_calendar(state="SC")
        worked = WorkedDay(date(2025, 12, 13), "Sábado", week((8, 12))[0])

        draft = versions.save_draft(city, make_plan(state="RS", worked=(worked,)), by=elisa, at=NOON)

        plan = compiling.plan_of(draft)
        assert (plan.weekly, plan.worked, plan.state) == (WHOLE_WEEK, (), "SC")

    def test_refuses_an_archived_calendar(self, elisa):
        refused(partial(versions.save_draft, make_calendar(is_active=False), SATURDAYS), by=elisa)

    def test_there_is_one_draft_only(self, elisa, padrao):
        draft = versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)

        with pytest.raises(IntegrityError), transaction.atomic():
            padrao.versions.create(number=9, plan=draft.plan, saved_at=NOON)


class TestDiscardDraft:
    def test_leaves_what_was_published(self, elisa, padrao):
        versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)

        versions.discard_draft(padrao, by=elisa)

        assert [one.number for one in padrao.versions.all()] == [1]

    def test_refuses_when_there_is_none(self, elisa, padrao):
        with pytest.raises(CalendarRefused):
            versions.discard_draft(padrao, by=elisa)

    def test_refuses_to_leave_a_calendar_without_any_version(self, elisa):
        calendar = keeping.create(name="Novo", by=elisa, at=NOON)

        with pytest.raises(CalendarRefused):
            versions.discard_draft(calendar, by=elisa)
        assert versions.edited(calendar) is not None


class TestPublish:
    def test_counts_from_now_on(self, elisa, padrao):
        version = published(padrao, SATURDAYS, elisa, at=NOON.replace(microsecond=7))

        assert (version.number, version.effective_from, version.corrects_past) == (2, NOON, False)
        assert (version.published_at, version.published_by) == (NOON, elisa)
        assert hours_on(padrao, date(2025, 11, 8)) == 0
        assert hours_on(padrao, date(2025, 11, 22)) == 10
        assert not padrao.versions.drafts().exists()

    def test_is_noted(self, elisa, padrao):
        published(padrao, SATURDAYS, elisa, note="  Aos sábados\ntambém ")

        entry = Entry.objects.get(act="calendar.published")
        assert entry.actor == elisa
        assert entry.details == {
            "version": 2,
            "effective_from": NOON.astimezone(UTC).isoformat(),
            "corrects_past": False,
            "reason": "Aos sábados também",
        }

    def test_may_wait_for_its_day(self, elisa, padrao):
        published(padrao, SATURDAYS, elisa, effective_from=LATER)

        assert hours_on(padrao, date(2025, 11, 22)) == 0
        assert hours_on(padrao, date(2025, 11, 29)) == 10

    def test_holds_on_to_the_holidays_it_was_published_with(self, elisa, padrao):
        version = published(padrao, make_plan(state="SP"), elisa, effective_from=LATER)

        kept = plans.load_holidays(version.holidays)
        assert list(kept) == list(range(2024, 2036))
        assert kept[2030] == holidays.of(make_plan(state="SP"), 2030)

    def test_the_past_is_corrected_only_by_name(self, elisa, padrao):
        versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)
        publish = partial(versions.publish, padrao, by=elisa)

        assert refused(publish, effective_from=EARLIER) == ["effective_from"]
        assert refused(publish, effective_from=LATER, corrects_past=True) == ["effective_from"]
        version = publish(at=NOON, effective_from=EARLIER, corrects_past=True)

        assert version.corrects_past
        assert hours_on(padrao, date(2025, 11, 1)) == 0
        assert hours_on(padrao, date(2025, 11, 8)) == 10

    def test_a_correction_reaches_no_further_than_what_counts_now(self, elisa, padrao):
        published(padrao, NIGHTS, elisa, at=EARLIER)
        versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)
        publish = partial(versions.publish, padrao, by=elisa, corrects_past=True)

        assert refused(publish, effective_from=EARLIER - timedelta(seconds=1)) == ["effective_from"]
        publish(at=NOON, effective_from=EARLIER)

        assert [one.number for _since, one in compiling.in_turn(padrao.versions.published())] == [1, 3]

    def test_a_day_that_waits_is_not_overtaken(self, elisa, padrao):
        published(padrao, SATURDAYS, elisa, effective_from=LATER)
        versions.save_draft(padrao, NIGHTS, by=elisa, at=NOON)
        publish = partial(versions.publish, padrao, by=elisa)

        assert refused(publish) == ["effective_from"]
        assert refused(publish, effective_from=LATER - timedelta(seconds=1)) == ["effective_from"]
        publish(at=NOON, effective_from=LATER)

        assert [one.number for _since, one in compiling.in_turn(padrao.versions.published())] == [1, 3]

    def test_the_first_may_begin_at_any_time(self, elisa):
        calendar = keeping.create(name="Novo", by=elisa, at=NOON)

        version = versions.publish(calendar, by=elisa, at=NOON, effective_from=EARLIER)

        assert (version.number, version.effective_from, version.corrects_past) == (1, EARLIER, False)
        assert calendar in Calendar.objects.active()

    def test_what_was_undone_is_not_remembered(self, elisa, padrao):
        """A reaction that reckons with the new version, and then refuses, leaves the draft to be changed."""
        versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)
        with undone():
            versions.publish(padrao, by=elisa, at=NOON)
            assert hours_on(padrao, date(2025, 11, 22)) == 10

        versions.save_draft(padrao, NIGHTS, by=elisa, at=NOON + timedelta(seconds=1))
        with undone():
            versions.publish(padrao, by=elisa, at=NOON)
            assert hours_on(padrao, date(2025, 11, 22)) == 6
        versions.publish(padrao, by=elisa, at=NOON, effective_from=LATER)

        assert hours_on(padrao, date(2025, 11, 22)) == 0
        assert hours_on(padrao, date(2025, 11, 29)) == 6

    def test_refuses_without_a_draft(self, elisa, padrao):
        refused(partial(versions.publish, padrao), by=elisa)

    def test_refuses_an_archived_calendar(self, elisa):
        calendar = make_calendar()
        versions.save_draft(calendar, SATURDAYS, by=elisa, at=NOON)
        keeping.archive(calendar, by=elisa, at=NOON)

        refused(partial(versions.publish, calendar), by=elisa)

    def test_refuses_a_long_note(self, elisa, padrao):
        versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)

        assert refused(partial(versions.publish, padrao), by=elisa, note="x" * 401) == ["note"]

    def test_refuses_what_others_changed_since_it_was_shown(self, elisa, padrao):
        seen = versions.mark(versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON))
        versions.save_draft(padrao, NIGHTS, by=elisa, at=NOON)

        with pytest.raises(ChangedMeanwhile):
            versions.publish(padrao, by=elisa, at=NOON, expected=seen)

    def test_refuses_hours_that_are_always_closed(self, elisa, padrao):
        # One second of the night, in a zone whose clocks never change, on the days that are all closed.
        every_day = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
        own = tuple(OwnDay("Fechado", MonthDay(day.month, day.day)) for day in every_day)
        plan = replace(make_plan(country=""), own=own)
        versions.save_draft(padrao, plan, by=elisa, at=NOON)

        assert refused(partial(versions.publish, padrao), by=elisa) == ["weekly"]

    def test_refuses_hours_that_never_come_to_what_may_be_promised(self, elisa, padrao):
        """The longest promise, a year around the clock, has to end in a year that is known: or no ticket is opened."""
        versions.save_draft(padrao, make_plan(weekly=week((8, 8.5), days=1)), by=elisa, at=NOON)
        assert refused(partial(versions.publish, padrao), by=elisa) == ["weekly"]

        few = published(padrao, make_plan(weekly=week((8, 9.5), days=1)), elisa)
        assert compiling.compiled(few).add(NOON, MOST_MINUTES * 60).year < LAST_YEAR


class TestWithdraw:
    def test_it_never_begins(self, elisa, padrao):
        version = published(padrao, SATURDAYS, elisa, effective_from=LATER)

        versions.withdraw(version, by=elisa, at=NOON)

        assert hours_on(padrao, date(2025, 11, 29)) == 0
        assert Entry.objects.get(act="calendar.withdrawn").details == {
            "version": 2,
            "effective_from": LATER.astimezone(UTC).isoformat(),
        }
        assert published(padrao, NIGHTS, elisa).number == 3

    def test_refuses_what_has_begun(self, elisa, padrao):
        version = published(padrao, SATURDAYS, elisa)

        refused(partial(versions.withdraw, version), by=elisa)

    def test_refuses_a_draft_and_what_is_withdrawn(self, elisa, padrao):
        version = published(padrao, SATURDAYS, elisa, effective_from=LATER)
        versions.withdraw(version, by=elisa, at=NOON)
        draft = versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)

        for one in (version, draft):
            refused(partial(versions.withdraw, one), by=elisa)

    def test_refuses_the_first(self, elisa):
        calendar = keeping.create(name="Novo", by=elisa, at=NOON)
        version = versions.publish(calendar, by=elisa, at=NOON, effective_from=LATER)

        refused(partial(versions.withdraw, version), by=elisa)


class TestWho:
    def test_only_administrators(self, ana, bruno, davi, elisa, padrao):
        waiting = published(padrao, SATURDAYS, elisa, effective_from=LATER)
        versions.save_draft(padrao, NIGHTS, by=elisa, at=NOON)

        for person in (ana, bruno, davi):
            with pytest.raises(NotAllowed):
                versions.save_draft(padrao, SATURDAYS, by=person, at=NOON)
            with pytest.raises(NotAllowed):
                versions.discard_draft(padrao, by=person)
            with pytest.raises(NotAllowed):
                versions.publish(padrao, by=person, at=NOON, effective_from=LATER)
            with pytest.raises(NotAllowed):
                versions.withdraw(waiting, by=person, at=NOON)


class TestImmutable:
    """What was published is held by the database itself."""

    CHANGES = (
        "plan = '{}'",
        "holidays = '{}'",
        "effective_from = now()",
        "published_at = NULL, effective_from = NULL",
        "number = 7",
        "note = 'x'",
        "withdrawn_at = now()",  # it has begun
        "withdrawn_at = '1999-01-01', note = 'x'",
    )

    @pytest.mark.parametrize("change", CHANGES)
    def test_a_published_version_cannot_be_changed(self, padrao, change):
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE calendars_calendarversion SET {change}")

    def test_nor_removed(self, padrao):
        with pytest.raises(DatabaseError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM calendars_calendarversion")

    def test_nor_withdrawn_twice_or_taken_back(self, elisa, padrao):
        version = published(padrao, SATURDAYS, elisa, effective_from=timezone.now() + timedelta(days=1))
        versions.withdraw(version, by=elisa, at=NOON)

        for value in (None, NOON):
            with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
                CalendarVersion.objects.filter(pk=version.pk).update(withdrawn_at=value)

    def test_a_draft_can_be_both(self, elisa, padrao):
        draft = versions.save_draft(padrao, SATURDAYS, by=elisa, at=NOON)

        CalendarVersion.objects.filter(pk=draft.pk).update(note="x")

        assert draft.delete()[0] == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_one_of_two_publishes_and_the_other_is_told(self, elisa):
        calendar = shipped_calendar()
        versions.save_draft(calendar, SATURDAYS, by=elisa, at=NOON)

        found = together(*[partial(versions.publish, calendar, by=elisa, at=NOON)] * 2)

        assert sorted(found, key=str) == [CalendarRefused, None]
        assert [one.number for one in calendar.versions.published()] == [1, 2]
        assert Entry.objects.filter(act="calendar.published").count() == 1

    def test_without_the_lock_both_would(self, elisa, monkeypatch):
        monkeypatch.setattr(permission, "locked", lambda calendar, by: Calendar.objects.get(pk=calendar.pk))
        monkeypatch.setattr(versions, "_note", lambda note: time.sleep(0.3) or note)
        calendar = shipped_calendar()
        versions.save_draft(calendar, SATURDAYS, by=elisa, at=NOON)

        found = together(*[partial(versions.publish, calendar, by=elisa, at=NOON)] * 2)

        assert found != [None, CalendarRefused]
        assert CalendarRefused not in found

    def test_one_of_two_drafts_is_kept_and_the_other_told(self, elisa):
        calendar = shipped_calendar()
        seen = versions.mark(versions.edited(calendar))
        save = partial(versions.save_draft, calendar, by=elisa, at=NOON, expected=seen)

        found = together(partial(save, SATURDAYS), partial(save, NIGHTS))

        assert sorted(found, key=str) == [ChangedMeanwhile, None]
        assert calendar.versions.drafts().count() == 1


def test_what_counts_before_the_first_is_the_first(db):
    since = datetime(2025, 1, 1, tzinfo=UTC)
    calendar = make_calendar(since=since)

    rows = calendar.versions.published()

    assert compiling.in_force(rows, since - timedelta(days=400)).number == 1
    assert compiling.stitched(rows).is_open(datetime(2024, 11, 14, 15, tzinfo=UTC))


def test_nothing_counts_without_a_version(db):
    with pytest.raises(ValueError):
        compiling.stitched([])
    with pytest.raises(ValueError):
        compiling.in_force([], NOON)
