"""What administrators do with workflows: change one on paper, publish it whole, copy one, switch one off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.db.models import F, ProtectedError
from django.db.models.functions import Cast
from django.utils.text import slugify
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.core.errors import Conflict, NotAllowed, Refused
from guiche.drafts import actions as drafts
from guiche.workflows import plan as planning
from guiche.workflows import policies
from guiche.workflows.models import Status, Transition, Workflow
from guiche.workflows.plan import Plan, PlannedStatus, PlannedStep

if TYPE_CHECKING:
    from guiche.accounts.models import User


WRITTEN = [one.name for one in fields(PlannedStatus) if one.name != "key"]


class WorkflowRefused(Refused):
    """The workflow cannot be like this."""


class PublishedMeanwhile(Conflict, WorkflowRefused):
    """Somebody else published this workflow after the draft was begun."""


def plan_of(workflow: Workflow) -> Plan:
    """Return the workflow as it stands, on paper. Two queries."""
    return Plan(
        workflow.version,
        tuple(_planned_status(status) for status in workflow.statuses.all()),
        tuple(_planned_step(step) for step in Transition.objects.filter(origin__workflow=workflow)),
    )


def draft_of(workflow: Workflow, *, by: User) -> Plan | None:
    """Return what `by` has changed and not published; None when nothing. Raises PlanRefused if it cannot be read."""
    kept = drafts.find(by, _place(workflow))
    return planning.load(str(kept.content["plan"])) if kept else None


def change(workflow: Workflow, edit: Callable[[Plan], Plan], *, by: User, at: datetime) -> Plan:
    """Apply `edit` to the draft of `by`, beginning one if need be, and return the plan. Nothing is published yet.

    Raises NotAllowed, or PlanRefused with what `edit` refuses.
    """
    _check_may(by)
    planned = edit(draft_of(workflow, by=by) or plan_of(workflow))
    drafts.save(by, _place(workflow), {"plan": planning.dump(planned)}, [], at=at)
    return planned


def discard(workflow: Workflow, *, by: User) -> None:
    """Forget what `by` has changed and not published."""
    _check_may(by)
    drafts.discard(by, _place(workflow))


@transaction.atomic
def publish(workflow: Workflow, *, by: User, at: datetime) -> Workflow:
    """Make the draft of `by` the workflow, whole or not at all, and return it.

    Tickets keep the status they are in and the closing date they were given; what their timelines say stays as it was.

    Raises NotAllowed; PublishedMeanwhile; WorkflowRefused with everything that is missing, or with what is in use.
    """
    _check_may(by)
    workflow = Workflow.objects.select_for_update().get(pk=workflow.pk)
    planned = draft_of(workflow, by=by)
    if planned is None:
        raise WorkflowRefused(_("There is nothing to publish: change something first."))
    if planned.version != workflow.version:
        raise PublishedMeanwhile(
            _("Somebody published this workflow while you were changing it. Discard your draft and begin again.")
        )
    if missing := planning.problems(planned):
        raise WorkflowRefused(" ".join(missing))
    before = plan_of(workflow)
    _check_in_use(workflow, planned)
    _write(workflow, planned)
    workflow.version, workflow.published_at, workflow.published_by = planned.version + 1, at, by
    workflow.save(update_fields=["version", "published_at", "published_by"])
    drafts.discard(by, _place(workflow))
    changes = planning.changes(before, planned)
    record.write("workflow.published", by=by, at=at, subject=workflow, version=workflow.version, changes=changes)
    return workflow


@transaction.atomic
def copy(original: Workflow, *, name: str, by: User, at: datetime) -> Workflow:
    """Make a new workflow with the statuses and transitions of `original`, and return it. Raises WorkflowRefused."""
    _check_may(by)
    name = _checked_name(name)
    made = Workflow.objects.create(name=name, slug=_free_slug(name), published_at=at, published_by=by)
    _write(made, _without_rows(plan_of(original)))
    record.write("workflow.created", by=by, at=at, subject=made, name=name, copy_of=original.name)
    return made


@transaction.atomic
def rename(workflow: Workflow, *, name: str, by: User, at: datetime) -> Workflow:
    """Call `workflow` something else; its address stays. Raises WorkflowRefused."""
    _check_may(by)
    workflow = Workflow.objects.select_for_update().get(pk=workflow.pk)
    before, workflow.name = workflow.name, _checked_name(name, besides=workflow)
    workflow.save(update_fields=["name"])
    record.write("workflow.renamed", by=by, at=at, subject=workflow, before=before, after=workflow.name)
    return workflow


def is_in_use(status: Status) -> bool:
    """Whether anything stands in `status`: tickets, and whatever else apps above put there. One query for each."""
    return any(
        link.related_model._base_manager.filter(**{link.field.name: status}).exists()
        for link in Status._meta.related_objects
        if link.on_delete is models.PROTECT
    )


def _check_may(by: User) -> None:
    if not policies.can_configure(by):
        raise NotAllowed(_("Only administrators change workflows."))


def _place(workflow: Workflow) -> str:
    return f"workflow:{workflow.pk}"


def _planned_status(status: Status) -> PlannedStatus:
    return PlannedStatus(
        key=str(status.pk),
        name=status.name,
        customer_name=status.customer_name,
        code=status.code,
        family=status.family,
        stage=status.stage,
        closes_after_days=status.closes_after_days,
        warns_days_before=status.warns_days_before,
        pauses_clocks=status.pauses_clocks,
    )


def _planned_step(step: Transition) -> PlannedStep:
    return PlannedStep(
        key=str(step.pk),
        origin=str(step.origin_id),
        target=str(step.target_id),
        name=step.name,
        takers=tuple(step.takers),
        asks=tuple(step.asks),
    )


def _check_in_use(workflow: Workflow, planned: Plan) -> None:
    """What something stands in can neither go nor turn from open into ended or back: its history would be false."""
    after = {status.key: status for status in planned.statuses}
    for status in workflow.statuses.all():
        kept = after.get(str(status.pk))
        if kept is None and is_in_use(status):
            raise WorkflowRefused(
                _("There are tickets in “%s”. Move them to another status, then remove it.") % status.name
            )
        if kept is not None and kept.has_ended != status.has_ended and is_in_use(status):
            raise WorkflowRefused(
                _("There are tickets in “%s”: it cannot change between open and ended. Make a new status instead.")
                % status.name
            )


def _write(workflow: Workflow, planned: Plan) -> None:
    _remove_missing(workflow, planned)
    # Names and the beginning are unique: out of the way first, so that two rows may swap them.
    workflow.statuses.update(is_initial=False, name=Cast(F("id"), models.CharField()))
    statuses = {
        status.key: _write_status(workflow, status, position) for position, status in enumerate(planned.statuses)
    }
    Transition.objects.filter(origin__workflow=workflow).update(name=Cast(F("id"), models.CharField()))
    for position, step in enumerate(planned.steps):
        _write_step(step, statuses, position)


def _remove_missing(workflow: Workflow, planned: Plan) -> None:
    steps = [step.key for step in planned.steps if step.key.isdigit()]
    statuses = [status.key for status in planned.statuses if status.key.isdigit()]
    Transition.objects.filter(origin__workflow=workflow).exclude(pk__in=steps).delete()
    try:
        workflow.statuses.exclude(pk__in=statuses).delete()
    except ProtectedError as used:  # a ticket came in after the check
        raise WorkflowRefused(
            _("A ticket has just come into a status that you removed. Load the page again.")
        ) from used


def _write_status(workflow: Workflow, planned: PlannedStatus, position: int) -> Status:
    row = Status(pk=int(planned.key) if planned.key.isdigit() else None, workflow=workflow)
    for name in WRITTEN:
        setattr(row, name, getattr(planned, name))
    row.position, row.is_initial = position, position == 0
    row.save()
    return row


def _write_step(planned: PlannedStep, statuses: dict[str, Status], position: int) -> None:
    Transition(
        pk=int(planned.key) if planned.key.isdigit() else None,
        origin=statuses[planned.origin],
        target=statuses[planned.target],
        name=planned.name,
        takers=list(planned.takers),
        asks=list(planned.asks),
        position=position,
    ).save()


def _without_rows(planned: Plan) -> Plan:
    """The same plan with keys of its own, so that writing it makes new rows."""
    return Plan(
        version=1,
        statuses=tuple(replace(status, key=f"n{status.key}") for status in planned.statuses),
        steps=tuple(
            replace(step, key=f"n{step.key}", origin=f"n{step.origin}", target=f"n{step.target}")
            for step in planned.steps
        ),
    )


def _checked_name(name: str, besides: Workflow | None = None) -> str:
    name = name.strip()
    if not name or len(name) > planning.LONGEST_NAME:
        raise WorkflowRefused("", fields={"name": _("Write a name of at most 60 characters.")})
    same = Workflow.objects.filter(name__iexact=name)
    if (same.exclude(pk=besides.pk) if besides else same).exists():
        raise WorkflowRefused("", fields={"name": _("There is already a workflow with this name. Choose another.")})
    return name


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:50] or "fluxo"
    taken = {"novo"} | set(Workflow.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    candidates = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
