"""One of every event on a ticket, made through the actions."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from guiche.accounts.models import User
from guiche.accounts.roles import Role
from guiche.core.events import Event, happened
from guiche.sla.events import DeadlineBreached, DeadlineWarned, RemedyRefused
from guiche.tickets import events
from guiche.tickets.actions import conversation, moving, sharing, triage
from guiche.tickets.models import Activity, Ticket
from tests.factories.accounts import make_user
from tests.factories.catalog import default_team
from tests.factories.tickets import MORNING, make_ticket

Steps = Callable[[], datetime]


@pytest.fixture
def later() -> Steps:
    """Each call is a minute after the one before."""
    moment = MORNING

    def next_minute() -> datetime:
        nonlocal moment
        moment += timedelta(minutes=1)
        return moment

    return next_minute


@pytest.fixture
def life(
    ana: User, beatriz: User, caio: User, bruno: User, system: User, suporte: SimpleNamespace, later: Steps
) -> list[Activity]:
    """The timeline of a ticket of Caio, opened by Beatriz, on which everything happened that somebody is told of."""
    default_team().people.add(ana)
    rui = make_user(name="Rui Rocha", email="rui@lume.example", roles=[Role.AGENT])
    ticket = make_ticket(requester=caio, by=beatriz, title="Imagens lentas", copies=["nina@fora.example"])
    sharing.share(ticket, "bruno@acme.example", by=beatriz, at=later())
    sharing.share(ticket, "outra@fora.example", by=beatriz, at=later())
    triage.assign(ticket, rui, by=ana, at=later())
    triage.assign(ticket, ana, by=rui, at=later())
    moving.take(ticket, suporte.start, by=ana, at=later())
    conversation.note(ticket, by=rui, at=later(), body="Segredo do cofre", mentioned=[ana.pk])
    moving.take(ticket, suporte.ask, by=ana, at=later(), given={"comment": "Qual o **navegador**?"})
    conversation.comment(ticket, by=caio, at=later(), body="Firefox.")
    conversation.diagnose(ticket, by=rui, at=later(), body="O cache encheu.")
    for words in ("Reinicie o serviço.", "Reinicie o servidor."):
        moving.take(ticket, suporte.offer, by=ana, at=later(), given={"solution": words})
        if words.endswith("serviço."):
            moving.take(ticket, suporte.reject, by=caio, at=later(), given={"comment": "Continua lento."})
    with transaction.atomic():
        closes_at = Ticket.objects.get(pk=ticket.pk).closes_at
        assert closes_at
        details = {"closes_at": closes_at.isoformat()}
        happened(events.ClosingSoon(subject=ticket, by=system, at=later(), details=details))
        for event, details in deadlines(ticket, ana).items():
            happened(event(subject=ticket, by=system, at=later(), details=details, internal=True))
    conversation.still_need(ticket, by=caio, at=later())
    moving.take(ticket, suporte.approve, by=caio, at=later())
    moving.take(ticket, suporte.reopen, by=caio, at=later(), given={"comment": "Voltou."})
    moving.take(ticket, suporte.cancel_working, by=ana, at=later(), given={"reason": "Duplicado."})
    return list(Activity.objects.filter(ticket=ticket).order_by("id"))


def deadlines(ticket: Ticket, ana: User) -> dict[type[Event], dict[str, object]]:
    """What may happen to the deadlines of a ticket, told to its assignee."""
    told = {"assignee": ana.pk, "team": None, "supervisors": None, "people": [], "addresses": []}
    common = {"clock": 0, "metric": "solution", "percent": 75, "zone": "America/Sao_Paulo", "told": told}
    return {
        DeadlineWarned: {**common, "due_at": "2026-11-18T20:00:00+00:00", "left_seconds": 10_800},
        DeadlineBreached: common,
        RemedyRefused: {**common, "remedy": "raise", "why": "Rui não atende chamados desta equipe."},
    }
