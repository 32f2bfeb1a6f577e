"""The holidays of Brazil, as the law calls them."""

import subprocess
import sys
from datetime import date

import pytest

from guiche.calendars import holidays
from guiche.calendars.plan import Level, OptionalDay
from tests.factories.calendars import make_plan


def names(year, *place, level=None):
    return {one.name for one in holidays.offered(year, *place) if level in (None, one.level)}


class TestOffered:
    def test_the_country_has_ten_and_more_to_choose(self):
        assert len(names(2025, level=Level.NATIONAL)) == 10
        assert {"Carnaval", "Corpus Christi", "Quarta-feira de Cinzas"} < names(2025, level=Level.OPTIONAL)

    def test_they_bear_their_legal_names(self):
        assert {"Confraternização Universal", "Paixão de Cristo", "Dia Mundial do Trabalho"} < names(2025)

    def test_a_law_counts_from_its_year_on(self):
        zumbi = "Dia Nacional de Zumbi e da Consciência Negra"

        assert [zumbi in names(year) for year in (2023, 2024)] == [False, True]

    @pytest.mark.parametrize("state", holidays.STATES)
    def test_every_state_adds_only_what_is_its_own(self, state):
        found = holidays.offered(2025, state)

        assert set(holidays.offered(2025)) - set(found) <= {
            one for one in holidays.offered(2025) if one.level == Level.OPTIONAL
        }
        own = [one for one in found if one.level == Level.STATE]
        assert own or state == "MT"  # the law of Mato Grosso has only the day that is national now

    def test_a_city_adds_its_own_to_those_of_its_state(self):
        found = {one.name: one.level for one in holidays.offered(2025, "SP", "São Paulo")}

        assert found["Revolução Constitucionalista"] == Level.STATE
        assert found["Aniversário da Cidade de São Paulo"] == Level.CITY
        assert found["Corpus Christi"] == Level.CITY

    def test_a_city_that_is_not_known_has_those_of_its_state(self):
        assert holidays.offered(2025, "SP", "Santos") == holidays.offered(2025, "SP")

    def test_they_come_by_date_and_the_national_first(self):
        days = [one.day for one in holidays.offered(2025, "DF")]
        on_the_21st = [one.name for one in holidays.offered(2025, "DF") if one.day == date(2025, 4, 21)]

        assert days == sorted(days)
        assert on_the_21st == ["Tiradentes", "Fundação de Brasília"]

    @pytest.mark.parametrize("place", [(), ("SP", "São Paulo"), ("RJ",), ("AC",)])
    def test_a_code_names_one_day_of_a_year(self, place):
        for year in range(2020, 2040):
            found = holidays.offered(year, *place)
            public = [one.code for one in found if one.level != Level.OPTIONAL]
            optional = [one.code for one in found if one.level == Level.OPTIONAL]
            assert len(public) == len(set(public))
            assert len(optional) == len(set(optional))

    def test_the_two_days_of_carnival_are_told_apart(self):
        codes = [one.code for one in holidays.offered(2025) if one.name == "Carnaval"]

        assert codes == ["Carnaval (segunda-feira)", "Carnaval (terça-feira)"]

    def test_outside_of_what_is_known_there_are_none(self):
        assert holidays.offered(1800) == holidays.offered(2300) == ()


class TestOf:
    def test_optional_days_count_when_they_are_chosen(self):
        plan = make_plan(optional=(OptionalDay("Carnaval (terça-feira)"),))

        assert [one.day for one in holidays.of(plan, 2025) if one.level == Level.OPTIONAL] == [date(2025, 3, 4)]

    def test_the_day_of_a_state_needs_no_choice(self):
        assert date(2025, 3, 4) in [one.day for one in holidays.of(make_plan(state="RJ"), 2025)]

    def test_declined_days_do_not_count(self):
        assert "Natal" not in {one.name for one in holidays.of(make_plan(declined=("Natal",)), 2025)}


def test_whoever_does_not_ask_does_not_load_the_package():
    code = "import sys, guiche.calendars.holidays; sys.exit('holidays' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
