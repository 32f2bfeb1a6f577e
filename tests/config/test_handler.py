"""One thread a request: what a page leaves behind does not reach the next one."""

import asyncio
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import translation

from guiche.config.handler import Handler
from guiche.web.downloads import _streamed

pytestmark = pytest.mark.django_db(transaction=True)


def ask(handler: Handler, address: str, body: bytes = b"") -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/octet-stream")],
    }
    asyncio.run(handler(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def spoken(request: HttpRequest) -> HttpResponse:
    before = translation.get_language()
    translation.activate("es")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(before)


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body)


def pieces(request: HttpRequest) -> Any:
    return _streamed(iter([b"one ", b"two"]), {})


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a bug")


urlpatterns = [
    path("spoken", spoken),
    path("echo", echo),
    path("pieces", pieces),
    path("broken", broken),
]
handler500 = "guiche.web.public.errors.server_error"


@pytest.fixture
def handler(settings: Any) -> Handler:
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    return Handler()


class TestAnswer:
    def test_gives_the_next_request_nothing_of_the_last(self, handler: Handler) -> None:
        first = ask(handler, "/spoken")

        assert [ask(handler, "/spoken") for _again in range(10)] == [first] * 10

    def test_ends_each_request_once(self, handler: Handler) -> None:
        ended: list[object] = []
        note = lambda sender, **_: ended.append(sender)  # noqa: E731  # a receiver is held weakly: it needs a name
        request_finished.connect(note)
        try:
            ask(handler, "/echo", b"x")
            ask(handler, "/pieces")
            ask(handler, "/nowhere")
        finally:
            request_finished.disconnect(note)

        assert ended == [Handler] * 3

    def test_reads_a_body_and_streams_an_answer(self, handler: Handler) -> None:
        assert ask(handler, "/echo", b"words") == (200, b"words")
        assert ask(handler, "/pieces") == (200, b"one two")

    def test_answers_a_bug_with_500(self, handler: Handler, settings: Any) -> None:
        status, said = ask(handler, "/broken")

        assert status == 500
        assert b"a bug" not in said


def test_a_static_file_is_sent_in_pieces_without_a_warning(recwarn: pytest.WarningsRecorder, settings: Any) -> None:
    settings.WHITENOISE_USE_FINDERS = True
    source = (settings.BASE_DIR / "guiche/web/static/js/auto-save.js").read_bytes()

    status, body = ask(Handler(), "/static/js/auto-save.js")

    assert (status, body) == (200, source)
    assert [str(one.message) for one in recwarn if "iterators" in str(one.message)] == []
