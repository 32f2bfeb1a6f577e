"""Keeping files: limits, kinds, pictures without metadata, bytes once, nothing left behind."""

import io
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.db import transaction
from PIL import Image

from guiche.files import actions, checking, links, signatures, storing
from guiche.files.models import Scan, StoredFile
from guiche.files.picture import PictureRefused
from tests.files import samples
from tests.files.samples import upload

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMIT = 20 * 1024 * 1024


def stored_bytes(stored: StoredFile) -> bytes:
    return storing.path_of(stored.checksum).read_bytes()


def kept_paths(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


class TestKeep:
    def test_keeps_the_bytes_and_says_what_they_are(self, ana: Any) -> None:
        stored = actions.keep(upload(b"%PDF-1.7 x", "Nota 7.pdf"), by=ana, at=NOON)

        assert stored_bytes(stored) == b"%PDF-1.7 x"
        assert (stored.name, stored.kind, stored.size, stored.owner) == ("Nota 7.pdf", "application/pdf", 10, ana)
        assert (stored.scan, stored.is_picture) == (Scan.NOT_SCANNED, False)

    def test_keeps_equal_bytes_once(self, ana: Any, bruno: Any, files_root: Path) -> None:
        first = actions.keep(upload(b"igual", "a.txt"), by=ana, at=NOON)
        second = actions.keep(upload(b"igual", "b.txt"), by=bruno, at=NOON)

        assert first.pk != second.pk
        assert len(kept_paths(files_root)) == 1

    @pytest.mark.parametrize(
        "name",
        [
            ".htaccess",
            ".user.ini",
            "a.pht",
            "a.phtml\u200b",
            "web.config.",
            "a%2e%2e/x.php",
            "a\x00.php",
            "../../../x",
            "con",
            "a\\b.asp",
        ],
    )
    def test_101_stores_under_a_generated_name(self, ana: Any, files_root: Path, name: str) -> None:
        stored = actions.keep(upload(b"x", name), by=ana, at=NOON)

        (path,) = kept_paths(files_root)
        assert re.fullmatch("[0-9a-f]{64}", path.name)
        assert path.stat().st_mode & 0o111 == 0
        assert re.fullmatch("[0-9a-f-]{36}", str(stored.pk))
        assert not re.search(r"[/\\\x00\u200b]|^\.|\.$", stored.name)

    def test_106_keeps_a_file_of_exactly_the_limit(self, ana: Any) -> None:
        assert actions.keep(upload(b"a" * LIMIT, "a.log"), by=ana, at=NOON).size == LIMIT

    def test_106_refuses_one_byte_more_and_names_the_file_and_the_limit(self, ana: Any, files_root: Path) -> None:
        with pytest.raises(actions.FileRefused) as refusal:
            actions.keep(upload(b"a" * (84 * 1024 * 1024), "visita.mp4"), by=ana, at=NOON)

        assert all(word in refusal.value.message for word in ("visita.mp4", "84 MB", "20 MB"))
        assert not kept_paths(files_root)

    def test_106_does_not_believe_the_size_it_was_told(self, ana: Any, files_root: Path) -> None:
        lying: File[bytes] = File(io.BytesIO(b"a" * (LIMIT + 1)), "a.log")
        lying.size = 10

        with pytest.raises(actions.FileRefused, match=r"a\.log"):
            actions.keep(lying, by=ana, at=NOON)

        assert not kept_paths(files_root)
        assert not StoredFile.objects.exists()

    def test_refuses_an_empty_file(self, ana: Any) -> None:
        with pytest.raises(actions.FileRefused, match="nota"):
            actions.keep(upload(b"", "nota.txt"), by=ana, at=NOON)

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"MZ\x90\x00" + bytes(100), "setup.exe"),
            (b"MZ\x90\x00" + bytes(100), "foto.png"),
            (b"\x7fELF\x02", "x"),
            (b"#!/bin/sh", "x.txt"),
            (b"WScript.Echo 1", "x.vbs"),
            (b"fotogpj", "foto\u202egpj.exe"),
            (b"<script>alert(1)</script>", "foto.png"),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "foto.jpg"),
            (b"texto", "nota.pdf"),
            (b"\x00\x00\x00\x20ftypheic" + bytes(100), "IMG_1.HEIC"),
        ],
    )
    def test_refuses_programs_and_names_that_lie(self, ana: Any, files_root: Path, content: bytes, name: str) -> None:
        with pytest.raises(actions.FileRefused):
            actions.keep(upload(content, name), by=ana, at=NOON)

        assert not kept_paths(files_root)

    def test_leaves_no_row_and_soon_no_bytes_when_the_action_around_it_fails(self, ana: Any, files_root: Path) -> None:
        with transaction.atomic():
            actions.keep(upload(b"x"), by=ana, at=NOON)
            transaction.set_rollback(True)

        assert not StoredFile.objects.exists()
        assert checking.two_way().missing == []
        assert actions.remove_unrowed(at=datetime.now(UTC) + timedelta(hours=25)) == 1

    def test_107_refuses_more_unsent_files_than_one_person_needs(self, ana: Any, bruno: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(actions, "UNHELD_COUNT", 2)
        for number in range(3):
            actions.keep(upload(b"%d" % number), by=ana, at=NOON)

        with pytest.raises(actions.FileRefused):
            actions.keep(upload(b"mais um"), by=ana, at=NOON)

        assert actions.keep(upload(b"outro"), by=bruno, at=NOON)
        assert actions.keep(upload(b"depois"), by=ana, at=NOON + timedelta(hours=25))


class TestPictures:
    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (samples.photo_with_place(), "a.jpg"),
            (samples.photo_with_place(orientation=6), "a.jpg"),
            (samples.png_with_place(), "a.png"),
            (samples.webp_with_place(), "a.webp"),
        ],
        ids=["jpeg", "turned", "png", "webp"],
    )
    def test_112_tell_no_place(self, ana: Any, content: bytes, name: str) -> None:
        assert samples.PLACE.encode() in content

        stored = actions.keep(upload(content, name), by=ana, at=NOON)

        kept = stored_bytes(stored)
        assert samples.PLACE.encode() not in kept
        assert not Image.open(io.BytesIO(kept)).getexif()
        assert samples.PLACE.encode() not in storing.thumbnail_of(stored.checksum).read_bytes()

    def test_stand_upright(self, ana: Any) -> None:
        stored = actions.keep(upload(samples.photo_with_place(orientation=6), "a.jpg"), by=ana, at=NOON)

        picture = Image.open(io.BytesIO(stored_bytes(stored))).convert("RGB")
        assert (stored.width, stored.height) == picture.size == (20, 40)
        assert picture.getpixel((17, 3))[2] > 150  # type: ignore[index]  # blue went from left to right

    @pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF"])
    def test_have_a_small_copy(self, ana: Any, name: str) -> None:
        stored = actions.keep(upload(samples.picture(name, (1200, 600)), f"a.{name.lower()}"), by=ana, at=NOON)

        small = Image.open(storing.thumbnail_of(stored.checksum))
        assert stored.is_picture
        assert stored.has_thumbnail
        assert (small.format, small.size) == ("WEBP", (480, 240))

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
    def test_of_every_mode_have_a_small_copy(self, ana: Any, mode: str) -> None:
        out = io.BytesIO()
        Image.new(mode, (60, 30)).save(out, "PNG")

        assert actions.keep(upload(out.getvalue(), "raio-x.png"), by=ana, at=NOON).has_thumbnail

    def test_keep_their_bytes_when_there_is_nothing_to_take_out(self, ana: Any) -> None:
        content = samples.picture("PNG")

        assert stored_bytes(actions.keep(upload(content, "tela.png"), by=ana, at=NOON)) == content

    @pytest.mark.parametrize(
        "content",
        [
            samples.png_bomb(),
            samples.png_bomb(8_000, 7_000),
            samples.picture("PNG")[:-30],
            samples.picture("JPEG")[:200],
            b"GIF89a" + bytes(20),
            b"RIFF\x10\x00\x00\x00WEBPVP8 ",
            b"\x89PNG\r\n\x1a\n" + bytes(1000),
        ],
        ids=["bomb", "56 MP", "cut png", "cut jpeg", "gif", "webp", "zeros"],
    )
    def test_109_that_cannot_be_decoded_are_refused_soon(self, ana: Any, files_root: Path, content: bytes) -> None:
        with pytest.raises(PictureRefused, match="estranha"):
            actions.keep(upload(content, "estranha.png"), by=ana, at=NOON)

        assert not kept_paths(files_root)

    def test_109_are_decoded_in_few_formats_only(self, ana: Any) -> None:
        stored = actions.keep(upload(samples.picture("TIFF"), "fax.tiff"), by=ana, at=NOON)

        assert not stored.is_picture
        assert signatures.TIFF not in signatures.DECODED


class TestRemoveUnheld:
    """Abuse case 107."""

    def test_takes_what_nobody_held_for_a_day(self, ana: Any) -> None:
        actions.keep(upload(b"velho"), by=ana, at=NOON)
        fresh = actions.keep(upload(b"novo"), by=ana, at=NOON + timedelta(hours=20))

        assert actions.remove_unheld(at=NOON + timedelta(hours=25)) == 1
        assert StoredFile.objects.get() == fresh

    def test_leaves_what_somebody_holds(self, ana: Any, monkeypatch: Any) -> None:
        held = actions.keep(upload(b"preso"), by=ana, at=NOON)
        monkeypatch.setattr(links, "_registered", [lambda: StoredFile.objects.filter(pk=held.pk).values("pk")])

        assert actions.remove_unheld(at=NOON + timedelta(days=9)) == 0


class TestRemoveUnrowed:
    """Abuse case 232."""

    def test_takes_bytes_whose_row_never_came(self, ana: Any, files_root: Path) -> None:
        gone = actions.keep(upload(b"sem linha"), by=ana, at=NOON)
        kept = actions.keep(upload(b"com linha"), by=ana, at=NOON)
        StoredFile.objects.filter(pk=gone.pk).delete()

        assert checking.two_way().unrowed == [gone.checksum]
        assert actions.remove_unrowed(at=datetime.now(UTC) + timedelta(hours=25)) == 1
        assert [path.name for path in kept_paths(files_root)] == [kept.checksum]

    def test_leaves_bytes_that_were_settled_again_today(self, ana: Any, files_root: Path) -> None:
        gone = actions.keep(upload(b"sem linha"), by=ana, at=NOON)
        StoredFile.objects.filter(pk=gone.pk).delete()
        yesterday = (datetime.now(UTC) - timedelta(hours=30)).timestamp()
        os.utime(storing.path_of(gone.checksum), (yesterday, yesterday))
        with transaction.atomic():
            again = actions.keep(upload(b"sem linha"), by=ana, at=NOON)
            StoredFile.objects.filter(pk=again.pk).delete()  # as another connection sees it before the commit

        assert actions.remove_unrowed(at=datetime.now(UTC)) == 0

    def test_takes_what_a_broken_upload_left(self, files_root: Path) -> None:
        (files_root / "incoming").mkdir(parents=True)
        (files_root / "incoming" / "resto").write_bytes(b"x")

        actions.remove_unrowed(at=datetime.now(UTC) + timedelta(hours=25))

        assert not kept_paths(files_root)


class TestTwoWay:
    def test_names_rows_without_bytes(self, ana: Any) -> None:
        stored = actions.keep(upload(b"sumiu"), by=ana, at=NOON)
        storing.forget(stored.checksum)

        assert checking.two_way().missing == [str(stored.pk)]
