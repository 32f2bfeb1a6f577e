"""Tell the living processes of one data folder from all others, and tie a child's life to ours."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from guiche.operations.embedded_postgres.errors import PostgresRefused
from guiche.operations.words import gettext as _

PR_SET_PDEATHSIG = 1
HAS_PROC = Path("/proc/self/stat").exists()

# Seconds after which what is left of an earlier server is pressed harder to go. A server that was
# told to stop may be writing its checkpoint: only the last step interrupts it, and nothing is lost.
PATIENCE = ((0.0, signal.SIGINT), (4.0, signal.SIGTERM), (60.0, signal.SIGQUIT))
GIVE_UP_SECONDS = 75.0


def dies_with_parent(death: signal.Signals) -> Callable[[], None]:
    """Return what a new child must run so that the kernel sends it `death` when its parent ends.

    The kernel watches the thread that starts the child, and forgets the wish when the child
    changes its user: `subprocess` changes the user first. Only Linux has this; elsewhere the
    next start takes the orphan over.
    """
    if sys.platform != "linux":
        return lambda: None
    parent, prctl = os.getpid(), ctypes.CDLL(None, use_errno=True).prctl

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, death)
        if os.getppid() != parent:  # it died while we were being born
            os._exit(1)

    return bind


def postgres_of(data: Path) -> set[int]:
    """Return the ids of the living PostgreSQL processes of the folder `data`: server and backends.

    A zombie does not live, and a process of another program never counts, whatever a pid file
    says. Processes of other users that we may not inspect cannot be using our folder.
    """
    return set(_from_proc(data) if HAS_PROC else _from_ps(data))


def postmaster_of(data: Path) -> int | None:
    """Return the process id that the server's pid file names, whoever that is; None without one."""
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def clear_the_way(data: Path) -> None:
    """Wait until nothing of an earlier server lives in `data`, then remove its pid file.

    Only to be called by the holder of the installation's lock: what still lives was left behind
    by a parent that died, or by a server that was killed. Only processes of `postgres_of` are
    ever signalled. Raises PostgresRefused when they will not go.
    """
    began, steps = time.monotonic(), list(PATIENCE)
    while living := postgres_of(data):
        waited = time.monotonic() - began
        if waited > GIVE_UP_SECONDS:
            raise PostgresRefused(
                _("An earlier PostgreSQL of this installation does not stop (processes %s).") % sorted(living)
            )
        if steps and waited >= steps[0][0]:
            _ask(living, steps.pop(0)[1], postmaster_of(data))
        time.sleep(0.02)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _ask(living: set[int], death: signal.Signals, postmaster: int | None) -> None:
    """Signal the server of `living`, which tells the others; each of them where it is gone."""
    if postmaster not in living and death == signal.SIGINT:
        return  # backends notice by themselves that their server is gone
    for pid in [postmaster] if postmaster in living and postmaster else living:
        try:
            os.kill(pid, death)
        except ProcessLookupError:
            continue


def _from_proc(data: Path) -> Iterator[int]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            name, _sep, rest = (folder / "stat").read_text().partition("(")[2].rpartition(")")
            if name.startswith("postgres") and rest.split()[0] not in "ZX" and (folder / "cwd").readlink() == data:
                yield int(folder.name)
        except (OSError, IndexError, UnicodeDecodeError):
            continue  # it ended while we looked, or it is not ours to see


def _from_ps(data: Path) -> Iterator[int]:
    listing = subprocess.run(["ps", "-axww", "-o", "pid=,stat=,command="], capture_output=True, text=True, check=True)
    for line in listing.stdout.splitlines():
        pid, state, command = line.split(None, 2)
        if not state.startswith("Z") and "postgres" in command and f"-D {data} " in command:
            yield int(pid)
