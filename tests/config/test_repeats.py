"""A request that the database stopped in favour of another one is done again, and nothing is done twice (case 220)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import path

from guiche.accounts.models import Team, User
from guiche.config import repeats
from guiche.config.handler import Handler
from guiche.tickets.models import Comment, Ticket
from tests.factories.tickets import make_ticket
from tests.operations.persons import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "A lentidão voltou depois do almoço."
STOP = "DO $$ BEGIN RAISE EXCEPTION 'stopped' USING ERRCODE = '{}'; END $$"  # the very code that a deadlock has
calls: list[str] = []


def ask(handler: Handler, address: str, body: bytes = b"", kind: str = "text/plain", cookies: str = "") -> Any:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = {"host": "127.0.0.1", "content-type": kind, "content-length": str(len(body)), "cookie": cookies}
    scope = {
        "type": "http",
        "method": "POST" if body else "GET",
        "path": address,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(handler(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def stop(code: str = "40P01") -> None:
    with connection.cursor() as cursor:
        cursor.execute(STOP.format(code))


def once(request: HttpRequest) -> HttpResponse:
    """Is stopped the first time, after it wrote in a transaction."""
    calls.append(request.POST.get("words", "") or request.body.decode())
    with transaction.atomic():
        Team.objects.create(name=f"Team {len(calls)}", slug=f"team-{len(calls)}")
        if len(calls) == 1:
            stop()
    upload = request.FILES.get("file")
    return HttpResponse(upload.read() if upload else calls[-1])


def always(request: HttpRequest, code: str) -> HttpResponse:
    calls.append(code)
    stop(code)
    return HttpResponse()


def after_saving(request: HttpRequest) -> HttpResponse:
    calls.append("")
    Team.objects.create(name=f"Team {len(calls)}", slug=f"team-{len(calls)}")
    stop()
    return HttpResponse()


def after_a_job(request: HttpRequest) -> HttpResponse:
    from guiche.accounts import tasks

    calls.append("")
    tasks.answer_access_request.defer(request_id=0)
    stop()
    return HttpResponse()


def after_it_was_taken_back(request: HttpRequest) -> HttpResponse:
    """Saved inside a savepoint that was rolled back: nothing is left of it."""
    calls.append("")
    with transaction.atomic():
        try:
            with transaction.atomic():
                Team.objects.create(name="Nobody", slug="nobody")
                raise ValueError
        except ValueError:
            pass
    if len(calls) == 1:
        stop()
    return HttpResponse("done")


urlpatterns = [
    path("once", once),
    path("always/<str:code>", always),
    path("after-saving", after_saving),
    path("after-a-job", after_a_job),
    path("after-it-was-taken-back", after_it_was_taken_back),
]
handler500 = "guiche.web.public.errors.server_error"


@pytest.fixture
def handler(settings: Any) -> Handler:
    settings.ROOT_URLCONF, settings.MIDDLEWARE = __name__, []
    calls.clear()
    return Handler()


class TestRepeating:
    def test_does_it_again_from_the_first_byte(self, handler: Handler) -> None:
        assert ask(handler, "/once", b"all of it") == (200, b"all of it")
        assert calls == ["all of it", "all of it"]
        assert list(Team.objects.filter(slug__startswith="team-").values_list("slug", flat=True)) == ["team-2"]

    def test_reads_a_form_and_its_files_again(self, handler: Handler) -> None:
        content = b"x" * 3_000_000  # more than is kept in memory
        form = encode_multipart(BOUNDARY, {"words": WORDS, "file": SimpleUploadedFile("a.txt", content)})

        assert ask(handler, "/once", form, MULTIPART_CONTENT) == (200, content)
        assert calls == [WORDS, WORDS]

    def test_gives_up_after_the_third_time(self, handler: Handler) -> None:
        status, _said = ask(handler, "/always/40P01")

        assert (status, len(calls)) == (503, 3)

    @pytest.mark.parametrize("code", ["55P03", "57014", "08006", "57P01"])
    def test_leaves_other_failures_of_the_database_alone(self, handler: Handler, code: str) -> None:
        ask(handler, f"/always/{code}")

        assert len(calls) == 1

    def test_a_serialization_failure_is_one_too(self, handler: Handler) -> None:
        ask(handler, "/always/40001")

        assert len(calls) == 3

    @pytest.mark.parametrize("address", ["/after-saving", "/after-a-job"])
    def test_never_does_again_what_was_saved(self, handler: Handler, address: str) -> None:
        assert ask(handler, address)[0] == 503
        assert len(calls) == 1

    def test_what_was_taken_back_was_not_saved(self, handler: Handler) -> None:
        assert ask(handler, "/after-it-was-taken-back") == (200, b"done")


@pytest.fixture
def asked(bruno: User) -> tuple[Handler, Ticket, bytes, str]:
    """The whole product, and Bruno's comment on his ticket as his browser posts it."""
    ticket = make_ticket(requester=bruno)
    client = Client()
    client.force_login(bruno)
    client.get(f"/chamados/{ticket.number}/")
    cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
    token = client.cookies["guiche-csrf"].value
    form = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": token, "body": WORDS})
    return Handler(), ticket, form, cookies


@contextmanager
def somebody_else() -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own. Whoever began to wait first looks for a deadlock first, and is stopped: the request."""
    given = connection.get_connection_params()
    names = {"host", "port", "user", "password", "dbname"}
    with psycopg.connect(**{name: value for name, value in given.items() if name in names}) as other:
        yield other


def crossed(handler: Handler, ticket: Ticket, form: bytes, cookies: str) -> int:
    """Let the comment wait for the person's row, then want its ticket, which it has locked. Return its status."""
    answers: list[tuple[int, bytes]] = []
    address = f"/chamados/{ticket.number}/comentar/"
    posting = threading.Thread(target=lambda: answers.append(ask(handler, address, form, MULTIPART_CONTENT, cookies)))
    with somebody_else() as other:
        other.execute("SELECT 1 FROM accounts_user WHERE id = %s FOR UPDATE", [ticket.requester_id])
        posting.start()
        wait_until(somebody_waits, seconds=10)
        other.execute("SELECT 1 FROM tickets_ticket WHERE id = %s FOR UPDATE", [ticket.pk])
        other.commit()
    posting.join()
    return answers[0][0]


def somebody_waits() -> bool:
    asked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchone() is not None


class TestDeadlock:
    def test_case_220_two_that_block_each_other_both_get_through(self, asked: Any) -> None:
        assert crossed(*asked) == 302
        assert [comment.body for comment in Comment.objects.filter(ticket=asked[1])][-1:] == [WORDS]
        assert Comment.objects.filter(body=WORDS).count() == 1

    def test_case_220_without_the_repeat_one_is_lost(self, asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(repeats, "AGAIN", 0)

        assert crossed(*asked) == 503
        assert not Comment.objects.filter(body=WORDS).exists()
