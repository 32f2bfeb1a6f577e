"""What a draft changes, as its page says it before it is published."""

from datetime import date

import pytest
from django.utils import translation

from guiche.calendars.changes import changes
from guiche.calendars.plan import MonthDay, OptionalDay, OwnDay, WorkedDay
from tests.factories.calendars import make_plan, week

HOUR = 3600
FEAST = OwnDay("Padroeira", MonthDay(6, 13))
FAIR = OwnDay("Feira", date(2025, 6, 2), closes=12 * HOUR)
SATURDAY = WorkedDay(date(2025, 12, 13), "Mutirão", week((8, 12))[0])


@pytest.fixture(autouse=True)
def portuguese():
    with translation.override("pt-br"):
        yield


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({}, {}, []),
        ({}, {"weekly": week((8, 18), days=6)}, ["O horário passa a ser: Segunda a sábado, 8h às 18h."]),
        ({}, {"zone": "America/Manaus"}, ["O relógio passa a ser o horário de Manaus."]),
        (
            {},
            {"state": "SP", "city": "São Paulo"},
            ["Os feriados passam a ser os nacionais e os locais: São Paulo (SP)."],
        ),
        ({}, {"state": "BA"}, ["Os feriados passam a ser os nacionais e os locais: Bahia."]),
        ({"state": "BA"}, {}, ["Os feriados passam a ser só os nacionais."]),
        ({}, {"country": ""}, ["Nenhum feriado é mais observado, só as datas próprias."]),
        ({}, {"declined": ("Natal",)}, ["Natal passa a ser dia de trabalho."]),
        ({"declined": ("Natal",)}, {}, ["Natal volta a ser feriado."]),
        ({}, {"optional": (OptionalDay("Corpus Christi"),)}, ["Novo: Corpus Christi."]),
        (
            {"optional": (OptionalDay("Corpus Christi"),)},
            {"optional": (OptionalDay("Corpus Christi", opens=13 * HOUR),)},
            ["Mudou: Corpus Christi, abre às 13h."],
        ),
        ({}, {"own": (FEAST, FAIR)}, ["Novo: 13/06 de todo ano, Padroeira.", "Novo: 02/06/2025, Feira, fecha às 12h."]),
        ({"own": (FAIR, FEAST)}, {"own": (FAIR,)}, ["Saiu: 13/06 de todo ano, Padroeira."]),
        ({"own": (FEAST, FAIR)}, {"own": (FAIR, FEAST)}, []),
        ({}, {"worked": (SATURDAY,)}, ["Novo: 13/12/2025, Mutirão, aberto das 8h às 12h."]),
    ],
)
def test_says_what_is_otherwise(old, new, said):
    assert changes(make_plan(**old), make_plan(**new)) == said
