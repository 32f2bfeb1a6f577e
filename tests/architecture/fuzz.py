"""Every form of the site and every name of a query, with what no browser sends: nothing may break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.architecture.gates import CAST, GATES, Gate
from tests.architecture.walk import HTMX, browser
from tests.architecture.world import World

WEB = Path(__file__).parents[2] / "guiche/web"
# What a field is given, by what it tries to break.
PAYLOADS = {
    "nothing": "",
    "NUL": "a\x00b",
    "long": "a" * 10_000,
    "beyond bigint": str(2**63),
    "beyond any number": "9" * 400,
    "negative": "-1",
    "a half of a pair": "\ud83d",
    "other digits": "²٣",
    "script": "\"'><script>alert(1)</script>{{7*7}}%s%00../",
    "no number": "NaN",
    "a far date": "99999-12-31T99:99",
}
ALONE = ("NUL",)  # asked of each field by itself too: elsewhere another field stops the form
IN_QUERIES = ("NUL", "long", "beyond bigint", "other digits", "script", "no number")

_READ = re.compile(r"""(?:GET|POST|data|params)(?:\.get|\.getlist|\.pop)?[(\[]f?["']([\w-]+)["']""")


@dataclass(frozen=True)
class Field:
    name: str
    value: str
    is_file: bool = False


@dataclass
class Form:
    """A form of a page, with what a browser would send were its button pressed at once."""

    who: str
    page: str
    method: str
    action: str
    fields: list[Field] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, ...]:
        return (self.method, self.action, *sorted({one.name for one in self.fields}))

    def __str__(self) -> str:
        return f"{self.method} {self.action} as {self.who}"


class _Forms(HTMLParser):
    """Collects the forms of a page; fields that name their form from outside of it are found too."""

    def __init__(self, who: str, page: str) -> None:
        super().__init__()
        self.who, self.page = who, page
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._within: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._begin(said)
        elif tag == "option" and self._select and ("selected" in said or said.get("value")):
            self._add(said, self._select, said.get("value", ""))
        elif tag in {"input", "textarea", "select", "button"} and said.get("name"):
            self._select = said["name"] if tag == "select" else self._select
            self._add(said, said["name"], said.get("value", ""), is_file=said.get("type") == "file")

    def handle_endtag(self, tag: str) -> None:
        self._within = None if tag == "form" else self._within
        self._select = "" if tag == "select" else self._select

    def _begin(self, said: dict[str, str]) -> None:
        action = urljoin(self.page, said.get("action") or self.page)
        self._within = Form(self.who, self.page, said.get("method", "get").upper(), action)
        self.forms.append(self._within)
        self._by_id[said.get("id", "")] = self._within

    def _add(self, said: dict[str, str], name: str, value: str, *, is_file: bool = False) -> None:
        form = self._by_id.get(said["form"]) if said.get("form") else self._within
        if form is not None and name != "csrfmiddlewaretoken":
            form.fields = [one for one in form.fields if one.name != name or _repeats(said)]
            form.fields.append(Field(name, value, is_file))


def _repeats(said: dict[str, str]) -> bool:
    return said.get("type") == "checkbox"


def names_read() -> list[str]:
    """Return every name that a view reads from a query or a form by itself."""
    return sorted({name for path in WEB.rglob("*.py") for name in _READ.findall(path.read_text())})


def forms(world: World, clients: dict[str, Client]) -> list[Form]:
    """Return the forms of all pages, each once, with who may send it."""
    found: dict[tuple[str, ...], Form] = {}
    for who, gate in _entered():
        page = address(gate, world)
        with undone():
            response = clients[who].get(page)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            parser = _Forms(who, page)
            parser.feed(response.content.decode())
            for form in parser.forms:
                found.setdefault(form.key, form)
    return [form for form in found.values() if urlsplit(form.action).path != "/sair/"]


def tries(form: Form) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is sent instead of what the form holds: each payload everywhere, some in each field alone."""
    names = list(dict.fromkeys(one.name for one in form.fields))
    typed = {one.name: one.value for one in form.fields if not one.is_file}
    files = [one.name for one in form.fields if one.is_file]
    for kind, payload in PAYLOADS.items():
        yield kind, {name: _file(payload) if name in files else payload for name in names}
    for kind in ALONE:
        for name in names:
            if name not in files:
                yield f"{kind} in {name}", {**typed, name: PAYLOADS[kind]}


def _file(payload: str) -> BytesIO:
    file = BytesIO(payload.encode("utf-8", "replace"))
    file.name = payload.replace("\ud83d", "x")[:300] or "x"
    return file


def queries(world: World) -> Iterator[tuple[str, str, str]]:
    """Yield who asks for which address, with every name that is read anywhere, and the payload's name."""
    names = names_read()
    for who, gate in _entered():
        for kind in IN_QUERIES:
            text = PAYLOADS[kind][:2_000].encode("utf-8", "surrogatepass")
            yield who, f"{address(gate, world)}?{urlencode([(name, text) for name in names] * 2)}", kind


def posts(world: World) -> Iterator[tuple[str, str, str]]:
    """Yield who posts to which address that has no page of its own, and the payload's name."""
    for who, gate in _entered("405"):
        for kind in PAYLOADS:
            yield who, address(gate, world), kind


def address(gate: Gate, world: World) -> str:
    return reverse(gate.route, args=[world.names[name] for name in gate.names])


def _entered(said: str = "200") -> Iterator[tuple[str, Gate]]:
    """Yield each address once for a customer, the desk, administration: whoever of them may enter."""
    for gate in GATES:
        for group in (("anonymous",), ("beatriz", "bruno", "caio", "carla"), ("ana",), ("elisa",)):
            who = next((one for one in group if gate.answers[CAST.index(one)] == said), None)
            if who:
                yield who, gate


def send(client: Client, method: str, to: str, sent: dict[str, Any], *, is_htmx: bool = False) -> int:
    """Send a form as `client`, undo what it did, and return the status."""
    headers = HTMX if is_htmx else {}
    with undone():
        if method == "GET":
            text = {name: str(value).encode("utf-8", "surrogatepass") for name, value in sent.items()}
            return client.get(to.partition("?")[0], text, headers=headers).status_code
        plain = {name: _sendable(value) for name, value in sent.items()}
        return client.post(to, plain, headers=headers).status_code


def _sendable(value: Any) -> Any:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) and "\ud83d" in value else value


class undone(transaction.Atomic):  # used like a function
    """What happens inside leaves nothing behind, not even a broken transaction."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        transaction.set_rollback(True)
        super().__exit__(kind, value, trace)


def browsers(world: World) -> dict[str, Client]:
    return {who: browser(world.people[who]) for who in CAST}
