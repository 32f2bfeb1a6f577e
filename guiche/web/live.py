"""The one stream: what changed, for whom, from LISTEN/NOTIFY to server-sent events.

One connection to the database listens for all streams of a process. A stream holds no thread and no connection of the
pool: Django answers who it is, then `Streams` goes on by itself. It says only *this changed*; the page asks for the
fragment, which goes through `visible_to`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from django.db import DatabaseError, connections
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guiche.core.events import CHANNEL
from guiche.web import sights
from guiche.web.http import Request
from guiche.web.sights import SHARING, Notice, Sight

ADDRESS = "/ao-vivo/"
SLOT = "guiche.live"  # where the view leaves who it is, in the scope of its request
BEAT_SECONDS = 20.0
CHECK_SECONDS = 60.0  # sessions
SIGHT_SECONDS = 180.0
JOIN_SECONDS = 10.0
GAP_SECONDS = 1.0  # between two messages of a stream: changes meanwhile go together
RETRY_MILLISECONDS = 3000
STREAMS_PER_PERSON = 10
MOST_WAITING = 200  # changes; a page that misses more asks for everything
ADMITTED_AT_ONCE = 2
EVERYTHING = "*"

log = logging.getLogger(__name__)
_Found = TypeVar("_Found")
Scope = dict[str, Any]  # Any, here and below: messages of ASGI are dictionaries of whatever their type says
App = Callable[[Scope, Any, Any], Any]


@require_safe
def stream(request: Request) -> HttpResponse:
    """Let `Streams` go on for whoever is signed in. Without it there is no stream, and pages ask by themselves."""
    slot = getattr(request, "scope", {}).get(SLOT)
    if slot is None or request.method != "GET":
        return HttpResponse(status=204)
    slot.append((request.user.pk, request.session.session_key))
    return HttpResponse(content_type="text/event-stream")


class Stream:
    """One browser that listens: what it has not been told yet."""

    __slots__ = ("_news", "_waiting", "has_ended", "key", "user_id")

    def __init__(self, user_id: int, key: str) -> None:
        self.user_id = user_id
        self.key = key
        self.has_ended = False
        self._waiting: dict[str, None] = {}  # in order, each once
        self._news = asyncio.Event()

    def tell(self, subject: str) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self._waiting = {}
            subject = EVERYTHING
        self._waiting[subject] = None
        self._news.set()

    def end(self) -> None:
        self.has_ended = True
        self._news.set()

    async def next(self) -> bytes:
        """Wait for news, at most until the next beat, and return what to send; nothing when it has ended."""
        with suppress(TimeoutError):
            async with asyncio.timeout(BEAT_SECONDS):
                await self._news.wait()
        if self.has_ended:
            return b""
        self._news.clear()
        told, self._waiting = self._waiting, {}
        if not told:
            return b"event: beat\ndata: 1\n\n"
        return "".join(f"id: 1\ndata: {subject}\n\n" for subject in told).encode()


class Hub:
    """All streams of this process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self._streams: dict[int, set[Stream]] = {}
        self._sights: dict[int, Sight] = {}
        self._stale: set[int] = set()  # whose sight may have changed
        self._held: list[Notice] = []  # of sharing: passed on to those who see it once sights are read again
        self._wake = asyncio.Event()
        self._listens = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        # One thread, whatever the number of streams, for what is asked of the database.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")

    def count(self, user_id: int) -> int:
        return len(self._streams.get(user_id, ()))

    async def join(self, stream: Stream) -> None:
        """Begin to tell `stream` what its person may hear of. Raises DatabaseError or TimeoutError when that fails."""
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._keep())]
        self._streams.setdefault(stream.user_id, set()).add(stream)
        if stream.user_id not in self._sights:
            await self._read_sights([stream.user_id])
        await asyncio.wait_for(self._listens.wait(), JOIN_SECONDS)

    def leave(self, stream: Stream) -> None:
        own = self._streams.get(stream.user_id, set())
        own.discard(stream)
        if not own:
            self._streams.pop(stream.user_id, None)
            self._sights.pop(stream.user_id, None)

    async def close(self) -> None:
        """End every stream and stop listening."""
        for stream in self._all():
            stream.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._thread.shutdown(wait=False)

    def take(self, notice: Notice) -> None:
        """Pass `notice` on to those who may hear of it."""
        if notice.get("kind") == "bell":
            self._tell(notice.get("people", ()), "bell")
        elif notice.get("ticket") is None:
            self._doubt(notice)
        else:
            self._tell([user_id for user_id, sight in self._sights.items() if sight.sees(notice)], *_subjects(notice))
            if notice.get("kind") in SHARING:
                self._held.append(notice)
                self._wake.set()

    def _tell(self, user_ids: Iterable[int], *subjects: str) -> None:
        for user_id in user_ids:
            for stream in self._streams.get(user_id, ()):
                for subject in subjects:
                    stream.tell(subject)

    def _doubt(self, notice: Notice) -> None:
        """Something about people, organisations or teams changed: read again what is seen by whom it concerns."""
        person = notice.get("person")
        self._stale |= {person} & self._streams.keys() if person is not None else self._streams.keys()
        if self._stale:
            self._wake.set()

    def _all(self) -> list[Stream]:
        return [stream for own in self._streams.values() for stream in own]

    async def _listen(self) -> None:
        """Listen for ever; after a break, pages ask for everything, because nobody knows what was missed."""
        missed = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_connection(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._listens.set()
                    if missed:
                        self._stale |= self._streams.keys()
                        self._wake.set()
                        self._tell(list(self._streams), EVERYTHING)
                    while True:
                        await self._hear(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("The live stream lost the database: %s", error)
                self._listens.clear()
                missed = True
                await asyncio.sleep(1.0)

    async def _hear(self, connection: psycopg.AsyncConnection[Any]) -> None:
        """Take notices for a while, then make sure that the connection is not a dead one."""
        async for notice in connection.notifies(timeout=BEAT_SECONDS):
            with suppress(ValueError):
                self.take(json.loads(notice.payload))
        await connection.execute("SELECT 1")

    async def _keep(self) -> None:
        """Read sights again where they may have changed, and end the streams of sessions that are over."""
        loop = asyncio.get_running_loop()
        next_reading = loop.time() + SIGHT_SECONDS
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(CHECK_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            if loop.time() >= next_reading:
                next_reading = loop.time() + SIGHT_SECONDS
                self._stale |= self._streams.keys()
            try:
                await self._catch_up()
            except Exception:  # the edge of a job that must go on: the database may be away for a moment
                log.exception("The live stream could not read who sees what")
                await asyncio.sleep(1.0)
                self._wake.set()

    async def _catch_up(self) -> None:
        held, self._held = self._held, []
        stale, self._stale = self._stale & self._streams.keys(), set()
        try:
            await self._end_signed_out()
            stale |= await self._sharing(held)
            await self._read_sights(stale)
        except Exception:
            self._held, self._stale = held + self._held, stale | self._stale
            raise
        for notice in held:
            seeing = [user_id for user_id in stale if user_id in self._sights and self._sights[user_id].sees(notice)]
            self._tell(seeing, *_subjects(notice))

    async def _sharing(self, held: list[Notice]) -> set[int]:
        """Return whose sight changed because somebody joined or left these tickets."""
        if not held:
            return set()
        numbers = {notice["ticket"] for notice in held}
        joined = await self._ask(lambda: sights.taking_part(numbers, list(self._streams)))
        return joined | {user_id for user_id, sight in self._sights.items() if sight.shared & numbers}

    async def _end_signed_out(self) -> None:
        keys = [stream.key for stream in self._all()]
        if not keys:
            return
        good = await self._ask(lambda: sights.signed_in(keys, at=timezone.now()))
        for stream in self._all():
            if stream.key in keys and stream.key not in good:
                stream.end()

    async def _read_sights(self, user_ids: Iterable[int]) -> None:
        wanted = set(user_ids)
        if not wanted:
            return
        found = await self._ask(lambda: sights.load(wanted))
        for user_id in wanted & self._streams.keys():
            self._sights[user_id] = found.get(user_id, Sight(user_id=user_id))

    async def _ask(self, question: Callable[[], _Found]) -> _Found:
        """Return the answer of the database, asked in our thread; its connection goes back at once."""

        def asked() -> _Found:
            try:
                return question()
            finally:
                connections.close_all()

        return await asyncio.get_running_loop().run_in_executor(self._thread, asked)


class Streams:
    """Answers the address of the stream once Django has said who asks; passes everything else on."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.hub: Hub | None = None
        self._door = asyncio.Semaphore(ADMITTED_AT_ONCE)  # after a restart all browsers come at once

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != ADDRESS:
            await self.app(scope, receive, send)
            return
        people: list[tuple[int, str]] = []
        answer: list[dict[str, Any]] = []

        async def keep(message: dict[str, Any]) -> None:
            answer.append(message)

        async with self._door:
            await self.app({**scope, SLOT: people}, _Asked().receive, keep)
        if not people:
            for message in answer:
                await send(message)
            return
        self.hub = self.hub or Hub()
        user_id, key = people[0]
        if self.hub.count(user_id) >= STREAMS_PER_PERSON:  # 204 tells a browser not to try again
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        missed = any(name == b"last-event-id" for name, _value in scope["headers"])
        with suppress(OSError, RuntimeError):  # the browser went away
            await send({**answer[0], "headers": _streaming(answer[0]["headers"])})
            await self._follow(self.hub, Stream(user_id, key), receive, send, missed=missed)

    async def _follow(self, hub: Hub, stream: Stream, receive: Any, send: Any, *, missed: bool) -> None:
        gone = asyncio.create_task(_end_when_gone(stream, receive))
        try:
            await _part(send, f"retry: {RETRY_MILLISECONDS}\n\n".encode())
            await hub.join(stream)
            if missed:
                stream.tell(EVERYTHING)
            while message := await stream.next():
                await _part(send, message)
                await asyncio.sleep(GAP_SECONDS)
        except (DatabaseError, TimeoutError):
            log.warning("A live stream could not begin")  # the browser tries again by itself
        finally:
            gone.cancel()
            hub.leave(stream)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Asked:
    """The body of the request as Django reads it: empty, and then silence. Ours is the one that hears the end."""

    def __init__(self) -> None:
        self._given = False

    async def receive(self) -> dict[str, Any]:
        if self._given:
            await asyncio.Event().wait()
        self._given = True
        return {"type": "http.request", "body": b"", "more_body": False}


async def _end_when_gone(stream: Stream, receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


async def _part(send: Any, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def _streaming(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers of Django's answer as those of one without end, that no proxy keeps back."""
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*kept, (b"x-accel-buffering", b"no")]


def _subjects(notice: Notice) -> tuple[str, ...]:
    """Return what pages wait for: the ticket, and "tickets" for lists of them."""
    return f"ticket:{notice['ticket']}", "tickets"


def _connection() -> dict[str, Any]:
    """Return how to reach the database, outside the pool."""
    known = connections["default"].settings_dict
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {key: known[name] for key, name in named.items() if known.get(name)}
    options = {key: value for key, value in known["OPTIONS"].items() if key.startswith(("ssl", "target", "connect"))}
    return {"connect_timeout": 10, "keepalives_idle": 30, "application_name": "guiche live", **options, **given}
