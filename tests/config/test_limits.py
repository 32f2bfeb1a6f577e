"""How much a request may bring, how slowly, and how many are worked on at once (abuse case 106)."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from guiche.config import limits
from guiche.config.asgi import application
from guiche.config.limits import ANYTHING_ELSE, FORM_WITH_FILES, ONE_FILE, Bounded, UploadLimits
from guiche.web import stylesheets

MEGABYTE = 1024 * 1024
Chunks = list[bytes]


class Call:
    """One request made straight to the application, and what came back."""

    def __init__(
        self, path: str = "/", chunks: Chunks | None = None, headers: dict[str, str] | None = None, pause: float = 0
    ) -> None:
        self.scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
        }
        self.chunks = chunks or [b""]
        self.pause = pause
        self.given = 0
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if self.given >= len(self.chunks):
            await asyncio.sleep(60)
        if self.given:
            await asyncio.sleep(self.pause)
        self.given += 1
        return {
            "type": "http.request",
            "body": self.chunks[self.given - 1],
            "more_body": self.given < len(self.chunks),
        }

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    async def to(self, app: Any) -> "Call":
        await app(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent[1:]).decode()

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.sent[0]["headers"])


async def reads_all(scope: Any, receive: Any, send: Any) -> None:
    more = True
    while more:
        more = (await receive()).get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def call(*args: Any, **options: Any) -> Call:
    return asyncio.run(Call(*args, **options).to(Bounded(UploadLimits(reads_all), at_once=2)))


def chunks_of(size: int) -> Chunks:
    whole = [bytes(MEGABYTE)] * (size // MEGABYTE)
    return [*whole, bytes(size % MEGABYTE)]


class TestLimitOf:
    @pytest.mark.parametrize(
        ("path", "limit"),
        [
            ("/arquivos/", ONE_FILE),
            ("/chamados/novo/falha-tecnica/", FORM_WITH_FILES),
            ("/chamados/42/responder/", FORM_WITH_FILES),
            ("/mesa/chamados/42/", FORM_WITH_FILES),
            ("/perfil/foto/", ONE_FILE),
            ("/administracao/catalogo/servicos/importar/", ONE_FILE),
            ("/administracao/marca/", ONE_FILE),
            ("/chamados/", ANYTHING_ELSE),
            ("/mesa/chamados/42/rascunho/", ANYTHING_ELSE),
            ("/entrar/", ANYTHING_ELSE),
            ("/entrar/arquivos/", ANYTHING_ELSE),
            ("/x/chamados/novo/y/", ANYTHING_ELSE),
            ("/chamados/\n", ANYTHING_ELSE),
        ],
    )
    def test_follows_the_address(self, path: str, limit: int) -> None:
        assert limits.limit_of(path) == limit


class TestUploadLimits:
    @pytest.mark.parametrize(("path", "limit"), [("/entrar/", ANYTHING_ELSE), ("/arquivos/", ONE_FILE)])
    def test_106_counts_what_arrives_without_a_length(self, path: str, limit: int) -> None:
        assert call(path, chunks_of(limit)).status == 200
        assert call(path, chunks_of(limit + 1)).status == 413

    def test_106_stops_reading_as_soon_as_the_limit_is_passed(self) -> None:
        refused = call("/entrar/", [bytes(MEGABYTE)] * 500)

        assert refused.status == 413
        assert refused.given == 3

    def test_106_refuses_by_the_length_before_reading_anything(self) -> None:
        refused = call("/arquivos/", headers={"content-length": str(ONE_FILE + 1)})

        assert (refused.status, refused.given) == (413, 0)

    def test_106_does_not_believe_a_length_that_is_too_small(self) -> None:
        assert call("/entrar/", chunks_of(ANYTHING_ELSE + 1), {"content-length": "10"}).status == 413

    @pytest.mark.parametrize("length", ["-1", "1e9", "", "10, 10", "0x10", "9" * 30])
    def test_106_refuses_a_length_that_is_no_number(self, length: str) -> None:
        assert call("/", headers={"content-length": length}).status == 400

    def test_names_the_limit_in_portuguese_in_a_small_page(self) -> None:
        refused = call("/arquivos/", headers={"content-length": "999999999", "accept": "text/html"})

        assert refused.headers[b"content-type"].startswith(b"text/html")
        assert b"default-src 'none'" in refused.headers[b"content-security-policy"]
        assert refused.headers[b"connection"] == b"close"
        assert "limite" in refused.body
        assert "20 MB" in refused.body

    def test_looks_as_the_other_pages_that_say_no(self) -> None:
        refused = call("/arquivos/", headers={"content-length": "999999999", "accept": "text/html"})

        assert b"style-src 'self'" in refused.headers[b"content-security-policy"]
        for sheet in stylesheets.addresses("public"):
            assert f'<link rel="stylesheet" href="{sheet}">' in refused.body
        assert '<div class="empty"><svg class="icon"' in refused.body
        assert "<style" not in refused.body

    def test_answers_a_script_with_a_line_of_text(self) -> None:
        refused = call(
            "/arquivos/", headers={"content-length": "999999999", "accept": "text/html", "hx-request": "true"}
        )

        assert refused.headers[b"content-type"].startswith(b"text/plain")
        assert "<" not in refused.body

    def test_106_ends_what_stops_in_the_middle(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(limits, "IDLE_SECONDS", 0.05)

        assert call("/", [b"a", b"b"], pause=5).status == 408

    def test_106_ends_what_trickles_for_ever(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(limits, "UPLOAD_SECONDS", 0.2)

        trickling = call("/", [b"a"] * 100, pause=0.03)

        assert trickling.status == 408
        assert trickling.given < 20

    def test_refuses_an_address_or_headers_without_end(self) -> None:
        assert call("/" + "a" * 9000).status == 414
        assert call("/", headers={"cookie": "a" * 70_000}).status == 431
        assert call("/", headers={f"x-{number}": "a" for number in range(300)}).status == 431


class TestTheRealApplication:
    def test_106_is_behind_the_limits(self) -> None:
        declared = asyncio.run(Call("/entrar/", headers={"content-length": "99999999"}).to(application))
        counted = asyncio.run(Call("/entrar/", chunks_of(ANYTHING_ELSE + 1)).to(application))

        assert (declared.status, declared.given) == (413, 0)
        assert counted.status == 413


class TestBounded:
    def test_works_on_so_many_at_once_and_no_more(self) -> None:
        at_work, most = 0, 0

        async def works(scope: Any, receive: Any, send: Any) -> None:
            nonlocal at_work, most
            await receive()
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0.01)
            at_work -= 1
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def all_at_once() -> list[Call]:
            app = Bounded(UploadLimits(works), at_once=3)
            return await asyncio.gather(*(Call().to(app) for _number in range(20)))

        assert {answered.status for answered in asyncio.run(all_at_once())} == {200}
        assert most == 3

    def test_tells_whoever_waits_too_long_to_come_back(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(limits, "TURN_SECONDS", 0.05)
        refused = asyncio.run(self._one_waits_behind_one(path="/"))

        assert refused.status == 503
        assert int(refused.headers[b"retry-after"]) > 0

    def test_lets_the_live_stream_pass(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(limits, "TURN_SECONDS", 0.05)

        assert asyncio.run(self._one_waits_behind_one(path="/ao-vivo/")).status == 200

    async def _one_waits_behind_one(self, *, path: str) -> Call:
        busy = asyncio.Event()

        async def works(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            if scope["path"] == "/ocupada/":
                await busy.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        app = Bounded(UploadLimits(works), at_once=1)
        first = asyncio.create_task(Call("/ocupada/").to(app))
        await asyncio.sleep(0.01)
        second = await Call(path).to(app)
        busy.set()
        await first
        return second

    def test_gives_the_turn_back_when_the_answer_starts_and_when_all_goes_wrong(self) -> None:
        async def works(scope: Any, receive: Any, send: Any) -> None:
            await receive()
            if scope["path"] == "/erro/":
                raise ValueError
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await asyncio.sleep(10 if scope["path"] == "/lenta/" else 0)

        async def in_a_row() -> Call:
            app = Bounded(UploadLimits(works), at_once=1)
            slow = asyncio.create_task(Call("/lenta/").to(app))
            await asyncio.sleep(0.01)
            for _number in range(3):
                with pytest.raises(ValueError):
                    await Call("/erro/").to(app)
            last = await Call().to(app)
            slow.cancel()
            return last

        assert asyncio.run(in_a_row()).status == 200

    def test_holds_no_turn_while_a_body_arrives(self) -> None:
        async def both() -> Call:
            app = Bounded(UploadLimits(reads_all), at_once=1)
            uploading = asyncio.create_task(Call("/", [b"a", b"b"], pause=30).to(app))
            await asyncio.sleep(0.01)
            quick = await asyncio.wait_for(Call().to(app), 2)
            uploading.cancel()
            return quick

        assert asyncio.run(both()).status == 200

    def test_follows_the_server_through_start_and_end(self) -> None:
        said = iter(["lifespan.startup", "lifespan.shutdown"])
        answers: list[str] = []

        async def receive() -> dict[str, Any]:
            return {"type": next(said)}

        async def send(message: Any) -> None:
            answers.append(message["type"])

        asyncio.run(Bounded(reads_all, at_once=1)({"type": "lifespan"}, receive, send))

        assert answers == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A real server on loopback with the echo behind our limits."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--port",
        str(number),
        "tests.config.echo:application",
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "GUICHE_THREADS": "2"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(number)
        yield number
    finally:
        server.terminate()
        server.wait(10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def ask(port: int, head: str, *chunks: bytes) -> bytes:
    """Send raw bytes to the server and return what it says, until it closes or falls silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        try:
            line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
            for chunk in chunks:
                line.sendall(chunk)
        except OSError:
            pass  # it said no before we were done
        answer = b""
        try:
            while received := line.recv(65536):
                answer += received
        except OSError:
            pass
        return answer


@pytest.mark.slow
class TestOverARealServer:
    """Abuse case 106, with the server that we ship."""

    def test_106_takes_what_fits(self, port: int) -> None:
        answer = ask(port, "POST /entrar/ HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 5", b"abcde")

        assert answer.startswith(b"HTTP/1.1 200")
        assert answer.endswith(b"5")

    def test_106_refuses_a_long_body_by_its_length(self, port: int) -> None:
        answer = ask(port, "POST /entrar/ HTTP/1.1\nHost: x\nContent-Length: 99999999", b"abcde")

        assert answer.startswith(b"HTTP/1.1 413")

    def test_106_counts_a_chunked_body(self, port: int) -> None:
        piece = b"%x\r\n" % MEGABYTE + bytes(MEGABYTE) + b"\r\n"

        answer = ask(port, "POST /entrar/ HTTP/1.1\nHost: x\nTransfer-Encoding: chunked", piece, piece, piece)

        assert answer.startswith(b"HTTP/1.1 413")

    def test_106_reads_no_more_than_a_lying_length_says(self, port: int) -> None:
        answer = ask(
            port, "POST /entrar/ HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 3", b"abc" + bytes(MEGABYTE)
        )

        assert b"\r\n\r\n3" in answer

    def test_106_a_slow_body_holds_up_nobody(self, port: int) -> None:
        slow = [socket.create_connection(("127.0.0.1", port)) for _number in range(10)]
        for line in slow:
            line.sendall(b"POST /entrar/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab")
        started = time.monotonic()

        answer = ask(port, "POST /entrar/ HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 5", b"abcde")

        for line in slow:
            line.close()
        assert answer.startswith(b"HTTP/1.1 200")
        assert time.monotonic() - started < 2

    def test_many_at_once_are_all_answered_in_turn(self, port: int) -> None:
        head = b"GET /devagar/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        lines = [socket.create_connection(("127.0.0.1", port), timeout=10) for _number in range(6)]
        started = time.monotonic()
        for line in lines:
            line.sendall(head)

        answers = [line.recv(65536) for line in lines]

        assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)
        assert time.monotonic() - started > 0.85  # three rounds of two
