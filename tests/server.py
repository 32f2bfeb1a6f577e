"""The database of one test session: a server of its own, in a folder of its own, gone when the session ends.

Sessions share nothing, so any number may run at once. DATABASE_URL, when set, is used instead.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from guiche.operations import embedded_postgres

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "guiche-tests-"
TEMPLATE = "migrated"
DUMPS = ROOT / "build" / "test-database"
KEEP_DUMPS = 3
LEFT_BEHIND_SECONDS = 3600

_server: embedded_postgres.Server | None = None


def begin() -> None:
    """Set GUICHE_HOME and DATABASE_URL for this process and its children, before the settings are read."""
    global _server
    if "GUICHE_TEST_SESSION" in os.environ:  # a child of a session: it has both already
        return
    os.environ["GUICHE_TEST_SESSION"] = str(os.getpid())
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    os.environ["GUICHE_HOME"] = str(home)
    for name in ("GUICHE_ADDRESS", "GUICHE_SMTP", "GUICHE_POOL"):
        os.environ.pop(name, None)
    if not os.environ.get("DATABASE_URL"):
        _sweep()
        _server = embedded_postgres.start(home, durable=False)
        os.environ["DATABASE_URL"] = _server.url
    atexit.register(_end, home, os.getpid())


def migrated_template() -> str | None:
    """Return the name of a database with every migration applied, to copy test databases from.

    It is kept as a dump under `build/` for as long as no migration changes. None on an outside server.
    """
    if _server is None:
        return None
    _pg("createdb", TEMPLATE)
    dump = DUMPS / f"{_fingerprint()}.dump"
    if dump.exists():
        _pg("pg_restore", "--no-owner", "--exit-on-error", "--dbname", TEMPLATE, str(dump))
        return TEMPLATE
    url = _server.url.replace("@/guiche?", f"@/{TEMPLATE}?")
    environment = {**os.environ, "DATABASE_URL": url}
    subprocess.run(
        [sys.executable, ROOT / "manage.py", "migrate", "-v0", "--skip-checks"], env=environment, check=True, cwd=ROOT
    )
    DUMPS.mkdir(parents=True, exist_ok=True)
    half = dump.with_suffix(f".{os.getpid()}")
    _pg("pg_dump", "--no-owner", "--format=custom", "--compress=0", "--file", str(half), TEMPLATE)
    half.replace(dump)
    for old in sorted(DUMPS.glob("*.dump"), key=lambda path: path.stat().st_mtime)[:-KEEP_DUMPS]:
        old.unlink(missing_ok=True)
    return TEMPLATE


def another_database(name: str) -> str:
    """Make a database beside those of the tests, migrated where that costs nothing, and return its address."""
    address = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE]).fetchone()
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}") if known else sql.SQL("CREATE DATABASE {}")
        connection.execute(copied.format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
    return urlunsplit(address._replace(path=f"/{name}"))


def _pg(program: str, *arguments: str) -> None:
    assert _server
    password = _server.url.split(":", 2)[2].split("@", 1)[0]
    environment = {
        "PGHOST": str(_server.socket),
        "PGUSER": "guiche",
        "PGPASSWORD": password,
        "PATH": os.environ["PATH"],
    }
    subprocess.run([_server.programs / program, *arguments], env=environment, check=True)


def _fingerprint() -> str:
    """Return what the migrated database depends on, as one word."""
    assert _server
    digest = hashlib.sha256((_server.place.data / "PG_VERSION").read_bytes())
    parts = [
        *ROOT.glob("guiche/**/migrations/**/*"),
        *ROOT.glob("guiche/*/shipped.py"),
        ROOT / "requirements" / "base.txt",
        ROOT / "guiche/config/settings.py",
    ]
    for path in sorted(part for part in parts if part.is_file() and "__pycache__" not in part.parts):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _end(home: Path, pid: int) -> None:
    if os.getpid() != pid:  # a forked child that ran our exit functions
        return
    if _server:
        _server.stop()
    shutil.rmtree(home, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders of sessions that were killed: old, ours, and whose lock nobody holds."""
    for folder in Path("/tmp").glob(f"{PREFIX}*"):
        try:
            if folder.stat().st_uid != os.geteuid() or time.time() - folder.stat().st_mtime < LEFT_BEHIND_SECONDS:
                continue
            with (folder / "postgres" / "owner.lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
