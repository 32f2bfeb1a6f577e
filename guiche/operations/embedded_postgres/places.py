"""Where the database of an installation lives, who runs it, and who may reach it.

As an ordinary user everything is in `postgres/` of the state folder, mode 700. PostgreSQL
refuses to run as root, so for root an unprivileged account runs it: `data/` and `socket/`
belong to that account (700), and the state folder lets it pass without reading (710). Where
a folder above is closed to it, such as a home of mode 700, nothing is opened: the database
then lives under /var/lib/guiche and the state folder keeps its address.
"""

import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guiche.operations.embedded_postgres.errors import PostgresRefused
from guiche.operations.words import gettext as _

ACCOUNTS = ("postgres", "guiche-postgres")
ELSEWHERE = Path("/var/lib/guiche")
PORT = 5432  # only part of the socket's name
SOCKET = f".s.PGSQL.{PORT}"
# Linux takes 107 bytes for the address of a socket, others 103.
LONGEST_SOCKET = 103


@dataclass(frozen=True)
class Account:
    """The unprivileged account that runs the programs when we are root."""

    uid: int
    gid: int

    def as_child(self) -> dict[str, Any]:
        """Return what `subprocess` needs to run a child as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Place:
    """The folder of one installation's database. `account` is None when its owner is who runs it."""

    folder: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def lock(self) -> Path:
        return self.folder / "owner.lock"

    @property
    def notice(self) -> Path:
        """The file in which the running server says where its socket is."""
        return self.folder / "server.json"

    def as_child(self) -> dict[str, Any]:
        return self.account.as_child() if self.account else {}

    def private_folder(self, name: str) -> Path:
        """Return the folder `name` of this place, made if need be, open to the account alone."""
        path = self.folder / name
        path.mkdir(mode=0o700, exist_ok=True)
        return self._close(path)

    def socket_folder(self) -> Path:
        """Return a private folder for the socket: a short one under /tmp when our own name is too long."""
        own = self.folder / "socket"
        if len(os.fsencode(own / SOCKET)) <= LONGEST_SOCKET:
            return self.private_folder("socket")
        return self._close(Path(tempfile.mkdtemp(prefix="guiche-", dir="/tmp")))  # mkdtemp: 700, unguessable

    def _close(self, path: Path) -> Path:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)
        path.chmod(0o700)
        return path


def prepare(home: Path) -> Place:
    """Return the place of the installation `home`, with its folder made. Raises PostgresRefused."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() != 0:
        folder = home / "postgres"
        folder.mkdir(mode=0o700, exist_ok=True)
        return Place(folder, None)
    account = _account_for(home / "postgres" / "data")
    _let_pass(home, account)
    folder = _folder_for(home, account)
    folder.mkdir(mode=0o710, parents=True, exist_ok=True)
    os.chown(folder, 0, account.gid)
    folder.chmod(0o710)
    return Place(folder, account)


def can_enter(account: Account, folder: Path) -> bool:
    """Say whether `account` can reach `folder`, by trying."""
    trial = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)]
    return subprocess.run(trial, capture_output=True, cwd="/", check=False, **account.as_child()).returncode == 0


def _account_for(data: Path) -> Account:
    """Return whose data it is already, or else the first account that exists, or else a new one."""
    if data.exists() and data.stat().st_uid:
        return Account(data.stat().st_uid, data.stat().st_gid)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    return _new_account(ACCOUNTS[-1])


def _new_account(name: str) -> Account:
    refusal = _("PostgreSQL does not run as root. Create a system account named %s, or run as an ordinary user.") % name
    add = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if not add:
        raise PostgresRefused(refusal)
    order = [add, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    if subprocess.run(order, capture_output=True, check=False).returncode:
        raise PostgresRefused(refusal)
    entry = pwd.getpwnam(name)
    return Account(entry.pw_uid, entry.pw_gid)


def _let_pass(home: Path, account: Account) -> None:
    """Let the account through a state folder that is closed, root's own and nobody's home."""
    found = home.stat()
    closed = stat.S_IMODE(found.st_mode) & 0o077 == 0
    if closed and found.st_uid == 0 and all(entry.pw_dir != str(home) for entry in pwd.getpwall()):
        os.chown(home, 0, account.gid)
        home.chmod(0o710)


def _folder_for(home: Path, account: Account) -> Path:
    pointer = home / "postgres.place"
    if pointer.exists():
        return _elsewhere_again(home, pointer)
    if (home / "postgres" / "data").exists() or can_enter(account, home):
        return home / "postgres"
    folder = ELSEWHERE / secrets.token_hex(8)
    folder.mkdir(mode=0o755, parents=True)
    ELSEWHERE.chmod(0o755)  # our own folder of folders, whatever the umask; each one inside is closed
    (folder / "installation").write_text(str(home))
    pointer.write_text(str(folder))
    return folder


def _elsewhere_again(home: Path, pointer: Path) -> Path:
    """Return the folder that `pointer` names, unless it belongs to an installation that `home` is a copy of."""
    folder = Path(pointer.read_text().strip())
    first = Path((folder / "installation").read_text()) if (folder / "installation").exists() else home
    twin = first / pointer.name
    if first != home and twin.exists() and twin.read_text() == pointer.read_text():
        raise PostgresRefused(
            _("%(copy)s is a copy of %(first)s and would use its database. Use `guiche backup` and `guiche restore`.")
            % {"copy": home, "first": first}
        )
    folder.mkdir(mode=0o710, parents=True, exist_ok=True)
    (folder / "installation").write_text(str(home))
    return folder
