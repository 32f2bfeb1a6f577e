"""What administrators do with warnings and escalations of deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guiche.accounts import persons
from guiche.accounts.models import User
from guiche.core.errors import Refused
from guiche.core.events import happened
from guiche.sla.actions import permission
from guiche.sla.clockwork import ALL_USED
from guiche.sla.escalations import Remedy
from guiche.sla.events import (
    EscalationChanged,
    EscalationCreated,
    EscalationSwitchedOff,
    EscalationSwitchedOn,
)
from guiche.sla.metrics import Metric
from guiche.sla.models import Escalation

if TYPE_CHECKING:
    from guiche.accounts.models import Team
    from guiche.catalog.models import Severity


class EscalationRefused(Refused):
    """This cannot be warned of, or not like this."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """All that an escalation says. Blank and None: all of them."""

    percent: int
    metric: str = ""
    severity: Severity | None = None
    team: Team | None = None
    tells_assignee: bool = False
    tells_supervisors: bool = False
    tells_team: bool = False
    people: Sequence[User] = ()
    email: str = ""
    remedy: str = ""
    to_person: User | None = None
    to_team: Team | None = None


_COLUMNS = (
    *("percent", "metric", "severity", "team", "remedy"),
    *("tells_assignee", "tells_supervisors", "tells_team"),
)
# What makes it another escalation: what deadlines used before is none of its business.
_SCOPE = _COLUMNS[:5]


@transaction.atomic
def create(said: Said, *, by: User, at: datetime) -> Escalation:
    """Warn, from now on, as `said`. Raises NotAllowed; EscalationRefused with a sentence for each field."""
    permission.check(by)
    before = marks()
    one = Escalation(since=at)
    _write(one, said)
    _save(one)
    one.people.set(said.people)
    details = {"name": str(one), **facts(one), "marks": [before, marks()]}
    happened(EscalationCreated(subject=one, by=by, at=at, details=details))
    return one


@transaction.atomic
def change(one: Escalation, said: Said, *, by: User, at: datetime) -> Escalation:
    """Change all of an escalation. Raises NotAllowed; EscalationRefused with a sentence for each field."""
    permission.check(by)
    one = Escalation.objects.locked(one)
    old, before, scope = facts(one), marks(), [getattr(one, name) for name in _SCOPE]
    _write(one, said)
    if scope != [getattr(one, name) for name in _SCOPE]:
        one.since = at
    _save(one)
    one.people.set(said.people)
    new = {name: value for name, value in facts(one).items() if old[name] != value}
    if new:
        details = {
            "name": str(one),
            "before": {name: old[name] for name in new},
            "after": new,
            "marks": [before, marks()],
        }
        happened(EscalationChanged(subject=one, by=by, at=at, details=details))
    return one


@transaction.atomic
def switch_off(one: Escalation, *, by: User, at: datetime) -> Escalation:
    """Warn no longer as it says; what it is still to do is done. Raises NotAllowed, EscalationRefused."""
    permission.check(by)
    one, before = Escalation.objects.locked(one), marks()
    if not one.is_active:
        raise EscalationRefused(_("This warning is off already."))
    one.is_active = False
    one.save(update_fields=["is_active"])
    happened(EscalationSwitchedOff(subject=one, by=by, at=at, details={"name": str(one), "marks": [before, marks()]}))
    return one


@transaction.atomic
def switch_on(one: Escalation, *, by: User, at: datetime) -> Escalation:
    """Warn again, of what deadlines use from now on. Raises NotAllowed, EscalationRefused."""
    permission.check(by)
    one, before = Escalation.objects.locked(one), marks()
    if one.is_active:
        raise EscalationRefused(_("This warning is on already."))
    one.is_active, one.since = True, at
    _save(one)
    happened(EscalationSwitchedOn(subject=one, by=by, at=at, details={"name": str(one), "marks": [before, marks()]}))
    return one


def marks() -> list[int]:
    """Return the percents at which anybody is told of anything, and 100. One query."""
    found = Escalation.objects.active().order_by().values_list("percent", flat=True)
    return sorted({*found, ALL_USED})


def facts(one: Escalation) -> dict[str, Any]:
    """Return what an escalation says, in words as they stand, for the trail."""
    return {
        "metric": str(Metric(one.metric).label) if one.metric else "",
        "percent": one.percent,
        "severity": one.severity.name if one.severity else "",
        "team": one.team.name if one.team else "",
        "tells_assignee": one.tells_assignee,
        "tells_supervisors": one.tells_supervisors,
        "tells_team": one.tells_team,
        "people": sorted(one.people.values_list("pk", flat=True)),
        "email": one.email,
        "remedy": str(Remedy(one.remedy).label) if one.remedy else "",
        "to_person": one.to_person.name if one.to_person else "",
        "to_team": one.to_team.name if one.to_team else "",
    }


def _write(one: Escalation, said: Said) -> None:
    faults = _faults(said)
    try:
        one.email = persons.clean_email(said.email) or ""
    except persons.PersonRefused as refusal:
        faults["email"] = refusal.message
    if one.email and User.objects.contacts().filter(email=one.email).exists():
        faults["email"] = _("This is the address of a customer. Warnings are for your own people.")
    if faults:
        raise EscalationRefused(" ".join(faults.values()), fields=faults)
    for name in _COLUMNS:
        setattr(one, name, getattr(said, name))
    one.to_person = said.to_person if said.remedy == Remedy.REASSIGN else None
    one.to_team = said.to_team if said.remedy == Remedy.TRANSFER else None


def _faults(said: Said) -> dict[str, str]:
    found = {}
    if not 1 <= said.percent <= ALL_USED:
        found["percent"] = _("Write a share from 1 to 100")
    if said.metric and said.metric not in Metric.values:
        found["metric"] = _("Choose one of the list")
    if any(not person.is_active or not person.at_the_desk for person in said.people):
        found["people"] = _("Choose people of the desk who are active")
    tells = said.tells_assignee or said.tells_supervisors or said.tells_team or said.people or said.email.strip()
    if not tells and not said.remedy:
        found["tells"] = _("Say who is told, or what is done")
    return found | _faults_of_remedy(said)


def _faults_of_remedy(said: Said) -> dict[str, str]:
    if said.remedy and said.remedy not in Remedy.values:
        return {"remedy": _("Choose one of the list")}
    if said.remedy == Remedy.REASSIGN and (
        said.to_person is None or not said.to_person.is_active or not said.to_person.at_the_desk
    ):
        return {"to_person": _("Choose who gets the ticket: somebody of the desk who is active")}
    if said.remedy == Remedy.TRANSFER and (said.to_team is None or not said.to_team.is_active):
        return {"to_team": _("Choose the team that gets the ticket")}
    return {}


def _save(one: Escalation) -> None:
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as error:
        message = _("There is a warning at this share already. Change that one instead.")
        raise EscalationRefused(message, fields={"percent": message}) from error
