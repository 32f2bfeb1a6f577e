"""What is said of each event on a ticket, in the active language: the news, what to do about it, why it came.

Everything is made from the stored event when it is shown, so that a line of a bell is in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from guiche.core import formatting
from guiche.installation import models as installation
from guiche.notifications.messages import deadlines, sentences
from guiche.notifications.recipients import Part
from guiche.sla import dues, promise_words
from guiche.sla.metrics import Metric
from guiche.tickets.models import Outcome
from guiche.workflows.stages import Stage

if TYPE_CHECKING:
    from guiche.tickets.models import Activity, Ticket


def news(activity: Activity, part: str, *, at_the_desk: bool) -> str:
    """Return what happened, as a sentence without full stop: "Rafael entregou uma solução"."""
    say = sentences.OF_EVENTS.get(activity.kind)
    sentence = say() if say else _BY_CASE[activity.kind](activity, Part(part))
    return sentence % _given(activity, at_the_desk=at_the_desk)


def next_step(activity: Activity, *, at_the_desk: bool) -> str:
    """Return what the reader may do about it and by when; blank when there is nothing to do, and for staff."""
    say = _NEXT_STEPS.get(activity.kind)
    return say(activity) if say and not at_the_desk else ""


def reason(part: str, *, added_by: str = "") -> str:
    """Return why a letter came."""
    sentences = {
        Part.MENTIONED: _("You get this because you were mentioned in this note."),
        Part.ASSIGNEE: _("You get this because you are responsible for this ticket."),
        Part.REQUESTER: _("You get this because this ticket is yours."),
        Part.OPENER: _("You get this because you opened this ticket."),
        Part.ADDED: _("You get this because this ticket was shared with you."),
        Part.PARTICIPANT: _("You get this because you take part in this ticket."),
        Part.TEAM: _("You get this because the ticket is of your team."),
        Part.NAMED: _("You get this because you are named in the warnings of deadlines."),
        Part.SUPERVISOR: _("You get this because you supervise the team of this ticket."),
        Part.ADDRESS: _("You get this because this address is named in the warnings of deadlines."),
        Part.RECEIPT: _("You get this because you asked for a copy of the tickets you open."),
        Part.COPY: _("You get this because %(who)s put this address in copy.") % {"who": added_by},
    }
    return sentences[Part(part)]


def actor_name(activity: Activity) -> str:
    """Return who did it, as people call them; the system speaks under the provider's name."""
    return installation.current().name if activity.actor.is_system else activity.actor.first_name


def shown_number(ticket: Ticket) -> str:
    """Return "#4821", with the prefix of the installation."""
    return f"{installation.current().ticket_prefix}{ticket.number}"


def closing_day(activity: Activity) -> str:
    """Return the day on which silence closes the ticket, "terça, 25 de novembro"; blank when it does not."""
    stored = activity.details.get("closes_at")
    closes_at = datetime.fromisoformat(stored) if stored else activity.ticket.closes_at
    return _day(closes_at) if closes_at else ""


def status_name(activity: Activity, *, at_the_desk: bool) -> str:
    """Return the status that the event led to, else the one that the ticket has, as its reader knows it."""
    moved_to = activity.details.get("to" if at_the_desk else "to_customer") or activity.details.get("to", "")
    if moved_to or activity.kind == "ticket.moved":
        return str(moved_to)  # lists of the bell have not read the status
    return activity.ticket.status.name if at_the_desk else activity.ticket.status.shown_to_customer


def _given(activity: Activity, *, at_the_desk: bool) -> dict[str, str]:
    """Return what fills the holes of a sentence."""
    given = {"who": actor_name(activity)}
    if activity.kind == "ticket.moved":
        given["status"] = status_name(activity, at_the_desk=at_the_desk)
    if activity.kind == "ticket.closing_soon":
        given["day"] = closing_day(activity)
    if activity.kind in _OF_DEADLINES:
        given |= deadlines.given(activity, when_told=True)
    return given


def _opened(activity: Activity, part: Part) -> str:
    if part == Part.RECEIPT:
        return sentences.received()
    if part == Part.REQUESTER:
        return sentences.opened_for_reader()
    return _("%(who)s opened a ticket")


def _done(activity: Activity, part: Part) -> str:
    by_outcome = {
        Outcome.APPROVED: sentences.approved(),
        Outcome.APPROVED_WITH_RESERVATION: _("%(who)s approved the solution with a reservation"),
        Outcome.CLOSED_BY_SILENCE: _("The ticket closed without an answer"),
    }
    return by_outcome.get(activity.details.get("outcome", ""), _("%(who)s concluded the ticket"))


def _noted(activity: Activity, part: Part) -> str:
    return sentences.mentioned() if part == Part.MENTIONED else _("%(who)s wrote an internal note")


def _shared(activity: Activity, part: Part) -> str:
    return _("%(who)s put you in copy of a ticket") if part == Part.COPY else sentences.shared()


_OF_DEADLINES: dict[str, Callable[[Activity], str]] = {
    "ticket.deadline_warned": partial(deadlines.warned, when_told=True),
    "ticket.deadline_breached": deadlines.breached,
    "ticket.remedy_refused": deadlines.remedy_refused,
}


def _of_deadline(activity: Activity, part: Part) -> str:
    return _OF_DEADLINES[activity.kind](activity)


_BY_CASE: dict[str, Callable[[Activity, Part], str]] = {
    **dict.fromkeys(_OF_DEADLINES, _of_deadline),
    "ticket.opened": _opened,
    "ticket.noted": _noted,
    "ticket.done": _done,
    "ticket.participant_added": _shared,
}


def _after_opening(activity: Activity) -> str:
    by = {
        Metric.FIRST_RESPONSE: sentences.response_by,
        Metric.DIAGNOSIS: sentences.diagnosis_by,
        Metric.SOLUTION: sentences.solution_by,
    }
    here = ZoneInfo(installation.current().time_zone)
    found = dues.of(activity.ticket)
    return sentences.promised(
        [by[one.metric]() % {"day": promise_words.when_on_paper(one.at, one.zone, here)} for one in found]
    )


def _after_solution(activity: Activity) -> str:
    if day := closing_day(activity):
        return sentences.decide_by() % {"day": day}
    return _("Approve it or reject it in the portal.")


def _after_question(activity: Activity) -> str:
    if day := closing_day(activity):
        return sentences.answer_by() % {"day": day}
    return _("The deadline waits for your answer.")


def _before_closing(activity: Activity) -> str:
    if activity.ticket.status.stage == Stage.AWAITING_VALIDATION:
        return _("Approve or reject the solution before that day.")
    return sentences.answer_before()


def _after_still_needed(activity: Activity) -> str:
    day = closing_day(activity)
    return sentences.closes_on() % {"day": day} if day else ""


def _after_end(activity: Activity) -> str:
    ended = activity.ticket.ended_at
    if ended is None or activity.ticket.status.stage != Stage.DONE:
        return ""
    last = ended + timedelta(days=installation.current().reopening_days)
    return sentences.reopen_until() % {"day": _day(last)}


_NEXT_STEPS: dict[str, Callable[[Activity], str]] = {
    "ticket.opened": _after_opening,
    "ticket.solution_offered": _after_solution,
    "ticket.information_asked": _after_question,
    "ticket.closing_soon": _before_closing,
    "ticket.still_needed": _after_still_needed,
    "ticket.done": _after_end,
}


def _day(moment: datetime) -> str:
    """Return the day of `moment` in the installation's zone, where business days are counted, as pages write it."""
    day = moment.astimezone(ZoneInfo(installation.current().time_zone)).date()
    return formatting.long_day(day)
