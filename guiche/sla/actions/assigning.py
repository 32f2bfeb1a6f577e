"""Whom an agreement is made with, and by which calendar time is counted there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.calendars.models import Calendar
from guiche.sla import places
from guiche.sla.actions import bulk, permission
from guiche.sla.actions.permission import PolicyRefused
from guiche.sla.models import Assignment, Policy, RuleSet
from guiche.sla.places import Place

if TYPE_CHECKING:
    from guiche.accounts.models import User


@transaction.atomic
def assign(
    place: Place,
    *,
    policy: Policy | None,
    calendar: Calendar | None = None,
    joins_city: bool | None = None,
    known: Assignment | None = None,
    for_open: bool = False,
    by: User,
    at: datetime,
) -> Assignment:
    """Let `place` have a policy, a calendar, and the holidays of the customer's city; None: the next level decides.

    `known` is the row that is changed, None where there should be none yet. `for_open`: a job then chooses anew for the
    tickets that are open too. Raises NotAllowed; PolicyRefused beside policy and calendar, when nothing is said, and
    when `place` has one already.
    """
    permission.check(by)
    # The policy first, as those who publish one do: it is not archived while somebody is given it.
    policy = Policy.objects.locked(policy) if policy is not None else None
    RuleSet.objects.select_for_update().get(pk=1)  # two who say something of one place come one after the other
    row = Assignment.objects.with_places().filter(**place.columns()).first()
    if row is not None and known is None:
        raise PolicyRefused(_("%s has an agreement already. Change that one in the list.") % place.name)
    before = _words(row) if row is not None else {}
    row = row or Assignment(**place.columns())
    _refuse(row, policy, calendar, joins_city)
    row.policy, row.calendar, row.joins_city = policy, calendar, joins_city
    row.save()
    if before != (after := _words(row)):
        details = {"before": before, "after": after, "for_open": for_open}
        _note("agreement.assigned", place, details, by=by, at=at)
        if for_open:
            bulk.begin(by=by, at=at)
    return row


@transaction.atomic
def clear(row: Assignment, *, for_open: bool = False, by: User, at: datetime) -> None:
    """Let a place have nothing of its own any more: the next level decides. Raises NotAllowed, PolicyRefused."""
    permission.check(by)
    RuleSet.objects.select_for_update().get(pk=1)  # as above: two who take it away come one after the other
    found = Assignment.objects.with_places().filter(pk=row.pk).first()
    if found is None:
        raise PolicyRefused(_("Somebody took this away already. Load the page again."))
    details = {"before": _words(found), "for_open": for_open}
    _note("agreement.cleared", places.of(found), details, by=by, at=at)
    found.delete()
    if for_open:
        bulk.begin(by=by, at=at)


def _refuse(row: Assignment, policy: Policy | None, calendar: Calendar | None, joins_city: bool | None) -> None:
    """Raise PolicyRefused for what cannot be chosen; what `row` has already may stay."""
    faults = {}
    if policy is None and calendar is None and joins_city is None:
        raise PolicyRefused(_("Choose an agreement, a calendar, or whether the city's holidays count."))
    if policy is not None and policy.pk != row.policy_id and (sentence := _policy_fault(policy)):
        faults["policy"] = sentence
    usable = Calendar.objects.active().of_hours()
    if calendar is not None and calendar.pk != row.calendar_id and not usable.filter(pk=calendar.pk).exists():
        faults["calendar"] = _("Choose a calendar that is in use.")
    if faults:
        raise PolicyRefused(" ".join(faults.values()), fields=faults)


def _policy_fault(policy: Policy) -> str:
    if not policy.is_active:
        return _("This agreement is archived. Choose another one.")
    if not policy.versions.published().exists():
        return _("This agreement was never published: it promises nothing yet.")
    return ""


def _words(row: Assignment) -> dict[str, str]:
    said = {
        "agreement": row.policy.name if row.policy else "",
        "calendar": row.calendar.name if row.calendar else "",
        "joins_city": {True: _("yes"), False: _("no"), None: ""}[row.joins_city],
    }
    return {name: words for name, words in said.items() if words}


def _note(act: str, place: Place, details: dict[str, object], *, by: User, at: datetime) -> None:
    # In the trail of what it is of, so that it stands on that one's page: its own row goes when it is cleared.
    record.write(act, by=by, at=at, subject=place.subject, name=place.name, **details)
