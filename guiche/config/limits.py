"""What stands between the server and Django: how much a request may bring, how long it may take, how many at once.

Plain ASGI, because Django stores a whole body before anybody can say no.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from html import escape
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

# Any: a message of ASGI is a dictionary of whatever its type says.
Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)

ONE_FILE = 21 * 1024 * 1024
FORM_WITH_FILES = 210 * 1024 * 1024
ANYTHING_ELSE = 2_621_440
# The first that matches. A form without JavaScript carries its ten files itself.
LIMITS = (
    (re.compile(r"/rascunho/$"), ANYTHING_ELSE),
    (re.compile(r"^/arquivos/"), ONE_FILE),
    (re.compile(r"^/(mesa/)?chamados/([^/]+/)+$"), FORM_WITH_FILES),
    (re.compile(r"/(foto|logotipo|marca|importar)/$"), ONE_FILE),
)
HEADER_BYTES = 64 * 1024
HEADER_COUNT = 200
PATH_BYTES = 8 * 1024
IDLE_SECONDS = 60.0
UPLOAD_SECONDS = 45 * 60.0  # for all of a body, at whatever speed
TURN_SECONDS = 10.0
STREAM = "/ao-vivo/"


class Answered(Exception):
    """The request ends here, with this status and sentence."""

    def __init__(self, status: int, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after


class UploadLimits:
    """Refuses a body that is larger than its address allows, as its bytes arrive, and one that arrives too slowly."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        try:
            with translation.override(settings.LANGUAGE_CODE):
                _check_headers(scope)
                body = _CountedBody(receive, limit=limit_of(scope["path"]))
            await self.app(scope, body.receive, answer.send)
        except Answered as ending:
            await answer.end(ending)


class Bounded:
    """Lets only so many requests be worked on at once: each takes a thread and a database connection.

    A request takes its turn when its body is here and gives it back when its answer starts, so that a slow
    line holds nobody up. Whoever waits ten seconds is told to come back. The live stream takes no turn.
    """

    def __init__(self, app: App, *, at_once: int) -> None:
        self.app = app
        self.turns = asyncio.Semaphore(at_once)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"].startswith(STREAM):
            await self.app(scope, receive, send)
        else:
            await self._in_turn(scope, receive, send)

    async def _in_turn(self, scope: Scope, receive: Receive, send: Send) -> None:
        turn, answer = _Turn(self.turns), _Answer(scope, send)

        async def receive_in_turn() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body", False):
                await turn.take()
            return message

        async def send_and_leave(message: Message) -> None:
            turn.leave()
            await answer.send(message)

        try:
            await self.app(scope, receive_in_turn, send_and_leave)
        except Answered as ending:
            await answer.end(ending)
        finally:
            turn.leave()


class _Turn:
    """One request's place among those being worked on."""

    def __init__(self, turns: asyncio.Semaphore) -> None:
        self.turns = turns
        self.taken = False

    async def take(self) -> None:
        try:
            await asyncio.wait_for(self.turns.acquire(), TURN_SECONDS)
        except TimeoutError:
            raise Answered(503, _busy(), retry_after=15) from None
        self.taken = True

    def leave(self) -> None:
        if self.taken:
            self.taken = False
            self.turns.release()


class _CountedBody:
    """The body of one request: counts what arrives, and does not wait for ever."""

    def __init__(self, receive: Receive, *, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._size = 0
        self._complete = False
        self._deadline: float | None = None

    async def receive(self) -> Message:
        if self._complete:  # what Django asks for now is only whether the client is still there
            return await self._receive()
        message = await self._next()
        self._size += len(message.get("body", b""))
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        if self._size > self._limit:
            raise Answered(413, _too_large(self._limit))
        return message

    async def _next(self) -> Message:
        now = asyncio.get_running_loop().time()
        self._deadline = self._deadline or now + UPLOAD_SECONDS
        try:
            return await asyncio.wait_for(self._receive(), min(IDLE_SECONDS, self._deadline - now))
        except TimeoutError:
            raise Answered(408, _too_slow()) from None


class _Answer:
    """The way back to the client: ends a request with a sentence, unless its answer has begun already."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._begun = False

    async def send(self, message: Message) -> None:
        self._begun = True
        await self._send(message)

    async def end(self, ending: Answered) -> None:
        log.warning("%s %r ended with %s", self._scope["method"], self._scope["path"], ending.status)
        if self._begun:
            return
        kind, body = self._worded(ending)
        headers = [
            (b"content-type", kind),
            (b"content-length", str(len(body)).encode()),
            (b"content-security-policy", b"default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
        ]
        if str(self._scope.get("http_version", "1.1")).startswith("1"):
            headers.append((b"connection", b"close"))  # the rest of the body is not read
        if ending.retry_after:
            headers.append((b"retry-after", str(ending.retry_after).encode()))
        with suppress(OSError, RuntimeError):  # a client that went away reads no answer
            await self._send({"type": "http.response.start", "status": ending.status, "headers": headers})
            await self._send({"type": "http.response.body", "body": body})

    def _worded(self, ending: Answered) -> tuple[bytes, bytes]:
        """Return the type and the bytes of the sentence: a small page for people, a line of text for scripts."""
        given = dict(self._scope["headers"])
        if b"hx-request" in given or b"text/html" not in given.get(b"accept", b""):
            return b"text/plain; charset=utf-8", ending.message.encode()
        with translation.override(settings.LANGUAGE_CODE):
            title, back = _("This did not arrive"), _("Go back: what you typed is still in the page.")
        return b"text/html; charset=utf-8", _page(title, ending.message, back).encode()


def _page(title: str, message: str, back: str) -> str:
    """Return a page that looks as the others that say no, made of nothing but these words and our stylesheets."""
    from guiche.web import icons, stylesheets  # after Django is set up

    links = "".join(f'<link rel="stylesheet" href="{escape(one)}">' for one in stylesheets.addresses("public"))
    return (
        f'<!doctype html><html lang="{settings.LANGUAGE_CODE}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        f"{links}<title>{escape(title)}</title></head>"
        '<body><main id="conteudo" class="wrap page"><div class="panel"><div class="empty">'
        f"{icons.icon('alert')}<h1>{escape(title)}</h1><p>{escape(message)}</p><p>{escape(back)}</p>"
        "</div></div></main></body></html>"
    )


def limit_of(path: str) -> int:
    """Return how many bytes of body the address at `path` takes."""
    return next((limit for address, limit in LIMITS if address.search(path)), ANYTHING_ELSE)


def _check_headers(scope: Scope) -> None:
    """Raise Answered when the headers alone say that this request is not to be read."""
    headers = scope["headers"]
    if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > PATH_BYTES:
        raise Answered(414, _("This address is too long."))
    if len(headers) > HEADER_COUNT or sum(len(name) + len(value) for name, value in headers) > HEADER_BYTES:
        raise Answered(431, _("The browser sent too much with this request. Clear the cookies of this site."))
    lengths = [value for name, value in headers if name == b"content-length"]
    if any(not re.fullmatch(rb"[0-9]{1,15}", length) for length in lengths) or len(set(lengths)) > 1:
        raise Answered(400, _("The length of this request makes no sense."))
    limit = limit_of(scope["path"])
    if lengths and int(lengths[0]) > limit:
        raise Answered(413, _too_large(limit))


async def _live(receive: Receive, send: Send) -> None:
    """Follow the server through its start and its end; nothing of ours is to be prepared or cleared."""
    while (await receive())["type"] == "lifespan.startup":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


def _too_large(limit: int) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        if limit == ANYTHING_ELSE:
            return _("This is too much for one page. Send long texts as a file.")
        if limit == ONE_FILE:
            return _("The file is larger than the limit of %d MB. Send a smaller file.") % _megabytes()
        words = {"count": settings.FILE_COUNT_LIMIT, "limit": _megabytes()}
        return _("The files are too large: the limit is %(count)d files of %(limit)d MB each.") % words


def _megabytes() -> int:
    return int(settings.FILE_SIZE_LIMIT) // (1024 * 1024)


def _too_slow() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("The connection stopped in the middle of sending. Try again.")


def _busy() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("Many people are here at this moment. Try again in a few seconds.")
