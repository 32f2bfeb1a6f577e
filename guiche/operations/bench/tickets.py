"""The tickets of the measured installation, with what was said and what happened on them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from guiche.catalog.models import RequestType, Severity
from guiche.core.text import normalize
from guiche.operations.bench import words
from guiche.operations.bench.people import LARGE_SHARE, House
from guiche.operations.bench.sizes import Size
from guiche.tickets.models import CommentKind, Outcome
from guiche.workflows.models import Status
from guiche.workflows.stages import ENDED, Stage

OPEN_SHARE = 0.1
OPEN_STAGES = {
    Stage.NEW: 25,
    Stage.IN_PROGRESS: 40,
    Stage.WAITING_ON_CUSTOMER: 15,
    Stage.WAITING_ON_PROVIDER: 8,
    Stage.AWAITING_VALIDATION: 12,
}
END_STAGES = {Stage.DONE: 95, Stage.CANCELLED: 5}
OUTCOMES = {
    Outcome.APPROVED: 55,
    Outcome.CLOSED_BY_SILENCE: 25,
    Outcome.CONCLUDED_BY_STAFF: 15,
    Outcome.CONCLUDED_BY_CUSTOMER: 5,
}
SAID = {0: 18, 1: 27, 2: 24, 3: 14, 4: 8, 5: 4, 6: 2, 12: 2, 25: 1}  # comments besides the solution: about three in all
WITH_FILE = 0.12  # of the tickets
QUEUE_OF_MEASURED_AGENT = 25
PAST_DAYS, OPEN_DAYS = 900, 45


@dataclass(slots=True)
class Batch:
    """Rows to be copied, in the order of the columns named in `loading`."""

    tickets: list[tuple[Any, ...]] = field(default_factory=list)  # Any: the values of a row
    texts: list[tuple[Any, ...]] = field(default_factory=list)
    comments: list[tuple[Any, ...]] = field(default_factory=list)
    lines: list[tuple[Any, ...]] = field(default_factory=list)
    attachments: list[tuple[Any, ...]] = field(default_factory=list)
    bells: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(slots=True)
class Draw:
    """One ticket being told: its people and the moments that pass."""

    pk: int
    organization: int
    requester: int
    site: int
    team: int
    agent: int
    kind: RequestType
    status: Status
    opened_at: datetime
    moment: datetime
    spoke_at: datetime
    last_line: int = 0
    solution: int | None = None


class Teller:
    """Tells `size.tickets` tickets, always the same; ids of comments and lines count on from one."""

    def __init__(self, house: House, size: Size, chance: Random, now: datetime, files: list[uuid.UUID]) -> None:
        self.house, self.size, self.chance, self.now, self.files = house, size, chance, now, files
        self.comments = self.lines = self.bells = 0
        self.queued = 0  # open tickets of the measured agent
        self.types = list(RequestType.objects.filter(is_active=True).order_by("id"))
        self.severities = list(Severity.objects.order_by("id").values_list("pk", flat=True))
        self.statuses: dict[tuple[int, str], list[Status]] = {}
        for status in Status.objects.order_by("position", "id"):
            self.statuses.setdefault((status.workflow_id, status.stage), []).append(status)

    def batches(self, of: int) -> Iterator[Batch]:
        """Yield all tickets, `of` at a time."""
        for start in range(1, self.size.tickets + 1, of):
            batch = Batch()
            for pk in range(start, min(start + of, self.size.tickets + 1)):
                self._tell(batch, self._draw(pk))
            yield batch

    def _draw(self, pk: int) -> Draw:
        is_open = self.chance.random() < OPEN_SHARE or pk <= 4
        kind, status = self._standing(pk) if pk in (2, 3, 4) else self._kind_and_status(is_open)
        organization = self._organization(pk)
        requester, site = self.chance.choice(self.house.contacts[organization])
        team = self.house.teams[-1] if pk == 1 else self._team()
        opened_at = self.now - timedelta(minutes=self.chance.uniform(5, (OPEN_DAYS if is_open else PAST_DAYS) * 1440))
        agent = self._agent(team, is_open, pk)
        return Draw(
            *(pk, organization, requester, site, team, agent, kind, status, opened_at),
            moment=opened_at,
            spoke_at=opened_at,
        )

    def _organization(self, pk: int) -> int:
        """The last organisation has the second ticket and the fourth; a fifth are of the first, the others by rank."""
        organizations = self.house.organizations
        if pk in (2, 4):
            return organizations[-1]
        if pk == 3 or self.chance.random() < LARGE_SHARE:
            return organizations[0]
        return organizations[1 + int((len(organizations) - 2) * self.chance.random() ** 2)]

    def _team(self) -> int:
        return self.house.teams[int((len(self.house.teams) - 1) * self.chance.random() ** 1.5)]

    def _agent(self, team: int, is_open: bool, pk: int) -> int:
        """The measured agent gets the first open ones, and no other open one."""
        measured = self.house.measured_agent
        if is_open and pk > 2 and self.queued < QUEUE_OF_MEASURED_AGENT:
            self.queued += 1
            return measured
        others = [agent for agent in self.house.agents[team] if agent != measured]
        return self.chance.choice(others) if others and self.chance.random() < 0.8 else 0

    def _kind_and_status(self, is_open: bool) -> tuple[RequestType, Status]:
        """Where a workflow lacks the stage that was drawn, the nearest that it has."""
        kind = self.chance.choices(self.types, [6 if kind.section == "support" else 1 for kind in self.types])[0]
        stages = OPEN_STAGES if is_open else END_STAGES
        drawn = self.chance.choices(list(stages), list(stages.values()))[0]
        for stage in (drawn, *stages):
            if found := self.statuses.get((kind.workflow_id, stage)):
                return kind, self.chance.choice(found)
        raise AssertionError("a workflow without open stages or end")

    def _standing(self, pk: int) -> tuple[RequestType, Status]:
        """Two wait to be validated, the fourth is being worked on: each with deadlines."""
        kinds = [kind for kind in self.types if kind.has_deadlines]
        kind = next(kind for kind in kinds if (kind.workflow_id, Stage.AWAITING_VALIDATION) in self.statuses)
        stage = Stage.IN_PROGRESS if pk == 4 else Stage.AWAITING_VALIDATION
        return kind, self.statuses[kind.workflow_id, stage][0]

    # What happened.

    def _tell(self, batch: Batch, draw: Draw) -> None:
        title, description = words.title(self.chance), words.paragraph(self.chance)
        self._line(batch, draw, "ticket.opened", draw.requester)
        agent = draw.agent or self.chance.choice(self.house.agents[draw.team])
        is_new = draw.status.stage == Stage.NEW
        if not is_new:
            self._move(batch, draw, "ticket.moved", agent, "Em atendimento", "work")
        self._talk(batch, draw, agent)
        self._settle(batch, draw, agent)
        batch.texts.append((draw.pk, normalize(f"{title} {description}")))
        batch.tickets.append(self._row(draw, title, description, assignee=self._assignee(draw)))
        if self.chance.random() < WITH_FILE:
            batch.attachments.append((_uuid(self.chance), draw.pk, self.chance.choice(self.files)))
        read_at = draw.moment if draw.status.stage in ENDED or self.chance.random() < 0.7 else None
        self.bells += 1
        batch.bells.append(
            (self.bells, draw.requester, "ticket.commented", draw.pk, draw.last_line, "requester", draw.moment, read_at)
        )

    def _assignee(self, draw: Draw) -> int | None:
        """Nobody has taken what is new, but for the queue of the measured agent."""
        is_taken = draw.status.stage != Stage.NEW or draw.agent == self.house.measured_agent
        return (draw.agent or None) if is_taken else None

    def _talk(self, batch: Batch, draw: Draw, agent: int) -> None:
        for n in range(self.chance.choices(list(SAID), list(SAID.values()))[0]):
            by_agent = n % 2 == 0
            is_note = by_agent and self.chance.random() < 0.15
            kind = CommentKind.NOTE if is_note else CommentKind.REPLY
            self._comment(batch, draw, agent if by_agent else draw.requester, kind)
            code = "ticket.noted" if is_note else "ticket.commented"
            author = agent if by_agent else draw.requester
            self._line(batch, draw, code, author, comment=self.comments, is_internal=is_note)
            if not by_agent:
                draw.spoke_at = draw.moment

    def _settle(self, batch: Batch, draw: Draw, agent: int) -> None:
        """The steps that brought the ticket where it stands."""
        stage = draw.status.stage
        if stage in (Stage.AWAITING_VALIDATION, Stage.DONE):
            self._comment(batch, draw, agent, CommentKind.SOLUTION)
            draw.solution = self.comments
            self._move(batch, draw, "ticket.solution_offered", agent, "Aguardando validação", "validate", self.comments)
        if stage == Stage.WAITING_ON_CUSTOMER:
            self._move(batch, draw, "ticket.information_asked", agent, draw.status.name, draw.status.family)
        if stage == Stage.DONE:
            self._move(batch, draw, "ticket.done", draw.requester, draw.status.name, draw.status.family)
        if stage == Stage.CANCELLED:
            self._move(batch, draw, "ticket.cancelled", agent, draw.status.name, draw.status.family)

    def _comment(self, batch: Batch, draw: Draw, author: int, kind: CommentKind) -> None:
        self._pass(draw)
        self.comments += 1
        body = words.paragraph(self.chance)
        batch.comments.append((self.comments, draw.pk, author, str(kind), body, draw.moment))

    def _move(
        self, batch: Batch, draw: Draw, code: str, by: int, name: str, family: str, comment: int | None = None
    ) -> None:
        self._pass(draw)
        details = {"to": name, "to_customer": name, "family": family, "outcome": "approved"}
        self._line(batch, draw, code, by, comment=comment, details=details)

    def _line(
        self,
        batch: Batch,
        draw: Draw,
        code: str,
        by: int,
        *,
        comment: int | None = None,
        details: dict[str, str] | None = None,
        is_internal: bool = False,
    ) -> None:
        self.lines += 1
        draw.last_line = self.lines
        written = json.dumps(details or {})
        batch.lines.append((self.lines, draw.pk, code, by, draw.moment, written, comment, is_internal))

    def _pass(self, draw: Draw) -> None:
        """Some time passes, but never past now."""
        left = (self.now - draw.moment).total_seconds()
        draw.moment += timedelta(seconds=min(self.chance.expovariate(1 / 40_000), left * 0.3))

    def _row(self, draw: Draw, title: str, description: str, *, assignee: int | None) -> tuple[Any, ...]:
        product = self.chance.choice(self.house.products)
        module = self.chance.choice(self.house.modules[product])
        ended = draw.status.stage in ENDED
        outcome = ""
        if ended:
            drawn = self.chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
            outcome = str(Outcome.CANCELLED if draw.status.stage == Stage.CANCELLED else drawn)
        due = self.now + timedelta(hours=self.chance.uniform(-20, 90))
        closes = draw.moment + timedelta(days=30) if draw.status.closes_after_days and not ended else None
        return (
            *(draw.pk, draw.pk, title, description, draw.organization, draw.site, draw.requester, draw.requester),
            *(draw.kind.pk, product, module, self.chance.choice(self.house.services[module])),
            *(self.chance.choice(self.house.failures[product]), self.chance.choice(self.severities)),
            *(draw.status.pk, draw.team, assignee, draw.solution, draw.opened_at, draw.moment, draw.spoke_at),
            *(draw.moment, due if not ended and self.chance.random() < 0.6 else None, closes),
            *(draw.moment if ended else None, outcome),
        )


def _uuid(chance: Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)
