"""The letters whose words an administrator may change: which there are, for whom, and how we ship them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

from guiche.notifications.messages import sentences
from guiche.notifications.recipients import Part

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_NEWS = "{novidade}"  # where what we say depends on more than the event
_NEXT_STEP = "{proximo_passo}"
_HOLES = {"who": "{autor}", "status": "{status}", "day": "{prazo}"}


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One letter: of one event, to customers or to the team. `text`: as shipped."""

    code: str  # stable: rows of Wording hold it
    slug: str  # in addresses
    kind: str  # of the event
    label: _StrPromise
    text: str = ""
    for_team: bool = False
    is_receipt: bool = False

    def subject(self) -> str:
        """Return the subject as shipped, in the active language, with names in braces for what differs."""
        say = sentences.received if self.is_receipt else sentences.OF_EVENTS.get(self.kind)
        return say() % _HOLES if say else _NEWS


def of(kind: str, part: Part, *, at_the_desk: bool) -> Shape | None:
    """Return the shape of the letter that tells of an event; None for one whose words nobody may change."""
    return _BY_USE.get((kind, at_the_desk, part == Part.RECEIPT))


CUSTOMERS = (
    Shape(
        code="customer.opened",
        slug="chamado-aberto",
        kind="ticket.opened",
        label=gettext_lazy("A ticket opened"),
    ),
    Shape(
        code="customer.receipt",
        slug="chamado-recebido",
        kind="ticket.opened",
        label=gettext_lazy("A copy to who opened the ticket"),
        is_receipt=True,
    ),
    Shape(
        code="customer.commented",
        slug="resposta",
        kind="ticket.commented",
        label=gettext_lazy("A reply"),
    ),
    Shape(
        code="customer.diagnosed",
        slug="diagnostico",
        kind="ticket.diagnosed",
        label=gettext_lazy("A diagnosis"),
    ),
    Shape(
        code="customer.information_asked",
        slug="pergunta",
        kind="ticket.information_asked",
        label=gettext_lazy("A question that waits for the customer"),
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.solution_offered",
        slug="solucao",
        kind="ticket.solution_offered",
        label=gettext_lazy("A solution to validate"),
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.solution_rejected",
        slug="solucao-reprovada",
        kind="ticket.solution_rejected",
        label=gettext_lazy("A solution rejected"),
    ),
    Shape(
        code="customer.moved",
        slug="mudanca-de-status",
        kind="ticket.moved",
        label=gettext_lazy("Other changes of status"),
    ),
    Shape(
        code="customer.closing_soon",
        slug="aviso-de-encerramento",
        kind="ticket.closing_soon",
        label=gettext_lazy("Warning before a ticket closes by itself"),
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.still_needed",
        slug="ainda-preciso",
        kind="ticket.still_needed",
        label=gettext_lazy("A ticket still needed, kept from closing by itself"),
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.done",
        slug="chamado-encerrado",
        kind="ticket.done",
        label=gettext_lazy("A ticket closed"),
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.cancelled",
        slug="chamado-cancelado",
        kind="ticket.cancelled",
        label=gettext_lazy("A ticket cancelled"),
    ),
    Shape(
        code="customer.reopened",
        slug="chamado-reaberto",
        kind="ticket.reopened",
        label=gettext_lazy("A ticket reopened"),
    ),
    Shape(
        code="customer.shared",
        slug="chamado-compartilhado",
        kind="ticket.participant_added",
        label=gettext_lazy("A ticket shared"),
    ),
)
TEAM = (
    Shape(
        code="team.assigned",
        slug="equipe-chamado-entregue",
        kind="ticket.assigned",
        label=gettext_lazy("A ticket handed to somebody"),
        for_team=True,
    ),
    Shape(
        code="team.noted",
        slug="equipe-nota-interna",
        kind="ticket.noted",
        label=gettext_lazy("An internal note"),
        for_team=True,
    ),
    Shape(
        code="team.commented",
        slug="equipe-resposta",
        kind="ticket.commented",
        label=gettext_lazy("A reply"),
        for_team=True,
    ),
    Shape(
        code="team.diagnosed",
        slug="equipe-diagnostico",
        kind="ticket.diagnosed",
        label=gettext_lazy("A diagnosis"),
        for_team=True,
    ),
    Shape(
        code="team.solution_rejected",
        slug="equipe-solucao-reprovada",
        kind="ticket.solution_rejected",
        label=gettext_lazy("A solution rejected"),
        for_team=True,
    ),
    Shape(
        code="team.moved",
        slug="equipe-mudanca-de-status",
        kind="ticket.moved",
        label=gettext_lazy("Other changes of status"),
        for_team=True,
    ),
    Shape(
        code="team.closing_soon",
        slug="equipe-aviso-de-encerramento",
        kind="ticket.closing_soon",
        label=gettext_lazy("Warning before a ticket closes by itself"),
        for_team=True,
    ),
    Shape(
        code="team.still_needed",
        slug="equipe-ainda-preciso",
        kind="ticket.still_needed",
        label=gettext_lazy("A ticket still needed, kept from closing by itself"),
        for_team=True,
    ),
    Shape(
        code="team.deadline_warned",
        slug="equipe-prazo-no-fim",
        kind="ticket.deadline_warned",
        label=gettext_lazy("A deadline that is running out"),
        for_team=True,
    ),
    Shape(
        code="team.deadline_breached",
        slug="equipe-prazo-vencido",
        kind="ticket.deadline_breached",
        label=gettext_lazy("A deadline that ran out"),
        for_team=True,
    ),
    Shape(
        code="team.done",
        slug="equipe-chamado-encerrado",
        kind="ticket.done",
        label=gettext_lazy("A ticket closed"),
        for_team=True,
    ),
    Shape(
        code="team.cancelled",
        slug="equipe-chamado-cancelado",
        kind="ticket.cancelled",
        label=gettext_lazy("A ticket cancelled"),
        for_team=True,
    ),
    Shape(
        code="team.reopened",
        slug="equipe-chamado-reaberto",
        kind="ticket.reopened",
        label=gettext_lazy("A ticket reopened"),
        for_team=True,
    ),
)
SHAPES = (*CUSTOMERS, *TEAM)
BY_SLUG = {shape.slug: shape for shape in SHAPES}
_BY_USE = {(shape.kind, shape.for_team, shape.is_receipt): shape for shape in SHAPES}
