"""Ask for every address of the table of gates as everybody, and note what was answered."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone

from guiche.accounts import sessions
from guiche.accounts.models import User
from guiche.installation import models as installation
from tests.architecture.gates import CAST, GATES, Gate
from tests.architecture.world import NOBODYS_KEY, NOBODYS_NUMBER, World

HTMX = {"HX-Request": "true"}
# A form without data, as a browser sends it.
EMPTY = {"csrfmiddlewaretoken": "x"}
IN_VAIN = 987_654_322
# What Ana must not see, under the names of what she may.
HIDDEN = {
    "ticket": "secret",
    "comment_of_ana": "comment_on_secret",
    "queue": "secret_queue",
    "attachment": "secret_file",
}

_ONCE = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]+|(nonce-)[\w+/=-]+|(nonce=")[^"]+')
_BOOKKEEPING = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)")


@dataclass
class Answer:
    """What one person was answered at one address."""

    gate: Gate
    who: str
    method: str
    is_htmx: bool
    status: int
    headers: dict[str, str]
    body: bytes
    queries: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """How the table of gates says it: the status, or `in` for being sent to the sign-in."""
        to_sign_in = self.headers.get("Location", "").startswith("/entrar/?next=")
        return "in" if self.status == 302 and to_sign_in else str(self.status)

    @property
    def is_html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html") and bool(self.body)

    @property
    def text(self) -> str:
        """The page without what is new in each answer; "" for what is no page."""
        return _ONCE.sub(r"\1\2\3", self.body.decode()) if self.is_html else ""

    def __str__(self) -> str:
        return f"{self.method} {self.gate.route} as {self.who}{' (htmx)' if self.is_htmx else ''}"


@dataclass
class Walk:
    """Everything that was answered."""

    answers: list[Answer] = field(default_factory=list)
    twins: list[tuple[Answer, Answer]] = field(default_factory=list)  # what is hidden, and what is not there
    strange: list[Answer] = field(default_factory=list)  # where nothing can be, to who may enter
    django_templates: set[str] = field(default_factory=set)  # what the other engine rendered
    world: World = field(default_factory=World)

    def of(self, method: str, *, is_htmx: bool = False) -> list[Answer]:
        return [one for one in self.answers if one.method == method and one.is_htmx == is_htmx]

    @property
    def pages(self) -> list[Answer]:
        return [one for one in self.answers if one.is_html]


def routes() -> dict[str, str]:
    """Return every address of the site: its name and its pattern."""
    return dict(_routes(get_resolver(), ""))


def _routes(resolver: URLResolver, namespace: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            yield f"{namespace}{pattern.name}", str(pattern.pattern)
        else:
            yield from _routes(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


def everything(world: World, gates: list[Gate] = GATES) -> Walk:
    """Walk the table: GET as everybody, with and without htmx, and POST without data as the foreign contact."""
    walk = Walk(world=world)

    def note_template(template: Any, **_more: Any) -> None:
        walk.django_templates.add(str(template.name))

    template_rendered.connect(note_template)
    try:
        for who in CAST:
            client = browser(world.people[who])
            for gate in gates:
                walk.answers += [ask(client, gate, world, who=who, is_htmx=is_htmx) for is_htmx in (False, True)]
            walk.twins += _twins(client, who, world, gates)
            walk.strange += _strange(client, who, world, gates)
        for gate in gates:
            walk.answers.append(ask(browser(world.people["carla"]), gate, world, who="carla", method="POST"))
    finally:
        template_rendered.disconnect(note_template)
    return walk


def _twins(client: Client, who: str, world: World, gates: list[Gate]) -> Iterator[tuple[Answer, Answer]]:
    """Ask for what `who` must not see, and for the same where nothing is."""
    for gate in gates:
        hidden = gate
        if who == "ana" and set(gate.names) & HIDDEN.keys() and gate.expected(who) in {"200", "405"}:
            hidden = Gate(gate.route, tuple(HIDDEN.get(name, name) for name in gate.names), gate.answers, gate.posted)
        elif gate.expected(who) != "404" and not (who == "carla" and gate.posted == "404"):
            continue
        for method, is_htmx in (("GET", False), ("GET", True), ("POST", True)):
            pair = [
                ask(client, hidden, world, who=who, method=method, is_htmx=is_htmx, missing=missing)
                for missing in (0, NOBODYS_NUMBER)
            ]
            yield pair[0], pair[1]


def _strange(client: Client, who: str, world: World, gates: list[Gate]) -> Iterator[Answer]:
    """Ask, where `who` may enter, for what is not there, and for numbers that no row can have."""
    for gate in gates:
        if gate.names and gate.expected(who) in {"200", "302", "405"} and not gate.route.startswith("public:"):
            for missing in (IN_VAIN, 10**30):
                method = "POST" if gate.expected(who) == "405" else "GET"
                yield ask(client, gate, world, who=who, method=method, missing=missing)


def browser(person: User | None) -> Client:
    """Return a browser in which `person` signed in with the password a moment ago."""
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
        session = client.session
        sessions.start(session, person, device="Chrome", address=None, at=timezone.now())
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
    return client


def ask(
    client: Client,
    gate: Gate,
    world: World,
    *,
    who: str,
    method: str = "GET",
    is_htmx: bool = False,
    missing: int = 0,
) -> Answer:
    """Ask for the address of `gate`; with `missing`, for one of the same kind and of this number, where nothing is."""
    values = [world.names[name] for name in gate.names]
    if missing:
        last = len(values) - 1  # the rest of the way exists where only the last step is asked for in vain
        kept = last if missing == IN_VAIN else 0
        values = [*values[:kept], *(_nothing_like(value, missing) for value in values[kept:])]
    address = reverse(gate.route, args=values)
    send = client.post if method == "POST" else client.get
    connection.queries_log.clear()  # it keeps 9,000 at most
    installation.forget()
    installation.current()  # read every few seconds: never by the page that is counted
    with CaptureQueriesContext(connection) as captured:
        response = send(address, EMPTY if method == "POST" else None, headers=HTMX if is_htmx else {})
    body = b"".join(response.streaming_content) if response.streaming else response.content
    queries = [query["sql"] for query in captured.captured_queries if not _BOOKKEEPING.match(query["sql"])]
    return Answer(gate, who, method, is_htmx, response.status_code, dict(response.headers), body, queries)


def _nothing_like(value: Any, number: int) -> Any:
    """Return a value of the same kind that names nothing: `number`, where it is one."""
    if isinstance(value, int):
        return number
    return NOBODYS_KEY if not isinstance(value, str) else "nada-disso"
