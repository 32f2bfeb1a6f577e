"""Sizes of files in words. Pure."""

from django.utils.formats import number_format

_UNITS = (("GB", 1024**3), ("MB", 1024**2), ("KB", 1024))


def in_words(size: int) -> str:
    """Return `size`, in bytes, as people say it: 84 MB, 2,4 MB, 312 KB, 90 bytes."""
    for unit, bytes_in_unit in _UNITS:
        if size >= bytes_in_unit:
            amount = size / bytes_in_unit
            digits = 1 if amount < 10 and round(amount, 1) % 1 else 0
            return f"{number_format(round(amount, digits), digits)} {unit}"
    return f"{size} bytes"
