"""The lines behind a deadline, as the customers and the team read them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import Ticket
from guiche.web.ledgers import page
from guiche.web.ledgers.reader import Reader
from tests.factories.catalog import severity
from tests.factories.tickets import make_ticket


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of November 2025 in São Paulo; the 12th is a Wednesday, the 20th a holiday."""
    return datetime(2025, 11, day, hour, minute, second, tzinfo=UTC) + timedelta(hours=3)


NOW = at(13, 10, 42)


@pytest.fixture
def example(ana, bruno, suporte):
    """The ticket of the design."""
    ticket = make_ticket(requester=bruno, at=at(12, 9, 14), severity=severity(2))
    moving.take(ticket, suporte.start, by=ana, at=at(12, 9, 20))
    moving.take(ticket, suporte.ask, by=ana, at=at(12, 10, 31), given={"comment": "Qual servidor?"})
    conversation.comment(ticket, by=bruno, at=at(12, 13, 33), body="O de laudos.")
    moving.take(ticket, suporte.offer, by=ana, at=at(13, 9, 48), given={"solution": "Ajustamos a rede."})
    return ticket


def read(user, ticket, wanted="solucao", now=NOW, **reader):
    """The page of `ticket` as `user` reads it at `now`."""
    seen = Ticket.objects.for_page().get(pk=ticket.pk)
    told = {"for_staff": user.works_here, "is_member": True, **reader}
    return page.page_of(Reader(user, seen, **told), wanted, now)


def rows_of(days):
    return [row for day in days for row in day.rows]


class TestExample:
    def test_gives_the_figures_of_the_design(self, bruno, example):
        figures = [(one.label, one.value.striptags(), one.text) for one in read(bruno, example).account.figures]

        assert figures == [
            ("Contou", "7h 32min", "em 3 intervalos"),
            ("Não contou", "17h 56min", "3h 56min com você, 14h fora do horário"),
            ("Desde a abertura", "25h 28min", "7h 32min + 17h 56min"),
            ("Restam", "4h 28min", "das 12 h úteis"),
        ]

    def test_gives_its_rows(self, bruno, example):
        days = read(bruno, example, may_judge=True).account.days

        assert [day.title for day in days] == ["quarta, 12 de novembro de 2025", "quinta, 13 de novembro de 2025"]
        assert [
            (row.when, row.label, row.side, row.counted, row.uncounted, row.running_sum) for row in rows_of(days)
        ] == [
            ("9h14 a 10h31", "Chamado aberto e em atendimento", "Guichê", "1h 17min", "", "1h 17min"),
            ("10h31 a 13h33", "Pendência cliente", "Você", "", "3h 02min", "1h 17min"),
            ("13h33 a 18h00", "Em atendimento", "Guichê", "4h 27min", "", "5h 44min"),
            ("18h00 a 8h00", "Fora do horário de atendimento", "Calendário", "", "14h 00min", "5h 44min"),
            ("8h00 a 9h48", "Em atendimento", "Guichê", "1h 48min", "", "7h 32min"),
            ("9h48 a agora", "Aguardando validação", "Você", "", "0h 54min", "7h 32min"),
        ]

    def test_says_who_did_it(self, bruno, example):
        about = [row.about for row in rows_of(read(bruno, example, may_judge=True).account.days)]

        assert about == [
            "Você abriu às 9h14, Ana respondeu às 10h31",
            "Ana pediu informações; você respondeu às 13h33",
            "",
            "Segunda a sexta, 8h às 18h",
            "",
            "Ana entregou a solução; volta a contar se você reprovar",
        ]

    def test_counts_the_days_of_silence(self, bruno, example):
        silence = read(bruno, example).silence

        assert [(day.title, day.text) for day in silence.days] == [
            *(("sex, 14 nov", "dia 1"), ("seg, 17 nov", "dia 2"), ("ter, 18 nov", "dia 3"), ("qua, 19 nov", "dia 4")),
            ("qui, 20 nov", "não conta: Dia Nacional de Zumbi e da Consciência Negra"),
            *(("sex, 21 nov", "dia 5"), ("seg, 24 nov", "dia 6"), ("ter, 25 nov", "dia 7, fecha às 9h48")),
        ]
        assert silence.text == (
            "O chamado fecha sozinho depois de 7 dias úteis sem resposta. Avisamos em sex, 21 nov e em seg, 24 nov."
        )

    def test_names_its_rules(self, bruno, example):
        found = read(bruno, example)

        assert dict(found.account.facts) == {
            "Acordo": "Padrão, versão 1",
            "Meta": "Indisponibilidade parcial: solução em 12 h úteis",
            "Calendário": "Padrão: segunda a sexta, 8h às 18h, feriados nacionais",
        }
        assert page.issued(found, found.account.zone) == "13 de novembro de 2025, 10h42, horário de Brasília"
        assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", found.account.code)
