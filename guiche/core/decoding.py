"""Opening what somebody sent in another process, so that a file made to break its decoder breaks nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, NamedTuple

# Each decoder may take a gigabyte: two at once, the others wait their turn.
_turns = BoundedSemaphore(2)


class Decoded(NamedTuple):
    """How a decoder ended (0: well), and what it wrote."""

    code: int
    output: bytes


def run(decoder: Path, *arguments: int, content: bytes | IO[bytes], seconds: int) -> Decoded:
    """Return what `decoder` makes of `content`: a script of ours that limits its own memory and imports nothing of us.

    Raises TimeoutError after `seconds`.
    """
    command = [sys.executable, "-I", str(decoder), *map(str, arguments)]
    words, file = (content, None) if isinstance(content, bytes) else (None, content)
    with _turns:
        try:
            done = subprocess.run(
                command, input=words, stdin=file, capture_output=True, timeout=seconds, env={}, check=False
            )
        except subprocess.TimeoutExpired:
            raise TimeoutError(decoder.name) from None
    return Decoded(done.returncode, done.stdout)
