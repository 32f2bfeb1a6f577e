import io
import zipfile

import pytest

from guiche.core import spreadsheets
from guiche.core.spreadsheets import SheetRefused
from tests.spreadsheets import make_xlsx


def far_apart(last: str, filling: str = "") -> bytes:
    """Return a sheet with a 1 in its first cell and in `last`, and nothing between them."""
    packed = io.BytesIO(make_xlsx([["1"]]))
    cells = (f'<row r="{int(at.lstrip(LETTERS))}"><c r="{at}"><v>1</v></c></row>' for at in ("A1", last))
    made = io.BytesIO()
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = f"{text.partition('<sheetData')[0]}<sheetData>{''.join(cells)}{filling}</sheetData></worksheet>"
            new.writestr(name, text)
    return made.getvalue()


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class TestCsv:
    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    def test_finds_the_delimiter(self, delimiter):
        text = delimiter.join(("família", "impacto")) + "\n" + delimiter.join((" OMNI ", "Nenhum"))

        assert spreadsheets.read(text.encode()) == [["família", "impacto"], ["OMNI", "Nenhum"]]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    def test_reads_what_spreadsheets_write(self, encoding):
        assert spreadsheets.read("solução;diagnóstico".encode(encoding)) == [["solução", "diagnóstico"]]

    @pytest.mark.parametrize("cell", ["+55 11 4000-0000", "=1+1", "d'água", "'aspas'"])
    def test_reads_back_what_was_written(self, cell):
        assert spreadsheets.read(spreadsheets.written([["telefone"], [cell]]).encode()) == [["telefone"], [cell]]

    def test_keeps_line_breaks_of_a_cell_as_spaces(self):
        assert spreadsheets.read(b'a;"b\nc"') == [["a", "b c"]]

    @pytest.mark.parametrize("content", [b"", b"\n;;\n", b"\0\1\2", b"%PDF-1.7\0", b'a;"b'])
    def test_refuses_what_is_no_table(self, content):
        with pytest.raises(SheetRefused):
            spreadsheets.read(content)

    def test_refuses_too_many_rows(self):
        with pytest.raises(SheetRefused, match=r"10\.000"):
            spreadsheets.read(b"a;b\n" * 10_001)


class TestXlsx:
    def test_reads_text_and_numbers(self):
        assert spreadsheets.read(make_xlsx([["a", 2], ["b", 2.5]])) == [["a", "2"], ["b", "2.5"]]

    def test_repeats_the_text_of_merged_cells(self):
        content = make_xlsx([["OMNI", "x"], ["", "y"]], merged=["A1:A2"])

        assert spreadsheets.read(content) == [["OMNI", "x"], ["OMNI", "y"]]

    def test_refuses_what_only_looks_packed(self):
        with pytest.raises(SheetRefused):
            spreadsheets.read(b"PK\x03\x04 nothing")

    def test_case_109_cells_far_apart_do_not_end_the_server(self):
        for last in ("XFD1048576", "ALL1048576", "BZ1048576"):
            with pytest.raises(SheetRefused):
                spreadsheets.read(far_apart(last))

    def test_reads_an_empty_row_between_two(self):
        assert spreadsheets.read(far_apart("B3")) == [["1", ""], ["", ""], ["", "1"]]

    def test_case_109_a_size_that_is_not_true_is_found_out(self):
        packed = bytearray(far_apart("B3", filling=" " * 100_000_000))
        for place in (packed.find(b"xl/worksheets/sheet1.xml") - 8, packed.rfind(b"xl/worksheets/sheet1.xml") - 22):
            packed[place : place + 4] = (1000).to_bytes(4, "little")

        with pytest.raises(SheetRefused):
            spreadsheets.read(bytes(packed))

    def test_refuses_a_bomb_before_opening_it(self, monkeypatch):
        monkeypatch.setattr(spreadsheets, "LARGEST_OPEN", 1000)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/worksheets/sheet1.xml", "a" * 2000)

        with pytest.raises(SheetRefused):
            spreadsheets.read(packed.getvalue())
