"""What a file is, found from its bytes."""

import io

import pytest

from guiche.files import signatures
from tests.files import samples

KINDS = [
    (samples.picture("PNG"), signatures.PNG),
    (samples.picture("JPEG"), signatures.JPEG),
    (samples.picture("GIF"), signatures.GIF),
    (samples.picture("WEBP"), signatures.WEBP),
    (samples.picture("BMP"), signatures.BMP),
    (samples.picture("TIFF"), signatures.TIFF),
    (b"%PDF-1.7\n", signatures.PDF),
    (b"\x00\x01\xfe%PDF-1.4\n", signatures.PDF),
    (samples.zipped("[Content_Types].xml", "word/document.xml"), signatures.DOCX),
    (samples.zipped("_rels/.rels", "xl/workbook.xml", "[Content_Types].xml"), signatures.XLSX),
    (samples.zipped("[Content_Types].xml", "ppt/presentation.xml"), signatures.PPTX),
    (samples.zipped("a", first=("mimetype", "application/vnd.oasis.opendocument.text")), signatures.ODF),
    (samples.zipped("word/notes.txt"), signatures.ZIP),
    (samples.zipped(), signatures.ZIP),
    (samples.zipped("META-INF/MANIFEST.MF"), signatures.PROGRAM),
    (b"PK\x03\x04 cut short", signatures.ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), signatures.OLE),
    (b"\x00\x00\x00\x20ftypisom", signatures.MP4),
    (b"\x00\x00\x00\x14ftypqt  ", signatures.MOV),
    (b"\x00\x00\x00\x20ftypM4A ", signatures.M4A),
    (b"\x00\x00\x00\x20ftypheic", signatures.HEIC),
    (b"\x00\x00\x00\x20ftypavif", signatures.AVIF),
    (b"\x1a\x45\xdf\xa3\x00", signatures.WEBM),
    (b"RIFF\x00\x00\x00\x00AVI LIST", signatures.AVI),
    (b"RIFF\x00\x00\x00\x00WAVEfmt ", signatures.WAV),
    (b"ID3\x03\x00", signatures.MP3),
    (b"\xff\xfb\x90\x64", signatures.MP3),
    (b"OggS\x00\x02", signatures.OGG),
    (b"\x1f\x8b\x08\x00", signatures.GZIP),
    (b"7z\xbc\xaf\x27\x1c\x00", signatures.SEVEN_ZIP),
    (b"Rar!\x1a\x07\x01\x00", signatures.RAR),
    (b"From: ana@hospital.example\r\nSubject: nota\r\n\r\nOi", signatures.LETTER),
    ("Não liga desde ontem".encode(), signatures.TEXT),
    ("a;b\n1;ação".encode("cp1252"), signatures.TEXT),
    ("ação".encode("utf-16"), signatures.TEXT),
    (b'{"a": 1}', signatures.TEXT),
    (b"<?xml version='1.0'?><nfe/>", signatures.TEXT),
    (("á" * 3000).encode(), signatures.TEXT),
    (b"BMW stopped", signatures.TEXT),
    (b"MZ is a postcode, says this note, which is longer than sixty-four bytes in all.", signatures.TEXT),
    (b"<!DOCTYPE html><script>", signatures.HTML),
    (b"\xef\xbb\xbf \n<!-- x --> <ScRiPt>alert(1)</script>", signatures.HTML),
    ("<html>".encode("utf-16"), signatures.HTML),
    (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", signatures.HTML),
    (b"<!-- never closed <script>", signatures.HTML),
    (b"<?xml version='1.0'?>\n<!-- x --><svg xmlns='http://www.w3.org/2000/svg'>", signatures.SVG),
    (b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'>", signatures.SVG),
    (b"MZ\x90\x00" + bytes(100), signatures.PROGRAM),
    (b"\x7fELF\x02\x01", signatures.PROGRAM),
    (b"\xcf\xfa\xed\xfe", signatures.PROGRAM),
    (b"#!/bin/sh\nrm", signatures.PROGRAM),
    (b"\x00\x01\x02\x03", signatures.UNKNOWN),
    (b"", signatures.UNKNOWN),
]


class TestRecognize:
    @pytest.mark.parametrize(
        ("content", "kind"), KINDS, ids=[f"{kind.label} {n}" for n, (_c, kind) in enumerate(KINDS)]
    )
    def test_goes_by_the_bytes(self, content: bytes, kind: signatures.Kind) -> None:
        assert signatures.recognize(io.BytesIO(content)) is kind

    @pytest.mark.parametrize("kind", [signatures.HTML, signatures.SVG, signatures.PROGRAM, signatures.UNKNOWN])
    def test_gives_no_type_to_what_a_browser_would_run(self, kind: signatures.Kind) -> None:
        assert kind.mime == "application/octet-stream"

    def test_reads_a_bounded_part_of_a_zip(self) -> None:
        names = [f"{n:06}/{'x' * 100}" for n in range(20_000)]

        assert signatures.recognize(io.BytesIO(samples.zipped(*names))) is signatures.ZIP


class TestContradicts:
    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("foto.png", signatures.HTML),
            ("foto.jpg", signatures.SVG),
            ("foto.JPG", signatures.PDF),
            ("nota.pdf", signatures.TEXT),
            ("nota.pdf", signatures.UNKNOWN),
            ("dados.xlsx", signatures.ZIP),
            ("dados.xlsx", signatures.HTML),
            ("video.mp4", signatures.TEXT),
            ("copia.zip", signatures.PNG),
        ],
    )
    def test_sees_a_name_that_lies(self, name: str, kind: signatures.Kind) -> None:
        assert signatures.contradicts(name, kind)

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("foto.png", signatures.JPEG),
            ("protegida.xlsx", signatures.OLE),
            ("relatorio.xls", signatures.HTML),
            ("relatorio.xls", signatures.TEXT),
            ("erro.log", signatures.UNKNOWN),
            ("página.html", signatures.HTML),
            ("sem-extensao", signatures.PDF),
            ("nota.xyz", signatures.UNKNOWN),
        ],
    )
    def test_lets_pass_what_people_really_send(self, name: str, kind: signatures.Kind) -> None:
        assert not signatures.contradicts(name, kind)
