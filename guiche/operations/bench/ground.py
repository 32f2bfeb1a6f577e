"""The folder of the measured installation under build/, its database, and its web server."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from guiche.operations import addresses, embedded_postgres, supervisor, translations
from guiche.operations.addresses import Listening
from guiche.operations.bench.errors import BenchRefused
from guiche.operations.bench.sizes import Size
from guiche.operations.children import STOP_SECONDS, Child
from guiche.operations.home import ROOT, Home, Kind

BUILD = ROOT / "build"
START_SECONDS = 60.0


def folder_of(size: Size) -> Path:
    return BUILD / f"bench-{size.tickets}"


@contextlib.contextmanager
def prepared(folder: Path, size: Size) -> Iterator[Home]:
    """Have this process, and its children, see the installation in `folder`, migrated; what other sizes left goes."""
    if _said(folder) != size.mark():
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = Home(folder)
    home.become(Kind.REAL)
    for name in [name for name in os.environ if name.startswith(("PG", "GUICHE_")) or name == "DATABASE_URL"]:
        del os.environ[name]  # nothing of another installation
    os.environ["GUICHE_HOME"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "guiche.config.settings"
    translations.compile_changed()
    with embedded_postgres.running(folder) as server:
        os.environ["DATABASE_URL"] = server.url
        supervisor.prepare(supervisor.environment())
        yield home


def kept(folder: Path) -> dict[str, int] | None:
    """Return the last ids of what was loaded into `folder`; None before it is."""
    try:
        found: dict[str, int] = json.loads((folder / "loaded.json").read_text())["last"]
    except (OSError, ValueError, KeyError):
        return None
    return found


def keep(folder: Path, size: Size, last: dict[str, int]) -> None:
    """Note that `folder` is loaded: the next measurement of the same size begins at once."""
    (folder / "loaded.json").write_text(json.dumps({"size": size.mark(), "last": last}))


def _said(folder: Path) -> object:
    try:
        return json.loads((folder / "loaded.json").read_text())["size"]
    except (OSError, ValueError, KeyError):
        return None


@contextlib.contextmanager
def served() -> Iterator[tuple[Listening, int]]:
    """Run the web server as in production; give its address and the session of its processes."""
    listening = addresses.choose("", Kind.REAL)
    child = Child("web", supervisor.web_command(listening), supervisor.environment(listening, GUICHE_POOL="1"))
    child.start()
    assert child.process
    try:
        _wait(child, listening)
        yield listening, child.process.pid
    finally:
        child.ask_to_stop()
        child.stop(time.monotonic() + STOP_SECONDS)


def _wait(child: Child, listening: Listening) -> None:
    until = time.monotonic() + START_SECONDS
    while not addresses.answers(listening):
        if child.has_ended() or time.monotonic() > until:
            raise BenchRefused("The web server does not start. The reason is written above.")
        time.sleep(0.05)
