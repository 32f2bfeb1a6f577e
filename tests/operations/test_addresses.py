"""Ports: the one asked for, the next that is free, or a sentence."""

import socket
from collections.abc import Iterator

import pytest

from guiche.operations import addresses
from guiche.operations.errors import OperationRefused
from guiche.operations.home import Kind


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    for name in ("GUICHE_LISTEN", "GUICHE_ADDRESS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


class TestChoose:
    def test_passes_over_a_port_that_is_taken(self, taken, monkeypatch):
        monkeypatch.setattr(addresses, "FIRST_PORT", taken)

        found = addresses.choose("", Kind.REAL)

        assert found.port > taken
        assert found.address == f"http://127.0.0.1:{found.port}"

    def test_refuses_the_very_port_that_was_asked_for(self, taken):
        with pytest.raises(OperationRefused, match="PORT="):
            addresses.choose(str(taken), Kind.REAL)

    @pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "80 80", "８０"])
    def test_refuses_what_is_no_port(self, port):
        with pytest.raises(OperationRefused, match="65535"):
            addresses.choose(port, Kind.REAL)

    def test_keeps_the_address_that_the_operator_has_set(self, monkeypatch):
        monkeypatch.setenv("GUICHE_ADDRESS", "https://chamados.example/")

        assert addresses.choose("", Kind.REAL).address == "https://chamados.example"

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "chamados.example"])
    def test_keeps_a_demonstration_on_this_machine(self, host, monkeypatch):
        monkeypatch.setenv("GUICHE_LISTEN", host)

        with pytest.raises(OperationRefused, match="GUICHE_LISTEN"):
            addresses.choose("", Kind.DEMONSTRATION)
