"""Run everything on one machine: database, web and worker, from one command that is easy to stop."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from guiche.operations import addresses, database, translations
from guiche.operations.addresses import Listening
from guiche.operations.children import STOP_SECONDS, Child
from guiche.operations.embedded_postgres import PostgresRefused, Server
from guiche.operations.errors import OperationRefused
from guiche.operations.home import ROOT, Home, Kind
from guiche.operations.words import gettext as _

STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
START_SECONDS = 60.0
TOO_MANY_FAILURES = 4  # of a program that has never run well: its trouble will not go by itself
WEB_WORKERS = 2


class Stop(Exception):
    """The operator, or the system, asked us to stop."""


def run(home: Home, *, port: str, real: bool) -> int:
    """Serve the installation until told to stop. Raises OperationRefused when it cannot be started."""
    with _stoppable():
        translations.compile_changed()
        if home.unfinished.exists():
            raise OperationRefused(_("A restore was interrupted here. Do it again: guiche restore FILE --force."))
        kind = Kind.REAL if real else home.kind if home.kind is not Kind.NEW else Kind.DEMONSTRATION
        listening = addresses.choose(port, kind)
        try:
            with home.in_use(listening.address):
                home.become(kind)
                with database.available(home) as server:
                    _serve(home, listening, server)
        except Stop:
            say(_("Stopped."))
    return 0


def run_only(home: Home, name: str, *, port: str) -> int:
    """Serve one part, `web` or `worker`, of a prepared installation until told to stop."""
    with _stoppable():
        listening = addresses.choose(port, home.kind) if name == "web" else None
        try:
            with database.available(home) as server:
                pool = {"GUICHE_POOL": "1"} if listening else {}
                command = web_command(listening) if listening else worker_command()
                _keep_running([Child(name, command, environment(listening, **pool))], server)
        except Stop:
            say(_("Stopped."))
    return 0


def say(text: str = "") -> None:
    """Print a line at once: nobody may be at a terminal."""
    print(text, flush=True)


def environment(listening: Listening | None = None, **more: str) -> dict[str, str]:
    """Return the environment of a child: ours, with the address that people type."""
    ours = {"DJANGO_SETTINGS_MODULE": "guiche.config.settings", **os.environ, "PYTHONPATH": str(ROOT), **more}
    return ours | ({"GUICHE_ADDRESS": listening.address} if listening else {})


def web_command(listening: Listening) -> list[str]:
    """Return the command of the web server."""
    options = {
        "--interface": "asginl",
        "--host": listening.host,
        "--port": str(listening.port),
        "--workers": str(WEB_WORKERS),
        "--workers-kill-timeout": "3",
        "--respawn-interval": "1",
        "--log-level": "warning",
    }
    flags = ["--respawn-failed-workers", "--no-ws"]
    parts = [part for option in options.items() for part in option]
    return [sys.executable, "-m", "granian", *parts, *flags, "guiche.config.asgi:application"]


def worker_command() -> list[str]:
    """Return the command of the job worker."""
    return [sys.executable, "-m", "guiche.operations.worker"]


def prepare(surroundings: Mapping[str, str]) -> dict[str, str | None]:
    """Migrate, collect, load; return what preparation found. Raises OperationRefused when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "guiche.operations.preparation"],
        env=surroundings,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise OperationRefused(_("The installation could not be prepared. The reason is written above."))
    found: dict[str, str | None] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def show_accounts(home: Home) -> None:
    """Print the accounts of a demonstration; nothing for a real installation."""
    accounts = home.accounts()
    if not accounts:
        return
    say(_("This is a demonstration. Its accounts:"))
    role, email = (max(len(account[key]) for account in accounts) for key in ("role", "email"))
    for account in accounts:
        say(f"  {account['role']:<{role}}  {account['email']:<{email}}  {account['password']}")


def _serve(home: Home, listening: Listening, server: Server | None) -> NoReturn:
    say(_("Preparing %s …") % home.folder)
    found = prepare(environment(listening))
    children = [
        Child("web", web_command(listening), environment(listening, GUICHE_POOL="1")),
        Child("worker", worker_command(), environment(listening)),
    ]
    try:
        _start(children, listening, server)
        _greet(home, listening, found["setup_link"])
    except BaseException:
        _stop(children)
        raise
    _keep_running(children, server)


def _keep_running(children: list[Child], server: Server | None) -> NoReturn:
    """Start again whatever ends, until `Stop` is raised; then stop the children."""
    try:
        while True:
            _tend(children, server)
            _wait(seconds=1.0 if any(child.process is None for child in children) else 60.0)
    finally:
        _stop(children)


def _start(children: list[Child], listening: Listening, server: Server | None) -> None:
    until = time.monotonic() + START_SECONDS
    while not addresses.answers(listening):
        _tend(children, server)
        if hopeless := [child.name for child in children if child.failures >= TOO_MANY_FAILURES]:
            raise OperationRefused(_("It does not start: %s. The reason is written above.") % ", ".join(hopeless))
        if time.monotonic() > until:
            raise OperationRefused(_("The web server gives no answer after %s seconds.") % int(START_SECONDS))
        _wait(seconds=0.05)


def _tend(children: list[Child], server: Server | None) -> None:
    if server and not server.is_alive:
        say(_("The database ended unexpectedly: starting it again."))
        _revive(server)
    for child in children:
        if child.has_ended():
            say(_("%s ended unexpectedly: starting it again.") % child.name)
        child.tend()


def _revive(server: Server) -> None:
    try:
        server.revive()
    except PostgresRefused as refusal:  # a full disk, for one: it may be better in a while
        say(str(refusal))
        _wait(seconds=5.0)


def _stop(children: list[Child]) -> None:
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)  # once is enough: the rest takes seconds
    for child in children:
        child.ask_to_stop()
    until = time.monotonic() + STOP_SECONDS
    for child in children:
        child.stop(until)


def _greet(home: Home, listening: Listening, setup_link: str | None) -> None:
    say()
    say(_("Guichê is at %s") % f"{listening.address}/")
    if listening.address != (local := f"http://{listening.host}:{listening.port}"):
        say(_("It listens at %s, for the proxy in front of it.") % local)
    if setup_link:
        say(_("Make the first administrator within one hour at:"))
        say(f"  {setup_link}")
    show_accounts(home)
    say(_("Ctrl-C stops everything."))


_wake: tuple[socket.socket, socket.socket] | None = None


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn what the system tells us into `Stop`, and the end of a child into the end of a wait."""
    global _wake
    _wake = socket.socketpair()
    for end in _wake:
        end.setblocking(False)
    before = signal.set_wakeup_fd(_wake[1].fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, _raise_stop) for number in STOPPING}
    handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for end in _wake:
            end.close()
        _wake = None


def _raise_stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _wait(*, seconds: float) -> None:
    """Sleep until a child ends or a signal comes, at most `seconds`."""
    if _wake is None:
        time.sleep(seconds)
    elif select.select([_wake[0]], [], [], seconds)[0]:
        _wake[0].recv(4096)
