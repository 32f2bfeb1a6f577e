import pytest

from guiche.organizations import people_import
from guiche.organizations.people_import import Known

HEADER = ["Nome completo", "E-mail do trabalho", "Telefone", "Unidade", "Alcance", "Papel"]


def known(**values):
    return Known(
        **{
            "organization": "Acme",
            "sites": {"laboratorio": 7},
            "domains": frozenset({"acme.example"}),
            "members": {"jonas@acme.example": "Jonas Prado"},
            **values,
        }
    )


def checked(*row, header=HEADER, **values):
    padded = list(row) + [""] * (len(header) - len(row))
    return people_import.check(people_import.read([header, padded]), known(**values))[0]


class TestRead:
    @pytest.mark.parametrize(
        "header",
        [["NOME", "EMAIL"], ["E-mail", "Nome"], ["nome", "correio eletrônico"], ["Pessoa", "e mail corporativo"]],
    )
    def test_finds_columns_by_their_portuguese_names(self, header):
        rows = [
            header,
            ["rita@acme.example" if "mail" in name.lower() or "corr" in name else "Rita" for name in header],
        ]

        line = people_import.read(rows)[0]

        assert (line.name, line.email) == ("Rita", "rita@acme.example")

    def test_refuses_a_list_without_names_of_columns(self):
        with pytest.raises(people_import.ListRefused):
            people_import.read([["Rita", "rita@acme.example"]])

    def test_takes_2000_people_and_no_more(self):
        rows = [["nome", "e-mail"], *([f"Pessoa {n}", f"p{n}@acme.example"] for n in range(2001))]

        assert len(people_import.read(rows[:2001])) == 2000
        with pytest.raises(people_import.ListRefused):
            people_import.read(rows)

    def test_numbers_lines_as_the_file_does(self):
        rows = [["nome", "e-mail"], ["Rita", "rita@acme.example"], ["", ""], ["Davi", "davi@acme.example"]]

        assert [line.number for line in people_import.read(rows)] == [2, 4]


class TestCheck:
    def test_lets_a_good_line_in(self):
        line = checked("Rita Sá", "RITA@acme.example", "", "Laboratório", "A unidade", "Administra o portal")

        assert (line.refusal, line.site_id, line.reach, line.is_portal_administrator) == ("", 7, "unit", True)

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            (["", "rita@acme.example"], "Falta o nome"),
            (["R" * 121, "rita@acme.example"], "O nome é longo demais"),
            (["Rita", "rita.sa"], "Falta o @"),
            (["Rita", "rita@"], "Confira o e-mail"),
            (["Jonas", "jonas@acme.example"], "já está na lista"),
            (["Rita", "rita@gmail.com"], "provedor público"),
            (["Rita", "rita@outra.example"], "não é de Acme"),
            (["Rita", "rita@acme.example", "", "Radiologia 2"], "não existe"),
            (["Rita", "rita@acme.example", "", "", "A unidade"], "falta a unidade"),
            (["Rita", "rita@acme.example", "", "", "o prédio"], "não é um alcance"),
            (["Rita", "rita@acme.example", "9" * 41], "longo demais"),
        ],
    )
    def test_says_why_a_line_stays_out(self, row, words):
        assert words in checked(*row).refusal

    def test_lets_the_first_of_two_equal_lines_in(self):
        lines = people_import.read([["nome", "e-mail"], *([["Rita", "rita@acme.example"]] * 2)])

        first, second = people_import.check(lines, known())

        assert not first.refusal
        assert "linha 2" in second.refusal

    def test_without_domains_new_people_come_in_and_registered_ones_are_asked_for(self):
        nobody = {"domains": frozenset()}

        assert not checked("Rita", "rita@gmail.com", **nobody).refusal
        assert checked("Rita", "rita@x.example", others=frozenset({"rita@x.example"}), **nobody).refusal
        assert checked("Rita", "rita@x.example", other_domains=frozenset({"x.example"}), **nobody).refusal

    def test_staff_may_bring_any_address_in(self):
        assert not checked("Rita", "rita@outra.example", by_staff=True).refusal
