"""Asks the virus scanner: clamd's INSTREAM command over TCP or a Unix socket."""

import socket
import struct
from pathlib import Path

CHUNK = 64 * 1024
SECONDS = 30


class ScannerAway(Exception):
    """The scanner cannot be reached or did not answer: ask again later."""


class TooMuchToScan(Exception):
    """The scanner says that this is larger than it looks at."""


def is_clean(path: Path, *, address: str) -> bool:
    """Say whether clamd at `address` (host:port, or the path of a socket) finds nothing in the file.

    Raises ScannerAway when it cannot answer now; TooMuchToScan when it never will.
    """
    try:
        with _connected(address) as line, path.open("rb") as content:
            line.sendall(b"zINSTREAM\0")
            while chunk := content.read(CHUNK):
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = line.makefile("rb").read(4096).rstrip(b"\0\n")
    except OSError as error:
        raise ScannerAway(str(error)) from error
    if b"size limit exceeded" in answer:
        raise TooMuchToScan(answer.decode(errors="replace"))
    if answer.endswith(b"FOUND"):
        return False
    if answer == b"stream: OK":
        return True
    raise ScannerAway(f"unexpected answer {answer[:100]!r}")


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host or "127.0.0.1", int(port)), timeout=SECONDS)
