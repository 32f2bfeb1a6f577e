"""Changing what an agreement says: one draft, published whole as a version that never changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.core import formatting
from guiche.core.events import happened
from guiche.sla import terms as said
from guiche.sla.actions import bulk, permission
from guiche.sla.actions.permission import ChangedMeanwhile, PolicyRefused
from guiche.sla.events import PolicyDiscarded, PolicyDrafted, PolicyPublished, PolicyWithdrawn
from guiche.sla.models import Policy, PolicyVersion, Retargeting, SeverityCalendar, Target
from guiche.sla.terms import Terms

if TYPE_CHECKING:
    from guiche.accounts.models import User

LAST_YEAR = 2199  # a later one was mistyped


def newest(policy: Policy) -> PolicyVersion | None:
    """Return what a change of `policy` begins from: its draft, or else its last published version."""
    return policy.versions.filter(withdrawn_at=None).order_by("-number").first()


def draft_of(policy: Policy) -> PolicyVersion | None:
    return policy.versions.drafts().first()


@transaction.atomic
def begin(policy: Policy, *, by: User, at: datetime) -> PolicyVersion:
    """Return the draft of `policy`; where there is none, one is made of its last version.

    Raises NotAllowed, PolicyRefused.
    """
    policy = permission.locked(policy, by=by)
    permission.in_use(policy)
    before = newest(policy)
    if before is not None and before.is_draft:
        return before
    draft = policy.versions.create(number=_next_number(policy))
    kept = said.of(before) if before else Terms()
    write(draft, replace(kept, note=""))
    happened(PolicyDrafted(subject=policy, by=by, at=at, details=_details(draft)))
    return draft


@transaction.atomic
def save_draft(policy: Policy, terms: Terms, *, by: User, at: datetime, expected: str | None = None) -> PolicyVersion:
    """Keep `terms` as the draft of `policy`.

    `expected` is the `terms.mark` of the draft that the page showed; None: do not compare. Raises NotAllowed,
    PolicyRefused beside the boxes, ChangedMeanwhile.
    """
    policy = permission.locked(policy, by=by)
    permission.in_use(policy)
    draft = _draft(policy, expected)
    _refuse(said.faults(terms))
    before, after = said.differences(said.of(draft), terms, said.names())
    if before or after:
        write(draft, terms)
        details = {**_details(draft), "before": _said(before), "after": _said(after)}
        happened(PolicyDrafted(subject=policy, by=by, at=at, details=details))
    return draft


@transaction.atomic
def discard(policy: Policy, *, by: User, at: datetime) -> None:
    """Throw the draft away. Raises NotAllowed, PolicyRefused: there is none, or it is all that the agreement says."""
    policy = permission.locked(policy, by=by)
    draft = _draft(policy, None)
    if not policy.versions.exclude(pk=draft.pk).exists():
        raise PolicyRefused(_("This draft is all that the agreement says. Archive the agreement instead."))
    happened(PolicyDiscarded(subject=policy, by=by, at=at, details=_details(draft)))
    draft.delete()


@transaction.atomic
def publish(
    policy: Policy,
    *,
    by: User,
    at: datetime,
    effective_from: datetime | None = None,
    for_open: bool = False,
    expected: str | None = None,
) -> PolicyVersion:
    """Let the draft of `policy` be in force from `effective_from` on (None: from `at`), to the second, and return it.

    Open tickets keep what they were promised, unless it is `for_open` ones too: a job then goes through them. Raises
    NotAllowed, PolicyRefused beside effective_from and the boxes, ChangedMeanwhile.
    """
    policy = permission.locked(policy, by=by)
    permission.in_use(policy)
    draft, at = _draft(policy, expected), at.replace(microsecond=0)
    since = (effective_from or at).replace(microsecond=0)
    last = policy.versions.published().order_by("-number").first()
    terms = said.of(draft)
    _refuse({"effective_from": _beginning_fault(last, since, at), **said.faults(terms)})
    if not terms.targets:
        raise PolicyRefused(_("This draft promises nothing yet. Write at least one target, save, then publish it."))
    draft.effective_from, draft.published_at, draft.published_by = since, at, by
    draft.save(update_fields=["effective_from", "published_at", "published_by"])
    before, after = said.differences(said.of(last) if last else Terms(), terms, said.names())
    details = {**_details(draft), "changes": draft.note, "before": _said(before), "after": _said(after)}
    happened(PolicyPublished(subject=policy, by=by, at=at, details={**details, "for_open": for_open}))
    if for_open:
        bulk.begin(by=by, at=at, policy_version=draft, starts_at=since)
    return draft


@transaction.atomic
def withdraw(version: PolicyVersion, *, by: User, at: datetime) -> PolicyVersion:
    """Let a published version that has not begun never begin. Raises NotAllowed, PolicyRefused."""
    policy = permission.locked(version.policy, by=by)
    version = policy.versions.get(pk=version.pk)
    if version.effective_from is None or version.is_draft or version.withdrawn_at is not None:
        raise PolicyRefused(_("This version is not waiting to begin. Load the page again."))
    if version.effective_from <= at:
        raise PolicyRefused(_("This version has begun: deadlines were promised by it. Publish another one instead."))
    version.withdrawn_at = at
    version.save(update_fields=["withdrawn_at"])
    for asked in Retargeting.objects.filter(policy_version=version, state=Retargeting.State.WAITING):
        bulk.stop(asked, at=at)
    happened(PolicyWithdrawn(subject=policy, by=by, at=at, details=_details(version)))
    return version


def write(draft: PolicyVersion, terms: Terms) -> None:
    """Let `draft` say `terms`, and nothing else."""
    draft.calendar_id, draft.counts_delivery = terms.calendar, terms.counts_delivery
    draft.at_risk_percent, draft.note = terms.at_risk_percent, terms.note
    draft.save(update_fields=["calendar", "counts_delivery", "at_risk_percent", "note"])
    draft.targets.all().delete()
    Target.objects.bulk_create(
        Target(version=draft, severity_id=severity, metric=metric, team_id=team, minutes=minutes)
        for (severity, metric, team), minutes in terms.targets.items()
    )
    draft.severity_calendars.all().delete()
    SeverityCalendar.objects.bulk_create(
        SeverityCalendar(version=draft, severity_id=severity, calendar_id=calendar)
        for severity, calendar in terms.severity_calendars.items()
    )


def _draft(policy: Policy, expected: str | None) -> PolicyVersion:
    draft = draft_of(policy)
    if draft is None:
        raise ChangedMeanwhile(
            _("There is no draft any more: somebody published or discarded it. Load the page again.")
        )
    if expected is not None and said.mark(said.of(draft)) != expected:
        raise ChangedMeanwhile(_("Somebody changed this draft meanwhile. Look at what it says now, then go on."))
    return draft


def _next_number(policy: Policy) -> int:
    last = policy.versions.order_by("-number").first()
    return last.number + 1 if last else 1


def _details(version: PolicyVersion) -> dict[str, object]:
    details: dict[str, object] = {"name": version.policy.name, "version": version.number}
    if version.effective_from is not None:
        details["effective_from"] = version.effective_from.astimezone(UTC).isoformat()
    return details


def _said(parts: dict[str, str]) -> dict[str, str]:
    return {name: words for name, words in parts.items() if words}


def _refuse(faults: dict[str, str]) -> None:
    if refused := {name: sentence for name, sentence in faults.items() if sentence}:
        raise PolicyRefused(" ".join(dict.fromkeys(refused.values())), fields=refused)


def _beginning_fault(last: PolicyVersion | None, since: datetime, at: datetime) -> str:
    if since.year > LAST_YEAR:
        return _("Check the year")
    if since < at:
        return _("This lies in the past. Choose a later moment, or leave it empty: from now on.")
    if last is not None and last.effective_from is not None and since <= last.effective_from:
        return _("Version %(number)s begins at %(when)s. Choose a later moment, or withdraw that version first.") % {
            "number": last.number,
            "when": formatting.full_moment(last.effective_from),
        }
    return ""
