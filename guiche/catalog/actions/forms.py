"""What administrators do with the form of a request type: change it on paper, publish it whole, bring changes along."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.catalog import conditions, form_changes, form_plan
from guiche.catalog.actions import form_versions, permission
from guiche.catalog.actions.form_versions import plan_of
from guiche.catalog.answer_words import words_of
from guiche.catalog.fields import StandardField
from guiche.catalog.form_plan import FormRefused, OwnField, Plan, PlannedLine
from guiche.catalog.models import CustomField, FormDraft, FormField, RequestType
from guiche.catalog.naming import check_free, free_slug
from guiche.core.errors import Conflict

if TYPE_CHECKING:
    from guiche.accounts.models import User

Edit = Callable[[Plan], Plan]


class PublishedMeanwhile(Conflict, FormRefused):
    """Somebody else published this form after the draft was begun."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one administrator changed: the form it was begun from, and the form as it is to be."""

    base: Plan
    plan: Plan


def draft_of(request_type: RequestType, *, by: User) -> Draft | None:
    """Return what `by` has changed and not published; None when nothing. Raises FormRefused if it cannot be read."""
    row = request_type.form_drafts.filter(user=by).first()
    return Draft(form_plan.load(row.base), form_plan.load(row.plan)) if row else None


@transaction.atomic
def change(request_type: RequestType, edit: Edit, *, by: User, at: datetime) -> Plan:
    """Apply `edit` to the draft of `by`, beginning one if need be, and return the plan. Nothing is published yet.

    Raises NotAllowed, or FormRefused with what `edit` refuses.
    """
    permission.check(by)
    request_type = form_versions.locked(request_type)
    draft = draft_of(request_type, by=by) or _begun(plan_of(request_type))
    planned = edit(draft.plan)
    if planned == draft.base:
        discard(request_type, by=by)  # everything was taken back
    else:
        _save(request_type, Draft(draft.base, planned), by=by, at=at)
    return planned


def discard(request_type: RequestType, *, by: User) -> None:
    """Forget what `by` has changed and not published. Raises NotAllowed."""
    permission.check(by)
    request_type.form_drafts.filter(user=by).delete()


@transaction.atomic
def bring_along(request_type: RequestType, *, by: User, at: datetime) -> Plan:
    """Put the changes of `by` upon what somebody else published meanwhile, in the draft.

    Where both changed the same thing, the one of `by` stands: the page says which before they publish.

    Raises NotAllowed, FormRefused.
    """
    permission.check(by)
    request_type = form_versions.locked(request_type)
    draft = draft_of(request_type, by=by)
    if draft is None:
        raise FormRefused(_("There is nothing to publish: change something first."))
    current = plan_of(request_type)
    merged = form_changes.rebased(draft.base, draft.plan, current)
    _save(request_type, Draft(current, merged), by=by, at=at)
    return merged


@transaction.atomic
def publish(request_type: RequestType, *, by: User, at: datetime) -> Plan:
    """Make the draft of `by` the form, whole or not at all, and return it as it stands then.

    Tickets keep what was answered. Other forms that share an own field which changes get a version of their own.

    Raises NotAllowed; PublishedMeanwhile; FormRefused with everything that is missing; NameRefused.
    """
    permission.check(by)
    begun = draft_of(request_type, by=by)
    request_type = form_versions.locked(request_type, _customs(begun.plan) if begun else ())
    draft, current = draft_of(request_type, by=by), plan_of(request_type)
    _check_publishable(draft, current)
    assert draft is not None  # checked
    words = words_of(draft.plan, current)
    if missing := form_plan.problems(draft.plan, words, form_plan.unasked(request_type.severity_source)):
        raise FormRefused(" ".join(missing))
    changed = [request_type, *_sharing(request_type, draft.plan, current)]
    for one in changed:
        form_versions.begin(one)
    _write(request_type, draft.plan, current)
    for one in changed:
        said = form_changes.changes(current, draft.plan, words) if one == request_type else _shared(request_type)
        version = form_versions.keep(one, by=by, at=at)
        record.write("form.published", by=by, at=at, subject=one, version=version.number, changes=said)
    request_type.form_drafts.filter(user=by).delete()
    return plan_of(request_type)


@transaction.atomic
def require(request_type: RequestType, standard: str, *, by: User, at: datetime) -> None:
    """Put a required standard field at the end of a published form that lacks it, as a version of its own.

    For what a setting of the type cannot go without; the caller asked the policy and holds the lock.
    """
    if request_type.form_fields.filter(standard=standard).exists():
        return
    form_versions.begin(request_type)
    last = request_type.form_fields.aggregate(last=Max("position"))["last"]
    place = 0 if last is None else last + 1
    request_type.form_fields.create(standard=standard, is_required=True, position=place)
    form_versions.keep(request_type, by=by, at=at)


def _begun(current: Plan) -> Draft:
    return Draft(current, current)


def _save(request_type: RequestType, draft: Draft, *, by: User, at: datetime) -> None:
    kept = {"base": form_plan.dump(draft.base), "plan": form_plan.dump(draft.plan), "updated_at": at}
    FormDraft.objects.update_or_create(request_type=request_type, user=by, defaults=kept)


def _check_publishable(draft: Draft | None, current: Plan) -> None:
    if draft is None:
        raise FormRefused(_("There is nothing to publish: change something first."))
    if draft.base != current:
        raise PublishedMeanwhile(
            _("Somebody published this form while you were changing it. Bring your changes along, then publish.")
        )


def _customs(plan: Plan) -> list[int]:
    return [line.custom_id for line in plan.lines if line.custom_id]


def _sharing(request_type: RequestType, plan: Plan, current: Plan) -> list[RequestType]:
    """The other types whose forms have an own field that `plan` changes. Locked by `publish`."""
    changed = [line.custom_id for line in plan.lines if line.custom_id and _own_changes(line, current)]
    rows = RequestType.objects.filter(form_fields__custom__in=changed).exclude(pk=request_type.pk)
    return list(rows.distinct().order_by("pk"))


def _shared(request_type: RequestType) -> list[str]:
    return [_("A field shared with the form of “%s” changes.") % request_type.name]


def _own_changes(line: PlannedLine, current: Plan) -> bool:
    before = current.get(line.code)
    return before is not None and before.own != line.own


def _write(request_type: RequestType, plan: Plan, current: Plan) -> None:
    for line in plan.lines:
        if line.custom_id and line.own and _own_changes(line, current):
            _write_own(CustomField.objects.select_for_update().get(pk=line.custom_id), line.own)
    codes = {line.code: f"custom-{_make_own(line.own).pk}" for line in plan.lines if line.is_new and line.own}
    rows = {row.code: row for row in request_type.form_fields.all()}
    FormField.objects.filter(pk__in=[row.pk for code, row in rows.items() if plan.get(code) is None]).delete()
    for position, line in enumerate(_renamed(plan.lines, codes)):
        row = rows.get(line.code) or _row(request_type, line)
        row.is_required, row.help, row.position = line.is_required, line.help, position
        row.conditions = conditions.dump(line.rules)
        row.save()


def _renamed(lines: Iterable[PlannedLine], codes: dict[str, str]) -> list[PlannedLine]:
    """The lines under the codes that their rows have now, in conditions too."""
    return [
        replace(
            line,
            code=codes.get(line.code, line.code),
            rules=tuple(replace(rule, field=codes.get(rule.field, rule.field)) for rule in line.rules),
        )
        for line in lines
    ]


def _row(request_type: RequestType, line: PlannedLine) -> FormField:
    standard = line.code if line.code in StandardField.values else ""
    return FormField(request_type=request_type, standard=standard, custom_id=line.custom_id)


def _make_own(own: OwnField) -> CustomField:
    made = CustomField(slug=free_slug(CustomField, own.name), kind=own.kind)
    return _write_own(made, own)


def _write_own(row: CustomField, own: OwnField) -> CustomField:
    check_free(own.name, CustomField.objects.all(), row if row.pk else None)
    row.name, row.choices, row.is_for_customers = own.name, list(own.choices), own.is_for_customers
    row.save()
    return row


def added(code: str, *, own: OwnField | None = None) -> Edit:
    """Return the edit that puts a field at the end: a standard one, an own one by its code, or a new one.

    Raises FormRefused when `code` names an own field that is not there.
    """
    if own is None and code.startswith("custom-"):
        row = (
            CustomField.objects.filter(pk=code[7:], is_active=True).first()
            if code[7:].isdecimal() and len(code) < 24
            else None
        )
        if row is None:
            raise FormRefused(_("Choose a field from the list."))
        own = form_versions.own_of(row)
    return lambda plan: form_plan.add(plan, PlannedLine(code or plan.new_code(), own))


def check_own_name(line: PlannedLine) -> None:
    """Raise NameRefused when another own field has this name: said before the draft, not only at the publication."""
    if line.own:
        row = CustomField.objects.filter(pk=line.custom_id).first() if line.custom_id else None
        check_free(line.own.name, CustomField.objects.all(), row)
