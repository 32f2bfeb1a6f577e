"""The standard pages: who asks for them, at which addresses, and how dear each may be."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from django.db.models import Count

from guiche.accounts.models import Team, User
from guiche.catalog.models import RequestType, Service, Severity
from guiche.organizations.models import Membership, Organization
from guiche.tickets.models import Ticket
from guiche.workflows.stages import Stage

SAMPLE = 600  # different tickets that the page of one is measured with: hardly one is asked for twice
MOST_QUERIES = 12
PAGE_MS, OPEN_MS, COMMENT_MS = 10.0, 15.0, 10.0
TYPE = "falha-tecnica"  # with the longest form

Body = Callable[[int], Mapping[str, str]]


@dataclass(frozen=True)
class Page:
    """What is asked: the nth request takes the nth address, round and round. `body` makes the form of a POST."""

    name: str
    user: User
    addresses: tuple[str, ...]
    most_ms: float | None = PAGE_MS
    most_queries: int | None = MOST_QUERIES
    status: int = 200
    body: Body | None = None

    def address(self, n: int) -> str:
        return self.addresses[n % len(self.addresses)]


@dataclass(frozen=True)
class Pair:
    """One list, with one row or two and with a thousand, or as many as there are."""

    name: str
    few: Page
    many: Page


def standard() -> list[Page]:
    """Return the pages whose cost has a limit, and a long queue that shows what more rows cost."""
    contact, agent = _contact(), _agent()
    seen = _numbers(Ticket.objects.visible_to(contact))
    desk = _numbers(Ticket.objects.visible_to(agent))
    return [
        Page("portal: home", contact, ("/",)),
        Page("portal: my tickets", contact, ("/chamados/?ver=todos&de=mim",)),
        Page("portal: all tickets", contact, ("/chamados/?ver=todos",)),
        Page("portal: ticket", contact, tuple(f"/chamados/{number}/" for number in seen)),
        Page("portal: opening form", contact, (f"/chamados/novo/{TYPE}/",)),
        _opening(contact),
        _commenting(contact),
        Page("desk: queue, 25 rows", agent, ("/mesa/fila/minha/",)),
        Page("desk: queue, 100 rows", agent, (f"/mesa/fila/{_busiest().slug}/",), most_ms=None),
        Page("desk: list of tickets", agent, ("/mesa/chamados/?ver=todos",)),
        Page("desk: ticket", agent, tuple(f"/mesa/chamados/{number}/" for number in desk)),
    ]


def pairs() -> list[Pair]:
    """Return every list twice: with a single row, and with many."""
    alone = Membership.objects.get(organization=_last(), is_portal_administrator=True).user
    contact, agent = _contact(), _agent()
    lone_team, busy_team = Team.objects.get(is_restricted=True), _busiest()
    few, many = f"?ver=todos&organization={_last().pk}", f"?ver=todos&organization={_large().pk}"
    found = [
        Pair(name, Page(name, alone, (address,)), Page(name, contact, (address,)))
        for name, address in (
            ("portal: home", "/"),
            ("portal: tickets", "/chamados/?ver=todos"),
            ("portal: to validate", "/validar/"),
            ("portal: people", "/organizacao/pessoas/"),
        )
    ]
    alike = quote_plus(_last().tickets.order_by("pk")[0].description.split("\n")[-1])  # its number is in no other
    return [
        *found,
        Pair(
            "portal: search",
            Page("portal: search", alone, (f"/busca/?q={alike}",)),
            Page("portal: search", contact, ("/busca/?q=a+tela",)),
        ),
        _pair("desk: queue", agent, f"/mesa/fila/{lone_team.slug}/", f"/mesa/fila/{busy_team.slug}/"),
        _pair("desk: list of tickets", agent, f"/mesa/chamados/{few}", f"/mesa/chamados/{many}"),
        _pair("desk: search", agent, f"/mesa/busca/?q={alike}", "/mesa/busca/?q=laudo"),
    ]


def _pair(name: str, user: User, few: str, many: str) -> Pair:
    return Pair(name, Page(name, user, (few,)), Page(name, user, (many,)))


def _opening(contact: User) -> Page:
    kind = RequestType.objects.get(slug=TYPE)
    service = Service.objects.select_related("module__product").order_by("id")[0]
    fixed = {
        "organization": str(_large().pk),
        "product": str(service.module.product_id),
        "module": str(service.module_id),
        "service": str(service.pk),
        "severity": str(Severity.objects.order_by("level")[0].pk),
        "description": "Começou depois da atualização.\n\nJá reiniciamos e **continua**.",
        "contact_name": contact.name,
        "contact_phone": "(12) 98800-1122",
        "contact_email": contact.email or "",
    }

    def body(n: int) -> Mapping[str, str]:
        return {**fixed, "title": uuid.uuid4().hex, "once_key": str(uuid.uuid4())}

    return Page("open a ticket", contact, (f"/chamados/novo/{kind.slug}/",), OPEN_MS, None, 302, body)


def _commenting(contact: User) -> Page:
    """Comments on tickets that nobody else of the sample reads, so that no page grows while it is measured."""
    rows = Ticket.objects.open().filter(organization=_large(), status__stage=Stage.IN_PROGRESS)
    numbers = _numbers(rows.exclude(request_type__is_reserved=True), newest=False)

    def body(n: int) -> Mapping[str, str]:
        return {"body": "Testamos de novo e **continua** do mesmo jeito.", "once_key": str(uuid.uuid4())}

    addresses = tuple(f"/chamados/{number}/comentar/" for number in numbers)
    return Page("comment", contact, addresses, COMMENT_MS, None, 302, body)


def _numbers(rows: Any, *, newest: bool = True) -> tuple[int, ...]:  # Any: a queryset of tickets
    ordered = rows.order_by("-number" if newest else "number")
    return tuple(ordered.values_list("number", flat=True)[:SAMPLE])


def _contact() -> User:
    """Who sees the most: the portal's administrator of the largest customer."""
    return Membership.objects.get(organization=_large(), is_portal_administrator=True).user


def _agent() -> User:
    """The agent with a queue of 25, who is of the restricted team too."""
    return Team.objects.get(is_restricted=True).people.get()


def _busiest() -> Team:
    open_ones = Ticket.objects.open().values("team").annotate(n=Count("pk")).order_by("-n")
    return Team.objects.get(pk=open_ones[0]["team"])


def _large() -> Organization:
    return Organization.objects.order_by("id")[0]


def _last() -> Organization:
    return Organization.objects.order_by("-id")[0]
