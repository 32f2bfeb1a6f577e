"""A year of a calendar as the administration shows it, the one of the design among them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from guiche.calendars import compiling, year
from guiche.calendars.actions import versions
from guiche.calendars.hours import Window
from guiche.calendars.plan import WHOLE_WEEK, MonthDay, OptionalDay, OwnDay, WorkedDay
from guiche.calendars.year import Kind
from tests.factories.calendars import make_calendar, make_city_calendar, make_plan, make_version, week

HOUR = 3600
DESIGN = make_plan(
    state="SP",
    optional=(
        OptionalDay("Carnaval (segunda-feira)"),
        OptionalDay("Carnaval (terça-feira)"),
        OptionalDay("Quarta-feira de Cinzas", opens=13 * HOUR),
        OptionalDay("Corpus Christi"),
        OptionalDay("Véspera de Natal", closes=12 * HOUR),
        OptionalDay("Véspera de Ano-Novo", closes=12 * HOUR),
    ),
    worked=(WorkedDay(date(2025, 12, 13), "Sábado de implantação", (Window(8 * HOUR, 12 * HOUR),)),),
)


@pytest.fixture(autouse=True)
def portuguese():
    with translation.override("pt-br"):
        yield


def of(plan, number=2025):
    return year.of(make_calendar(plan=plan).versions.published(), number)


def on(found, day):
    return next(one for one in found.days if one.day == day)


@pytest.mark.django_db
class TestDesign:
    """Mock-up *prazos-admin*: Monday to Friday 8 to 18 in the state of São Paulo, with three half days, in 2025."""

    def test_its_days_and_hours(self):
        found = of(DESIGN)

        assert (found.open_days, found.open_seconds / HOUR) == (252, 2497)
        assert [len(month) for month in found.months] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    def test_its_eighteen_special_days(self):
        said = {f"{one.day:%m-%d}": (one.kind, one.name, one.words) for one in of(DESIGN).special}

        assert len(said) == 18
        assert said["01-01"] == (Kind.HOLIDAY, "Confraternização Universal", "nacional")
        assert said["03-03"] == (Kind.HOLIDAY, "Carnaval", "ponto facultativo")
        assert said["03-05"] == (Kind.HALF, "Quarta-feira de Cinzas", "abre às 13h")
        assert said["07-09"] == (Kind.HOLIDAY, "Revolução Constitucionalista", "São Paulo")
        assert said["09-07"] == (Kind.HOLIDAY, "Independência do Brasil", "nacional, domingo")
        assert said["12-13"] == (Kind.EXTRA, "Sábado de implantação", "aberto das 8h às 12h")
        assert said["12-24"] == (Kind.HALF, "Véspera de Natal", "fecha às 12h")

    def test_its_titles(self):
        found = of(DESIGN)

        assert on(found, date(2025, 9, 7)).title == "domingo, 7 de setembro, Independência do Brasil"
        assert on(found, date(2025, 12, 24)).title == "quarta, 24 de dezembro, Véspera de Natal, fecha às 12h"
        assert on(found, date(2025, 12, 13)).title.endswith("Sábado de implantação, aberto das 8h às 12h")
        assert on(found, date(2025, 12, 12)).title == ""

    def test_days_without_a_name(self):
        found = of(DESIGN)

        assert on(found, date(2025, 11, 14)) == year.Day(date(2025, 11, 14), Kind.OPEN, 10 * HOUR)
        assert on(found, date(2025, 11, 16)) == year.Day(date(2025, 11, 16), Kind.CLOSED, 0)


@pytest.mark.django_db
class TestKinds:
    @pytest.mark.parametrize(
        ("kind", "seconds", "own"),
        [
            (Kind.HOLIDAY, 0, OwnDay("Dia", date(2025, 6, 2))),
            (Kind.HALF, 4 * HOUR, OwnDay("Dia", date(2025, 6, 2), closes=12 * HOUR)),
            (Kind.HALF, 6 * HOUR, OwnDay("Dia", date(2025, 6, 2), opens=9 * HOUR, closes=15 * HOUR)),
            (Kind.OPEN, 10 * HOUR, OwnDay("Dia", date(2025, 6, 2), closes=20 * HOUR)),
            (Kind.HOLIDAY, 0, OwnDay("Dia", date(2025, 6, 2), opens=19 * HOUR)),
            (Kind.CLOSED, 0, OwnDay("Dia", date(2025, 6, 1), closes=12 * HOUR)),
            (Kind.HOLIDAY, 0, OwnDay("Dia", MonthDay(6, 1))),
        ],
    )
    def test_of_own_days(self, kind, seconds, own):
        found = on(of(make_plan(own=(own,))), own.of(2025))

        assert (found.kind, found.seconds, found.name) == (kind, seconds, "Dia")

    @pytest.mark.parametrize(
        ("kind", "day", "span"),
        [
            (Kind.EXTRA, date(2025, 6, 7), (8, 12)),
            (Kind.EXTRA, date(2025, 6, 2), (8, 20)),
            (Kind.HALF, date(2025, 6, 2), (8, 12)),
            (Kind.OPEN, date(2025, 6, 2), (9, 19)),
        ],
    )
    def test_of_worked_days(self, kind, day, span):
        plan = make_plan(worked=(WorkedDay(day, "Mutirão", week(span)[0]),))

        found = on(of(plan), day)

        assert (found.kind, found.seconds) == (kind, (span[1] - span[0]) * HOUR)

    def test_a_city_is_open_but_on_its_holidays(self):
        found = year.of(make_city_calendar(state="BA").versions.published(), 2025)

        assert {one.kind for one in found.days} == {Kind.OPEN, Kind.HOLIDAY}
        assert on(found, date(2025, 7, 2)).words == "Bahia"

    def test_long_nights_fall_on_both_dates(self):
        found = of(make_plan(weekly=week((22, 30))))

        assert [on(found, date(2025, 6, day)).seconds / HOUR for day in (2, 3, 7)] == [2, 8, 6]

    def test_the_clocks_change(self):
        found = of(make_plan(zone="America/New_York", country="", weekly=WHOLE_WEEK), 2026)

        assert [on(found, date(2026, *day)).seconds / HOUR for day in ((3, 8), (11, 1), (11, 2))] == [23, 25, 24]

    def test_two_names_of_a_date_are_both_said(self):
        plan = make_plan(own=(OwnDay("Aniversário da cidade", MonthDay(4, 18)),))

        found = on(of(plan), date(2025, 4, 18))

        assert (found.name, found.words) == ("Paixão de Cristo e Aniversário da cidade", "nacional, data própria")


@pytest.mark.django_db
class TestVersions:
    def test_each_day_is_of_the_version_that_counts_then(self):
        calendar = make_calendar(plan=make_plan(own=(OwnDay("Festa", MonthDay(3, 6)),)))
        since = datetime(2025, 6, 1, tzinfo=UTC)
        make_version(calendar, plan=make_plan(own=(OwnDay("Feira", MonthDay(8, 8)),)), since=since)

        names = [one.name for one in year.of(calendar.versions.published(), 2025).special]

        assert "Festa" in names
        assert "Feira" in names
        assert [one.name for one in year.of(calendar.versions.published(), 2026).special].count("Festa") == 0

    def test_a_draft_shows_the_year_as_it_would_be(self, elisa):
        calendar = make_calendar()
        draft = versions.save_draft(
            calendar, make_plan(weekly=week((8, 18), days=6)), by=elisa, at=datetime(2025, 6, 1, tzinfo=UTC)
        )

        assert on(year.of_version(draft, 2025), date(2025, 6, 7)).kind == Kind.OPEN
        assert on(year.of(calendar.versions.published(), 2025), date(2025, 6, 7)).kind == Kind.CLOSED

    def test_its_sum_is_that_of_the_calendar(self):
        calendar = make_calendar(plan=DESIGN)
        counted = compiling.stitched(calendar.versions.published())
        first = datetime(2024, 1, 1, tzinfo=counted.zone)

        found = year.of(calendar.versions.published(), 2024)

        assert found.open_seconds == counted.between(first, first.replace(year=2025))
        assert found.days[-1].day == first.date() + timedelta(days=365)
