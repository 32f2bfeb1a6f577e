"""The workflows that every installation begins with: rows in Portuguese, the administrators' to change.

A migration loads them once. What an administrator renames, moves or removes afterwards stays as they left it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guiche.workflows.stages import WAITS_FOR_CUSTOMER, Family, Need, Stage, Taker

DESK = (Taker.AGENT, Taker.SUPERVISOR, Taker.BACK_OFFICE)
DISPATCH = (Taker.BACK_OFFICE, Taker.SUPERVISOR)
FIELD = (Taker.TECHNICIAN, Taker.BACK_OFFICE, Taker.SUPERVISOR)
CUSTOMER = (Taker.CUSTOMER,)
ANSWERING = (Taker.CUSTOMER, Taker.SYSTEM)
BY_ITSELF = (Taker.SYSTEM,)
REOPENING = (Taker.CUSTOMER, Taker.SUPERVISOR)

WARNING_DAYS = 2


@dataclass(frozen=True, slots=True)
class ShippedStatus:
    """A status; `key` is how steps name it here. The first one of a workflow is where tickets begin."""

    key: str
    stage: Stage
    family: Family
    name: str
    customer_name: str
    code: str = ""
    closes_after_days: int | None = None

    @property
    def warns_days_before(self) -> int | None:
        return WARNING_DAYS if self.closes_after_days else None

    @property
    def pauses_clocks(self) -> bool:
        return self.stage in WAITS_FOR_CUSTOMER


@dataclass(frozen=True, slots=True)
class ShippedStep:
    """A transition between two keys; `key` tells it apart from the others of its workflow."""

    key: str
    origin: str
    target: str
    name: str
    takers: tuple[Taker, ...]
    asks: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class ShippedWorkflow:
    slug: str
    name: str
    statuses: tuple[ShippedStatus, ...]
    steps: tuple[ShippedStep, ...]


def _new(customer_name: str = "") -> ShippedStatus:
    return ShippedStatus("new", Stage.NEW, Family.NEW, "Aberto", customer_name)


def _working() -> ShippedStatus:
    return ShippedStatus("working", Stage.IN_PROGRESS, Family.WORK, "Em atendimento", "")


def _waiting() -> ShippedStatus:
    return ShippedStatus(
        "waiting",
        Stage.WAITING_ON_CUSTOMER,
        Family.PAUSE,
        "Pendência cliente",
        "",
        closes_after_days=10,
    )


def _cancelled() -> ShippedStatus:
    return ShippedStatus("cancelled", Stage.CANCELLED, Family.CANCELLED, "Cancelado", "Cancelado")


def _cancelling(*origins: str) -> tuple[ShippedStep, ...]:
    """The requester may cancel while nobody has begun; staff at any time."""
    name, asks = "Cancelar chamado", (Need.REASON,)
    return (
        ShippedStep("cancel", "new", "cancelled", name, (*CUSTOMER, *DESK), asks),
        *(ShippedStep(f"cancel_{origin}", origin, "cancelled", name, DESK, asks) for origin in origins),
    )


def _waiting_steps() -> tuple[ShippedStep, ...]:
    return (
        ShippedStep("ask", "working", "waiting", "Pedir informação", DESK, (Need.COMMENT,)),
        ShippedStep("answer", "waiting", "working", "Responder", ANSWERING, (Need.COMMENT,)),
        ShippedStep("resume", "waiting", "working", "Retomar", DESK),
    )


SUPPORT = ShippedWorkflow(
    slug="suporte",
    name="Suporte",
    statuses=(
        _new(),
        _working(),
        _waiting(),
        ShippedStatus(
            "validating",
            Stage.AWAITING_VALIDATION,
            Family.VALIDATE,
            "Aguardando validação",
            "",
            closes_after_days=7,
        ),
        ShippedStatus("closed", Stage.DONE, Family.END, "Fechado", ""),
        _cancelled(),
    ),
    steps=(
        ShippedStep("start", "new", "working", "Assumir", DESK),
        *_waiting_steps(),
        ShippedStep("silence_waiting", "waiting", "closed", "Encerrar por silêncio", BY_ITSELF),
        ShippedStep("offer", "working", "validating", "Entregar solução", DESK, (Need.SOLUTION,)),
        ShippedStep("approve", "validating", "closed", "Aprovar solução", CUSTOMER),
        ShippedStep("reject", "validating", "working", "Reprovar", CUSTOMER, (Need.COMMENT,)),
        ShippedStep("silence", "validating", "closed", "Encerrar por silêncio", BY_ITSELF),
        ShippedStep("reopen", "closed", "working", "Reabrir", REOPENING, (Need.COMMENT,)),
        *_cancelling("working", "waiting", "validating"),
    ),
)

DIRECT = ShippedWorkflow(
    slug="conclusao-direta",
    name="Conclusão direta",
    statuses=(
        _new(),
        _working(),
        _waiting(),
        ShippedStatus("closed", Stage.DONE, Family.END, "Concluído", ""),
        _cancelled(),
    ),
    steps=(
        ShippedStep("start", "new", "working", "Assumir", DESK),
        *_waiting_steps(),
        ShippedStep("silence_waiting", "waiting", "closed", "Encerrar por silêncio", BY_ITSELF),
        ShippedStep("conclude_new", "new", "closed", "Concluir", (*CUSTOMER, *DESK), (Need.COMMENT,)),
        ShippedStep("conclude", "working", "closed", "Concluir", (*CUSTOMER, *DESK), (Need.COMMENT,)),
        ShippedStep("conclude_waiting", "waiting", "closed", "Concluir", (*CUSTOMER, *DESK), (Need.COMMENT,)),
        ShippedStep("reopen", "closed", "working", "Reabrir", REOPENING, (Need.COMMENT,)),
        *_cancelling("working", "waiting"),
    ),
)

FIELD_SERVICE = ShippedWorkflow(
    slug="campo",
    name="Campo",
    statuses=(
        ShippedStatus("new", Stage.NEW, Family.NEW, "Abertura", "Recebemos o seu chamado", "A"),
        ShippedStatus("dispatched", Stage.IN_PROGRESS, Family.ON_THE_WAY, "Despachado", "Visita encaminhada", "E"),
        ShippedStatus("working", Stage.IN_PROGRESS, Family.WORK, "Manutenção", "Em manutenção", "M"),
        ShippedStatus(
            "waiting", Stage.WAITING_ON_CUSTOMER, Family.PAUSE, "Pendente cliente", "Precisamos de você", "P"
        ),
        ShippedStatus(
            "waiting_on_us",
            Stage.WAITING_ON_PROVIDER,
            Family.PAUSE,
            "Pendente prestador",
            "Aguarda a nossa equipe",
            "P",
        ),
        ShippedStatus(
            "attended", Stage.WAITING_ON_PROVIDER, Family.VALIDATE, "Atendido", "Visita feita, falta concluir", "T"
        ),
        ShippedStatus("closed", Stage.DONE, Family.END, "Concluído", "", "O"),
        ShippedStatus("cancelled", Stage.CANCELLED, Family.CANCELLED, "Cancelado", "Cancelado", "C"),
    ),
    steps=(
        ShippedStep("dispatch", "new", "dispatched", "Despachar", DISPATCH),
        ShippedStep("start", "dispatched", "working", "Iniciar manutenção", FIELD),
        ShippedStep("ask", "working", "waiting", "Deixar pendente com o cliente", FIELD, (Need.REASON,)),
        ShippedStep("hold", "working", "waiting_on_us", "Deixar pendente conosco", FIELD, (Need.REASON,)),
        ShippedStep("answer", "waiting", "working", "Responder", ANSWERING, (Need.COMMENT,)),
        ShippedStep("resume", "waiting", "working", "Retomar", FIELD),
        ShippedStep("resume_ours", "waiting_on_us", "working", "Retomar", FIELD),
        ShippedStep("attend", "working", "attended", "Registrar atendimento", FIELD, (Need.COMMENT,)),
        ShippedStep("conclude", "working", "closed", "Concluir", FIELD, (Need.SOLUTION,)),
        ShippedStep("conclude_attended", "attended", "closed", "Concluir", FIELD, (Need.SOLUTION,)),
        ShippedStep("reopen", "closed", "working", "Reabrir", REOPENING, (Need.COMMENT,)),
        *_cancelling("dispatched", "working", "waiting", "waiting_on_us", "attended"),
    ),
)

IMPROVEMENT = ShippedWorkflow(
    slug="melhoria",
    name="Melhoria",
    statuses=(
        ShippedStatus("new", Stage.NEW, Family.NEW, "Recebida", "Recebemos a sua sugestão"),
        ShippedStatus("working", Stage.IN_PROGRESS, Family.WORK, "Em análise", "Em análise"),
        ShippedStatus("planned", Stage.WAITING_ON_PROVIDER, Family.ON_THE_WAY, "Planejada", "Planejada"),
        ShippedStatus("closed", Stage.DONE, Family.END, "Entregue", "Entregue"),
        ShippedStatus("cancelled", Stage.CANCELLED, Family.CANCELLED, "Não planejada", "Não planejada"),
    ),
    steps=(
        ShippedStep("start", "new", "working", "Analisar", DESK),
        ShippedStep("plan", "working", "planned", "Planejar", DESK, (Need.COMMENT,)),
        ShippedStep("deliver", "planned", "closed", "Entregar", DESK, (Need.COMMENT,)),
        ShippedStep("reopen", "closed", "working", "Reabrir", REOPENING, (Need.COMMENT,)),
        ShippedStep("withdraw", "new", "cancelled", "Cancelar chamado", CUSTOMER, (Need.REASON,)),
        ShippedStep("decline_new", "new", "cancelled", "Não planejar", DESK, (Need.REASON,)),
        ShippedStep("decline", "working", "cancelled", "Não planejar", DESK, (Need.REASON,)),
        ShippedStep("decline_planned", "planned", "cancelled", "Não planejar", DESK, (Need.REASON,)),
    ),
)

ALL = (SUPPORT, DIRECT, FIELD_SERVICE, IMPROVEMENT)


def load(registry: Any) -> None:
    """Make the shipped workflows that are not there yet. Safe to repeat: one that exists is left as it is.

    Any: `registry` is Django's of installed apps, or the one that a migration is given, whose models have no types.
    """
    for shipped in ALL:
        if not registry.get_model("workflows.Workflow")._default_manager.filter(slug=shipped.slug).exists():
            _make(registry, shipped)


def _columns(model: Any, status: ShippedStatus) -> dict[str, Any]:
    """What the columns of `model` hold; the first migration knows fewer of them, and a later one fills in the rest."""
    known = {field.name for field in model._meta.fields}
    names = (
        *("name", "customer_name", "code", "family", "stage"),
        *("closes_after_days", "warns_days_before", "pauses_clocks"),
    )
    return {name: getattr(status, name) for name in names if name in known}


def _make(registry: Any, shipped: ShippedWorkflow) -> None:
    workflows, statuses, transitions = (
        registry.get_model(f"workflows.{name}")._default_manager for name in ("Workflow", "Status", "Transition")
    )
    workflow = workflows.create(name=shipped.name, slug=shipped.slug)
    made = {
        status.key: statuses.create(
            workflow=workflow, position=position, is_initial=position == 0, **_columns(statuses.model, status)
        )
        for position, status in enumerate(shipped.statuses)
    }
    for position, step in enumerate(shipped.steps):
        transitions.create(
            origin=made[step.origin],
            target=made[step.target],
            name=step.name,
            takers=[str(taker) for taker in step.takers],
            asks=[str(need) for need in step.asks],
            position=position,
        )
