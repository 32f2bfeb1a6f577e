"""The file of a backup: a tar with the database, the files and the key, and last a manifest of checksums."""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from guiche.operations.errors import OperationRefused
from guiche.operations.words import gettext as _

FORMAT = 1
DATABASE = "database.dump"
SECRET_KEY = "secret.key"
ACCOUNTS = "demonstration.json"
MANIFEST = "manifest.json"
FILES = "files/"
NAMES = re.compile(r"(database\.dump|secret\.key|demonstration\.json|files(/(?!\.{1,2}(/|$))[\w.-]+)+)", re.ASCII)
BLOCK = 1024 * 1024


@dataclass
class Writer:
    """Adds members to an open tar and remembers their checksums."""

    tar: tarfile.TarFile
    checksums: dict[str, str]

    def add(self, path: Path, name: str) -> None:
        """Add the file `path` under `name`. One that vanishes meanwhile is left out: nothing refers to it any more."""
        try:
            source = path.open("rb")
        except FileNotFoundError:
            return
        with source:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = path.stat().st_size, 0o600, int(path.stat().st_mtime)
            reading = _Hashed(source)
            self.tar.addfile(entry, reading)
        self.checksums[name] = reading.digest.hexdigest()

    def finish(self, **facts: Any) -> None:
        """Write the manifest, which makes the backup whole."""
        content = json.dumps({"format": FORMAT, **facts, "checksums": self.checksums}, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(content), 0o600
        self.tar.addfile(entry, io.BytesIO(content))


def verified(path: Path) -> dict[str, Any]:
    """Return the manifest of the backup `path`, after reading all of it. Raises OperationRefused when it is damaged."""
    found: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    try:
        for name, content in members(path):
            if name == MANIFEST:
                manifest = json.load(content)
            else:
                found[name] = _checksum(content)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise OperationRefused(
            _("%(file)s cannot be read as a backup: %(error)s") % {"file": path, "error": error}
        ) from None
    if manifest is None:
        raise OperationRefused(_("%s is not a whole backup: its end is missing.") % path)
    if manifest.get("format") != FORMAT:
        raise OperationRefused(_("%s was written by a newer release. Install that release first.") % path)
    if manifest["checksums"] != found or DATABASE not in found:
        raise OperationRefused(_("%s is damaged: its contents are not what was written. Use another backup.") % path)
    return manifest


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield the name and content of each member. Raises OperationRefused on a member that a backup never has."""
    with tarfile.open(path, "r:") as tar:
        for entry in tar:
            content = tar.extractfile(entry) if entry.isreg() else None
            if content is None or not (entry.name == MANIFEST or NAMES.fullmatch(entry.name)):
                raise OperationRefused(
                    _("%(file)s is not a backup: it holds “%(name)s”.") % {"file": path, "name": entry.name}
                )
            yield entry.name, content


def _checksum(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


class _Hashed:
    """A source of bytes that computes their checksum as they are read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.source.read(size)
        self.digest.update(block)
        return block
