"""How moments, days, sizes and numbers are written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from guiche.core import formatting

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2025, 11, 19, 15, 0, tzinfo=SAO_PAULO)  # a Wednesday


@pytest.fixture(autouse=True)
def in_portuguese() -> Iterator[None]:
    with translation.override("pt-br"), timezone.override(SAO_PAULO):
        yield


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SAO_PAULO)


class TestMomentText:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (at(2025, 11, 19, 9, 48), "hoje, 9h48"),
            (at(2025, 11, 19, 9, 0), "hoje, 9h"),
            (at(2025, 11, 19, 0, 0), "hoje, 0h"),
            (at(2025, 11, 18, 23, 59), "ontem, 23h59"),
            (at(2025, 11, 18, 0, 0), "ontem, 0h"),
            (at(2025, 11, 17, 23, 59), "seg, 17 nov, 23h59"),
            (at(2025, 11, 20, 12, 42), "amanhã, 12h42"),
            (at(2025, 11, 21, 12, 42), "sex, 21 nov, 12h42"),
            (at(2025, 1, 1, 0, 5), "qua, 1º jan, 0h05"),
            (at(2024, 12, 31, 23, 59), "31/12/2024"),
            (at(2026, 2, 3, 8, 0), "03/02/2026"),
            # Written in another zone, read in ours: still the 18th in São Paulo.
            (datetime(2025, 11, 19, 2, 30, tzinfo=UTC), "ontem, 23h30"),
        ],
    )
    def test_says_the_day_as_people_do(self, value: datetime, text: str) -> None:
        assert formatting.moment_text(value, NOW) == text

    def test_calls_the_31st_yesterday_on_the_first_of_january(self) -> None:
        assert formatting.moment_text(at(2025, 12, 31, 18, 0), at(2026, 1, 1, 9, 0)) == "ontem, 18h"

    def test_reads_the_clock_of_the_wall_across_a_change_of_it(self) -> None:
        lisbon = ZoneInfo("Europe/Lisbon")
        after = datetime(2025, 10, 26, 9, 0, tzinfo=lisbon)  # the clocks went back an hour that night
        with timezone.override(lisbon):
            assert formatting.moment_text(datetime(2025, 10, 25, 22, 30, tzinfo=UTC), after) == "ontem, 23h30"
            assert formatting.moment_text(datetime(2025, 10, 26, 0, 30, tzinfo=UTC), after) == "hoje, 1h30"
            assert formatting.moment_text(datetime(2025, 10, 26, 1, 30, tzinfo=UTC), after) == "hoje, 1h30"


class TestMoment:
    def test_carries_the_instant_and_the_whole_of_it(self) -> None:
        assert formatting.moment(at(2025, 11, 18, 9, 14), NOW) == (
            '<time datetime="2025-11-18T09:14:00-03:00" title="terça, 18 de novembro de 2025, 9h14">ontem, 9h14</time>'
        )

    def test_is_nothing_for_none(self) -> None:
        assert formatting.moment(None) == ""

    def test_speaks_the_language_of_the_person(self) -> None:
        with translation.override("en"):
            assert ">yesterday, 9:14<" in formatting.moment(at(2025, 11, 18, 9, 14), NOW)


class TestRelative:
    @pytest.mark.parametrize(
        ("passed", "text"),
        [
            (timedelta(seconds=5), "agora"),
            (timedelta(seconds=59), "agora"),
            (timedelta(minutes=1), "há 1 min"),
            (timedelta(minutes=59), "há 59 min"),
            (timedelta(hours=1), "há 1 h"),
            (timedelta(hours=11), "há 11 h"),
            (timedelta(hours=16), "ontem"),
            (timedelta(days=1), "ontem"),
            (timedelta(days=3), "há 3 dias"),
            (timedelta(days=6, hours=23), "há 7 dias"),
            (timedelta(days=8), "ter, 11 nov, 15h"),
            (-timedelta(minutes=5), "hoje, 15h05"),
        ],
    )
    def test_counts_back_a_week(self, passed: timedelta, text: str) -> None:
        assert f">{text}<" in formatting.relative(NOW - passed, NOW)


class TestDays:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (date(2025, 11, 25), "terça, 25 de novembro"),
            (date(2026, 3, 1), "domingo, 1º de março de 2026"),
            (datetime(2025, 11, 26, 1, 0, tzinfo=UTC), "terça, 25 de novembro"),
        ],
    )
    def test_writes_them_long(self, value: date, text: str) -> None:
        assert formatting.long_day(value, NOW) == text

    def test_writes_them_in_digits(self) -> None:
        assert formatting.day(date(2025, 3, 9)) == "09/03/2025"
        assert formatting.day(datetime(2025, 3, 9, 1, 0, tzinfo=UTC)) == "08/03/2025"

    def test_is_nothing_for_none(self) -> None:
        assert formatting.day(None) == formatting.long_day(None) == ""


class TestFigures:
    @pytest.mark.parametrize(
        ("count", "text"),
        [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1.023 bytes"),
            (1024, "1 KB"),
            (389_120, "380 KB"),
            (1_048_575, "1 MB"),
            (8_493_466, "8,1 MB"),
            (13_631_488, "13 MB"),
            (20 * 1024 * 1024, "20 MB"),
            (3 * 1024**3, "3 GB"),
        ],
    )
    def test_writes_sizes(self, count: int, text: str) -> None:
        assert formatting.filesize(count) == text

    @pytest.mark.parametrize(("value", "text"), [(62_000, "62.000"), (4.6, "4,6"), (1234.5, "1.234,5"), (7, "7")])
    def test_writes_numbers(self, value: float, text: str) -> None:
        assert formatting.number(value) == text

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Marina Duarte", "MD"),
            ("João da Silva e Souza", "JS"),
            ("ana", "A"),
            ("", "?"),
            ("de", "?"),
            ("Érica Ito", "ÉI"),
        ],
    )
    def test_writes_initials(self, name: str, text: str) -> None:
        assert formatting.initials(name) == text

    def test_writes_what_a_telephone_dials(self) -> None:
        assert formatting.dialled("+55 (11) 4000-0000") == "+551140000000"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0h"), (28_800, "8h"), (35_280, "9h48"), (64_859, "18h"), (86_400, "24h"), (108_000, "6h")],
)
def test_writes_times_of_the_day(seconds: int, text: str) -> None:
    assert formatting.time_of_day(seconds) == text


class TestSaid:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (at(2025, 11, 19, 11, 54), "hoje às 11h54"),
            (at(2025, 11, 19, 1, 30), "hoje à 1h30"),
            (at(2025, 11, 18, 16, 20), "ontem às 16h20"),
            (at(2025, 11, 20, 9), "amanhã às 9h"),
            (at(2025, 11, 24, 8), "segunda às 8h"),
            (at(2025, 11, 25, 8), "terça às 8h"),
            (at(2025, 11, 26, 8), "quarta, 26 de novembro, às 8h"),
            (at(2025, 11, 17, 8), "segunda, 17 de novembro, às 8h"),
            (at(2026, 1, 1, 8), "quinta, 1º de janeiro de 2026, às 8h"),
        ],
    )
    def test_stands_inside_a_sentence(self, value: datetime, text: str) -> None:
        assert formatting.said(value, NOW) == text

    def test_counts_days_in_the_zone_that_is_asked_for(self) -> None:
        late = at(2025, 11, 19, 23, 30)

        assert formatting.said(late, NOW, ZoneInfo("Europe/Lisbon")) == "amanhã às 2h30"


class TestDuration:
    @pytest.mark.parametrize(
        ("seconds", "text"),
        [
            (0, "0min"),
            (59, "0min"),
            (35 * 60, "35min"),
            (3600, "1h"),
            (72 * 60 + 59, "1h 12min"),
            (7 * 3600 + 300, "7h 05min"),
            (31 * 3600, "31h"),
        ],
    )
    def test_is_written_short(self, seconds: int, text: str) -> None:
        assert formatting.duration(seconds) == text
