"""What every address says to who sends without the page's token, by another method, or what is no form."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from guiche.installation import models as installation
from tests.architecture import fuzz
from tests.architecture.gates import CAST, GATES, Gate
from tests.architecture.walk import browser
from tests.architecture.world import World, passing_world

pytestmark = pytest.mark.django_db

ODD = ("OPTIONS", "TRACE", "PUT", "PATCH", "CONNECT", "PROPFIND", "X")


@pytest.fixture
def world() -> Iterator[World]:
    installation.forget()
    logging.disable(logging.WARNING)
    with passing_world() as made:
        yield made
    logging.disable(logging.NOTSET)
    installation.forget()


def entering(gate: Gate) -> str:
    """Return somebody who may enter at `gate`; the administrator where nobody in particular does."""
    found = (who for who in CAST if gate.answers[CAST.index(who)] in {"200", "405", "302"} and who != "anonymous")
    return next(found, "elisa")


def guarded(world: World) -> dict[str, Client]:
    """Return the browsers of everybody, which check tokens as a real server does, each with a token of its own."""
    clients = fuzz.browsers(world)
    for client in clients.values():
        client.handler.enforce_csrf_checks = True
        client.get("/entrar/")
    return clients


class TestTokens:
    def test_case_115_no_address_takes_a_form_without_its_token(self, world: World) -> None:
        clients = guarded(world)
        foreign = Client()
        page = foreign.get("/entrar/").content.decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        forged = [
            ({}, "multipart/form-data; boundary=BoUnDaRyStRiNg"),
            ({"csrfmiddlewaretoken": token}, "multipart/form-data; boundary=BoUnDaRyStRiNg"),
            ({"csrfmiddlewaretoken": "x" * 64}, "multipart/form-data; boundary=BoUnDaRyStRiNg"),
            ('{"csrfmiddlewaretoken": "x"}', "text/plain"),
            ('{"csrfmiddlewaretoken": "x"}', "application/json"),
        ]
        taken = []
        for gate in GATES:
            client, to = clients[entering(gate)], fuzz.address(gate, world)
            for body, kind in forged:
                with fuzz.undone():
                    answer = client.post(to, body, content_type=kind)
                taken += [f"{gate.route} {kind}: {answer.status_code}"] if answer.status_code != 403 else []

        assert len(GATES) > 150
        assert not taken

    def test_case_115_nor_one_that_says_it_is_another_method(self, world: World) -> None:
        clients = guarded(world)
        taken = []
        for gate in GATES:
            client, to = clients[entering(gate)], fuzz.address(gate, world)
            for headers in ({"X-HTTP-Method-Override": "GET"}, {"X-Method-Override": "HEAD"}):
                with fuzz.undone():
                    answer = client.post(f"{to}?_method=GET", {"_method": "GET"}, headers=headers)
                taken += [gate.route] if answer.status_code != 403 else []

        assert not taken

    def test_case_115_the_same_addresses_take_it_with_the_token(self, world: World) -> None:
        """Otherwise a door that is shut to everybody would pass for a guarded one."""
        client = browser(world.people["bruno"])
        client.handler.enforce_csrf_checks = True
        page = client.get("/perfil/aparencia/").content.decode()
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

        assert client.post("/perfil/aparencia/", {"theme": "dark", "csrfmiddlewaretoken": token}).status_code == 302


class TestMethods:
    def test_case_122_odd_methods_are_refused_alike(self, world: World) -> None:
        clients = fuzz.browsers(world)
        answered = set()
        for gate in GATES:
            client, to = clients[entering(gate)], fuzz.address(gate, world)
            for method in ODD:
                with fuzz.undone():
                    answer = client.generic(method, to)
                if answer.status_code != 405 or answer.content:
                    answered.add(f"{gate.route} {method}: {answer.status_code}")

        assert not answered

    def test_case_122_head_says_no_more_than_get(self, world: World) -> None:
        clients = fuzz.browsers(world)
        unlike = []
        for gate in GATES:
            for who in ("anonymous", "carla", "bruno"):
                to = fuzz.address(gate, world)
                with fuzz.undone():
                    got = clients[who].get(to)
                with fuzz.undone():
                    asked = clients[who].head(to)
                if (asked.status_code, asked.content if not asked.streaming else b"") != (got.status_code, b""):
                    unlike.append(f"{gate.route} as {who}: {asked.status_code}, not {got.status_code}")

        assert not unlike


class TestBodies:
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"{", "application/json"),
            (b"a=%ff%fe%00&%00=1&a[]=2&a=3", "application/x-www-form-urlencoded"),
            (b"\xff\xfe", "application/x-www-form-urlencoded; charset=utf-7"),
            (b"a=1", "application/x-www-form-urlencoded; charset=nada"),
            (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', "multipart/form-data; boundary=x"),
            (b"--x--", "multipart/form-data"),
            (b"a=1", "multipart/form-data; boundary=" + "x" * 300),
            (
                b'--x\r\nContent-Disposition: form-data; name="file"; filename="\x00../a\r\nX-Y: z"\r\n\r\n1\r\n--x--',
                "multipart/form-data; boundary=x",
            ),
        ],
    )
    def test_case_157_what_is_no_form_breaks_nothing(self, world: World, body: bytes, kind: str) -> None:
        clients = fuzz.browsers(world)
        for client in clients.values():
            client.raise_request_exception = False
        broken = []
        for gate in GATES:
            with fuzz.undone():
                answer = clients[entering(gate)].generic("POST", fuzz.address(gate, world), body, content_type=kind)
            broken += [f"{gate.route}: {answer.status_code}"] if answer.status_code >= 500 else []

        assert not broken

    def test_case_157_ten_thousand_fields_are_not_read(self, world: World) -> None:
        client = browser(world.people["bruno"])
        many = {f"f{number}": "x" for number in range(10_000)}

        assert client.post("/perfil/", many).status_code == 400
        assert client.get("/chamados/", many).status_code == 400

    @pytest.mark.parametrize("name", ["Accept-Language", "Accept", "Cookie", "User-Agent", "Referer", "Range"])
    def test_case_157_long_headers_cost_nothing(self, world: World, name: str) -> None:
        client = browser(world.people["bruno"])

        assert client.get("/privacidade/", headers={name: "en-a,b;q=0.1;" * 1_000}).status_code == 200
