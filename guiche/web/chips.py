"""How clocks are drawn: the chip of a row, and the panel of one ticket. How they are said: `deadlines`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from guiche.sla import reading
from guiche.sla.reading import TicketState
from guiche.sla.states import ALARMING, Kind, State
from guiche.web import deadlines, icons
from guiche.web.deadlines import COUNTING, Form

if TYPE_CHECKING:
    from guiche.tickets.models import Ticket

TONES = {
    Kind.ON_TIME: "ok",
    Kind.AT_RISK: "wait",
    Kind.DUE_AT_OPENING: "wait",
    Kind.OVERDUE: "danger",
    Kind.PAUSED: "neutral",
    Kind.MET: "ok",
    Kind.MISSED: "danger",
    Kind.STOPPED: "neutral",
}
_SYMBOLS = {
    Kind.DUE_AT_OPENING: "clock",
    Kind.OVERDUE: "alert",
    Kind.PAUSED: "pause",
    Kind.MET: "check",
    Kind.MISSED: "x",
    Kind.STOPPED: "circle-slash",
}
_WITH_BAR = COUNTING | {Kind.DUE_AT_OPENING, Kind.OVERDUE, Kind.PAUSED}


def of_rows(tickets: Iterable[Ticket], now: datetime, form: Form, *, for_staff: bool) -> dict[int, Markup]:
    """Return the chips of the rows of a list by ticket id; a ticket without clocks has none. One query."""
    found = reading.nearest_of(tickets, now)
    return {pk: chip(state, now, form, for_staff=for_staff) for pk, state in found.items()}


def chip(state: State, now: datetime, form: Form, *, for_staff: bool) -> Markup:
    """Return a clock as one line. Screen readers read its whole sentence instead, which is also its title."""
    spoken = escape(deadlines.sentence(state, now, for_staff=for_staff))
    shown = escape(deadlines.figure(state, now, form))
    small = f" <small>{escape(deadlines.towards(state))}</small>" if form == Form.TOWARDS and _counts(state) else ""
    return Markup(  # noqa: S704  # all of it was escaped
        f'<span class="{_class(state)}" data-tone="{tone(state)}" title="{spoken}">{_picture(state)}'
        f'<span aria-hidden="true">{shown}{small}</span><span class="sr">{spoken}</span></span>'
    )


def tone(state: State) -> str:
    """Return the tone of a clock; being paused does not mend that it is overdue."""
    return "danger" if state.kind == Kind.PAUSED and state.over else TONES[state.kind]


def _class(state: State) -> str:
    return "sla sla--long" if state.kind == Kind.DUE_AT_OPENING else "sla"


def _counts(state: State) -> bool:
    return state.kind in COUNTING


def _picture(state: State) -> Markup:
    return _ring(state.left_percent) if _counts(state) else icons.icon(_SYMBOLS[state.kind], "sm")


@lru_cache(maxsize=128)
def _ring(percent: int) -> Markup:
    """Return a ring of which `percent` remain, drawn by attributes: no style may stand in a page."""
    return Markup(  # noqa: S704  # figures only
        '<svg class="ring" viewBox="0 0 16 16" aria-hidden="true"><circle class="bg" cx="8" cy="8" r="6"/>'
        f'<circle class="fg" cx="8" cy="8" r="6" pathLength="100" stroke-dasharray="{percent} 100"/></svg>'
    )


@dataclass(frozen=True)
class Line:
    """One clock of a panel. `share` of its bar in percent; None: no bar."""

    goal: str
    tone: str
    chip: Markup
    detail: str
    restarts: str
    share: int | None
    used: str


@dataclass(frozen=True)
class Panel:
    """The clocks of a ticket. `seen` says to a later panel how they stood, `told` what has become urgent since then."""

    lines: Sequence[Line]
    chip: Markup  # of the nearest, for where there is room for one line
    brief: Markup
    seen: str
    told: str


def panel(found: TicketState, now: datetime, *, for_staff: bool, may_judge: bool = False, seen: str = "") -> Panel:
    """Return the clocks of a ticket for its page. `seen`: of the panel that is on the screen."""
    urgent = _urgent(found.all, seen.split("."))
    return Panel(
        lines=[_line(state, now, for_staff=for_staff, may_judge=may_judge) for state in found.all],
        chip=_nearest(found, now, Form.WHOLE, for_staff=for_staff),
        brief=_nearest(found, now, Form.BRIEF, for_staff=for_staff),
        seen=".".join(state.kind for state in found.all),
        told=" ".join(f"{deadlines.sentence(state, now, for_staff=for_staff)}." for state in urgent),
    )


def _urgent(states: Sequence[State], before: Sequence[str]) -> list[State]:
    """Return the clocks that were not as urgent before: nothing when others stood there."""
    if len(states) != len(before):
        return []
    return [one for one, was in zip(states, before, strict=True) if one.kind in ALARMING and one.kind != was]


def _nearest(found: TicketState, now: datetime, form: Form, *, for_staff: bool) -> Markup:
    return chip(found.nearest, now, form, for_staff=for_staff) if found.nearest else Markup("")


def _line(state: State, now: datetime, *, for_staff: bool, may_judge: bool) -> Line:
    is_paused = state.kind == Kind.PAUSED
    return Line(
        goal=deadlines.goal(state),
        tone=tone(state),
        chip=_beside_its_name(state, now),
        detail=deadlines.detail(state, now, for_staff=for_staff),
        restarts=deadlines.restarts(state, for_staff=for_staff, may_judge=may_judge) if is_paused else "",
        share=state.used_percent if state.kind in _WITH_BAR else None,
        used=deadlines.used(state),
    )


def _beside_its_name(state: State, now: datetime) -> Markup:
    """A chip with its name before it and its details below: no sentence of its own."""
    shown = _("At the opening") if state.kind == Kind.DUE_AT_OPENING else deadlines.figure(state, now, Form.WORD)
    words = f"<span>{escape(shown)}</span>"
    if _counts(state):
        spoken = escape(deadlines.first_upper(deadlines.left(state)))
        words = f'<span aria-hidden="true">{escape(shown)}</span><span class="sr">{spoken}</span>'
    return Markup(f'<span class="sla" data-tone="{tone(state)}">{_picture(state)}{words}</span>')  # noqa: S704  # escaped


def facts(ticket: Ticket, now: datetime, *, for_staff: bool) -> list[tuple[str, str]]:
    """Return the clocks of a ticket on paper: what each is of, and how it stands at `now`. One query."""
    return [
        (deadlines.goal(one), deadlines.first_upper(deadlines.phrase(one, None, for_staff=for_staff)))
        for one in reading.of_ticket(ticket, now, for_staff=for_staff).all
    ]
