"""Run the `guiche` command line as an operator does: in a process, on a home of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from guiche.operations.home import ROOT
from tests.operations.persons import wait_until

START_SECONDS = 90.0


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of an operator who has set nothing but the home."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("GUICHE_", "DATABASE_", "DJANGO_"))
    }
    return {**ours, "GUICHE_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


def guiche(home: Path, *arguments: str | Path, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "guiche.operations.cli", *arguments],
        env=environment(home, **more),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
    )


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Serving:
    """A `guiche run` in the background."""

    home: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    log: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def start(self, **more: str) -> "Serving":
        self.process = subprocess.Popen(
            [sys.executable, "-m", "guiche.operations.cli", "run", "--real"],
            env=environment(self.home, PORT=str(self.port), **more),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        wait_until(lambda: "Ctrl-C" in self.said() or self.process.poll() is not None, seconds=START_SECONDS)
        assert self.process.poll() is None, self.said()
        return self

    def said(self) -> str:
        return os.pread(self.log.fileno(), 1_000_000, 0).decode(errors="replace")

    def family(self) -> list[psutil.Process]:
        """Return every process that it has started, and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process | None:
        """Return its own child whose command has `word` in it."""
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if word in " ".join(child.cmdline()):
                    return child
        return None

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
                connection.sendall(b"GET /entrar/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                return connection.recv(12).startswith(b"HTTP/1.")
        except OSError:
            return False

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def all_gone(processes: list[psutil.Process]) -> bool:
    """Say whether none of `processes` lives. Zombies that nobody here can reap do not."""
    return not any(map(_lives, processes))


def _lives(one: psutil.Process) -> bool:
    try:
        return one.is_running() and one.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
