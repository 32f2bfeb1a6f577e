"""One measurement of everything, against a running web server."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from guiche.operations.addresses import Listening
from guiche.operations.bench import inside, outside, pages
from guiche.operations.bench.pages import Page
from guiche.operations.bench.report import Constant, Figures, Line


@dataclass(frozen=True)
class Effort:
    """How often everything is asked."""

    times: int = 40  # requests of a round
    rounds: int = 5
    clients: int = 8
    each: int = 20  # of every client

    @classmethod
    def little(cls) -> Effort:
        """Enough to see that it works."""
        return cls(times=2, rounds=1, clients=2, each=2)


def lines(listening: Listening, session: int, effort: Effort, tell: Callable[[str], None]) -> list[Line]:
    """Measure every standard page. `session` is the one of the web server's processes."""
    found = []
    for page in pages.standard():
        tell(page.name)
        found.append(Line(page, _figures(page, listening, session, effort)))
    return found


def _figures(page: Page, listening: Listening, session: int, effort: Effort) -> Figures:
    count, database_ms = inside.queries(page)
    outside.waits(listening, page, clients=effort.clients, each=2)  # every worker has met the page
    cpu_ms = outside.cpu_ms(listening, session, page, times=effort.times, rounds=effort.rounds)
    return Figures(
        queries=count,
        cpu_ms=cpu_ms,
        inside_cpu_ms=inside.cpu_ms(page, times=effort.times, rounds=effort.rounds),
        database_ms=database_ms,
        alone=outside.waits(listening, page, clients=1, each=effort.times),
        crowded=outside.waits(listening, page, clients=effort.clients, each=effort.each),
    )


def constants() -> list[Constant]:
    """Count the queries of every list with one row and with many."""
    return [Constant(pair.name, inside.queries(pair.few)[0], inside.queries(pair.many)[0]) for pair in pages.pairs()]


def machine(listening: Listening, session: int, effort: Effort) -> dict[str, Any]:
    """Return what the figures are to be read against: the load, a bare page, a bare query."""
    bare = outside.bare_cpu_ms(listening, session, "/livez", times=effort.times * 5, rounds=effort.rounds)
    began, cpu = time.perf_counter(), time.process_time()
    times = effort.times * 10
    for _n in range(times):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    return {
        "cores": os.cpu_count(),
        "load": [round(part, 2) for part in os.getloadavg()],
        "bare_page_cpu_ms": round(bare, 2),
        "bare_query_ms": round((time.perf_counter() - began) * 1000 / times, 3),
        "bare_query_cpu_ms": round((time.process_time() - cpu) * 1000 / times, 3),
        "loop_ms": round(_loop_ms(), 2),
    }


def _loop_ms() -> float:
    """The best of five runs of a fixed piece of Python: how fast this machine is at this moment."""
    best = 1e9
    for _turn in range(5):
        began = time.process_time()
        sum(n * n for n in range(200_000))
        best = min(best, (time.process_time() - began) * 1000)
    return best
