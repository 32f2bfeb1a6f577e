"""Call PostgreSQL's own programs on the installation's database."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from guiche.operations.embedded_postgres.programs import client_folders
from guiche.operations.errors import OperationRefused
from guiche.operations.words import gettext as _

VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def address() -> str:
    """Return the address of the installation's database."""
    return os.environ["DATABASE_URL"]


def of_database(name: str) -> str:
    """Return the address of another database of the same server."""
    return urlsplit(address())._replace(path=f"/{quote(name, safe='')}").geturl()


def database_name() -> str:
    return str(conninfo_to_dict(address())["dbname"])


def call(program: str, *arguments: str | Path, database: str | None = None) -> None:
    """Run `pg_dump` or `pg_restore` on the database. The password goes by environment: arguments can be seen by all.

    Raises OperationRefused with what the program said.
    """
    parts = conninfo_to_dict(of_database(database) if database else address())
    environment = {VARIABLES[key]: str(value) for key, value in parts.items() if key in VARIABLES}
    order = [_folder() / program, *arguments]
    done = subprocess.run(
        order,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise OperationRefused(
            _("%(program)s failed: %(error)s") % {"program": program, "error": done.stderr.strip()[-600:]}
        )


def _folder() -> Path:
    """Return the first folder whose programs are as new as the server."""
    with psycopg.connect(address()) as connection:
        server = connection.info.server_version // 10000
    for folder in client_folders():
        if _major(folder) >= server:
            return folder
    raise OperationRefused(
        _("The programs of PostgreSQL %s are needed: install postgresql-client-%s.") % (server, server)
    )


def _major(folder: Path) -> int:
    said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0
