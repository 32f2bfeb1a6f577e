"""Changing what a calendar says: one draft on paper, published whole as a version that never changes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.calendars import compiling, holidays, plan_check, worktime
from guiche.calendars import plan as plans
from guiche.calendars.actions import permission
from guiche.calendars.actions.permission import CalendarRefused
from guiche.calendars.events import CalendarPublished, CalendarWithdrawn
from guiche.calendars.models import Calendar, CalendarVersion, Kind
from guiche.calendars.plan import WHOLE_WEEK, Plan
from guiche.calendars.plan_check import Frozen, PlanRefused
from guiche.core import formatting
from guiche.core.errors import Conflict
from guiche.core.events import happened
from guiche.core.text import typed

LONGEST_NOTE = 400
LEAST_OPEN = 52 * 3600  # seconds of a year: with less, the longest promise would end after all years that are known
YEAR = timedelta(days=365)


class ChangedMeanwhile(Conflict, CalendarRefused):
    """Somebody else saved or published this calendar since the page was drawn."""


def edited(calendar: Calendar) -> CalendarVersion | None:
    """Return what a change begins from: the draft, or else the newest version; None for a calendar with neither."""
    return calendar.versions.filter(withdrawn_at=None).order_by("-number").first()


def mark(version: CalendarVersion | None) -> str:
    """Return what a page remembers of `version` to be told, when it saves, that others changed it: see `expected`."""
    if version is None:
        return ""
    said = json.dumps(version.plan, sort_keys=True, ensure_ascii=False)
    return f"{version.number}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


@transaction.atomic
def save_draft(
    calendar: Calendar, plan: Plan, *, by: Any, at: datetime, expected: str | None = None
) -> CalendarVersion:  # Any: people live in an app above this one
    """Keep `plan` as the draft of `calendar`, in place of the one before.

    `expected` is the `mark` of what the page began from; None: do not compare. Raises NotAllowed, CalendarRefused,
    ChangedMeanwhile, PlanRefused beside the fields.
    """
    calendar = permission.locked(calendar, by=by)
    permission.in_use(calendar)
    before = compared(calendar, expected)
    plan = fitting(calendar, plan)
    plan_check.check(plan, frozen(plan, at, at))
    if before is not None and before.is_draft:
        draft = before
    else:
        draft = CalendarVersion(calendar=calendar, number=_next_number(calendar))
    draft.plan, draft.saved_at, draft.saved_by = plans.dump(plan), at, by
    draft.save()
    return draft


@transaction.atomic
def discard_draft(calendar: Calendar, *, by: Any) -> None:  # Any: as above
    """Raises NotAllowed; CalendarRefused when there is none, or nothing else to fall back on."""
    calendar = permission.locked(calendar, by=by)
    draft = calendar.versions.drafts().first()
    if draft is None:
        raise CalendarRefused(_("There is no draft any more. Load the page again."))
    if not calendar.versions.published().exists():
        raise CalendarRefused(_("This calendar was never published: its draft is all there is. Archive it instead."))
    draft.delete()


@transaction.atomic
def publish(
    calendar: Calendar,
    *,
    by: Any,  # as above
    at: datetime,
    effective_from: datetime | None = None,
    corrects_past: bool = False,
    note: str = "",
    expected: str | None = None,
) -> CalendarVersion:
    """Let the draft of `calendar` count from `effective_from` on (None: from `at`), to the second, and return it.

    A beginning in the past is a correction, and must be said to be one. Raises NotAllowed, CalendarRefused beside
    effective_from and note, ChangedMeanwhile, PlanRefused.
    """
    calendar = permission.locked(calendar, by=by)
    permission.in_use(calendar)
    compared(calendar, expected)
    at = at.replace(microsecond=0)
    since = (effective_from or at).replace(microsecond=0)
    draft = ready(calendar, since=since, at=at, corrects_past=corrects_past)
    draft.note = _note(note)
    draft.effective_from, draft.corrects_past = since, since < at and corrects_past
    draft.published_at, draft.published_by = at, by
    draft.save()
    details = {**_said(draft), "corrects_past": draft.corrects_past, "reason": draft.note}
    happened(CalendarPublished(subject=calendar, by=by, at=at, details=details))
    return draft


def ready(calendar: Calendar, *, since: datetime, at: datetime, corrects_past: bool = False) -> CalendarVersion:
    """Return the draft of `calendar` as `publish` would let it count from `since` on. Nothing is written.

    Raises CalendarRefused beside effective_from, PlanRefused.
    """
    draft = _draft(calendar)
    _check_beginning(calendar, since, at, corrects_past=corrects_past)
    _freeze(draft, since, at)
    return draft


@transaction.atomic
def withdraw(version: CalendarVersion, *, by: Any, at: datetime) -> CalendarVersion:  # Any: as above
    """Let a published version that has not begun never begin. Raises NotAllowed, CalendarRefused."""
    calendar = permission.locked(version.calendar, by=by)
    version = calendar.versions.get(pk=version.pk)
    if version.effective_from is None or version.is_draft or version.withdrawn_at is not None:
        raise CalendarRefused(_("This version is not waiting to begin. Load the page again."))
    if version.effective_from <= at:
        raise CalendarRefused(_("This version has begun: deadlines were counted by it. Publish another one instead."))
    if version.pk in {one.pk for one in calendar.versions.published().order_by("number")[:1]}:
        raise CalendarRefused(_("This is the first version: without it nothing is counted. Archive the calendar."))
    version.withdrawn_at = at
    version.save(update_fields=["withdrawn_at"])
    happened(CalendarWithdrawn(subject=calendar, by=by, at=at, details=_said(version)))
    return version


def fitting(calendar: Calendar, plan: Plan) -> Plan:
    """Return `plan` as far as it may be one of `calendar`: a city has no hours, only days on which it is closed."""
    if calendar.kind == Kind.HOURS:
        return plan
    return replace(plan, weekly=WHOLE_WEEK, worked=(), state=calendar.state)


def frozen(plan: Plan, since: datetime, at: datetime) -> Frozen:
    """Return the holidays that a version of `plan` from `since` on holds on to, published at `at`."""
    return holidays.frozen(plan, since.year - 1, max(since, at).year + holidays.YEARS_AHEAD)


def compared(calendar: Calendar, expected: str | None) -> CalendarVersion | None:
    """Return `edited(calendar)`. Raises ChangedMeanwhile unless its mark is `expected`, when that is given."""
    before = edited(calendar)
    if expected is not None and expected != mark(before):
        raise ChangedMeanwhile(_("Somebody changed this calendar meanwhile. Look at what it says now, then go on."))
    return before


def _draft(calendar: Calendar) -> CalendarVersion:
    draft = calendar.versions.drafts().first()
    if draft is None:
        raise CalendarRefused(_("There is nothing to publish: change something first."))
    return draft


def _next_number(calendar: Calendar) -> int:
    newest = calendar.versions.order_by("-number").first()
    return newest.number + 1 if newest else 1


def _check_beginning(calendar: Calendar, since: datetime, at: datetime, *, corrects_past: bool) -> None:
    """Raise CalendarRefused unless a version may begin at `since`. The first of a calendar may do so at any time."""
    versions = list(calendar.versions.published().order_by("number"))
    if versions and (sentence := _beginning_fault(versions, since, at, corrects_past=corrects_past)):
        raise CalendarRefused(sentence, fields={"effective_from": sentence})


def _beginning_fault(versions: list[CalendarVersion], since: datetime, at: datetime, *, corrects_past: bool) -> str:
    if since < at and not corrects_past:
        return _("This lies in the past. Choose a later moment, or publish it as a correction of the past.")
    if since >= at and corrects_past:
        return _("A correction begins in the past. Choose an earlier moment.")
    last_since, last = compiling.in_turn(versions)[-1]
    if last_since > at and since < last_since:
        return _("Version %(number)s begins at %(when)s. Choose a later moment, or withdraw that version first.") % {
            "number": last.number,
            "when": formatting.full_moment(last_since),
        }
    begun = compiling.in_force(versions, at).effective_from
    if begun is not None and since < begun:
        return _("What counts now began at %s. A correction cannot reach further back.") % formatting.full_moment(begun)
    return ""


def _freeze(draft: CalendarVersion, since: datetime, at: datetime) -> None:
    """Let `draft` hold on to its holidays. Raises PlanRefused when it cannot count from `since` on."""
    plan = compiling.plan_of(draft)
    kept = frozen(plan, since, at)
    plan_check.check(plan, kept)
    draft.holidays = plans.dump_holidays(kept)
    _check_opens(draft, at)


def _said(version: CalendarVersion) -> dict[str, Any]:  # Any: JSON
    since = version.effective_from
    return {"version": version.number, "effective_from": since.astimezone(UTC).isoformat() if since else ""}


def _check_opens(draft: CalendarVersion, at: datetime) -> None:
    """Raise PlanRefused for a calendar whose hours are all closed, by days of its own, or too few to promise by."""
    calendar, sentence = compiling.compiled(draft), ""
    try:
        calendar.next_open(at)
        if calendar.between(at, at + YEAR) < LEAST_OPEN:
            sentence = _("It is open for less than 52 hours in the year to come. Write more hours.")
    except worktime.NeverOpens:
        sentence = _("Write the hours of at least one weekday: a calendar that never opens counts nothing.")
    if sentence:
        raise PlanRefused(sentence, fields={"weekly": sentence})


def _note(note: str) -> str:
    line = " ".join(typed(note).split())
    if len(line) > LONGEST_NOTE:
        sentence = _("Write at most %d characters.") % LONGEST_NOTE
        raise CalendarRefused(sentence, fields={"note": sentence})
    return line
