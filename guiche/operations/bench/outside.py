"""The cost of a page over HTTP: how long people wait, and what CPU the web processes take."""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from guiche.operations.addresses import Listening
from guiche.operations.bench.errors import BenchRefused
from guiche.operations.bench.pages import Page
from guiche.operations.bench.sessions import CSRF, cookies_of

TIMEOUT_SECONDS = 30
TICKS_MS = 1000 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Waited:
    """How long requests took, in milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: list[float]) -> Waited:
        ordered = sorted(seconds)
        at = [ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95)]
        return cls(at[0] * 1000, at[1] * 1000)


class Browser:
    """One connection that is kept open, with the cookies of a signed-in person, or of nobody."""

    def __init__(self, listening: Listening, cookies: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection(listening.host, listening.port, timeout=TIMEOUT_SECONDS)
        self._headers = {
            "Host": f"{listening.host}:{listening.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "Accept": "text/html",
            "Accept-Encoding": "gzip",
        }

    def get(self, address: str, *, status: int = 200) -> float:
        """Return the seconds until the whole answer was here."""
        return self._ask("GET", address, None, status)

    def ask(self, page: Page, n: int) -> float:
        """Make the nth request of `page`; return the seconds until the whole answer was here."""
        form = {**page.body(n), "csrfmiddlewaretoken": CSRF} if page.body else None
        return self._ask("POST" if form else "GET", page.address(n), form, page.status)

    def _ask(self, method: str, address: str, form: dict[str, str] | None, status: int) -> float:
        body = urlencode(form) if form else None
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        began = time.perf_counter()
        self._connection.request(method, address, body, {**self._headers, **kind})
        answer = self._connection.getresponse()
        answer.read()
        took = time.perf_counter() - began
        if answer.status != status:
            raise BenchRefused(f"{address} answered {answer.status}, not {status}.")
        return took

    def close(self) -> None:
        self._connection.close()


def waits(listening: Listening, page: Page, *, clients: int, each: int) -> Waited:
    """Return how long `clients` at once wait, each for as many requests one after the other."""
    cookies = cookies_of(page.user)
    browsers = [Browser(listening, cookies) for _client in range(clients)]

    def walk(place: int) -> list[float]:
        return [browsers[place].ask(page, place * each + n) for n in range(each)]

    try:
        with ThreadPoolExecutor(clients) as pool:
            return Waited.of([took for walked in pool.map(walk, range(clients)) for took in walked])
    finally:
        for browser in browsers:
            browser.close()


def cpu_ms(listening: Listening, session: int, page: Page, *, times: int, rounds: int) -> float:
    """Return the milliseconds of CPU, of user and system, that the web processes take for one request of `page`."""
    browser = Browser(listening, cookies_of(page.user))
    try:
        return _cpu_of(lambda n: browser.ask(page, n), session, times=times, rounds=rounds)
    finally:
        browser.close()


def bare_cpu_ms(listening: Listening, session: int, address: str, *, times: int, rounds: int) -> float:
    """Return the same for an address that nobody signs in for."""
    browser = Browser(listening, {})
    try:
        return _cpu_of(lambda n: browser.get(address), session, times=times, rounds=rounds)
    finally:
        browser.close()


def _cpu_of(ask: Callable[[int], float], session: int, *, times: int, rounds: int) -> float:
    found = []
    for turn in range(rounds):
        began = _spent_ms(session)
        for n in range(times):
            ask(turn * times + n)
        found.append((_spent_ms(session) - began) / times)
    return sorted(found)[len(found) // 2]


def _spent_ms(session: int) -> float:
    """Return the CPU spent so far by the processes of the session: the web server leads one of its own."""
    return sum(ticks for of, ticks in _processes() if of == session) * TICKS_MS


def _processes() -> Iterator[tuple[int, int]]:
    """Yield session and ticks, of user and system, of every process."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            yield int(stat[3]), int(stat[11]) + int(stat[12])
