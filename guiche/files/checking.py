"""Whether rows and bytes still belong together, both ways: `guiche doctor` says so."""

from collections.abc import Iterator
from dataclasses import dataclass

from guiche.files import storing
from guiche.files.models import StoredFile


@dataclass(frozen=True)
class Mismatch:
    """Files whose bytes are gone or of another size (by id), and bytes that no row speaks of (by checksum)."""

    missing: list[str]
    unrowed: list[str]


def two_way() -> Mismatch:
    """Compare every row with the disk and back. Bytes on the way in count as unrowed for a moment: look twice."""
    rows = StoredFile.objects.values_list("pk", "checksum", "size").order_by("pk").iterator()
    return Mismatch(
        missing=[str(pk) for pk, checksum, size in rows if _size_of(checksum) != size], unrowed=list(_unrowed())
    )


def _size_of(checksum: str) -> int | None:
    path = storing.path_of(checksum)
    return path.stat().st_size if path.exists() else None


def _unrowed() -> Iterator[str]:
    spoken_of = set(StoredFile.objects.values_list("checksum", flat=True).iterator())
    return (checksum for checksum, _settled in storing.checksums() if checksum not in spoken_of)
