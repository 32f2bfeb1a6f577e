"""What no browser sends, in every field and every name of a query: refused or ignored, never a failure of ours."""

from __future__ import annotations

import itertools
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client

from guiche.installation import models as installation
from tests.architecture import fuzz
from tests.architecture.walk import HTMX
from tests.architecture.world import World, passing_world

pytestmark = pytest.mark.django_db


@dataclass
class Site:
    world: World
    clients: dict[str, Client]


@pytest.fixture
def site() -> Iterator[Site]:
    installation.forget()
    logging.disable(logging.WARNING)
    with passing_world() as world:
        yield Site(world, fuzz.browsers(world))
    logging.disable(logging.NOTSET)
    installation.forget()


def _broken(tries: Iterator[tuple[str, Callable[[], int]]]) -> list[str]:
    """Return what was asked where the answer was a failure of ours."""
    found = []
    for words, ask in tries:
        try:
            status = ask()
        except Exception as error:  # whatever it is, it is the finding
            found.append(f"{words}: {error!r}"[:300])
        else:
            found += [f"{words}: {status}"] if status >= 500 else []
    return found


class TestForms:
    def test_cases_64_134_139_157_nothing_typed_breaks_a_form(self, site: Site) -> None:
        forms = fuzz.forms(site.world, site.clients)
        assert len(forms) > 120

        def tries() -> Iterator[tuple[str, Callable[[], int]]]:
            for form in forms:
                for kind, sent in fuzz.tries(form):
                    yield (
                        f"{form}: {kind}",
                        lambda form=form, sent=sent: fuzz.send(site.clients[form.who], form.method, form.action, sent),
                    )

        assert _broken(tries()) == []

    def test_case_64_nor_an_address_that_only_takes_what_is_sent(self, site: Site) -> None:
        names = fuzz.names_read()

        def tries() -> Iterator[tuple[str, Callable[[], int]]]:
            for who, to, kind in fuzz.posts(site.world):
                sent = dict.fromkeys(names, fuzz.PAYLOADS[kind])
                yield (
                    f"{to} as {who}: {kind}",
                    lambda who=who, to=to, sent=sent: fuzz.send(site.clients[who], "POST", to, sent, is_htmx=True),
                )

        assert _broken(tries()) == []


class TestQueries:
    def test_cases_64_136_137_no_name_of_a_query_breaks_a_page(self, site: Site) -> None:
        fragments = itertools.cycle([False, True])

        def ask(who: str, to: str) -> int:
            with fuzz.undone():
                return site.clients[who].get(to, headers=HTMX if next(fragments) else {}).status_code

        assert len(fuzz.names_read()) > 40
        tries = (
            (f"{to.partition('?')[0]} as {who}: {kind}", lambda who=who, to=to: ask(who, to))
            for who, to, kind in fuzz.queries(site.world)
        )
        assert _broken(tries) == []

    def test_case_136_names_of_columns_narrow_nothing(self, site: Site) -> None:
        names = ("requester__password__startswith", "organization__id", "status__in", "id", "pk", "order_by", "sort")
        for who, address in (("bruno", "/chamados/"), ("ana", "/mesa/chamados/"), ("elisa", "/administracao/pessoas/")):
            plain = _rows(site.clients[who], address)
            for name in names:
                assert _rows(site.clients[who], f"{address}?{name}=a") == plain, f"{address}?{name}"


def _rows(client: Client, address: str) -> list[bytes]:
    """Return the links of the list, in order."""
    body = client.get(address).content
    return re.findall(rb'<a [^>]*href="(/[^"?]*\d+/?)"', body)
