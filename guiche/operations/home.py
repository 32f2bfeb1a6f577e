"""The state folder of an installation: where it is, what it is, and who is using it.

Read before Django is loaded: the settings need the database, which this folder holds.
"""

import contextlib
import fcntl
import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypedDict

from guiche.operations.errors import OperationRefused
from guiche.operations.words import gettext as _

ROOT = Path(__file__).resolve().parents[2]


class Kind(Enum):
    NEW = "new"
    DEMONSTRATION = "demonstration"
    REAL = "real"


class Account(TypedDict):
    """One demonstration account. `role` is a word of the interface, ready to be shown."""

    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Home:
    """The state folder. What it is, is written in it: `demonstration.json` or `real`."""

    folder: Path

    @property
    def demonstration(self) -> Path:
        return self.folder / "demonstration.json"

    @property
    def unfinished(self) -> Path:
        """Exists while a backup is being restored."""
        return self.folder / "restore.unfinished"

    @property
    def kind(self) -> Kind:
        if self.demonstration.exists():
            return Kind.DEMONSTRATION
        return Kind.REAL if (self.folder / "real").exists() else Kind.NEW

    def become(self, kind: Kind) -> None:
        """Say for good what this installation is. Raises OperationRefused: neither becomes the other."""
        if self.kind is kind:
            return
        if self.kind is Kind.DEMONSTRATION:
            raise OperationRefused(
                _(
                    "%s holds a demonstration, which cannot become the real thing. "
                    "Choose another folder with GUICHE_HOME."
                )
                % self.folder
            )
        if self.kind is Kind.REAL:
            raise OperationRefused(
                _("%s holds a real installation. Choose another folder with GUICHE_HOME for a demonstration.")
                % self.folder
            )
        if kind is Kind.DEMONSTRATION:
            self.keep_accounts([])
        else:
            (self.folder / "real").touch(mode=0o600)

    def turn_out_real(self) -> None:
        """Note that the database behind a new folder was in use already: nothing was loaded into it."""
        self.demonstration.unlink(missing_ok=True)
        (self.folder / "real").touch(mode=0o600)

    def accounts(self) -> list[Account]:
        """Return the accounts of a demonstration; none elsewhere, and none before it is loaded."""
        try:
            found: list[Account] = json.loads(self.demonstration.read_text())
        except (OSError, ValueError):
            return []
        return found

    def keep_accounts(self, accounts: list[Account]) -> None:
        """Write the accounts of a demonstration, readable by its owner alone."""
        half = self.demonstration.with_suffix(".half")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(accounts, out, ensure_ascii=False, indent=1)
        half.replace(self.demonstration)

    def is_running(self) -> bool:
        """Say whether somebody serves this installation now."""
        path = self.folder / "run.lock"
        if not path.exists():
            return False
        with path.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def address(self) -> str:
        """Return the address at which this installation is served now; empty when it is not."""
        lines = (self.folder / "run.lock").read_text().splitlines() if self.is_running() else []
        return lines[1] if len(lines) > 1 else ""

    @contextlib.contextmanager
    def in_use(self, address: str) -> Iterator[None]:
        """Be the one that serves this installation. Raises OperationRefused when somebody else does."""
        path = self.folder / "run.lock"
        with path.open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise OperationRefused(
                    _("Guichê already runs from %(folder)s (%(who)s). Stop it first, or choose another GUICHE_HOME.")
                    % {"folder": self.folder, "who": ", ".join(lock.read().split())}
                ) from None
            lock.truncate(0)
            lock.write(f"{os.getpid()}\n{address}\n")
            lock.flush()
            yield


def here() -> Home:
    """Return the home that GUICHE_HOME names (`var/` beside the code by default), made if need be."""
    folder = Path(os.environ.get("GUICHE_HOME", "").strip() or ROOT / "var").expanduser().resolve()
    os.environ["GUICHE_HOME"] = str(folder)  # the settings, and every child, see the same one
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        raise OperationRefused(
            _("The folder %(folder)s cannot be used: %(error)s. Choose another with GUICHE_HOME.")
            % {"folder": folder, "error": error.strerror}
        ) from None
    return Home(folder)


def release() -> str:
    """Return the version of the code."""
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    return version
