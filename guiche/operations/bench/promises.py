"""A million open clocks after a change of a calendar: how long the pass takes, and how the site answers meanwhile."""

from __future__ import annotations

import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import transaction

from guiche.accounts.models import User
from guiche.accounts.roles import Role
from guiche.calendars import compiling
from guiche.calendars.actions import versions
from guiche.calendars.hours import Window
from guiche.calendars.models import Calendar, CalendarVersion
from guiche.catalog.models import RequestType, Severity
from guiche.operations.addresses import Listening
from guiche.operations.bench import clocks, people, words
from guiche.operations.bench.copying import copy, go_on_after
from guiche.operations.bench.outside import Browser, Waited
from guiche.operations.bench.pages import TYPE
from guiche.operations.bench.people import House
from guiche.operations.bench.report import Pace
from guiche.operations.bench.sessions import cookies_of
from guiche.operations.bench.sizes import Size
from guiche.sla.actions import bulk
from guiche.sla.models import Clock, Retargeting
from guiche.tickets.models import Ticket
from guiche.workflows.models import Status
from guiche.workflows.stages import Stage

TICKETS = 500_000  # open ones, each with two clocks
SEED, BATCH = 11, 20_000
PASS_SECONDS, MEMORY_MB = 60.0, 300.0
SUNDAY = datetime(2026, 11, 22, 15, tzinfo=UTC)  # all was opened since Saturday morning: the hours of Monday move all
EVERY_SECONDS = 0.25  # a page is asked for while the pass goes on
HOUR = 3600
TICKET = (
    *("id", "number", "title", "description", "organization_id", "site_id", "requester_id", "opened_by_id"),
    *("request_type_id", "product_id", "module_id", "service_id", "failure_id", "severity_id"),
    *("status_id", "team_id", "assignee_id", "opened_at", "touched_at", "customer_spoke_at", "status_since"),
)


def load(size: Size) -> dict[str, int]:
    """Fill an empty database with `size.tickets` new tickets and their clocks."""
    chance = Random(SEED)  # noqa: S311  # nothing here is a secret
    with transaction.atomic():
        house = people.build(replace(size, organizations=200, people=2_000), chance)
    kind = RequestType.objects.get(slug=TYPE)
    status = Status.objects.get(workflow=kind.workflow_id, stage=Stage.NEW)
    severities = list(Severity.objects.order_by("level").values_list("pk", flat=True))
    rows = _rows(size.tickets, (kind.pk, status.pk, severities), house, chance)
    for _batch in range(0, size.tickets, BATCH):
        with transaction.atomic():
            copy(Ticket, TICKET, islice(rows, BATCH))
    go_on_after(Ticket, size.tickets)
    clocks.begin_all(SUNDAY)
    return {"tickets": size.tickets}


def _rows(
    count: int, ids: tuple[int, int, list[int]], house: House, chance: Random
) -> Iterator[tuple[Any, ...]]:  # Any: the values of a row
    """Yield rows. No query is made here: they are read while a table is being copied into."""
    kind, status, severities = ids
    texts = [(words.title(chance), words.paragraph(chance)) for _n in range(500)]
    for pk in range(1, count + 1):
        organization = chance.choice(house.organizations)
        person, site = chance.choice(house.contacts[organization])
        product = chance.choice(house.products)
        module = chance.choice(house.modules[product])
        at = SUNDAY - timedelta(seconds=chance.randrange(30 * HOUR))
        title, text = texts[pk % len(texts)]
        team = chance.choice(house.teams[:-1])
        yield (
            *(pk, pk, title, text, organization, site, person, person, kind, product, module),
            *(chance.choice(house.services[module]), chance.choice(house.failures[product]), chance.choice(severities)),
            *(status, team, chance.choice(house.agents[team]), at, at, at, at),
        )


def paces(listening: Listening) -> list[Pace]:
    """Publish longer hours, go through all open tickets, and ask for a page every quarter of a second meanwhile."""
    at, by = _next_moment(), User.objects.with_role(Role.SYSTEM).get()
    asked = _asked(at)
    count = Clock.objects.open().count()
    queue = Browser(listening, cookies_of(User.objects.filter(roles=[Role.AGENT]).order_by("pk")[0]))
    waits: list[float] = []
    with _asking(queue, waits):
        began, cpu = time.perf_counter(), time.process_time()
        done = bulk.run(asked, at=at, by=by)
        took, spent = time.perf_counter() - began, time.process_time() - cpu
    waited = Waited.of(waits)
    changed = done.changed_count * 100 / max(1, done.total_count)
    per_million = took * 1_000_000 / count
    return [
        Pace(f"re-target {count:,} open clocks", took, "s", PASS_SECONDS if count >= 1_000_000 else None),
        Pace("a million at this pace", per_million, "s", PASS_SECONDS),
        Pace("CPU of the worker", spent, "s"),
        Pace("memory of the worker at most", _memory_mb(), "MB", MEMORY_MB),
        Pace("tickets with another deadline", changed, "%"),
        Pace("a queue's page meanwhile, p50", waited.p50, "ms"),
        Pace("a queue's page meanwhile, p95", waited.p95, "ms"),
        Pace("a queue's page meanwhile, worst", max(waits) * 1000, "ms"),
    ]


def _next_moment() -> datetime:
    """Return a moment of that Sunday after those at which it was measured before."""
    last = CalendarVersion.objects.published().filter(effective_from__gte=SUNDAY).order_by("-effective_from").first()
    return last.effective_from + timedelta(seconds=1) if last and last.effective_from else SUNDAY


def _asked(at: datetime) -> Retargeting:
    """Publish an hour less a day, or one more where a measurement before did that: every clock gets another due."""
    calendar, by = Calendar.objects.default(), _administrator()
    plan = compiling.plan_of(compiling.in_force(calendar.versions.published(), at))
    opens = 8 if plan.weekly[0][0].opens == 9 * HOUR else 9
    weekly = tuple((Window(opens * HOUR, 18 * HOUR),) if day < 5 else () for day in range(7))
    versions.save_draft(calendar, replace(plan, weekly=weekly), by=by, at=at)
    versions.publish(calendar, by=by, at=at)
    return Retargeting.objects.latest("pk")


def _administrator() -> User:
    found, _made = User.objects.get_or_create(
        email="administradora@lume.example", defaults={"name": "Elisa Esteves", "roles": [Role.ADMINISTRATOR]}
    )
    return found


@contextmanager
def _asking(browser: Browser, waits: list[float]) -> Iterator[None]:
    """Ask for the agent's queue again and again until the block is left; `waits` gets the seconds of each answer."""
    ended = threading.Event()

    def ask() -> None:
        waits.append(browser.get("/mesa/fila/minha/"))
        while not ended.wait(EVERY_SECONDS):
            waits.append(browser.get("/mesa/fila/minha/"))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        ended.set()
        asking.join()
        browser.close()


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
