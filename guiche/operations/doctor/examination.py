"""The examination from top to bottom: each part is only looked at when what it stands on is well."""

import os
from collections.abc import Iterator

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

from guiche.operations import database
from guiche.operations.doctor import machine
from guiche.operations.doctor.findings import Finding, Level, note, well, wrong
from guiche.operations.errors import OperationRefused
from guiche.operations.home import Home, Kind
from guiche.operations.words import gettext as _


def report(home: Home, *, deadlines: bool = False) -> int:
    """Print everything that is found; return 1 if something is wrong. `deadlines`: reckon all of them again too."""
    is_ill = False
    for finding in examine(home, deadlines=deadlines):
        print(finding, flush=True)
        is_ill |= finding.level is Level.WRONG
    print()
    print(_("Something is wrong: see above what to do.") if is_ill else _("All is well."))
    return int(is_ill)


def examine(home: Home, *, deadlines: bool = False) -> Iterator[Finding]:
    """Yield all findings."""
    yield from machine.examine(home)
    is_running = home.is_running()
    yield well(_("Guichê runs.")) if is_running else note(_("Guichê does not run."), _("Start it with guiche run."))
    try:
        with database.available(home):
            yield from _with_database(home, is_running=is_running, deadlines=deadlines)
    except OperationRefused as refusal:
        yield wrong(_("The database does not start."), str(refusal))


def _with_database(home: Home, *, is_running: bool, deadlines: bool) -> Iterator[Finding]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guiche.config.settings")
    try:
        django.setup()
    except (ImproperlyConfigured, ValueError) as error:
        yield wrong(_("The settings cannot be used."), str(error))
        return
    from guiche.operations.doctor import deadlines as promised
    from guiche.operations.doctor import kept, server, surroundings

    is_real = home.kind is Kind.REAL
    yield from surroundings.examine(is_real=is_real)
    try:
        yield from server.examine()
        if server.is_migrated():
            yield from server.jobs(is_running=is_running)
            yield from kept.examine()
            if deadlines:
                yield from promised.examine()
            yield from surroundings.held_letters()
            yield from surroundings.administrators(is_real=is_real)
    except OperationalError as error:
        yield wrong(_("The database does not answer."), str(error).strip())
