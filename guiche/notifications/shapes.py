"""The letters whose words an administrator may change: which there are, for whom, and how we ship them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.notifications.recipients import Part

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_NEWS = "{novidade}"  # where what we say depends on more than the event
_NEXT_STEP = "{proximo_passo}"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One letter: of one event, to customers or to the team. `subject` and `text`: as shipped."""

    code: str  # stable: rows of Wording hold it
    slug: str  # in addresses
    kind: str  # of the event
    label: _StrPromise
    subject: Callable[[], str]  # in the active language
    text: str = ""
    for_team: bool = False
    is_receipt: bool = False


def of(kind: str, part: Part, *, at_the_desk: bool) -> Shape | None:
    """Return the shape of the letter that tells of an event; None for one whose words nobody may change."""
    return _BY_USE.get((kind, at_the_desk, part == Part.RECEIPT))


def _who(sentence: Callable[[], str]) -> Callable[[], str]:
    """Return the shipped sentence as an administrator reads it: its holes are names in braces."""
    holes = {"%(who)s": "{autor}", "%(status)s": "{status}", "%(day)s": "{prazo}", "%%": "%"}

    def written() -> str:
        said = sentence()
        for hole, name in holes.items():
            said = said.replace(hole, name)
        return said

    return written


def _news() -> str:
    return _NEWS


# Each sentence is one of messages/tickets.py, word for word: a test holds them together.
_REPLIED = _who(lambda: _("%(who)s replied"))
_ASKED = _who(lambda: _("%(who)s asked for more information"))
_OFFERED = _who(lambda: _("%(who)s delivered a solution"))
_REJECTED = _who(lambda: _("%(who)s rejected the solution"))
_MOVED = _who(lambda: _("%(who)s changed the status to “%(status)s”"))
_CLOSING = _who(lambda: _("The ticket closes by itself on %(day)s"))
_CANCELLED = _who(lambda: _("%(who)s cancelled the ticket"))
_REOPENED = _who(lambda: _("%(who)s reopened the ticket"))
_ASSIGNED = _who(lambda: _("%(who)s handed the ticket to you"))
_RECEIVED = _who(lambda: _("We received your ticket"))

CUSTOMERS = (
    Shape(
        code="customer.opened",
        slug="chamado-aberto",
        kind="ticket.opened",
        label=gettext_lazy("A ticket opened"),
        subject=_news,
    ),
    Shape(
        code="customer.receipt",
        slug="chamado-recebido",
        kind="ticket.opened",
        label=gettext_lazy("A copy to who opened the ticket"),
        subject=_RECEIVED,
        is_receipt=True,
    ),
    Shape(
        code="customer.commented",
        slug="resposta",
        kind="ticket.commented",
        label=gettext_lazy("A reply"),
        subject=_REPLIED,
    ),
    Shape(
        code="customer.information_asked",
        slug="pergunta",
        kind="ticket.information_asked",
        label=gettext_lazy("A question that waits for the customer"),
        subject=_ASKED,
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.solution_offered",
        slug="solucao",
        kind="ticket.solution_offered",
        label=gettext_lazy("A solution to validate"),
        subject=_OFFERED,
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.solution_rejected",
        slug="solucao-reprovada",
        kind="ticket.solution_rejected",
        label=gettext_lazy("A solution rejected"),
        subject=_REJECTED,
    ),
    Shape(
        code="customer.moved",
        slug="mudanca-de-status",
        kind="ticket.moved",
        label=gettext_lazy("Other changes of status"),
        subject=_MOVED,
    ),
    Shape(
        code="customer.closing_soon",
        slug="aviso-de-encerramento",
        kind="ticket.closing_soon",
        label=gettext_lazy("Warning before a ticket closes by itself"),
        subject=_CLOSING,
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.done",
        slug="chamado-encerrado",
        kind="ticket.done",
        label=gettext_lazy("A ticket closed"),
        subject=_news,
        text=_NEXT_STEP,
    ),
    Shape(
        code="customer.cancelled",
        slug="chamado-cancelado",
        kind="ticket.cancelled",
        label=gettext_lazy("A ticket cancelled"),
        subject=_CANCELLED,
    ),
    Shape(
        code="customer.reopened",
        slug="chamado-reaberto",
        kind="ticket.reopened",
        label=gettext_lazy("A ticket reopened"),
        subject=_REOPENED,
    ),
    Shape(
        code="customer.shared",
        slug="chamado-compartilhado",
        kind="ticket.participant_added",
        label=gettext_lazy("A ticket shared"),
        subject=_news,
    ),
)
TEAM = (
    Shape(
        code="team.assigned",
        slug="equipe-chamado-entregue",
        kind="ticket.assigned",
        label=gettext_lazy("A ticket handed to somebody"),
        subject=_ASSIGNED,
        for_team=True,
    ),
    Shape(
        code="team.noted",
        slug="equipe-nota-interna",
        kind="ticket.noted",
        label=gettext_lazy("An internal note"),
        subject=_news,
        for_team=True,
    ),
    Shape(
        code="team.commented",
        slug="equipe-resposta",
        kind="ticket.commented",
        label=gettext_lazy("A reply"),
        subject=_REPLIED,
        for_team=True,
    ),
    Shape(
        code="team.solution_rejected",
        slug="equipe-solucao-reprovada",
        kind="ticket.solution_rejected",
        label=gettext_lazy("A solution rejected"),
        subject=_REJECTED,
        for_team=True,
    ),
    Shape(
        code="team.moved",
        slug="equipe-mudanca-de-status",
        kind="ticket.moved",
        label=gettext_lazy("Other changes of status"),
        subject=_MOVED,
        for_team=True,
    ),
    Shape(
        code="team.closing_soon",
        slug="equipe-aviso-de-encerramento",
        kind="ticket.closing_soon",
        label=gettext_lazy("Warning before a ticket closes by itself"),
        subject=_CLOSING,
        for_team=True,
    ),
    Shape(
        code="team.done",
        slug="equipe-chamado-encerrado",
        kind="ticket.done",
        label=gettext_lazy("A ticket closed"),
        subject=_news,
        for_team=True,
    ),
    Shape(
        code="team.cancelled",
        slug="equipe-chamado-cancelado",
        kind="ticket.cancelled",
        label=gettext_lazy("A ticket cancelled"),
        subject=_CANCELLED,
        for_team=True,
    ),
    Shape(
        code="team.reopened",
        slug="equipe-chamado-reaberto",
        kind="ticket.reopened",
        label=gettext_lazy("A ticket reopened"),
        subject=_REOPENED,
        for_team=True,
    ),
)
SHAPES = (*CUSTOMERS, *TEAM)
BY_SLUG = {shape.slug: shape for shape in SHAPES}
_BY_USE = {(shape.kind, shape.for_team, shape.is_receipt): shape for shape in SHAPES}
