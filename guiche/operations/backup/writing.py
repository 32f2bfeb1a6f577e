"""Write a backup: database first, then the files, which are never changed once the database knows them."""

import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from guiche.operations.backup import archive, tools
from guiche.operations.errors import OperationRefused
from guiche.operations.home import Home, release
from guiche.operations.words import gettext as _

NEVER = ("incoming",)  # uploads that are still arriving


def write(home: Home, target: Path) -> int:
    """Write the backup `target`, readable by its owner alone; return its size in bytes.

    It appears under its name only when it is whole, on the disk, and has been read back.
    Raises OperationRefused.
    """
    if target.exists():
        raise OperationRefused(_("%s exists already: choose another name.") % target)
    half, dump = target.with_name(f"{target.name}.half"), target.with_name(f"{target.name}.dump")
    try:
        tools.call("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-comments", "--file", dump)
        _fill(home, half, dump)
        archive.verified(half)
        half.rename(target)
    except OSError as error:
        raise OperationRefused(
            _("The backup could not be written to %(file)s: %(error)s") % {"file": target, "error": error.strerror}
        ) from None
    finally:
        half.unlink(missing_ok=True)
        dump.unlink(missing_ok=True)
    return target.stat().st_size


def _fill(home: Home, half: Path, dump: Path) -> None:
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            writer = archive.Writer(tar, {})
            writer.add(dump, archive.DATABASE)
            writer.add(home.folder / "secret.key", archive.SECRET_KEY)
            writer.add(home.demonstration, archive.ACCOUNTS)
            files = home.folder / "files"
            for path in sorted(files.rglob("*")):
                if path.is_file() and path.relative_to(files).parts[0] not in NEVER:
                    writer.add(path, archive.FILES + path.relative_to(files).as_posix())
            writer.finish(
                kind=home.kind.value, release=release(), written_at=datetime.now(UTC).isoformat(timespec="seconds")
            )
        out.flush()
        os.fsync(out.fileno())
