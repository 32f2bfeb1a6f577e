"""A workflow on paper, while an administrator changes it: what may be written there, and what still stands in the way.

Pure: no row is read or written. `actions` makes a plan of the rows and publishes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guiche.core.errors import Refused
from guiche.workflows.stages import ENDED, WAITS_FOR_CUSTOMER, Family, Need, Stage, Taker

MOST_STATUSES = 20
MOST_STEPS = 80
LONGEST_NAME = 60


class PlanRefused(Refused):
    """This cannot be part of a workflow."""


@dataclass(frozen=True, slots=True)
class PlannedStatus:
    """A status; `key` is the id of its row, or "n1", "n2"… for one that has none yet."""

    key: str
    name: str
    customer_name: str
    code: str
    family: str
    stage: str
    closes_after_days: int | None = None
    warns_days_before: int | None = None
    pauses_clocks: bool = False

    @property
    def has_ended(self) -> bool:
        return self.stage in ENDED

    @property
    def shown_to_customer(self) -> str:
        return self.customer_name or self.name


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A transition between the keys of two statuses."""

    key: str
    origin: str
    target: str
    name: str
    takers: tuple[str, ...]
    asks: tuple[str, ...] = ()

    @property
    def happens_by_itself(self) -> bool:
        return self.takers == (Taker.SYSTEM,)


_Piece = TypeVar("_Piece", PlannedStatus, PlannedStep)


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of a workflow, in order. Tickets begin in the first status. `version` is the one it was copied from."""

    version: int
    statuses: tuple[PlannedStatus, ...]
    steps: tuple[PlannedStep, ...]

    def status(self, key: str) -> PlannedStatus:
        return _find(self.statuses, key, _("This status is no longer in the workflow. Load the page again."))

    def step(self, key: str) -> PlannedStep:
        return _find(self.steps, key, _("This transition is no longer in the workflow. Load the page again."))

    def steps_from(self, key: str) -> tuple[PlannedStep, ...]:
        return tuple(step for step in self.steps if step.origin == key)

    def new_key(self) -> str:
        taken = {status.key for status in self.statuses} | {step.key for step in self.steps}
        return next(key for number in range(1, len(taken) + 2) if (key := f"n{number}") not in taken)


def dump(plan: Plan) -> str:
    """Return `plan` as text, to be kept in a draft."""
    return json.dumps(asdict(plan), ensure_ascii=False)


def load(text: str) -> Plan:
    """Return the plan that `dump` wrote. Raises PlanRefused when it cannot be read."""
    try:
        found = json.loads(text)
        steps = (
            _built(PlannedStep, {**one, "takers": tuple(one["takers"]), "asks": tuple(one["asks"])})
            for one in found["steps"]
        )
        return Plan(
            found["version"], tuple(_built(PlannedStatus, _with_pause(one)) for one in found["statuses"]), tuple(steps)
        )
    except (ValueError, KeyError, TypeError) as unreadable:
        raise PlanRefused(_("Your draft cannot be read any more. Discard it and begin again.")) from unreadable


def _with_pause(values: dict[str, Any]) -> dict[str, Any]:
    """A draft from before statuses said so themselves: their stage decided."""
    return {"pauses_clocks": values["stage"] in WAITS_FOR_CUSTOMER, **values}


def _built(kind: type[_Piece], values: dict[str, Any]) -> _Piece:
    return kind(**{one.name: values[one.name] for one in fields(kind)})


def put_status(plan: Plan, status: PlannedStatus) -> Plan:
    """Return `plan` with `status` in the place of the one with its key, or at the end when there is none.

    A status that closes by itself gets the step that does so; one that does not loses it. Raises PlanRefused.
    """
    status = _tidied(status)
    _check_status(plan, status)
    known = any(one.key == status.key for one in plan.statuses)
    statuses = _replaced(plan.statuses, status) if known else (*plan.statuses, status)
    return _with_silence(replace(plan, statuses=statuses), status)


def remove_status(plan: Plan, key: str) -> Plan:
    """Return `plan` without the status `key` and the steps that touch it."""
    plan.status(key)
    return replace(
        plan,
        statuses=tuple(status for status in plan.statuses if status.key != key),
        steps=tuple(step for step in plan.steps if key not in (step.origin, step.target)),
    )


def move_status(plan: Plan, key: str, by: int) -> Plan:
    """Return `plan` with the status `key` that many places further down (up when negative)."""
    order = list(plan.statuses)
    index = order.index(plan.status(key))
    order.insert(max(0, min(len(order) - 1, index + by)), order.pop(index))
    return replace(plan, statuses=tuple(order))


def put_step(plan: Plan, step: PlannedStep) -> Plan:
    """Return `plan` with `step` in the place of the one with its key, or at the end. Raises PlanRefused."""
    step = replace(step, name=step.name.strip())
    _check_step(plan, step)
    known = any(one.key == step.key for one in plan.steps)
    return replace(plan, steps=_replaced(plan.steps, step) if known else (*plan.steps, step))


def remove_step(plan: Plan, key: str) -> Plan:
    """Return `plan` without the step `key`."""
    plan.step(key)
    return replace(plan, steps=tuple(step for step in plan.steps if step.key != key))


def problems(plan: Plan) -> list[str]:
    """Return what keeps `plan` from being published, one sentence each; nothing when it may be."""
    found = []
    if not plan.statuses or plan.statuses[0].stage != Stage.NEW:
        found.append(_("Tickets begin in the first status of the list: put one of the stage “New” there."))
    if not any(status.stage == Stage.DONE for status in plan.statuses):
        found.append(_("A ticket must be able to end: add a status of the stage “Done”."))
    for status in plan.statuses:
        if not status.has_ended and not plan.steps_from(status.key):
            found.append(_("There is no way out of “%s”: add a transition from it.") % status.name)
        if status.closes_after_days and not _silence(plan, status):
            found.append(_("“%s” closes by itself: add the transition that does so.") % status.name)
    return found


def changes(old: Plan, new: Plan) -> list[str]:
    """Return what `new` changes, one sentence each, in the order of the page."""
    return [
        *_status_changes(old, new),
        *_step_changes(old, new),
        *([_("The order of the statuses changes.")] if _common_order(old, new) != _common_order(new, old) else []),
    ]


def _status_changes(old: Plan, new: Plan) -> Iterable[str]:
    before = {status.key: status for status in old.statuses}
    after = {status.key for status in new.statuses}
    for status in new.statuses:
        if status.key not in before:
            yield _("New status: “%s”.") % status.name
        elif status != before[status.key]:
            yield _status_change(before[status.key], status)
    for key, status in before.items():
        if key not in after:
            yield _("The status “%s” is removed.") % status.name


def _status_change(old: PlannedStatus, new: PlannedStatus) -> str:
    if old.name != new.name:
        return _("“%(old)s” is now called “%(new)s”.") % {"old": old.name, "new": new.name}
    if old.closes_after_days != new.closes_after_days:
        return _("“%(status)s”: %(new)s; before: %(old)s.") % {
            "status": new.name,
            "new": _term(new.closes_after_days),
            "old": _term(old.closes_after_days),
        }
    if old.pauses_clocks != new.pauses_clocks:
        return _pause_change(new)
    return _("“%s” changes.") % new.name


def _pause_change(new: PlannedStatus) -> str:
    if new.pauses_clocks:
        return _("“%s” now pauses the deadlines.") % new.name
    return _("“%s” no longer pauses the deadlines.") % new.name


def _term(days: int | None) -> str:
    if not days:
        return _("does not close by itself")
    return ngettext("closes after %(n)s business day", "closes after %(n)s business days", days) % {"n": days}


def _step_changes(old: Plan, new: Plan) -> Iterable[str]:
    before = {step.key: step for step in old.steps}
    after = {step.key for step in new.steps}
    gone = {status.key for status in old.statuses} - {status.key for status in new.statuses}
    for step in new.steps:
        if step.key not in before:
            yield _("New transition: “%(step)s”, from “%(origin)s”.") % {
                "step": step.name,
                "origin": new.status(step.origin).name,
            }
        elif step != before[step.key]:
            yield _("The transition “%s” changes.") % step.name
    for key, step in before.items():
        if key not in after and step.origin not in gone and step.target not in gone:
            yield _("The transition “%(step)s”, from “%(origin)s”, is removed.") % {
                "step": step.name,
                "origin": old.status(step.origin).name,
            }


def _common_order(plan: Plan, other: Plan) -> list[str]:
    common = {status.key for status in other.statuses}
    return [status.key for status in plan.statuses if status.key in common]


def _find(pieces: Sequence[_Piece], key: str, missing: str) -> _Piece:
    for piece in pieces:
        if piece.key == key:
            return piece
    raise PlanRefused(missing)


def _replaced(pieces: tuple[_Piece, ...], piece: _Piece) -> tuple[_Piece, ...]:
    return tuple(piece if one.key == piece.key else one for one in pieces)


def _tidied(status: PlannedStatus) -> PlannedStatus:
    return replace(
        status,
        name=status.name.strip(),
        customer_name=status.customer_name.strip(),
        code=status.code.strip().upper(),
        closes_after_days=status.closes_after_days or None,
        warns_days_before=status.warns_days_before or None,
    )


def _check_status(plan: Plan, status: PlannedStatus) -> None:
    if status.stage not in Stage.values or status.family not in Family.values:
        raise PlanRefused(_("Choose a stage and a colour from the lists."))
    _check_name(status.name, _("Write the name that the team reads."))
    if len(status.customer_name) > LONGEST_NAME or len(status.code) > 1:
        raise PlanRefused(_("A name has at most 60 characters, and the letter is a single one."))
    others = [one for one in plan.statuses if one.key != status.key]
    if any(one.name.casefold() == status.name.casefold() for one in others):
        raise PlanRefused("", fields={"name": _("There is already a status with this name. Choose another.")})
    if len(others) >= MOST_STATUSES:
        raise PlanRefused(_("A workflow has at most 20 statuses. Remove one first."))
    _check_term(status)
    if status.pauses_clocks and status.has_ended:
        sentence = _("What has ended has no deadline to pause. Untick this, or choose another stage.")
        raise PlanRefused("", fields={"pauses_clocks": sentence})


def _check_term(status: PlannedStatus) -> None:
    closes, warns = status.closes_after_days, status.warns_days_before
    if closes and status.stage not in WAITS_FOR_CUSTOMER:
        sentence = _("Only what waits for the customer closes by itself. Leave this empty, or choose another stage.")
        raise PlanRefused("", fields={"closes_after_days": sentence})
    if closes and not 1 <= closes <= 365:
        raise PlanRefused("", fields={"closes_after_days": _("Write a number of days from 1 to 365.")})
    if warns and (not closes or not 1 <= warns < closes):
        raise PlanRefused(
            "", fields={"warns_days_before": _("The warning comes before the closing: write fewer days.")}
        )


def _check_name(name: str, sentence: str) -> None:
    if not name:
        raise PlanRefused("", fields={"name": sentence})
    if len(name) > LONGEST_NAME:
        raise PlanRefused("", fields={"name": _("A name has at most 60 characters, and the letter is a single one.")})


def _check_step(plan: Plan, step: PlannedStep) -> None:
    _check_name(step.name, _("Write the words on the button."))
    origin, target = plan.status(step.origin), plan.status(step.target)
    if origin.key == target.key:
        raise PlanRefused("", fields={"target": _("A transition leads to another status. Choose a different one.")})
    if origin.stage == Stage.CANCELLED:
        raise PlanRefused("", fields={"origin": _("What was cancelled does not come back. Choose another status.")})
    if not step.takers or not set(step.takers) <= set(Taker.values):
        raise PlanRefused("", fields={"takers": _("Choose who may take this transition.")})
    if not set(step.asks) <= set(Need.values):
        raise PlanRefused("", fields={"asks": _("Choose what it asks for from the list.")})
    same = (step.origin, step.target, step.name.casefold())
    if any(one.key != step.key and (one.origin, one.target, one.name.casefold()) == same for one in plan.steps):
        raise PlanRefused("", fields={"name": _("There is already a transition like this one.")})
    if sum(one.key != step.key for one in plan.steps) >= MOST_STEPS:
        raise PlanRefused(_("A workflow has at most 80 transitions. Remove one first."))


def _silence(plan: Plan, status: PlannedStatus) -> list[PlannedStep]:
    """The steps by which `status` closes by itself."""
    ended = {one.key for one in plan.statuses if one.has_ended}
    return [step for step in plan.steps_from(status.key) if step.happens_by_itself and step.target in ended]


def _with_silence(plan: Plan, status: PlannedStatus) -> Plan:
    silence = _silence(plan, status)
    if silence and not status.closes_after_days:
        return replace(plan, steps=tuple(step for step in plan.steps if step not in silence))
    done = next((one.key for one in plan.statuses if one.stage == Stage.DONE), None)
    if silence or not status.closes_after_days or done is None:
        return plan
    step = PlannedStep(plan.new_key(), status.key, done, _("Close by silence"), (Taker.SYSTEM,))
    return replace(plan, steps=(*plan.steps, step))
