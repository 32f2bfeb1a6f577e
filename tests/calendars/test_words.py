"""What calendars say in Portuguese."""

import pytest
from django.utils import translation

from guiche.calendars import words
from guiche.calendars.hours import DAY, Window
from guiche.calendars.plan import WHOLE_WEEK, OptionalDay
from tests.factories.calendars import week

HOUR = 3600
DAYTIME, MORNING = (Window(8 * HOUR, 18 * HOUR),), (Window(8 * HOUR, 12 * HOUR),)
WHOLE = (Window(0, DAY),)


@pytest.fixture(autouse=True)
def portuguese():
    with translation.override("pt-br"):
        yield


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (week((8, 18)), "Segunda a sexta, 8h às 18h"),
        (week((8, 12), (13, 18)), "Segunda a sexta, 8h às 12h e 13h às 18h"),
        (week((13, 18), (8, 12)), "Segunda a sexta, 8h às 12h e 13h às 18h"),
        (week((22, 30), days=2), "Segunda e terça, 22h às 6h"),
        (week((22, 25), days=1), "Segunda, 22h à 1h"),
        ((DAYTIME,) * 5 + (MORNING, ()), "Segunda a sexta, 8h às 18h; sábado, 8h às 12h"),
        ((DAYTIME, (), DAYTIME, (), DAYTIME, (), ()), "Segunda, quarta e sexta, 8h às 18h"),
        (
            (DAYTIME, *(DAYTIME,) * 3, MORNING, WHOLE, ()),
            "Segunda a quinta, 8h às 18h; sexta, 8h às 12h; sábado, o dia todo",
        ),
        (((), *(WHOLE,) * 6), "Terça a domingo, o dia todo"),
        (WHOLE_WEEK, "24 horas por dia, todos os dias"),
        (((Window(7 * HOUR + 1800, DAY),), *((),) * 6), "Segunda, 7h30 às 24h"),
    ],
)
def test_weekly(said, expected):
    assert words.weekly(said) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("America/Sao_Paulo", "horário de Brasília"),
        ("America/Porto_Velho", "horário de Porto Velho"),
        ("America/Cuiaba", "horário de Cuiabá"),
        ("UTC", "horário de UTC"),
    ],
)
def test_zone(name, expected):
    assert words.zone(name) == expected


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [
        (13 * HOUR, None, "abre às 13h"),
        (HOUR, None, "abre à 1h"),
        (None, HOUR + 1800, "fecha à 1h30"),
        (None, 12 * HOUR + 1800, "fecha às 12h30"),
        (9 * HOUR, 15 * HOUR, "abre às 9h, fecha às 15h"),
        (None, None, ""),
    ],
)
def test_part(opens, closes, expected):
    assert words.part(OptionalDay("x", opens, closes)) == expected


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        (MORNING, "aberto das 8h às 12h"),
        (week((8, 12), (13, 18))[0], "aberto das 8h às 12h e das 13h às 18h"),
        (WHOLE, "aberto o dia todo"),
    ],
)
def test_worked(windows, expected):
    assert words.of_worked(windows) == expected
