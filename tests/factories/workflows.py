"""Workflows for tests: the shipped ones by English names, and small ones made on the spot."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import Any

from django.apps import apps

from guiche.workflows import shipped
from guiche.workflows.models import Status, Transition, Workflow
from guiche.workflows.stages import WAITS_FOR_CUSTOMER, Family, Stage, Taker

_numbers = count(1)
_FAMILIES = {
    Stage.NEW: Family.NEW,
    Stage.IN_PROGRESS: Family.WORK,
    Stage.WAITING_ON_CUSTOMER: Family.PAUSE,
    Stage.WAITING_ON_PROVIDER: Family.PAUSE,
    Stage.AWAITING_VALIDATION: Family.VALIDATE,
    Stage.DONE: Family.END,
    Stage.CANCELLED: Family.CANCELLED,
}


def shipped_workflow(which: shipped.ShippedWorkflow) -> SimpleNamespace:
    """Return the rows of a shipped workflow by the keys of `shipped`: `.workflow`, its statuses, its steps.

    `suporte().working` is a status, `suporte().offer` a transition.
    """
    shipped.load(apps)  # a test with real commits begins on an empty database
    workflow = Workflow.objects.get(slug=which.slug)
    statuses = {row.name: row for row in workflow.statuses.all()}
    found: dict[str, Any] = {status.key: statuses[status.name] for status in which.statuses}
    steps = {
        (row.origin_id, row.target_id, row.name): row
        for row in Transition.objects.filter(origin__workflow=workflow).select_related("origin", "target")
    }
    for step in which.steps:
        found[step.key] = steps[found[step.origin].pk, found[step.target].pk, step.name]
    return SimpleNamespace(workflow=workflow, **found)


def suporte() -> SimpleNamespace:
    """Statuses: new, working, waiting, validating, closed, cancelled.

    Steps: start, ask, answer, resume, offer, approve, reject, reopen, cancel (while new), cancel_working,
    cancel_waiting, cancel_validating, silence_waiting, silence.
    """
    return shipped_workflow(shipped.SUPPORT)


def conclusao_direta() -> SimpleNamespace:
    """Statuses: new, working, waiting, closed, cancelled. Steps: start, ask, answer, conclude_new, conclude, …"""
    return shipped_workflow(shipped.DIRECT)


def campo() -> SimpleNamespace:
    return shipped_workflow(shipped.FIELD_SERVICE)


def melhoria() -> SimpleNamespace:
    """Statuses: new, working, planned, closed, cancelled. Steps: start, plan, deliver, reopen, withdraw, decline…"""
    return shipped_workflow(shipped.IMPROVEMENT)


def make_workflow(*, name: str = "", with_statuses: bool = True) -> Workflow:
    """Return a workflow of its own: "Novo" and "Feito" with a step between them, unless asked without."""
    number = next(_numbers)
    workflow = Workflow.objects.create(name=name or f"Fluxo {number}", slug=f"fluxo-{number}")
    if with_statuses:
        new = make_status(workflow=workflow, name="Novo", stage=Stage.NEW, is_initial=True)
        done = make_status(workflow=workflow, name="Feito", stage=Stage.DONE)
        make_transition(origin=new, target=done, name="Concluir")
    return workflow


def make_status(*, workflow: Workflow, name: str = "", stage: str = Stage.IN_PROGRESS, **values: Any) -> Status:
    number = next(_numbers)
    values.setdefault("position", workflow.statuses.count())
    values.setdefault("family", _FAMILIES[Stage(stage)])
    values.setdefault("pauses_clocks", stage in WAITS_FOR_CUSTOMER)
    return Status.objects.create(workflow=workflow, name=name or f"Status {number}", stage=stage, **values)


def make_transition(*, origin: Status, target: Status, name: str = "", **values: Any) -> Transition:
    number = next(_numbers)
    values.setdefault("takers", [Taker.AGENT])
    return Transition.objects.create(origin=origin, target=target, name=name or f"Passo {number}", **values)
