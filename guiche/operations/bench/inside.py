"""The cost of a page inside this process: its queries, and its CPU without the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client

from guiche.installation import models as installation
from guiche.operations.bench.errors import BenchRefused
from guiche.operations.bench.pages import Page
from guiche.operations.bench.sessions import CSRF, cookies_of

HOST = "127.0.0.1"


@dataclass
class Counted:
    """What the database was asked, and for how long."""

    queries: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:  # Any: Django's wrapper
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            self.seconds += time.perf_counter() - began
            self.queries.append(str(sql))


class Browser:
    """A signed-in client of Django's, in this process."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.client = Client(enforce_csrf_checks=True, SERVER_NAME=HOST)
        self.client.cookies.load(cookies_of(page.user))

    def ask(self, n: int) -> bytes:
        """Make the nth request of the page and return the body. Raises BenchRefused for an unexpected status."""
        page, address = self.page, self.page.address(n)
        headers = {"Accept-Encoding": "gzip"}
        if page.body:
            form = {**page.body(n), "csrfmiddlewaretoken": CSRF}
            response = self.client.post(address, form, headers=headers)
        else:
            response = self.client.get(address, headers=headers)
        if response.status_code != page.status:
            raise BenchRefused(f"{page.name}: {address} answered {response.status_code}, not {page.status}.")
        return bytes(response.content)


def queries(page: Page, *, times: int = 6) -> tuple[int, float]:
    """Return the most queries that one request made, and the median milliseconds that the database took."""
    browser = Browser(page)
    browser.ask(0)  # what a process remembers is remembered now
    seen = []
    for n in range(1, times + 1):
        installation.forget()
        installation.current()  # asked once in a few seconds by whatever page comes: it is no part of this one
        counted = Counted()
        with connection.execute_wrapper(counted):
            browser.ask(n)
        seen.append((len(counted.queries), counted.seconds * 1000))
    return max(number for number, _ms in seen), sorted(ms for _number, ms in seen)[len(seen) // 2]


def cpu_ms(page: Page, *, times: int, rounds: int) -> float:
    """Return the milliseconds of CPU that one request takes here, the median of several rounds."""
    browser = Browser(page)
    browser.ask(0)
    found = []
    for turn in range(rounds):
        began = time.process_time()
        for n in range(times):
            browser.ask(1 + turn * times + n)
        found.append((time.process_time() - began) * 1000 / times)
    return sorted(found)[len(found) // 2]
