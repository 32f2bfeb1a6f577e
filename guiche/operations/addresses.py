"""Which port to listen on, and under which address people reach it."""

import contextlib
import ipaddress
import os
import socket
from dataclasses import dataclass

from guiche.operations.errors import OperationRefused
from guiche.operations.home import Kind
from guiche.operations.words import gettext as _

FIRST_PORT = 8000
TRIES = 50


@dataclass(frozen=True)
class Listening:
    """Where the web server listens, and the address that people type (GUICHE_ADDRESS)."""

    host: str
    port: int
    address: str


def choose(port: str, kind: Kind) -> Listening:
    """Return where to listen: on `port` if given, else on the first free one. Raises OperationRefused."""
    host = os.environ.get("GUICHE_LISTEN", "").strip() or "127.0.0.1"
    if kind is Kind.DEMONSTRATION and not _is_loopback(host):
        raise OperationRefused(_("A demonstration listens on this machine only: remove GUICHE_LISTEN."))
    number = _given(host, port) if port else _first_free(host)
    address = os.environ.get("GUICHE_ADDRESS", "").strip().rstrip("/") or f"http://127.0.0.1:{number}"
    return Listening(host, number, address)


def answers(listening: Listening) -> bool:
    """Say whether a web server gives any answer there."""
    try:
        with socket.create_connection((listening.host, listening.port), timeout=5) as connection:
            connection.sendall(b"GET /entrar/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(12).startswith(b"HTTP/1.")
    except OSError:
        return False


def _given(host: str, port: str) -> int:
    if not (port.isascii() and port.isdigit()) or not 0 < int(port) < 65536:
        raise OperationRefused(_("PORT must be a number from 1 to 65535, not “%s”.") % port)
    if not _is_free(host, int(port)):
        raise OperationRefused(
            _("Port %(port)s cannot be used: another program has it. Try another: make run PORT=%(next)s.")
            % {"port": port, "next": _first_free(host)}
        )
    return int(port)


def _first_free(host: str) -> int:
    for port in range(FIRST_PORT, FIRST_PORT + TRIES):
        if _is_free(host, port):
            return port
    raise OperationRefused(_("Ports %s to %s are all taken. Choose one: make run PORT=9000.") % (FIRST_PORT, port))


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError:
            return False
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
