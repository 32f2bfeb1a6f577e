"""How clocks are said: figures, lines, and the whole sentence that is read aloud. How they are drawn: `chips`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from guiche.calendars import words as calendar_words
from guiche.core import formatting
from guiche.sla import promise_words
from guiche.sla.metrics import Metric, Reason
from guiche.sla.states import Kind, State

MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds
COUNTING = frozenset({Kind.ON_TIME, Kind.AT_RISK})  # what shows how much remains


class Form(StrEnum):
    """How much a chip says."""

    BRIEF = "brief"  # the figure alone: rows of the desk
    WORD = "word"  # a word where a figure is not enough: rows of the portal
    TOWARDS = "towards"  # and what it is for: the portal's home
    WHOLE = "whole"  # and what is left of what is paused: the head of a ticket


class Words(NamedTuple):
    """What a language says of clocks; looked up once per language, not once per chip."""

    goals: dict[str, str]
    towards: dict[str, str]
    team: str
    sentence: str
    phrases: dict[Kind, str]
    phrase_paused_over: str
    figures: dict[Kind, str]
    figure_paused_left: str
    figure_paused_over: str
    details: dict[Kind, str]
    detail_paused_over: str


def goal(state: State) -> str:
    """Return what the clock is of: "Solução", "Equipe Implantação"."""
    known = words_of(get_language() or "en")
    return known.team % {"name": state.team} if state.team else known.goals[state.metric]


def sentence(state: State, now: datetime | None, *, for_staff: bool) -> str:
    """Return the whole of it: "Solução vence hoje às 11h54"."""
    known = words_of(get_language() or "en")
    return known.sentence % {"goal": goal(state), "rest": phrase(state, now, for_staff=for_staff)}


def phrase(state: State, now: datetime | None, *, for_staff: bool) -> str:
    """Return what a sentence says after the name: "vence hoje às 11h54". Without `now`, for paper: with whole dates."""
    known = words_of(get_language() or "en")
    pattern = known.phrase_paused_over if _is_paused_over(state) else known.phrases[state.kind]
    return pattern % _parts(state, now, for_staff=for_staff)


def detail(state: State, now: datetime, *, for_staff: bool) -> str:
    """Return the line under a clock's name in a panel: "Vence hoje às 11h54"."""
    known = words_of(get_language() or "en")
    pattern = known.detail_paused_over if _is_paused_over(state) else known.details[state.kind]
    text = pattern % _parts(state, now, for_staff=for_staff)
    return first_upper(text)


def figure(state: State, now: datetime, form: Form) -> str:
    """Return what a chip shows: "1h 12min", "Vencido há 35min", "Pausado"."""
    known = words_of(get_language() or "en")
    if state.kind in COUNTING:
        return _short(_rounded_up(state.remaining))
    if _is_paused_over(state):
        return known.figure_paused_over % {"over": over(state)}
    if form == Form.BRIEF and state.kind in _BRIEF:
        return _BRIEF[state.kind](state)
    if form == Form.WHOLE and state.kind == Kind.PAUSED:
        return known.figure_paused_left % {"left": left(state)}
    return known.figures[state.kind] % {"when": _when(state, now), "over": over(state)}


def towards(state: State) -> str:
    """Return what a running clock counts towards: "para a solução"."""
    return words_of(get_language() or "en").towards.get(state.metric, "")


def said(value: datetime, now: datetime | None, zone: tzinfo | None) -> str:
    """Return "hoje às 11h54" in `zone`, which is named where its clocks show another time than the reader's."""
    text = formatting.said(value, now, zone) if now else formatting.said_whole(value, zone)
    if zone is None or value.astimezone(zone).utcoffset() == timezone.localtime(value).utcoffset():
        return text
    return f"{text} ({calendar_words.zone(str(zone))})"


def left(state: State) -> str:
    """Return "restam 4h 28min"."""
    seconds = _rounded_up(state.remaining)
    leading = seconds // HOUR or seconds // MINUTE
    return ngettext("%(time)s left", "%(time)s left", leading) % {"time": formatting.duration(seconds)}


def over(state: State) -> str:
    """Return by how much it is late."""
    return formatting.duration(state.over) if state.over >= MINUTE else _("less than 1min")


def used(state: State) -> str:
    """Return how much is used: what the bar of a panel shows."""
    amounts = {"used": formatting.duration(state.elapsed), "target": promise_words.business(state.target)}
    return _("%(used)s used, of %(target)s") % amounts


def why(state: State, *, for_staff: bool) -> str:
    """Return why a clock is paused, to those that read it."""
    if state.reason == Reason.WAITING_ON_CUSTOMER and not for_staff:
        return _("waiting for your answer")
    return str(Reason(state.reason).label)


def restarts(state: State, *, for_staff: bool, may_judge: bool = False) -> str:
    """Return what lets a paused clock count again. `may_judge`: the reader gives the verdict on a solution."""
    if state.reason == Reason.AWAITING_VALIDATION:
        if for_staff:
            return _("It counts again if the customer rejects the solution.")
        return (
            _("It counts again if you reject it.") if may_judge else _("It counts again if the solution is rejected.")
        )
    if state.reason == Reason.WAITING_ON_CUSTOMER:
        return _("It counts again when the customer answers.") if for_staff else _("It counts again when you answer.")
    if state.reason == Reason.ELSEWHERE:
        return _("It counts again when the ticket is back with this team.")
    return _("It counts again when the team goes on with it.")


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_paused_over(state: State) -> bool:
    return state.kind == Kind.PAUSED and state.over > 0


def _parts(state: State, now: datetime | None, *, for_staff: bool) -> dict[str, str]:
    """What the patterns of `state` name."""
    if state.kind in COUNTING or state.kind == Kind.DUE_AT_OPENING:
        return {"when": _when(state, now)}
    parts = {"when": _when(state, now), "over": over(state), "target": promise_words.business(state.target)}
    if state.kind == Kind.PAUSED:
        return parts | {"left": left(state), "why": why(state, for_staff=for_staff)}
    return parts | {"used": formatting.duration(state.elapsed)}


def _when(state: State, now: datetime | None) -> str:
    """The moment that is named of a clock: since when it is paused, or when it is due."""
    moment = state.since if state.kind == Kind.PAUSED else state.due_at
    if state.kind == Kind.DUE_AT_OPENING:
        moment = state.opens_at
    return said(moment, now, state.zone) if moment else ""


def _short(seconds: int) -> str:
    """From a day on, whole hours say enough in a row."""
    return formatting.duration(seconds - seconds % HOUR if seconds >= DAY else seconds)


def _rounded_up(seconds: int) -> int:
    """A part of a minute that is left counts as one, so that used and left come to the target."""
    return -(-seconds // MINUTE) * MINUTE


_BRIEF: Mapping[Kind, Callable[[State], str]] = {
    Kind.PAUSED: lambda state: _short(_rounded_up(state.remaining)),
    Kind.OVERDUE: over,
    Kind.MET: lambda state: formatting.duration(state.elapsed),
}


@lru_cache(maxsize=8)
def words_of(language: str) -> Words:
    """Return the words of `language`, which must be the active one."""
    return Words(
        goals={metric: str(metric.label) for metric in Metric},
        towards={
            Metric.FIRST_RESPONSE: _("to the answer"),
            Metric.DIAGNOSIS: _("to the diagnosis"),
            Metric.SOLUTION: _("to the solution"),
        },
        team=_("Team %(name)s"),
        sentence=_("%(goal)s %(rest)s"),
        phrases=_phrases(),
        phrase_paused_over=_("paused since %(when)s, %(why)s: overdue by %(over)s"),
        figures={
            Kind.DUE_AT_OPENING: _("due at the opening, %(when)s"),
            Kind.OVERDUE: _("Overdue by %(over)s"),
            Kind.PAUSED: _("Paused"),
            Kind.MET: _("Met"),
            Kind.MISSED: _("Missed"),
            Kind.STOPPED: _("Without result"),
        },
        figure_paused_left=_("Paused, %(left)s"),
        figure_paused_over=_("Paused, overdue by %(over)s"),
        details=_details(),
        detail_paused_over=_("%(over)s more than %(target)s. Paused since %(when)s, %(why)s."),
    )


def _phrases() -> dict[Kind, str]:
    return {
        Kind.ON_TIME: _("due %(when)s"),
        Kind.AT_RISK: _("at risk: due %(when)s"),
        Kind.DUE_AT_OPENING: _("due at the opening, %(when)s"),
        Kind.OVERDUE: _("overdue by %(over)s: it was due %(when)s"),
        Kind.PAUSED: _("paused since %(when)s, %(why)s: %(left)s"),
        Kind.MET: _("in time, in %(used)s of %(target)s"),
        Kind.MISSED: _("late, in %(used)s of %(target)s"),
        Kind.STOPPED: _("ended without result, after %(used)s of %(target)s"),
    }


def _details() -> dict[Kind, str]:
    return _phrases() | {
        Kind.OVERDUE: _("It was due %(when)s"),
        Kind.PAUSED: _("%(left)s of %(target)s. Paused since %(when)s, %(why)s."),
        Kind.MET: _("In %(used)s, of %(target)s"),
        Kind.MISSED: _("In %(used)s, of %(target)s"),
        Kind.STOPPED: _("It ended after %(used)s, of %(target)s"),
    }
