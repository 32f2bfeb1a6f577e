"""Findings about the machine and the state folder: no database is needed."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from guiche.operations.doctor.findings import Finding, note, well, wrong
from guiche.operations.embedded_postgres.places import ELSEWHERE
from guiche.operations.home import Home, Kind
from guiche.operations.words import gettext as _

GIB = 1024**3
LITTLE_BYTES, HARDLY_ANY_BYTES = 5 * GIB, GIB // 2
SECRETS = ("secret.key", "postgres.postgres.key", "postgres.guiche.key", "demonstration.json")


def examine(home: Home) -> Iterator[Finding]:
    """Yield what is found about folders, secrets and room on the disk."""
    yield _room(home.folder)
    yield from _database_room(home)
    yield from _forgotten_databases()
    yield from _secrets(home)
    yield from _folders(home)
    if home.unfinished.exists():
        yield wrong(_("A restore was interrupted."), _("Do it again: guiche restore FILE --force."))
    if home.kind is Kind.NEW:
        yield note(
            _("Nothing has been set up here yet."), _("For a demonstration: guiche run. For real use: guiche setup.")
        )


def _room(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    said = _("%(folder)s has %(free).1f GB free.") % {"folder": folder, "free": free / GIB}
    if free < HARDLY_ANY_BYTES:
        return wrong(said, _("Make room now: uploads and the database stop when the disk is full."))
    if free < LITTLE_BYTES:
        return note(said, _("Make room, or move the state folder to a larger disk."))
    return well(said)


def _database_room(home: Home) -> Iterator[Finding]:
    """Look at the disk of the database where it is another one than the state folder's."""
    pointer = home.folder / "postgres.place"
    if not pointer.exists():
        return
    folder = Path(pointer.read_text().strip())
    yield well(_("The database lies in %s, because its account cannot enter the state folder.") % folder)
    if folder.exists():
        yield _room(folder)
    else:
        yield wrong(_("%s is gone.") % folder, _("Put the folder back, or restore a backup."))


def _forgotten_databases() -> Iterator[Finding]:
    """Find what removed state folders have left under /var/lib: only root can tell, and only root has made any."""
    if os.geteuid() != 0:
        return
    for folder in sorted(ELSEWHERE.glob("*/installation")):
        pointer = Path(folder.read_text()) / "postgres.place"
        if not pointer.exists() or pointer.read_text().strip() != str(folder.parent):
            yield note(
                _("%s belongs to no installation any more.") % folder.parent,
                _("If nobody needs what is in it, remove the folder."),
            )


def _secrets(home: Home) -> Iterator[Finding]:
    for name in SECRETS:
        path = home.folder / name
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield wrong(_("Others can read %s.") % path, f"chmod 600 {path}")


def _folders(home: Home) -> Iterator[Finding]:
    for name in ("files", "mail", "static"):
        folder = home.folder / name
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            yield wrong(_("%s cannot be written to.") % folder, _("Give it to the account that runs Guichê."))
