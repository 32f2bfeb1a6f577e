"""Doing what an escalation asks for, by the tickets' own actions: once for a clock and a mark."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from guiche.catalog.models import Severity
from guiche.core.errors import Refused
from guiche.core.events import happened
from guiche.sla import escalations
from guiche.sla.escalations import Remedy
from guiche.sla.events import RemedyRefused
from guiche.sla.metrics import Metric, Motion
from guiche.sla.models import DueRemedy
from guiche.tickets.actions import triage
from guiche.tickets.models import Ticket

if TYPE_CHECKING:
    from guiche.accounts.models import User

Outcome = DueRemedy.Outcome
LONGEST_NOTE = 300


@transaction.atomic
def take(remedy_id: int, *, by: User, at: datetime) -> None:
    """Do what is due, if nobody did it meanwhile, and keep what became of it. `by`: the system.

    What a rule refuses (the person is not active any more) is written on the ticket, and its supervisors are told.
    """
    # The ticket is locked first, as by everybody: then the row is read again.
    ticket_id = DueRemedy.objects.values_list("clock__ticket_id", flat=True).get(pk=remedy_id)
    ticket = Ticket.objects.locked(Ticket(pk=ticket_id))
    due = DueRemedy.objects.to_do().filter(pk=remedy_id).select_related("clock", "escalation").first()
    if due is None:
        return
    with translation.override(settings.LANGUAGE_CODE):  # what is written stays: in the installation's language
        try:
            due.outcome = _take(due, ticket, by, at)
        except Refused as refusal:
            due.outcome, due.note = Outcome.REFUSED, refusal.message[:LONGEST_NOTE]
            _say_refused(due, ticket, by, at)
    due.done_at = at
    due.save(update_fields=["done_at", "outcome", "note"])


def _take(due: DueRemedy, ticket: Ticket, by: User, at: datetime) -> Outcome:
    """Raises Refused as the tickets' actions do."""
    escalation = due.escalation
    if not ticket.is_open or due.clock.motion == Motion.STOPPED:
        return Outcome.NOT_NEEDED
    match escalation.remedy:
        case Remedy.REASSIGN:
            triage.assign(ticket, escalation.to_person, by=by, at=at)
        case Remedy.TRANSFER:
            assert escalation.to_team is not None
            triage.transfer(ticket, escalation.to_team, by=by, at=at, reason=_reason(due))
        case Remedy.RAISE:
            return _raise(due, ticket, by, at)
    return Outcome.DONE


def _raise(due: DueRemedy, ticket: Ticket, by: User, at: datetime) -> Outcome:
    worse = ticket.severity and Severity.objects.filter(level=ticket.severity.level - 1).first()
    if not worse:  # it has none, or is the worst already
        return Outcome.NOT_NEEDED
    triage.change(ticket, by=by, at=at, reason=_reason(due), severity=worse)
    return Outcome.DONE


def _reason(due: DueRemedy) -> str:
    """Return why, for the timeline. Customers read it: it does not speak of clocks between teams."""
    if due.clock.metric == Metric.TEAM:
        return _("followed up by the team")
    return _("deadline at %(percent)s %%") % {"percent": due.percent}


def _say_refused(due: DueRemedy, ticket: Ticket, by: User, at: datetime) -> None:
    to_supervisors = escalations.audience((), assignee=None, team=ticket.team_id) | {"supervisors": ticket.team_id}
    details = {
        "clock": due.clock_id,
        "metric": due.clock.metric,
        "percent": due.percent,
        "remedy": due.escalation.remedy,
        "why": due.note,
        "told": to_supervisors,
    }
    happened(RemedyRefused(subject=ticket, by=by, at=at, details=details, internal=True))
