"""The database is restarted while people send forms (abuse case 229): each is kept once or given back."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guiche.operations import embedded_postgres
from guiche.operations.home import ROOT
from tests.operations.installation import Serving, environment
from tests.operations.persons import wait_until
from tests.operations.visitor import Answer, Visitor, fields_of

pytestmark = pytest.mark.slow
PEOPLE = ("bruno@acme.example", "beatriz@acme.example", "caio@acme.example", "carla@bela.example")
OPENING = "/chamados/novo/falha-tecnica/"
TRACES = ("Traceback", "psycopg", "OperationalError", "django.")


@dataclass
class Running:
    """The product on a database of its own, which can be restarted under it."""

    serving: Serving
    database: str

    def ask(self, query: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query, values).fetchall()

    def restart(self) -> None:
        """Stop PostgreSQL as `pg_ctl stop -m fast` does, and wait until the supervisor has started it again."""
        first = self.serving.child("bin/postgres")
        first.send_signal(signal.SIGINT)
        wait_until(lambda: (one := self.serving.child("bin/postgres")) and one.pid != first.pid, seconds=30)


@pytest.fixture
def running(home: Path) -> Iterator[Running]:
    serving = Serving(home).start()
    try:
        database = embedded_postgres.start(home).url  # joins the one that runs
        more = {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "guiche.config.settings"}
        stage = [sys.executable, "-m", "tests.journeys.stage"]
        done = subprocess.run(stage, env=environment(home, **more), cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout.splitlines()[-1])
        yield Running(serving, database)
    finally:
        serving.stop()


@dataclass
class Writer:
    """Somebody who opens a ticket, comments on it, and presses the button again until it is taken."""

    email: str
    port: int
    until: threading.Event
    words: list[str] = field(default_factory=list)
    refused: list[tuple[str, Answer]] = field(default_factory=list)
    failure: BaseException | None = None

    def write(self) -> None:
        try:
            visitor = patiently(lambda: Visitor(self.port).sign_in(self.email))
            while not self.until.is_set():
                self._open_and_comment(visitor)
        except BaseException as error:
            self.failure = error

    def _open_and_comment(self, visitor: Visitor) -> None:
        words = f"{secrets.token_hex(4)} {secrets.token_hex(4)}"  # like no other: similar ones are asked about
        form = patiently(lambda: visitor.form(OPENING))
        choices = {"contact_phone": "(11) 4000-1234", "product": "1", "severity": "2"}
        typed = {**form, **choices, "title": words, "description": words}
        place = self._sent(visitor, OPENING, typed, words).headers["location"]
        ticket = place.removesuffix("aberto/")
        said, action = f"{words}, e completa", f"{ticket}comentar/"
        form = patiently(lambda: visitor.form(ticket, action))
        self._sent(visitor, action, {**form, "body": said}, said)

    def _sent(self, visitor: Visitor, path: str, fields: dict[str, str], words: str) -> Answer:
        """Send a form until it is taken: what was given back, as it was given back."""
        self.words.append(words)
        until = time.monotonic() + 40
        while time.monotonic() < until:
            try:
                answer = visitor.send(path, fields)
            except OSError:
                time.sleep(0.3)
                continue
            if answer.status == 302:
                return Answer(302, "", {name.lower(): value for name, value in answer.headers.items()})
            self.refused.append((words, answer))
            if answer.status == 503 and "digitado" in answer.text:
                fields = fields_of(answer.text, path)
            time.sleep(0.3)
        last = self.refused[-1][1] if self.refused else None
        raise AssertionError(f"{words} was never taken: {last}")


def patiently(thing: Any) -> Any:
    """Do `thing` until it succeeds: pages are not what this story is about."""

    def attempt() -> Any:
        try:
            return thing()
        except (OSError, AssertionError):
            time.sleep(0.3)
            return None

    return wait_until(attempt, seconds=40)


def test_case_229_each_form_is_kept_once_or_given_back(running: Running) -> None:
    over = threading.Event()
    writers = [Writer(email, running.serving.port, over) for email in PEOPLE]
    threads = [threading.Thread(target=writer.write) for writer in writers]
    for thread in threads:
        thread.start()
    wait_until(lambda: all(len(writer.words) > 2 for writer in writers), seconds=60)

    for _round in range(2):
        running.restart()
        time.sleep(1)
    over.set()
    for thread in threads:
        thread.join(timeout=60)

    assert [writer.failure for writer in writers] == [None] * len(writers)
    words = [one for writer in writers for one in writer.words]
    refused = [one for writer in writers for one in writer.refused]
    assert refused, "nobody noticed the restart: this proves nothing"
    assert {answer.status for _words, answer in refused} == {503}
    for typed, answer in refused:
        assert typed in unescape(answer.text)
        assert not [trace for trace in TRACES if trace in answer.text]
    kept = running.ask("SELECT title FROM tickets_ticket UNION ALL SELECT body FROM tickets_comment")
    counts = {one: [row[0] for row in kept].count(one) for one in words}
    assert set(counts.values()) == {1}, {one: count for one, count in counts.items() if count != 1}
    # The worker goes on by itself: what the tickets enqueued is done.
    wait_until(lambda: not running.ask(LEFT), seconds=60)
    assert running.ask("SELECT 1 FROM procrastinate_jobs WHERE status = 'succeeded'")


LEFT = """
    SELECT task_name FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND starts_with(task_name, 'guiche.notifications')
    AND coalesce(scheduled_at, now()) <= now()
"""
