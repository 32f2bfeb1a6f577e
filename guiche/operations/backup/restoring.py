"""Put a backup back: into a new database beside the old one, which takes its place in one transaction."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from guiche.operations.backup import archive, tools
from guiche.operations.errors import OperationRefused
from guiche.operations.home import ROOT, Home, Kind
from guiche.operations.words import gettext as _


def restore(home: Home, source: Path, *, force: bool) -> None:
    """Put the backup `source` in the place of this installation. Raises OperationRefused, having changed nothing.

    Nothing replaces an installation in use without `force`. Letters are held, everybody is signed out.
    """
    manifest = archive.verified(source)
    kind = Kind(manifest["kind"])
    if home.kind not in (Kind.NEW, kind):
        home.become(kind)  # raises: a demonstration and a real installation do not become each other
    if not force and (_has_people() or _has_files(home)):
        raise OperationRefused(_("%s is in use. With --force the backup takes its place for good.") % home.folder)
    home.unfinished.touch(mode=0o600)
    # What a killed restore leaves is found by the next start, which asks for it to be done again.
    with _new_database() as name:
        try:
            with tempfile.TemporaryDirectory(dir=home.folder) as work:
                key, accounts = _unpack(home, source, Path(work), name)
        except BaseException:
            home.unfinished.unlink()
            raise
        _swap(name)
    if kind is Kind.DEMONSTRATION:
        home.keep_accounts(json.loads(accounts or "[]"))
    elif home.kind is Kind.NEW:
        home.become(Kind.REAL)
    if key:
        _replace(home.folder / "secret.key", key)
    home.unfinished.unlink()


def release_mail() -> None:
    """Let the letters go that a restore has held."""
    _inside("release", tools.address())


def _unpack(home: Home, source: Path, work: Path, database: str) -> tuple[bytes, bytes]:
    """Fill the new database and add the files; return the key and the accounts of a demonstration, empty if absent."""
    small = {archive.SECRET_KEY: b"", archive.ACCOUNTS: b""}
    for name, content in archive.members(source):
        if name == archive.DATABASE:
            _write(work / "dump", content)
            tools.call(
                "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--dbname", database, work / "dump"
            )
        elif name in small:
            small[name] = content.read()
        elif name.startswith(archive.FILES):
            # Stored under their checksum: adding to what is there loses nothing.
            _write(home.folder / name, content)
    _inside("adopt", tools.of_database(database))
    return small[archive.SECRET_KEY], small[archive.ACCOUNTS]


def _write(target: Path, content: IO[bytes]) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}.{secrets.token_hex(4)}")
    with half.open("wb") as out:
        shutil.copyfileobj(content, out, archive.BLOCK)
        out.flush()
        os.fsync(out.fileno())
    half.replace(target)


def _replace(target: Path, content: bytes) -> None:
    half = target.with_suffix(".half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    half.replace(target)


def _has_people() -> bool:
    with psycopg.connect(tools.address()) as connection:
        if connection.execute("SELECT to_regclass('accounts_user')").fetchone() == (None,):
            return False  # not even migrated
        people = connection.execute("SELECT 1 FROM accounts_user WHERE NOT 'system' = ANY(roles) LIMIT 1")
        return people.fetchone() is not None


def _has_files(home: Home) -> bool:
    return any(path.is_file() for path in (home.folder / "files").rglob("*"))


@contextmanager
def _new_database() -> Iterator[str]:
    """Make an empty database; take it away again unless it has taken the place of ours."""
    name = f"{tools.database_name()}_restored_{secrets.token_hex(4)}"
    with _maintenance() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    try:
        yield name
    finally:
        with _maintenance() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _swap(new: str) -> None:
    """Give `new` the name of our database, in one transaction, and drop the old one."""
    ours, old = tools.database_name(), f"{tools.database_name()}_before_{secrets.token_hex(4)}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with _maintenance() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [ours],
        )
        with connection.transaction():
            connection.execute(rename.format(sql.Identifier(ours), sql.Identifier(old)))
            connection.execute(rename.format(sql.Identifier(new), sql.Identifier(ours)))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))


def _maintenance() -> "psycopg.Connection[tuple[object, ...]]":
    try:
        return psycopg.connect(tools.of_database("postgres"), autocommit=True)
    except psycopg.OperationalError as error:
        raise OperationRefused(_("The database server cannot be prepared for a restore: %s") % error) from None


def _inside(step: str, address: str) -> None:
    """Run a step with Django on the database `address`, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "guiche.operations.backup.inside", step],
        env={
            "DJANGO_SETTINGS_MODULE": "guiche.config.settings",
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": address,
        },
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        raise OperationRefused(done.stderr.strip().splitlines()[-1])
