"""The one stream, in a loop of its own over the real database and the real Django."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from guiche.accounts import sessions
from guiche.accounts.models import Session, User
from guiche.config.asgi import pages
from guiche.notifications import actions as notices
from guiche.tickets.actions import conversation, sharing
from guiche.tickets.models import Ticket
from guiche.web import live, sights
from guiche.web.live import Hub, Stream, Streams
from tests.factories.tickets import NOON, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a second in these tests."""
    monkeypatch.setattr(live, "GAP_SECONDS", 0.0)
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.5)


def session_of(user: User) -> str:
    """Return the key of a session in which `user` has just signed in."""
    store = sessions.SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.start(store, user, device="", address=None, at=timezone.now())
    store.save()
    assert store.session_key
    return store.session_key


class Browser:
    """One EventSource: what the application sent it, read message by message."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.start: dict[str, Any] = {}
        self.parts: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._asked = False

    def scope(self, **more: Any) -> dict[str, Any]:
        headers = [(b"host", b"127.0.0.1"), (b"accept", b"text/event-stream"), (b"accept-encoding", b"gzip")]
        if self.key:
            headers.append((b"cookie", f"guiche={self.key}".encode()))
        return {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/ao-vivo/",
            "raw_path": b"/ao-vivo/",
            "query_string": b"",
            "headers": headers + more.pop("headers", []),
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
            **more,
        }

    async def receive(self) -> dict[str, Any]:
        if self._asked:
            await self._gone.wait()
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.start = dict(message)
        elif message.get("body"):
            self.parts.put_nowait(message["body"])
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.parts.put_nowait(None)

    def leave(self) -> None:
        self._gone.set()

    async def heard(self, *, within: float = 0.7) -> list[str]:
        """Return the subjects heard from now on, for a while; "end" when the stream ends."""
        subjects: list[str] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while part := await self.parts.get():
                    subjects += [line[6:] for line in part.decode().split("\n") if line.startswith("data: ")]
                subjects.append("end")
        return subjects


class House:
    """The application in this loop, and the browsers that look at it."""

    def __init__(self) -> None:
        self.app = Streams(pages())
        self.tasks: list[asyncio.Task[None]] = []
        self.browsers: list[Browser] = []

    async def opens(self, key: str, **scope: Any) -> Browser:
        browser = Browser(key)
        self.tasks.append(asyncio.create_task(self.app(browser.scope(**scope), browser.receive, browser.send)))
        self.browsers.append(browser)
        while not browser.start:
            await asyncio.sleep(0.01)
        if browser.start["status"] == 200:
            assert await browser.parts.get() == b"retry: 3000\n\n"
            while self.app.hub is None or not self.app.hub._listens.is_set() or not self.app.hub._sights:
                await asyncio.sleep(0.01)
        return browser


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    built = House()
    try:
        yield built
    finally:
        for browser in built.browsers:
            browser.leave()
        if built.app.hub:
            await built.app.hub.close()
        await asyncio.gather(*built.tasks, return_exceptions=True)


def run(story: Callable[[House], Awaitable[None]]) -> None:
    async def told() -> None:
        async with house() as built:
            await asyncio.wait_for(story(built), 30)

    asyncio.run(told())


async def does(work: Callable[[], object]) -> None:
    """Do `work` as another process would: in a thread with a connection of its own."""

    def done() -> None:
        try:
            work()
        finally:
            connections.close_all()

    await asyncio.to_thread(done)


def without_beats(subjects: list[str]) -> list[str]:
    return [subject for subject in subjects if subject != "1"]


class TestStream:
    def test_says_that_a_ticket_changed(self, ana: User, bruno: User) -> None:
        ticket, key = make_ticket(requester=bruno), session_of(bruno)

        async def story(house: House) -> None:
            browser = await house.opens(key)
            await does(lambda: conversation.comment(ticket, by=ana, at=NOON, body="Segredo do cofre"))
            assert without_beats(await browser.heard()) == [f"ticket:{ticket.number}", "tickets"]

        run(story)

    def test_says_nothing_of_what_was_rolled_back(self, ana: User, bruno: User) -> None:
        from django.db import transaction

        ticket, key = make_ticket(requester=bruno), session_of(bruno)

        def undone() -> None:
            with transaction.atomic():
                conversation.comment(ticket, by=ana, at=NOON, body="Não")
                transaction.set_rollback(True)

        async def story(house: House) -> None:
            browser = await house.opens(key)
            await does(undone)
            assert without_beats(await browser.heard()) == []

        run(story)

    def test_rings_the_bell_of_those_who_were_told(self, ana: User, bruno: User, carla: User) -> None:
        ticket, key, other = make_ticket(requester=bruno), session_of(bruno), session_of(carla)
        conversation.comment(ticket, by=ana, at=NOON, body="Oi")
        activity = ticket.timeline.order_by("id").last()
        assert activity

        async def story(house: House) -> None:
            mine, theirs = await house.opens(key), await house.opens(other)
            await does(lambda: notices.tell(activity, at=NOON))
            assert "bell" in await mine.heard()
            assert without_beats(await theirs.heard()) == []

        run(story)

    def test_44_carla_and_customers_hear_no_note(self, ana: User, bruno: User, carla: User) -> None:
        ticket = make_ticket(requester=bruno)
        keys = {user.first_name: session_of(user) for user in (ana, bruno, carla)}

        async def story(house: House) -> None:
            browsers = {name: await house.opens(key) for name, key in keys.items()}
            await does(lambda: conversation.note(ticket, by=ana, at=NOON, body="Só entre nós"))
            heard = {name: without_beats(await browser.heard()) for name, browser in browsers.items()}
            assert heard == {"Ana": [f"ticket:{ticket.number}", "tickets"], "Bruno": [], "Carla": []}

        run(story)

    def test_somebody_added_hears_from_then_on_and_once_removed_no_more(
        self, ana: User, bruno: User, carla: User
    ) -> None:
        ticket, key = make_ticket(requester=bruno), session_of(carla)

        async def story(house: House) -> None:
            browser = await house.opens(key)
            await does(lambda: sharing.share(ticket, "carla@bela.example", by=ana, at=NOON))
            assert f"ticket:{ticket.number}" in await browser.heard()
            await does(lambda: conversation.comment(ticket, by=ana, at=NOON, body="Oi"))
            assert f"ticket:{ticket.number}" in await browser.heard()
            row = await asyncio.to_thread(lambda: _asked(lambda: ticket.participants.get().pk))
            await does(lambda: sharing.stop_sharing(ticket, by=ana, at=NOON, participant_id=row))
            await browser.heard()
            await does(lambda: conversation.comment(ticket, by=ana, at=NOON, body="Oi de novo"))
            assert without_beats(await browser.heard()) == []

        run(story)

    def test_beats_while_nothing_happens(self, bruno: User) -> None:
        key = session_of(bruno)

        async def story(house: House) -> None:
            browser = await house.opens(key)
            assert await browser.parts.get() == b"event: beat\ndata: 1\n\n"

        run(story)

    def test_a_browser_that_comes_back_asks_for_everything(self, bruno: User) -> None:
        key = session_of(bruno)

        async def story(house: House) -> None:
            browser = await house.opens(key, headers=[(b"last-event-id", b"1")])
            assert (await browser.heard())[0] == "*"

        run(story)

    def test_is_neither_kept_nor_compressed(self, bruno: User) -> None:
        key = session_of(bruno)

        async def story(house: House) -> None:
            headers = dict((await house.opens(key)).start["headers"])
            assert headers[b"Content-Type"] == b"text/event-stream"
            assert headers[b"Cache-Control"] == b"no-store"
            assert headers[b"x-accel-buffering"] == b"no"
            assert not {b"Content-Encoding", b"Content-Length"} & headers.keys()

        run(story)

    def test_nobody_signed_in_has_no_stream(self) -> None:
        async def story(house: House) -> None:
            assert (await house.opens("")).start["status"] == 302

        run(story)

    def test_a_person_has_only_so_many(self, bruno: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(live, "STREAMS_PER_PERSON", 2)
        key = session_of(bruno)

        async def story(house: House) -> None:
            assert [(await house.opens(key)).start["status"] for _tab in range(3)] == [200, 200, 204]

        run(story)

    def test_leaves_nothing_behind_when_the_browser_goes(self, bruno: User) -> None:
        key = session_of(bruno)

        async def story(house: House) -> None:
            browser = await house.opens(key)
            browser.leave()
            assert (await browser.heard())[-1] == "end"
            await house.tasks[0]
            assert house.app.hub
            assert (house.app.hub.count(bruno.pk), house.app.hub._sights) == (0, {})

        run(story)

    def test_without_the_streams_around_it_there_is_none(self, bruno: User, client: Client) -> None:
        client.force_login(bruno)

        assert client.get("/ao-vivo/").status_code == 204


def _asked(question: Callable[[], Any]) -> Any:
    try:
        return question()
    finally:
        connections.close_all()


class TestEnd:
    """A stream ends with its session; it never counts as using it."""

    def test_ends_when_the_person_signs_out_elsewhere(self, bruno: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(live, "CHECK_SECONDS", 0.2)
        key = session_of(bruno)

        async def story(house: House) -> None:
            browser = await house.opens(key)
            await does(lambda: sessions.end_all(bruno))
            assert (await browser.heard())[-1] == "end"

        run(story)

    def test_217_ends_at_once_when_the_person_is_deactivated(self, bruno: User) -> None:
        key = session_of(bruno)

        def deactivate() -> None:
            from django.db import transaction

            from guiche.core.events import announce

            with transaction.atomic():
                User.objects.filter(pk=bruno.pk).update(is_active=False)
                announce({"kind": "person.deactivated", "internal": False, **bruno.announcement()})

        async def story(house: House) -> None:
            browser = await house.opens(key)
            await does(deactivate)
            assert (await browser.heard())[-1] == "end"

        run(story)

    @pytest.mark.parametrize(
        ("change", "good"),
        [
            (lambda session, data: None, True),
            (lambda session, data: data.update(_seen=(timezone.now() - timedelta(hours=13)).isoformat()), False),
            (lambda session, data: data.update({HASH_SESSION_KEY: "of another password"}), False),
            (lambda session, data: setattr(session, "expire_date", timezone.now() - timedelta(seconds=1)), False),
        ],
        ids=["fresh", "idle", "password changed", "expired"],
    )
    def test_signed_in_is_what_signing_in_means(self, bruno: User, change: Any, good: bool) -> None:
        session = Session.objects.get(pk=session_of(bruno))
        data = session.get_decoded()
        change(session, data)
        session.session_data = sessions.SessionStore().encode(data)
        session.save()

        assert sights.signed_in([session.pk], at=timezone.now()) == ({session.pk} if good else set())

    def test_does_not_count_as_use(self, bruno: User) -> None:
        key = session_of(bruno)
        before = Session.objects.get(pk=key)

        async def story(house: House) -> None:
            await (await house.opens(key)).heard()

        run(story)

        after = Session.objects.get(pk=key)
        assert (after.session_data, after.seen_at) == (before.session_data, before.seen_at)


class TestDatabase:
    def test_229_listens_again_after_the_connection_broke(self, ana: User, bruno: User) -> None:
        ticket, key = make_ticket(requester=bruno), session_of(bruno)

        def cut() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'guiche live'"
                    " AND datname = current_database()"
                )
                assert cursor.rowcount == 1

        async def story(house: House) -> None:
            browser = await house.opens(key)
            await does(cut)
            assert "*" in await browser.heard(within=2.5)
            await does(lambda: conversation.comment(ticket, by=ana, at=NOON, body="Oi"))
            assert f"ticket:{ticket.number}" in await browser.heard()

        run(story)

    def test_one_connection_for_all(self, bruno: User) -> None:
        key = session_of(bruno)

        def connected() -> int:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                return int(cursor.fetchone()[0])

        async def story(house: House) -> None:
            for _tab in range(8):
                await house.opens(key)
            await asyncio.sleep(0.2)
            assert await asyncio.to_thread(lambda: _asked(connected)) <= 2  # ours, and the test's own

        run(story)

    def test_reads_what_it_is_told_and_no_more(self) -> None:
        """A notice that is no JSON, on a channel that everybody of this database may use, stops nothing."""

        async def story() -> None:
            hub = Hub()
            with psycopg.connect(**live._connection(), autocommit=True) as other:
                stream = Stream(1, "key")
                join = asyncio.create_task(hub.join(stream))
                await join
                other.execute("SELECT pg_notify('guiche', 'no json')")
                other.execute("SELECT pg_notify('guiche', %s)", [json.dumps({"kind": "bell", "people": [1]})])
            assert b"data: bell" in await stream.next()
            await hub.close()

        asyncio.run(story())


class TestSight:
    """What is matched in memory agrees with what visible_to shows, over the cast."""

    def test_agrees_with_visible_to(
        self, ana: User, bruno: User, beatriz: User, caio: User, carla: User, davi: User, elisa: User,
        olga: User, gustavo: User, restricted: Any,
    ) -> None:  # fmt: skip
        tickets = [
            make_ticket(requester=caio),
            make_ticket(requester=bruno),
            make_ticket(requester=carla),
            make_ticket(requester=caio, type_slug="financeiro"),
            make_ticket(requester=carla, copies=[]),
        ]
        sharing.share(tickets[4], "caio@acme.example", by=ana, at=NOON)
        Ticket.objects.filter(pk=tickets[1].pk).update(team=restricted)
        cast = [ana, bruno, beatriz, caio, carla, davi, elisa, olga, gustavo]
        read = sights.load([user.pk for user in cast])

        for number in [ticket.number for ticket in tickets]:
            ticket = Ticket.objects.get(number=number)
            seeing = {user.first_name for user in cast if Ticket.objects.visible_to(user).filter(pk=ticket.pk).exists()}
            hearing = {user.first_name for user in cast if read[user.pk].sees(ticket.announcement())}
            assert hearing == seeing, ticket.request_type

    def test_an_unsaid_reserve_is_one(self) -> None:
        sight = sights.Sight(user_id=1, member_of=frozenset({2}), all_of=frozenset({2}))

        assert not sight.sees({"ticket": 3, "organization": 2, "people": [9]})
        assert sight.sees({"ticket": 3, "organization": 2, "people": [9], "reserved": False})


class TestWaiting:
    def test_the_same_change_is_told_once(self) -> None:
        async def story() -> None:
            stream = Stream(1, "key")
            for _change in range(3):
                stream.tell("ticket:1")
            assert (await stream.next()).count(b"ticket:1") == 1

        asyncio.run(story())

    def test_too_many_changes_become_everything(self) -> None:
        async def story() -> None:
            stream = Stream(1, "key")
            for number in range(live.MOST_WAITING + 1):
                stream.tell(f"ticket:{number}")
            assert await stream.next() == b"id: 1\ndata: *\n\n"

        asyncio.run(story())
