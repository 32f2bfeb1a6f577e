import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiche.catalog import service_table
from guiche.core.spreadsheets import SheetRefused

HEADER = [
    "Família (Produto)",
    "Categoria (Módulo)",
    "Sub-Categoria (Serviço)",
    "Impacto",
    "Severidade",
    "Diagnóstico",
    "Solução",
]
NAMES = {"baixo impacto": 4, "indisponibilidade total": 1}


def row(
    product="PACS", module="Visualizador", service="Imagens não abrem", impact="Laudos param", severity="Severidade 1"
):
    return [product, module, service, impact, severity, "2 horas úteis", "4 horas úteis"]


def parse(*rows):
    return service_table.parse([HEADER, *rows], NAMES)


class TestMinutes:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2 horas úteis", 120),
            ("40h", 2400),
            ("16 h", 960),
            ("1 hora útil", 60),
            ("1h30", 90),
            ("1h 30min", 90),
            ("1 hora e 30 minutos", 90),
            ("2,5 h", 150),
            ("90 min", 90),
            ("45 minutos", 45),
            ("12", 720),
            ("56 horas úteis.", 3360),
            ("", None),
            ("-", None),
            ("0", None),
        ],
    )
    def test_reads_business_hours(self, text, expected):
        assert service_table.minutes(text) == expected

    @pytest.mark.parametrize("text", ["3 dias úteis", "2 semanas", "logo", "h", "-2 h", "1:30", "2 a 4 horas", "9" * 9])
    def test_refuses_the_rest(self, text):
        with pytest.raises(ValueError, match=re.escape(text)):
            service_table.minutes(text)

    @given(st.text(max_size=40))
    def test_never_fails_in_another_way(self, text):
        try:
            found = service_table.minutes(text)
        except ValueError:
            return
        assert found is None or found > 0


class TestParse:
    def test_reads_a_line(self):
        [line] = parse(row()).lines

        assert (line.number, line.product, line.level, line.diagnosis_minutes, line.solution_minutes) == (
            2,
            "PACS",
            1,
            120,
            240,
        )

    def test_finds_the_header_below_a_title_and_in_any_order(self):
        rows = [
            ["Tabela de atendimento"],
            [],
            ["Impacto", "Produto", "Módulo", "Serviço", "Gravidade"],
            ["i", "p", "m", "s", 2],
        ]

        [line] = service_table.parse([[str(cell) for cell in one] for one in rows], NAMES).lines

        assert (line.product, line.module, line.service, line.impact, line.level, line.number) == (
            "p",
            "m",
            "s",
            "i",
            2,
            4,
        )

    @pytest.mark.parametrize("header", [[], ["Família", "Impacto"], ["a", "b", "c", "d", "e", "f", "g"]])
    def test_refuses_a_sheet_without_the_columns(self, header):
        with pytest.raises(SheetRefused, match="sub-categoria"):
            service_table.parse([header, row()], NAMES)

    @pytest.mark.parametrize(
        "text", ["Severidade 4", "severidade4", "4", "S4", "Sev. 4", "Gravidade 4", "Baixo impacto"]
    )
    def test_understands_a_severity(self, text):
        assert parse(row(severity=text)).lines[0].level == 4

    def test_carries_blank_names_down(self):
        lines = parse(
            row(), row(product="", module="", service="Outra"), row(product="", module="", service="", impact="Outro")
        ).lines

        assert [line.key[:3] for line in lines] == [
            ("pacs", "visualizador", "imagens nao abrem"),
            ("pacs", "visualizador", "outra"),
            ("pacs", "visualizador", "outra"),
        ]

    def test_does_not_carry_a_module_into_another_product(self):
        table = parse(row(), row(product="RIS", module=""))

        assert [one.number for one in table.unreadable] == [3]

    def test_counts_a_repeated_row_once(self):
        table = parse(row(), row())

        assert (len(table.lines), table.unreadable) == (1, ())

    @pytest.mark.parametrize(
        "bad",
        [
            row(product=""),
            row(impact=""),
            row(severity=""),
            row(severity="5"),
            row(severity="grave"),
            row(service="x" * 301),
            [*row()[:5], "3 dias úteis", "5 dias"],
        ],
    )
    def test_refuses_a_line_with_its_number_and_reads_the_others(self, bad):
        table = parse(bad, row(service="Boa"))

        assert [one.number for one in table.unreadable] == [2]
        assert [line.service for line in table.lines] == ["Boa"]
        assert table.unreadable[0].reason

    def test_refuses_a_row_that_contradicts_another(self):
        table = parse(row(), row(severity="2"))

        assert "2" in table.unreadable[0].reason

    def test_skips_empty_rows(self):
        assert len(parse(row(), [""] * 7, row(service="Outra")).lines) == 2
