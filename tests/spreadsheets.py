"""Small XLSX files for tests, written by hand: the product only reads them."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
_DOCUMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_DOCUMENTS}/officeDocument"'
    ' Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENTS}"><sheets><sheet name="Tabela" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>"
)
_BOOK_LINKS = (
    f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r1" Type="{_DOCUMENTS}/worksheet"'
    ' Target="worksheets/sheet1.xml"/></Relationships>'
)


def make_xlsx(rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> bytes:
    """Return an XLSX with `rows` on its only sheet; `merged` are ranges like "A1:A2"."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _ROOT)
        archive.writestr("xl/workbook.xml", _BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", _BOOK_LINKS)
        archive.writestr("xl/worksheets/sheet1.xml", _sheet(rows, merged))
    return packed.getvalue()


def _sheet(rows: Sequence[Sequence[object]], merged: Sequence[str]) -> str:
    lines = "".join(
        f'<row r="{number}">'
        + "".join(_cell(f"{chr(64 + column)}{number}", cell) for column, cell in enumerate(row, start=1))
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    joined = f'<mergeCells count="{len(merged)}">{ranges}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData>{joined}</worksheet>'


def _cell(place: str, value: object) -> str:
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>' if value else ""
