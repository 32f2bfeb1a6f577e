"""One child process of the supervisor: started, watched, started again, and stopped with all it started."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guiche.operations.embedded_postgres.processes import dies_with_parent
from guiche.operations.home import ROOT

STEADY_SECONDS = 10.0  # who lived this long has started well
LONGEST_WAIT_SECONDS = 30.0
STOP_SECONDS = 10.0


@dataclass
class Child:
    """A program that must run. It leads a process group of its own, so that none of its own children outlives it."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0  # starts in a row that did not last
    due_at: float = 0.0  # monotonic: not to be started before
    _started_at: float = field(default=0.0, repr=False)

    def start(self) -> None:
        """Start the program. It is told to end when we end, however that happens."""
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),
        )

    def tend(self) -> None:
        """Start the program if it does not run and its time has come."""
        if self.has_ended():
            self._note_end()
        if self.process is None and time.monotonic() >= self.due_at:
            self.start()

    def has_ended(self) -> bool:
        """Say whether the program has ended; if so, what it left behind is ended too, and it is reaped."""
        if self.process is None:
            return False
        if self.process.returncode is None:
            # Left unreaped until its group is gone: so long nobody else can be given its number.
            if os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return False
            self._signal_group(signal.SIGKILL)
            self.process.wait()
        return True

    def ask_to_stop(self) -> None:
        """Ask the program to end."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self, until: float) -> None:
        """Wait for the program to end until the monotonic moment `until`, then end it and all it started."""
        while self.process and not self.has_ended():
            if time.monotonic() > until:
                self._signal_group(signal.SIGKILL)
            time.sleep(0.02)
        self.process = None

    def _note_end(self) -> None:
        lived = time.monotonic() - self._started_at
        self.failures = 0 if lived > STEADY_SECONDS else self.failures + 1
        pause = 0.0 if not self.failures else min(2.0 ** (self.failures - 1), LONGEST_WAIT_SECONDS)
        self.due_at = time.monotonic() + pause
        self.process = None

    def _signal_group(self, death: signal.Signals) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, death)
