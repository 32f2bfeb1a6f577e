"""Findings about the database server and what is in it. Django is set up and DATABASE_URL answers."""

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guiche.operations.doctor.findings import Finding, Level, note, well, wrong
from guiche.operations.words import gettext as _

OLDEST = 150000
EXTENSIONS = {"unaccent", "pg_trgm"}


def examine() -> Iterator[Finding]:
    """Yield what is found about version, language of the texts, extensions and migrations."""
    yield _version()
    yield from _texts()
    yield from _extensions()
    yield _migrations()


def unfit() -> list[Finding]:
    """Return why the server cannot be used at all; nothing when it can."""
    return [finding for finding in (_version(), *_texts(), *_extensions()) if finding.level is Level.WRONG]


def _version() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, name = cursor.fetchone()
    if number < OLDEST:
        return wrong(_("PostgreSQL %s is too old.") % name, _("Use PostgreSQL 15 or newer."))
    return well(_("PostgreSQL %s answers.") % name)


def _texts() -> Iterator[Finding]:
    """With the C library's own C locale, `lower()` and ILIKE do not know accents."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datlocprovider, datctype, pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = current_database()"
        )
        provider, ctype, encoding = cursor.fetchone()
    if encoding != "UTF8":
        yield wrong(
            _("The database is encoded in %s.") % encoding,
            _("Make it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0."),
        )
    if provider == "c" and ctype in {"C", "POSIX"}:
        yield wrong(
            _("The database does not know accents (LC_CTYPE is %s): searches would miss “CONEXÃO”.") % ctype,
            _("Make it anew: CREATE DATABASE … LOCALE 'C.UTF-8' TEMPLATE template0."),
        )


def _extensions() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [sorted(EXTENSIONS)])
        missing = EXTENSIONS - {name for (name,) in cursor.fetchall()}
    for name in sorted(missing):
        yield wrong(
            _("The extension %s is not on the server.") % name, _("On Debian install the package postgresql-contrib.")
        )


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return wrong(_("%s migrations are waiting.") % len(waiting), _("Run guiche migrate, or start with guiche run."))
    return well(_("The database is up to date with the code."))


def is_migrated() -> bool:
    """Say whether there are tables to ask about people, jobs and mail."""
    return "accounts_user" in connection.introspection.table_names()


def jobs(*, is_running: bool) -> Iterator[Finding]:
    """Yield what is found about the worker and its jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        (silence,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        (failed,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND scheduled_at < now() - interval '10 min'"
        )
        (late,) = cursor.fetchone()
    if is_running and (silence is None or silence > 30):
        yield wrong(_("No worker runs: letters and deadlines wait."), _("Restart Guichê, or run guiche worker."))
    elif is_running:
        yield well(_("The worker is alive."))
    if late:
        yield note(_("%s jobs are more than ten minutes late.") % late, _("Look at the log of the worker."))
    if failed:
        yield note(_("%s jobs have failed for good.") % failed, _("Look at the log of the worker."))
