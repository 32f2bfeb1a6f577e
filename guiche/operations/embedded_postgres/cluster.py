"""Make the data folder, and the role and database of the application in it."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

import psycopg
from psycopg import sql

from guiche.operations.embedded_postgres.errors import PostgresRefused
from guiche.operations.embedded_postgres.places import Place
from guiche.operations.embedded_postgres.programs import major_of
from guiche.operations.words import gettext as _

SUPERUSER = "postgres"
APPLICATION = "guiche"  # its role, which owns its database and is no superuser
BUILTIN_LOCALES_SINCE = 17

# Nothing of the caller's environment: no locale, no PG* variable.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}


def password(home: Path, role: str) -> str:
    """Return the password of `role`, kept in the state folder (mode 600), made the first time."""
    path = home / f"postgres.{role}.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    value = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w") as out:
        out.write(value)
    return value


def ensure_data(place: Place, programs: Path, *, superuser_password: str, durable: bool) -> None:
    """Make the data folder if there is none. Raises PostgresRefused when it is of another major version."""
    major = major_of(programs)
    if (place.data / "PG_VERSION").exists():
        return _check_version(place.data, major)
    shutil.rmtree(place.folder / "data.new", ignore_errors=True)  # a first start that was interrupted
    new = place.private_folder("data.new")
    key = place.folder / "initdb.key"
    key.unlink(missing_ok=True)
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(superuser_password)
    if place.account:
        os.chown(key, place.account.uid, place.account.gid)
    try:
        _initdb(place, [programs / "initdb", "-D", new, f"--pwfile={key}", *_options(major, durable)])
    finally:
        key.unlink()
    new.rename(place.data)
    return None


def ensure_application(superuser_url: str, *, application_password: str) -> None:
    """Make the application's role and database where they are missing, and set its password."""
    role, secret = sql.Identifier(APPLICATION), sql.Literal(application_password)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone()
        verb = sql.SQL("ALTER" if known else "CREATE")
        # CREATEDB: a restore fills a new database before it takes the place of the old one.
        connection.execute(sql.SQL("{} ROLE {} LOGIN CREATEDB PASSWORD {}").format(verb, role, secret))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [APPLICATION]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))


def _options(major: int, durable: bool) -> list[str]:
    """Return initdb's options. Names are C.UTF-8 everywhere, so that no index depends on the system's locales."""
    if major >= BUILTIN_LOCALES_SINCE:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        locale = ["--locale=C.UTF-8"]
    safety = ["--data-checksums"] if durable else ["--no-sync"]
    return ["--auth=scram-sha-256", f"--username={SUPERUSER}", "--encoding=UTF8", *locale, *safety]


def _initdb(place: Place, order: list[Path | str]) -> None:
    done = subprocess.run(
        order, env=ENVIRONMENT, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, **place.as_child()
    )
    if done.returncode:
        raise PostgresRefused(_("The database could not be made: %s") % done.stderr.strip()[-600:])


def _check_version(data: Path, major: int) -> None:
    made_by = int((data / "PG_VERSION").read_text())
    if made_by != major:
        raise PostgresRefused(
            _(
                "The data in %(folder)s was made by PostgreSQL %(old)s and these programs are %(new)s. "
                "Make a backup with the earlier release, move the folder away and restore the backup."
            )
            % {"folder": data, "old": made_by, "new": major}
        )
