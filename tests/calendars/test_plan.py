"""What a plan says as business time, as JSON, and what is refused of it beside which field."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiche.calendars import holidays, plan_check, worktime
from guiche.calendars import plan as plans
from guiche.calendars.hours import DAY, Closure, Window
from guiche.calendars.plan import Holiday, Level, MonthDay, OptionalDay, OwnDay, Unreadable, WorkedDay
from guiche.calendars.plan_check import PlanRefused
from tests.factories.calendars import make_plan, week

HOUR = 3600
BRASILIA = ZoneInfo("America/Sao_Paulo")
YEARS = range(2024, 2037)


def of(day, month, year=2025, hour=0):
    return datetime(year, month, day, hour, tzinfo=BRASILIA)


def calendar_of(plan):
    return worktime.compiled(plans.hours(plan, lambda year: holidays.of(plan, year)))


def frozen(plan):
    return holidays.frozen(plan, YEARS[0], YEARS[-1])


def refused(plan):
    """Return the sentences by field."""
    with pytest.raises(PlanRefused) as refusal:
        plan_check.check(plan, frozen(plan))
    assert refusal.value.message
    return refusal.value.fields


class TestHours:
    def test_a_holiday_closes_its_date(self):
        assert calendar_of(make_plan()).between(of(20, 11), of(22, 11)) == 10 * HOUR

    def test_a_declined_holiday_is_worked(self):
        plan = make_plan(declined=("Dia Nacional de Zumbi e da Consciência Negra",))

        assert calendar_of(plan).between(of(20, 11), of(22, 11)) == 20 * HOUR

    def test_optional_days_are_chosen_one_by_one(self):
        monday = make_plan(optional=(OptionalDay("Carnaval (segunda-feira)"),))

        calendar = calendar_of(monday)

        assert not calendar.is_open(of(3, 3, hour=10))
        assert calendar.is_open(of(4, 3, hour=10))

    def test_an_optional_day_may_be_half(self):
        plan = make_plan(optional=(OptionalDay("Quarta-feira de Cinzas", opens=13 * HOUR),))

        calendar = calendar_of(plan)

        assert calendar.next_open(of(5, 3)) == of(5, 3, hour=13)
        assert [one.reason for one in calendar.intervals(of(5, 3), of(5, 3, hour=14))] == ["Quarta-feira de Cinzas", ""]

    def test_a_state_and_a_city_have_theirs(self):
        in_state = calendar_of(make_plan(state="SP"))
        in_city = calendar_of(make_plan(state="SP", city="São Paulo"))

        assert not in_state.is_open(of(9, 7, hour=10))
        assert in_state.is_open(of(19, 6, hour=10))
        assert not in_city.is_open(of(19, 6, hour=10))

    def test_own_days_come_once_or_every_year(self):
        plan = make_plan(
            own=(
                OwnDay("Aniversário", MonthDay(4, 2)),
                OwnDay("Véspera de Natal", MonthDay(12, 24), closes=12 * HOUR),
                OwnDay("Inventário", date(2025, 6, 2)),
            )
        )

        calendar = calendar_of(plan)

        assert [calendar.is_open(of(2, 4, year, hour=9)) for year in (2025, 2026)] == [False, False]
        assert [calendar.is_open(of(2, 6, year, hour=9)) for year in (2025, 2026)] == [False, True]
        assert calendar.previous_close(of(24, 12, hour=20)) == of(24, 12, hour=12)

    def test_a_leap_day_comes_in_leap_years_only(self):
        plan = make_plan(own=(OwnDay("Dia a mais", MonthDay(2, 29)),), weekly=plans.WHOLE_WEEK)

        calendar = calendar_of(plan)

        assert calendar.between(of(1, 2, 2024), of(1, 3, 2024)) == 28 * DAY
        assert calendar.between(of(1, 2, 2025), of(1, 3, 2025)) == 28 * DAY

    def test_a_worked_day_has_its_own_windows(self):
        plan = make_plan(worked=(WorkedDay(date(2025, 12, 13), "Implantação", (Window(8 * HOUR, 12 * HOUR),)),))

        assert calendar_of(plan).between(of(13, 12), of(14, 12)) == 4 * HOUR

    def test_without_a_country_nobody_keeps_a_holiday(self):
        assert calendar_of(make_plan(country="")).is_open(of(25, 12, hour=10))


class TestClosures:
    NATAL = Holiday(date(2025, 12, 25), "Natal", Level.NATIONAL, "Natal")

    def closures(self, *own, holidays=()):
        return plans.closures(make_plan(own=own), 2025, holidays)

    def test_two_holidays_of_a_date_are_one_with_both_names(self):
        own = OwnDay("Fundação", date(2025, 12, 25))

        found = self.closures(own, holidays=[self.NATAL])

        assert found == {date(2025, 12, 25): [Closure("Natal e Fundação")]}

    def test_a_name_is_said_once(self):
        found = self.closures(OwnDay("Natal", date(2025, 12, 25)), holidays=[self.NATAL])

        assert found == {date(2025, 12, 25): [Closure("Natal")]}

    def test_half_a_day_on_a_holiday_leaves_it_whole(self):
        found = self.closures(OwnDay("Faxina", date(2025, 12, 25), opens=12 * HOUR), holidays=[self.NATAL])

        assert found[date(2025, 12, 25)] == [Closure("Natal e Faxina", 0, 12 * HOUR), Closure("Natal", 12 * HOUR, DAY)]

    def test_a_day_may_open_late_and_close_early(self):
        found = self.closures(OwnDay("Jogo", date(2025, 6, 2), opens=9 * HOUR, closes=15 * HOUR))

        assert found[date(2025, 6, 2)] == [Closure("Jogo", 0, 9 * HOUR), Closure("Jogo", 15 * HOUR, DAY)]


TIMES = st.none() | st.integers(1, DAY - 1)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31)) | st.tuples(st.integers(1, 12), st.integers(1, 28)).map(
    lambda pair: MonthDay(*pair)
)
NAMES = st.text(min_size=1, max_size=20)
WINDOWS = st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY)).map(lambda pair: Window(pair[0], sum(pair)))
PLANS = st.builds(
    plans.Plan,
    zone=st.sampled_from(["America/Sao_Paulo", "America/Noronha"]),
    weekly=st.tuples(*[st.lists(WINDOWS, max_size=2).map(tuple)] * 7),
    optional=st.lists(st.builds(OptionalDay, NAMES, TIMES, TIMES), max_size=2).map(tuple),
    declined=st.lists(NAMES, max_size=2).map(tuple),
    own=st.lists(st.builds(OwnDay, NAMES, DAYS, TIMES, TIMES), max_size=3).map(tuple),
    worked=st.lists(st.builds(WorkedDay, st.dates(), NAMES, st.lists(WINDOWS).map(tuple)), max_size=2).map(tuple),
)


class TestKept:
    @settings(max_examples=60, deadline=None)
    @given(PLANS)
    def test_is_read_as_it_was_written(self, plan):
        assert plans.load(plans.dump(plan)) == plan

    @pytest.mark.parametrize(
        "change",
        [{"weekly": [[[1]]]}, {"own": [["x", "2025-02-30", None, None]]}, {"own": [["x", "12", None, None]]}],
    )
    def test_what_was_not_written_so_is_not_read(self, change):
        with pytest.raises(Unreadable):
            plans.load({**plans.dump(make_plan()), **change})

    def test_holidays_are_read_as_they_were_written(self):
        kept = holidays.frozen(make_plan(state="RJ"), 2024, 2026)

        assert plans.load_holidays(plans.dump_holidays(kept)) == kept


class TestCheck:
    def test_lets_a_sound_plan_through(self):
        plan = make_plan(
            weekly=week((8, 12), (13, 18)),
            state="SP",
            city="São Paulo",
            optional=(OptionalDay("Quarta-feira de Cinzas", opens=13 * HOUR),),
            own=(OwnDay("Padroeira", MonthDay(2, 29)), OwnDay("Ponte", date(2025, 11, 21))),
            worked=(WorkedDay(date(2025, 12, 13), "Implantação", (Window(8 * HOUR, 12 * HOUR),)),),
        )

        plan_check.check(plan, frozen(plan))

    @pytest.mark.parametrize(
        ("field", "change"),
        [
            ("zone", {"zone": "Brasília"}),
            ("state", {"state": "XX"}),
            ("city", {"state": "SP", "city": "Santos"}),
            ("city", {"city": "São Paulo"}),
            ("weekly", {"weekly": ((),) * 7}),
            ("weekly-0", {"weekly": week((8, 12), (11, 18), days=1)}),
            ("weekly-0", {"weekly": week((8, 8), days=1)}),
            ("weekly-0", {"weekly": week((18, 8), days=1)}),
            ("weekly-0", {"weekly": week((8, 33), days=1)}),
            ("weekly-0", {"weekly": week((24, 25), days=1)}),
            ("weekly-0", {"weekly": week(*((n, n + 1) for n in range(0, 18, 2)), days=1)}),
            ("weekly-1", {"weekly": week((5, 8), (22, 30), days=2)}),
            ("optional-1", {"optional": (OptionalDay("Corpus Christi"), OptionalDay("Corpus Christi"))}),
            ("optional-0", {"optional": (OptionalDay("Corpus Christi", opens=13 * HOUR, closes=12 * HOUR),)}),
            ("own-0-name", {"own": (OwnDay(" ", date(2025, 6, 2)),)}),
            ("own-0-name", {"own": (OwnDay("x" * 121, date(2025, 6, 2)),)}),
            ("own-0-day", {"own": (OwnDay("Dia", MonthDay(2, 30)),)}),
            ("own-0-day", {"own": (OwnDay("Dia", date(25, 6, 2)),)}),
            ("own-0-day", {"own": (OwnDay("Festa", MonthDay(12, 25)),)}),
            ("own-0-day", {"own": (OwnDay("Sexta-feira Santa", date(2026, 4, 3)),)}),
            ("own-1-day", {"own": (OwnDay("Um", date(2025, 6, 2)), OwnDay("Dois", date(2025, 6, 2)))}),
            ("own-1-day", {"own": (OwnDay("Um", MonthDay(6, 2)), OwnDay("Dois", date(2025, 6, 2)))}),
            ("own-1-day", {"own": (OwnDay("Um", date(2025, 6, 2)), OwnDay("Dois", MonthDay(6, 2)))}),
            ("own-0-hours", {"own": (OwnDay("Dia", date(2025, 6, 2), opens=HOUR, closes=HOUR),)}),
            ("own-0-hours", {"own": (OwnDay("Dia", date(2025, 6, 2), opens=DAY),)}),
            ("own", {"own": (OwnDay("Dia", date(2025, 6, 2)),) * 401}),
            ("worked-0-name", {"worked": (WorkedDay(date(2025, 12, 13), "", (Window(0, HOUR),)),)}),
            ("worked-0-hours", {"worked": (WorkedDay(date(2025, 12, 13), "Sábado", ()),)}),
            ("worked-0-hours", {"worked": (WorkedDay(date(2025, 12, 13), "Sábado", (Window(HOUR, HOUR),)),)}),
            ("worked-0-day", {"worked": (WorkedDay(date(2025, 12, 25), "Natal", (Window(0, HOUR),)),)}),
            ("worked-0-day", {"worked": (WorkedDay(date(1, 1, 1), "Sábado", (Window(0, HOUR),)),)}),
            ("worked-1-day", {"worked": (WorkedDay(date(2025, 12, 13), "Sábado", (Window(0, HOUR),)),) * 2}),
            ("worked", {"worked": (WorkedDay(date(2025, 12, 13), "Sábado", (Window(0, HOUR),)),) * 201}),
            (
                "worked",
                {
                    "worked": (
                        WorkedDay(date(2025, 12, 13), "Noite", (Window(22 * HOUR, 30 * HOUR),)),
                        WorkedDay(date(2025, 12, 14), "Manhã", (Window(5 * HOUR, 8 * HOUR),)),
                    )
                },
            ),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, field, change):
        assert refused(make_plan(**change)).get(field)

    def test_a_night_over_sunday_reaches_monday(self):
        weekly = ((Window(5 * HOUR, 8 * HOUR),), *((),) * 5, (Window(22 * HOUR, 30 * HOUR),))

        assert list(refused(make_plan(weekly=weekly))) == ["weekly-0"]

    def test_a_day_that_only_sometimes_is_a_holiday_may_be_ones_own(self):
        plan = make_plan(own=(OwnDay("Aniversário da cidade", MonthDay(4, 3)),))  # Good Friday of 2026

        plan_check.check(plan, frozen(plan))

    def test_a_declined_holiday_may_be_half_a_day_of_ones_own(self):
        plan = make_plan(declined=("Natal",), own=(OwnDay("Natal", MonthDay(12, 25), opens=12 * HOUR),))

        plan_check.check(plan, frozen(plan))

    def test_says_all_that_is_wrong_at_once(self):
        plan = make_plan(zone="", own=(OwnDay("", MonthDay(2, 30), opens=0),))

        assert set(refused(plan)) == {"zone", "own-0-name", "own-0-day", "own-0-hours"}
