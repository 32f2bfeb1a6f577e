"""Handing files out: never as something a browser runs, never before the scanner agrees."""

import socket
import struct
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from guiche.files import actions, serving, tasks
from guiche.files.models import Scan, StoredFile
from tests.files import samples
from tests.files.samples import upload

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class TestServe:
    """Abuse case 62."""

    @pytest.mark.parametrize(
        ("content", "name", "kind", "inline"),
        [
            (samples.picture("PNG"), "a.png", "image/png", True),
            (samples.picture("JPEG"), "a.jpg", "image/jpeg", True),
            (samples.picture("GIF"), "a.gif", "image/gif", True),
            (samples.picture("WEBP"), "a.webp", "image/webp", True),
            (b"%PDF-1.7", "a.pdf", "application/pdf", True),
            (samples.picture("TIFF"), "a.tiff", "image/tiff", False),
            (b"<html><script>", "a.html", "application/octet-stream", False),
            (b"<html><script>", "a.txt", "application/octet-stream", False),
            (b"<svg onload=alert(1)>", "a.svg", "application/octet-stream", False),
            (b"<?xml version='1.0'?><a/>", "a.xml", "text/plain; charset=utf-8", False),
            (b"a,b", "a.csv", "text/plain; charset=utf-8", False),
            (b"From: a@b.example\r\nDate: x\r\n\r\n<script>", "a.eml", "message/rfc822", False),
            (samples.zipped("a"), "a.zip", "application/zip", False),
            (b"\x00\x00\x00\x20ftypisom", "a.mp4", "video/mp4", False),
            (b"\x00\x01\x02", "a", "application/octet-stream", False),
        ],
    )
    def test_62_shows_only_pictures_and_pdf(self, ana: Any, content: bytes, name: str, kind: str, inline: bool) -> None:
        served = serving.serve(actions.keep(upload(content, name), by=ana, at=NOON), to=ana)

        assert served.headers["Content-Type"] == kind
        assert served.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in served.headers["Content-Security-Policy"]
        assert served.headers["Cache-Control"].startswith("private")
        assert served.path.stat().st_size == served.size

    def test_gives_a_picture_as_a_download_when_asked(self, ana: Any) -> None:
        stored = actions.keep(upload(samples.picture(), "a.png"), by=ana, at=NOON)

        assert serving.serve(stored, to=ana, as_download=True).headers["Content-Disposition"].startswith("attachment")

    def test_113_suggests_a_safe_name_in_ascii_and_the_true_one_beside_it(self, ana: Any) -> None:
        stored = actions.keep(upload(b"x", 'relatório "final"; \r\nx: 😀.txt'), by=ana, at=NOON)

        disposition = serving.serve(stored, to=ana).headers["Content-Disposition"]
        assert disposition.isascii()
        assert "\r" not in disposition
        assert disposition.startswith(
            "attachment; filename=\"relat_rio _final__ x_ _.txt\"; filename*=UTF-8''relat%C3%B3rio"
        )

    def test_serves_the_small_copy(self, ana: Any) -> None:
        served = serving.serve_thumbnail(actions.keep(upload(samples.picture(), "a.png"), by=ana, at=NOON), to=ana)

        assert served
        assert served.headers["Content-Type"] == "image/webp"


class Scanner(threading.Thread):
    """A clamd on loopback that finds the EICAR text."""

    def __init__(self, answer: bytes = b"") -> None:
        super().__init__(daemon=True)
        self.fixed = answer
        self.line = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.line.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                caller, _address = self.line.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as incoming:
                assert incoming.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack(">I", incoming.read(4))[0]:
                    content += incoming.read(length)
                found = b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"
                caller.sendall((self.fixed or found) + b"\0")


@pytest.fixture
def scanner(settings: Any) -> Iterator[Scanner]:
    running = Scanner()
    running.start()
    settings.CLAMD = running.address
    yield running
    running.line.close()


class TestScan:
    """Abuse case 110."""

    def test_110_keeps_a_file_from_others_until_it_is_clean(self, ana: Any, bruno: Any, scanner: Scanner) -> None:
        stored = actions.keep(upload(b"nota" * 50_000), by=ana, at=NOON)
        assert serving.serve(stored, to=ana)
        with pytest.raises(serving.FileHeldBack):
            serving.serve(stored, to=bruno)

        tasks.scan_pending(timestamp=0)

        stored.refresh_from_db()
        assert stored.scan == Scan.CLEAN
        assert serving.serve(stored, to=bruno)

    def test_110_locks_what_is_infected_even_from_its_owner(self, ana: Any, scanner: Scanner) -> None:
        stored = actions.keep(upload(EICAR), by=ana, at=NOON)

        tasks.scan_pending(timestamp=0)

        stored.refresh_from_db()
        assert stored.scan == Scan.INFECTED
        with pytest.raises(serving.FileHeldBack, match="nota"):
            serving.serve(stored, to=ana)

    def test_110_waits_for_a_scanner_that_is_away(self, ana: Any, settings: Any, scanner: Scanner) -> None:
        actions.keep(upload(b"nota"), by=ana, at=NOON)
        settings.CLAMD = "127.0.0.1:1"
        tasks.scan_pending(timestamp=0)
        assert StoredFile.objects.get().scan == Scan.PENDING

        settings.CLAMD = scanner.address
        tasks.scan_pending(timestamp=0)

        assert StoredFile.objects.get().scan == Scan.CLEAN

    def test_91_marks_what_is_too_much_to_scan_and_never_shows_it_inline(self, ana: Any, settings: Any) -> None:
        overloaded = Scanner(answer=b"INSTREAM size limit exceeded. ERROR")
        overloaded.start()
        settings.CLAMD = overloaded.address
        stored = actions.keep(upload(samples.picture(), "a.png"), by=ana, at=NOON)

        tasks.scan_pending(timestamp=0)

        stored.refresh_from_db()
        overloaded.line.close()
        assert stored.scan == Scan.UNSCANNABLE
        assert serving.serve(stored, to=ana).headers["Content-Disposition"].startswith("attachment")

    def test_knows_an_infected_file_again(self, ana: Any, bruno: Any, scanner: Scanner) -> None:
        actions.keep(upload(EICAR), by=ana, at=NOON)
        tasks.scan_pending(timestamp=0)

        again = actions.keep(upload(EICAR), by=bruno, at=NOON)
        tasks.scan_pending(timestamp=0)

        again.refresh_from_db()
        assert again.scan == Scan.INFECTED
