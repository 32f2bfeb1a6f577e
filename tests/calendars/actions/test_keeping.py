import threading
import time
from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from guiche.audit.models import Entry
from guiche.calendars import compiling
from guiche.calendars.actions import keeping
from guiche.calendars.actions.permission import CalendarRefused
from guiche.calendars.models import Calendar, Kind
from guiche.calendars.plan import WHOLE_WEEK
from guiche.calendars.querysets import CalendarQuerySet
from guiche.core.errors import NotAllowed
from tests.factories.calendars import make_calendar, make_city_calendar, shipped_calendar

NOON = datetime(2025, 11, 14, 15, tzinfo=UTC)


def refused(act, **said):
    with pytest.raises(CalendarRefused) as refusal:
        act(**said, at=NOON)
    assert refusal.value.message
    return refusal.value.fields


class TestCreate:
    def test_begins_with_a_draft_of_the_default_hours(self, elisa):
        calendar = keeping.create(name="  Plantão  noturno ", by=elisa, at=NOON)

        draft = calendar.versions.get()
        assert (calendar.name, calendar.kind, draft.is_draft) == ("Plantão noturno", Kind.HOURS, True)
        assert compiling.plan_of(draft) == compiling.plan_of(shipped_calendar().versions.get())
        assert calendar not in Calendar.objects.active()

    def test_a_city_begins_with_its_holidays_alone(self, elisa):
        calendar = keeping.create(name="Capital", kind=Kind.CITY, state="SP", city="São Paulo", by=elisa, at=NOON)

        plan = compiling.plan_of(calendar.versions.get())
        assert (plan.weekly, plan.state, plan.city) == (WHOLE_WEEK, "SP", "São Paulo")

    def test_a_city_that_is_not_known_has_those_of_its_state(self, elisa):
        calendar = keeping.create(name="Serra", kind=Kind.CITY, state="SC", city="Serra Azul", by=elisa, at=NOON)

        plan = compiling.plan_of(calendar.versions.get())
        assert (plan.state, plan.city) == ("SC", "")

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("name", {"name": " "}),
            ("name", {"name": "x" * 81}),
            ("name", {"name": "padrao"}),
            ("kind", {"kind": "moon"}),
            ("state", {"kind": "city", "city": "Ilhéus", "state": "XX"}),
            ("city", {"kind": "city", "city": " ", "state": "BA"}),
            ("city", {"kind": "city", "city": "x" * 81, "state": "BA"}),
            ("city", {"kind": "city", "city": "florianopolis", "state": "SC"}),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, elisa, field, said):
        make_city_calendar(state="SC", city="Florianópolis")

        assert list(refused(keeping.create, **{"name": "Novo", **said}, by=elisa)) == [field]
        assert Calendar.objects.count() == 2

    def test_is_noted(self, elisa):
        calendar = keeping.create(name="Novo", by=elisa, at=NOON)

        entry = Entry.objects.get(act="calendar.created")
        assert (entry.actor, entry.subject_id, entry.details) == (
            elisa,
            str(calendar.pk),
            {"name": "Novo", "kind": "hours"},
        )


class TestRename:
    def test_takes_the_new_name(self, elisa):
        calendar = keeping.rename(shipped_calendar(), " Horário  nosso", by=elisa, at=NOON)

        assert Calendar.objects.get().name == calendar.name == "Horário nosso"
        assert Entry.objects.get().details == {"old": "Padrão", "new": "Horário nosso"}

    def test_may_change_its_accents(self, elisa):
        assert keeping.rename(shipped_calendar(), "Padrao", by=elisa, at=NOON).name == "Padrao"

    def test_refuses_the_name_of_another(self, elisa):
        other = make_calendar(name="Plantão")

        assert list(refused(partial(keeping.rename, other, "PADRAO"), by=elisa)) == ["name"]

    def test_the_same_name_is_no_change(self, elisa):
        keeping.rename(shipped_calendar(), "Padrão", by=elisa, at=NOON)

        assert not Entry.objects.exists()


class TestMakeDefault:
    def test_takes_the_place_of_the_one_before(self, elisa):
        other = make_calendar(name="Plantão")

        keeping.make_default(other, by=elisa, at=NOON)

        assert Calendar.objects.default() == other
        assert Entry.objects.get().details == {"name": "Plantão", "previous": "Padrão"}

    def test_refuses_what_nothing_can_be_counted_by(self, elisa):
        never_published = keeping.create(name="Novo", by=elisa, at=NOON)
        archived = make_calendar(is_active=False)

        for one in (never_published, archived, make_city_calendar()):
            refused(partial(keeping.make_default, one), by=elisa)

        assert Calendar.objects.default().name == "Padrão"

    def test_the_database_holds_one_only(self, db):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_calendar(is_default=True)


class TestArchive:
    def test_is_no_longer_offered_and_may_come_back(self, elisa):
        calendar = make_calendar()

        keeping.archive(calendar, by=elisa, at=NOON)
        assert calendar not in Calendar.objects.active()

        keeping.restore(calendar, by=elisa, at=NOON)
        assert calendar in Calendar.objects.active()
        assert [one.act for one in Entry.objects.all()] == ["calendar.archived", "calendar.restored"]

    def test_refuses_the_default(self, elisa):
        refused(partial(keeping.archive, shipped_calendar()), by=elisa)

    def test_a_city_that_has_another_meanwhile_stays_archived(self, elisa):
        old = keeping.archive(make_city_calendar(), by=elisa, at=NOON)
        make_calendar(kind=Kind.CITY, state="SC", city="Florianópolis")

        assert list(refused(partial(keeping.restore, old), by=elisa)) == ["city"]


class TestWho:
    def test_only_administrators(self, ana, bruno, davi):
        calendar = make_calendar()
        acts = [
            partial(keeping.create, name="Novo"),
            partial(keeping.rename, calendar, "Outro"),
            partial(keeping.make_default, calendar),
            partial(keeping.archive, calendar),
            partial(keeping.restore, calendar),
        ]

        for act in acts:
            for person in (ana, bruno, davi):
                with pytest.raises(NotAllowed):
                    act(by=person, at=NOON)

        assert not Entry.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_two_who_choose_a_default_leave_one(self, elisa):
        shipped_calendar()
        acts = [partial(keeping.make_default, make_calendar(), by=elisa, at=NOON) for _ in range(4)]

        assert together(*acts) == [None] * 4
        assert Calendar.objects.filter(is_default=True).count() == 1

    def test_without_the_lock_one_would_break(self, elisa, monkeypatch):
        shipped_calendar()
        acts = [partial(keeping.make_default, make_calendar(), by=elisa, at=NOON) for _ in range(2)]
        monkeypatch.setattr(CalendarQuerySet, "select_for_update", lambda self: self.all())
        save = Calendar.save
        # Both have taken the place of what was there before one of them takes it.
        monkeypatch.setattr(Calendar, "save", lambda *row, **options: time.sleep(0.5) or save(*row, **options))

        assert together(*acts) != [None] * 2


def together(*acts):
    """Do all of `acts` at the same moment, and return what each failed with, or None."""
    barrier, found = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            act()
            found.append(None)
        except Exception as failure:
            found.append(type(failure))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
