"""Telling the stories: every ticket is opened, answered and ended through the actions, at the time it happened."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from guiche.accounts import system
from guiche.accounts.models import User
from guiche.catalog.models import Failure, Module, RequestType, Severity
from guiche.files import actions as files
from guiche.files.models import StoredFile
from guiche.operations.demo import stories
from guiche.operations.demo.people import Customer, House
from guiche.operations.demo.stories import Story
from guiche.tickets.actions import conversation, moving, opening, sharing, triage
from guiche.tickets.models import Channel, Ticket
from guiche.workflows.models import Transition
from guiche.workflows.stages import Stage

TICKETS = 200
DAYS = 90
# How the stories of support end, and how often.
ENDINGS = (
    ("approved",) * 38
    + ("rejected",) * 10
    + ("silence",) * 8
    + ("cancelled",) * 4
    + ("new",) * 8
    + ("working",) * 14
    + ("waiting",) * 8
    + ("validating",) * 10
)
RECENT = {"new": 2, "working": 6, "waiting": 5, "validating": 4}  # days ago at most, while it is still open
OPENS, CLOSES = 8, 18  # office hours of the provider and its customers
MACHINES = ("EST-01", "EST-07", "US-02", "TC-01", "IMP-0063", "IMP-0071")


def tell(house: House, now: datetime) -> None:
    """Open and move `TICKETS` tickets of the last `DAYS` days, the oldest first."""
    chance = random.Random(20_261_118)  # noqa: S311  # the same demonstration everywhere
    for story, customer, ending, at in sorted(_plan(house, now, chance), key=lambda row: row[3]):
        Telling(house, customer, story, chance, at).run(ending)


def _plan(house: House, now: datetime, chance: random.Random) -> Iterator[tuple[Story, Customer, str, datetime]]:
    pool = (stories.SUPPORT * 4 + stories.QUESTIONS * 4 + stories.IMPROVEMENTS * 3 + stories.OTHERS * 3) * 2
    number = 0
    while number < TICKETS:
        story = pool[number % len(pool)]
        customer = chance.choice([one for one in house.customers if not story.product or story.product in one.products])
        ending = chance.choice(ENDINGS)
        yield story, customer, ending, _when(ending, now, chance)
        number += 1


def _when(ending: str, now: datetime, chance: random.Random) -> datetime:
    """A working hour of the last days: recent for what is still open, long enough ago for what silence closed."""
    days = (
        chance.randint(0, RECENT[ending])
        if ending in RECENT
        else chance.randint(26 if ending == "silence" else 6, DAYS)
    )
    at = timezone.localtime(now) - timedelta(days=days)
    at = at.replace(hour=chance.randint(8, 16), minute=chance.randint(0, 59), second=chance.randint(0, 59))
    while at.weekday() > 4:
        at -= timedelta(days=1)
    return min(at, now - timedelta(hours=3))


def _at_work(at: datetime) -> datetime:
    """Return `at`, or the same minute of the next working morning where nobody is at work at that time."""
    local = timezone.localtime(at)
    if local.hour >= CLOSES:
        local = (local + timedelta(days=1)).replace(hour=OPENS)
    while local.weekday() > 4:
        local = (local + timedelta(days=1)).replace(hour=OPENS)
    return local


class Telling:
    """One ticket on its way: who speaks, and what time it is."""

    def __init__(self, house: House, customer: Customer, story: Story, chance: random.Random, at: datetime) -> None:
        self.house, self.customer, self.story, self.chance, self.at = house, customer, story, chance, at
        self.place, self.machine = chance.choice(customer.places), chance.choice(MACHINES)
        self.requester = chance.choice(customer.people)
        self.agent = house.admin
        self.ticket: Ticket = self.open()

    def open(self) -> Ticket:
        story, asked_by = self.story, self.requester
        product = self.house.products.get(story.product)
        kind = RequestType.objects.get(slug=story.kind)
        asked = opening.Asked(
            request_type=kind,
            organization=self.customer.organization,
            requester=asked_by,
            title=self.filled(story.title),
            description=self.filled(story.description),
            product=product,
            module=Module.objects.filter(product=product, name=story.module).first() if product else None,
            failure=Failure.objects.filter(product=product, name=story.failure).first() if product else None,
            severity=Severity.objects.get(level=story.level),
            contact_name=asked_by.name,
            contact_phone=asked_by.phone,
            contact_email=asked_by.email or "",
            best_time=self.chance.choice(("", "", "Das 13h às 17h", "De manhã")),
            copies=["ti@saobento.example"] if self.chance.random() < 0.1 else (),
            files=self.files(),
            channel=self.chance.choice((Channel.PORTAL, Channel.PORTAL, Channel.PORTAL, Channel.PHONE)),
        )
        ticket = opening.open_ticket(asked, by=asked_by, at=self.at)
        people = [one for one in ticket.team.people.order_by("name") if one.at_the_desk]
        self.agent = self.chance.choice(people)
        return ticket

    def files(self) -> Sequence[StoredFile]:
        name = self.story.file
        if not name or self.chance.random() < 0.3:
            return ()
        content = _picture(name, self.place) if name.endswith(".png") else _log(self.machine)
        return [files.keep(ContentFile(content, name=name), by=self.requester, at=self.at)]

    def filled(self, text: str) -> str:
        return text.replace("{place}", self.place).replace("{machine}", self.machine)

    def later(self, least: int = 10, most: int = 180) -> datetime:
        """Some minutes of office hours go by; the story never runs ahead of the clock."""
        latest = timezone.now() - timedelta(minutes=2)
        at = _at_work(self.at + timedelta(minutes=self.chance.randint(least, most)))
        # The next morning has not come yet: it is said a few minutes after what came before.
        self.at = at if at <= latest else min(self.at + timedelta(minutes=self.chance.randint(2, 9)), latest)
        return self.at

    def run(self, ending: str) -> None:
        workflow = self.ticket.status.workflow.slug
        if workflow == "suporte":
            self.support(ending)
        elif workflow == "melhoria":
            self.improvement(ending)
        else:
            self.direct(ending)

    def step(self, stage: Stage, by: User, **given: str) -> None:
        """Take the way that leads to `stage`, saying whatever it asks for."""
        self.ticket = Ticket.objects.select_related("status").get(pk=self.ticket.pk)
        ways = Transition.objects.filter(origin=self.ticket.status, target__stage=stage).select_related(
            "target", "origin"
        )
        side = "customer" if not by.works_here else by.roles[0]
        way = ways.filter(takers__contains=[side]).order_by("position", "id").first()
        if way is None:
            raise LookupError(f"no way from {self.ticket.status} to {stage} for {side}")
        words = {need: self.filled(given.get(need, "")) or "Combinado por telefone." for need in way.asks}
        self.ticket = moving.take(self.ticket, way, by=by, at=self.later(), given=words)

    def support(self, ending: str) -> None:
        if ending == "new":
            return
        if ending == "cancelled":
            self.step(Stage.CANCELLED, self.requester, reason="Resolvemos por aqui, era um cabo solto.")
            return
        self.step(Stage.IN_PROGRESS, self.agent)
        if self.story.note and self.chance.random() < 0.8:
            conversation.note(self.ticket, by=self.agent, at=self.later(), body=self.filled(self.story.note))
        if self.chance.random() < 0.15:
            self.hand_over()
        if ending == "working":
            self.say(self.agent, "Olá. Estou com o seu chamado e retorno assim que tiver novidade.")
            return
        self.ask_and_answer(ending)
        if ending != "waiting":
            self.deliver(ending)

    def ask_and_answer(self, ending: str) -> None:
        if ending != "waiting" and self.chance.random() < 0.35:
            return
        self.step(Stage.WAITING_ON_CUSTOMER, self.agent, comment=self.story.question)
        if ending != "waiting":
            self.say(self.requester, self.story.answer)

    def deliver(self, ending: str) -> None:
        self.step(Stage.AWAITING_VALIDATION, self.agent, solution=self.story.solution)
        if ending == "validating":
            return
        if ending == "silence":
            self.ticket.refresh_from_db()
            if self.ticket.closes_at and self.ticket.closes_at < timezone.now():
                moving.close_by_silence(self.ticket, by=system.user(), at=self.ticket.closes_at)
            return
        if ending == "rejected":
            self.step(Stage.IN_PROGRESS, self.requester, comment=self.story.rejection)
            self.step(Stage.AWAITING_VALIDATION, self.agent, solution=self.story.second_solution)
        self.step(Stage.DONE, self.requester)

    def hand_over(self) -> None:
        others = [one for one in self.ticket.team.people.order_by("name") if one != self.agent and one.at_the_desk]
        if others:
            triage.assign(self.ticket, others[0], by=self.agent, at=self.later())
            self.agent = others[0]

    def improvement(self, ending: str) -> None:
        if ending == "new":
            return
        self.step(Stage.IN_PROGRESS, self.agent)
        self.say(
            self.agent, "Obrigado pela sugestão. Vamos avaliar com a equipe do produto e contamos a decisão por aqui."
        )
        if ending in ("approved", "rejected", "silence"):
            self.step(Stage.WAITING_ON_PROVIDER, self.agent, comment="Entrou no plano do próximo trimestre.")
        if ending == "approved":
            self.step(Stage.DONE, self.agent, comment="Entregue na versão 5.3. As notas da versão explicam como usar.")

    def direct(self, ending: str) -> None:
        if ending == "new":
            return
        self.step(Stage.IN_PROGRESS, self.agent)
        self.say(self.agent, "Recebido. Respondemos ainda hoje.")
        if ending not in ("working", "waiting", "validating"):
            self.step(Stage.DONE, self.agent, comment=self.story.solution)

    def say(self, by: User, words: str) -> None:
        conversation.comment(self.ticket, by=by, at=self.later(), body=self.filled(words))
        if not by.works_here and self.chance.random() < 0.2 and len(self.customer.people) > 1:
            colleague = next(one for one in self.customer.people if one != by)
            sharing.share(self.ticket, colleague.email or "", by=self.requester, at=self.at)


def _picture(name: str, place: str) -> bytes:
    """A screen such as somebody would paste: a window with a title and a message."""
    image = Image.new("RGB", (960, 600), "#20272b")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 960, 44), fill="#0b6a6f")
    draw.text((16, 14), name.removesuffix(".png"), fill="white")
    draw.rectangle((240, 210, 720, 380), fill="#f4f6f6", outline="#0b6a6f")
    draw.text((270, 240), "A operacao nao foi concluida.", fill="#20272b")
    draw.text((270, 270), f"Local: {place.encode('ascii', 'ignore').decode()}", fill="#20272b")
    draw.rectangle((610, 330, 700, 360), fill="#0b6a6f")
    draw.text((640, 338), "Fechar", fill="white")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _log(machine: str) -> bytes:
    lines = [f"2026-11-{day:02d} 08:{day:02d}:12 {machine} FILA enviado id={4000 + day}" for day in range(1, 18)]
    return ("\n".join([*lines, f"2026-11-18 08:20:44 {machine} FILA aviso: bandeja 10x12"]) + "\n").encode()
