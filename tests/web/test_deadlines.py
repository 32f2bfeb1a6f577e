"""guiche/web/deadlines.py and chips.py: the words of every state, and what is drawn of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from guiche.sla.metrics import Metric, Reason
from guiche.sla.states import Kind, State
from guiche.web import chips, deadlines
from guiche.web.deadlines import Form

HERE, MANAUS, BAHIA = ZoneInfo("America/Sao_Paulo"), ZoneInfo("America/Manaus"), ZoneInfo("America/Bahia")
NOW = datetime(2025, 11, 14, 10, 42, tzinfo=HERE)  # a Friday
HOUR = 3600


@pytest.fixture(autouse=True)
def in_portuguese() -> Iterator[None]:
    with translation.override("pt-br"), timezone.override(HERE):
        yield


def state(kind: Kind, **changed: Any) -> State:
    """A clock of twelve hours with 1h 12min left, due at 11:54."""
    known: dict[str, Any] = {
        "metric": Metric.SOLUTION,
        "kind": kind,
        "reason": Reason.WORKING,
        "since": NOW - timedelta(hours=1),
        "target": 12 * HOUR,
        "elapsed": 12 * HOUR - 72 * 60,
        "due_at": NOW + timedelta(minutes=72),
        "opens_at": datetime(2025, 11, 17, 8, tzinfo=HERE),
        "zone": HERE,
    }
    return State(**(known | changed))


PAUSED = {"reason": Reason.AWAITING_VALIDATION, "elapsed": 7 * HOUR + 32 * 60}
LATE = {"elapsed": 12 * HOUR + 35 * 60, "due_at": NOW - timedelta(minutes=35)}
RESPONSE = {"metric": Metric.FIRST_RESPONSE, "target": 3 * HOUR, "elapsed": 77 * 60}


class TestSentence:
    @pytest.mark.parametrize(
        ("shown", "words"),
        [
            (state(Kind.ON_TIME), "Solução vence hoje às 11h54"),
            (state(Kind.AT_RISK), "Solução em risco: vence hoje às 11h54"),
            (state(Kind.DUE_AT_OPENING), "Solução vence na abertura, segunda às 8h"),
            (state(Kind.OVERDUE, **LATE), "Solução com prazo vencido há 35min: venceu hoje às 10h07"),
            (
                state(Kind.PAUSED, **PAUSED),
                "Solução com prazo pausado desde hoje às 9h42, aguardando validação: restam 4h 28min",
            ),
            (
                state(Kind.PAUSED, **{**LATE, "reason": Reason.WAITING_ON_CUSTOMER}),
                "Solução com prazo pausado desde hoje às 9h42, esperando a sua resposta: vencido há 35min",
            ),
            (state(Kind.MET, **RESPONSE), "Primeira resposta dentro do prazo, em 1h 17min de 3 h úteis"),
            (state(Kind.MISSED, elapsed=13 * HOUR), "Solução fora do prazo, em 13h de 12 h úteis"),
            (state(Kind.STOPPED, elapsed=1800), "Solução sem resultado, depois de 30min de 12 h úteis"),
        ],
    )
    def test_says_all_of_it(self, shown: State, words: str) -> None:
        assert deadlines.sentence(shown, NOW, for_staff=False) == words

    def test_names_the_team_and_speaks_to_staff(self) -> None:
        elsewhere = state(Kind.PAUSED, metric=Metric.TEAM, team="Suporte PACS", reason=Reason.ELSEWHERE)
        waiting = state(Kind.PAUSED, reason=Reason.WAITING_ON_CUSTOMER)

        assert deadlines.sentence(elsewhere, NOW, for_staff=True).startswith("Equipe Suporte PACS com prazo pausado")
        assert "com outra equipe" in deadlines.sentence(elsewhere, NOW, for_staff=True)
        assert "esperando o cliente" in deadlines.sentence(waiting, NOW, for_staff=True)

    def test_names_the_zone_of_the_calendar_where_its_clocks_show_another_time(self) -> None:
        there, alike = state(Kind.ON_TIME, zone=MANAUS), state(Kind.ON_TIME, zone=BAHIA)

        assert deadlines.sentence(there, NOW, for_staff=False) == "Solução vence hoje às 10h54 (horário de Manaus)"
        assert deadlines.sentence(alike, NOW, for_staff=False) == "Solução vence hoje às 11h54"

    def test_on_paper_has_whole_dates(self) -> None:
        words = deadlines.phrase(state(Kind.ON_TIME), None, for_staff=False)

        assert words == "vence sexta, 14 de novembro de 2025, às 11h54"


class TestFigure:
    @pytest.mark.parametrize(
        ("shown", "brief", "word", "whole"),
        [
            (state(Kind.ON_TIME), "1h 12min", "1h 12min", "1h 12min"),
            (state(Kind.ON_TIME, target=40 * HOUR, elapsed=8 * HOUR + 60), "31h", "31h", "31h"),
            (state(Kind.OVERDUE, **LATE), "35min", "Vencido há 35min", "Vencido há 35min"),
            (state(Kind.PAUSED, **PAUSED), "4h 28min", "Pausado", "Pausado, restam 4h 28min"),
            (
                state(Kind.PAUSED, **LATE),
                "Pausado, vencido há 35min",
                "Pausado, vencido há 35min",
                "Pausado, vencido há 35min",
            ),
            (state(Kind.MET, **RESPONSE), "1h 17min", "Cumprido", "Cumprido"),
            (state(Kind.MISSED), "Fora do prazo", "Fora do prazo", "Fora do prazo"),
        ],
    )
    def test_says_as_much_as_there_is_room_for(self, shown: State, brief: str, word: str, whole: str) -> None:
        figures = [deadlines.figure(shown, NOW, form) for form in (Form.BRIEF, Form.WORD, Form.WHOLE)]

        assert figures == [brief, word, whole]

    def test_waits_for_the_opening(self) -> None:
        figure = deadlines.figure(state(Kind.DUE_AT_OPENING), NOW, Form.WORD)

        assert figure == "vence na abertura, segunda às 8h"

    def test_a_part_of_a_minute_that_is_left_counts_as_one(self) -> None:
        last = state(Kind.AT_RISK, elapsed=12 * HOUR - 1)

        assert deadlines.figure(last, NOW, Form.WORD) == "1min"
        assert deadlines.left(last) == "resta 1min"
        assert deadlines.used(last) == "Usadas 11h 59min de 12 h úteis"

    def test_the_first_seconds_late_are_less_than_a_minute(self) -> None:
        just = state(Kind.OVERDUE, elapsed=12 * HOUR + 1)

        assert deadlines.figure(just, NOW, Form.WORD) == "Vencido há menos de 1min"


class TestDetail:
    def test_says_why_it_stands_still_and_what_lets_it_go_on(self) -> None:
        paused = state(Kind.PAUSED, **PAUSED)

        words = deadlines.detail(paused, NOW, for_staff=False)

        assert words == "Restam 4h 28min de 12 h úteis. Pausado desde hoje às 9h42, aguardando validação."
        assert deadlines.restarts(paused, for_staff=False, may_judge=True) == "Volta a contar se você reprovar."
        assert deadlines.restarts(paused, for_staff=False) == "Volta a contar se a solução for reprovada."
        assert deadlines.restarts(paused, for_staff=True) == "Volta a contar se o cliente reprovar a solução."

    @pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in ("working", "closed")])
    @pytest.mark.parametrize("for_staff", [True, False])
    def test_says_for_every_reason_what_lets_it_go_on(self, reason: Reason, for_staff: bool) -> None:
        words = deadlines.restarts(state(Kind.PAUSED, reason=reason), for_staff=for_staff)

        assert words.startswith("Volta a contar ")

    def test_says_when_it_is_or_was_due(self) -> None:
        words = [
            deadlines.detail(shown, NOW, for_staff=True)
            for shown in (state(Kind.ON_TIME), state(Kind.OVERDUE, **LATE), state(Kind.DUE_AT_OPENING))
        ]

        assert words == ["Vence hoje às 11h54", "Venceu hoje às 10h07", "Vence na abertura, segunda às 8h"]


class TestChip:
    def test_is_read_as_its_sentence_and_not_as_what_it_shows(self) -> None:
        drawn = chips.chip(state(Kind.AT_RISK), NOW, Form.WORD, for_staff=False)

        assert '<span aria-hidden="true">1h 12min</span>' in drawn
        assert '<span class="sr">Solução em risco: vence hoje às 11h54</span>' in drawn
        assert 'title="Solução em risco: vence hoje às 11h54"' in drawn

    def test_its_ring_shows_what_remains(self) -> None:
        assert 'stroke-dasharray="10 100"' in chips.chip(state(Kind.AT_RISK), NOW, Form.WORD, for_staff=False)
        assert "ring" not in chips.chip(state(Kind.PAUSED, **PAUSED), NOW, Form.WORD, for_staff=False)

    def test_every_state_has_a_shape_and_a_tone_of_its_own_meaning(self) -> None:
        tones = {kind: chips.tone(state(kind)) for kind in Kind}

        assert tones[Kind.ON_TIME] == tones[Kind.MET] == "ok"
        assert tones[Kind.AT_RISK] == tones[Kind.DUE_AT_OPENING] == "wait"
        assert tones[Kind.OVERDUE] == tones[Kind.MISSED] == chips.tone(state(Kind.PAUSED, **LATE)) == "danger"
        assert tones[Kind.PAUSED] == tones[Kind.STOPPED] == "neutral"
        for kind in Kind:
            assert "<svg" in chips.chip(state(kind), NOW, Form.BRIEF, for_staff=True)

    def test_says_what_it_counts_towards(self) -> None:
        drawn = chips.chip(state(Kind.ON_TIME, **RESPONSE), NOW, Form.TOWARDS, for_staff=False)

        assert "<small>para a resposta</small>" in drawn
        assert "<small>" not in chips.chip(state(Kind.OVERDUE, **LATE), NOW, Form.TOWARDS, for_staff=False)

    def test_takes_no_name_for_a_mark(self) -> None:
        hostile = state(Kind.ON_TIME, metric=Metric.TEAM, team='"><script>')

        assert "<script>" not in chips.chip(hostile, NOW, Form.WORD, for_staff=True)
