"""What can be done with the form of a request type, and with the provider's own fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.catalog.actions import permission
from guiche.catalog.conditions import ASKABLE, ASKABLE_KINDS
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.models import CustomField, FormField, RequestType
from guiche.catalog.naming import check_free, clean_line, free_slug
from guiche.core.errors import Refused

if TYPE_CHECKING:
    from guiche.accounts.models import User

MOST_FIELDS = 40
MOST_CHOICES = 200
CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})


class FormRefused(Refused):
    """The form cannot be like this."""


@transaction.atomic
def add(
    request_type: RequestType, *, standard: str = "", custom: CustomField | None = None, by: User, at: datetime
) -> FormField:
    """Put a standard field or a custom one at the end of the form. Raises NotAllowed, FormRefused."""
    permission.check(by)
    RequestType.objects.select_for_update(of=["self"]).get(pk=request_type.pk)
    if bool(standard) == bool(custom) or (standard and standard not in StandardField.values):
        raise FormRefused(_("Choose a field from the list."))
    if request_type.form_fields.filter(standard=standard, custom=custom).exists():
        raise FormRefused(_("This field is in the form already."))
    if request_type.form_fields.count() >= MOST_FIELDS:
        raise FormRefused(_("A form has at most %d fields. Remove one first.") % MOST_FIELDS)
    last = request_type.form_fields.aggregate(last=Max("position"))["last"]
    made = request_type.form_fields.create(
        standard=standard, custom=custom, position=0 if last is None else last + 1, is_required=False
    )
    record.write("form.field_added", by=by, at=at, subject=request_type, field=made.code)
    return made


@transaction.atomic
def change(
    field: FormField,
    *,
    is_required: bool,
    help: str = "",
    shown_when_field: str = "",
    shown_when_value: str = "",
    by: User,
    at: datetime,
) -> FormField:
    """Change a line of a form. Raises NotAllowed, NameRefused, FormRefused."""
    permission.check(by)
    field = FormField.objects.select_for_update(of=["self"]).select_related("custom").get(pk=field.pk)
    if field.standard == StandardField.TITLE and (not is_required or shown_when_field):
        raise FormRefused(_("Every ticket has a title: this field is always there and always required."))
    _check_condition(field, shown_when_field, shown_when_value)
    field.is_required = is_required
    field.help = clean_line(help, 200, field="help", required=False)
    field.shown_when_field = shown_when_field
    field.shown_when_value = shown_when_value if shown_when_field else ""
    field.save(update_fields=["is_required", "help", "shown_when_field", "shown_when_value"])
    details = {"field": field.code, "is_required": is_required, "when": [shown_when_field, field.shown_when_value]}
    record.write("form.field_changed", by=by, at=at, subject=field.request_type, **details)
    return field


@transaction.atomic
def move(field: FormField, places: int, *, by: User, at: datetime) -> None:
    """Move a line that many places down (up when negative). Raises NotAllowed."""
    permission.check(by)
    order = list(FormField.objects.select_for_update().filter(request_type=field.request_type_id))
    index = order.index(field)
    order.insert(max(0, min(len(order) - 1, index + places)), order.pop(index))
    _write_order(order)
    record.write("form.field_moved", by=by, at=at, subject=field.request_type, field=field.code)


@transaction.atomic
def reorder(request_type: RequestType, ids: Sequence[int], *, by: User, at: datetime) -> None:
    """Put the lines in the order of `ids`, which names every one of them. Raises NotAllowed, FormRefused."""
    permission.check(by)
    rows = {row.pk: row for row in FormField.objects.select_for_update().filter(request_type=request_type)}
    if sorted(ids) != sorted(rows):
        raise FormRefused(_("The form changed meanwhile. Load the page again."))
    _write_order([rows[key] for key in ids])
    record.write("form.reordered", by=by, at=at, subject=request_type)


@transaction.atomic
def remove(field: FormField, *, by: User, at: datetime) -> None:
    """Take a line out of the form; what was answered is kept, and lines that hung on it appear always.

    Raises NotAllowed, FormRefused for the title.
    """
    permission.check(by)
    if field.standard == StandardField.TITLE:
        raise FormRefused(_("Every ticket has a title: this field is always there and always required."))
    code, request_type = field.code, field.request_type
    field.delete()
    codes = [askable for askable, standard in ASKABLE.items() if standard == code] or [code]
    request_type.form_fields.filter(shown_when_field__in=codes).update(shown_when_field="", shown_when_value="")
    record.write("form.field_removed", by=by, at=at, subject=request_type, field=code)


@transaction.atomic
def create_custom(
    *, name: str, kind: str, choices: Sequence[str] = (), is_for_customers: bool = True, by: User, at: datetime
) -> CustomField:
    """Make a field of the provider's own. Raises NotAllowed, NameRefused, FormRefused."""
    permission.check(by)
    if kind not in Kind.values:
        raise FormRefused("", fields={"kind": _("Choose a kind from the list.")})
    name = clean_line(name, 80)
    check_free(name, CustomField.objects.all())
    made = CustomField.objects.create(
        name=name,
        slug=free_slug(CustomField, name),
        kind=kind,
        choices=_clean_choices(kind, choices),
        is_for_customers=is_for_customers,
    )
    record.write("custom_field.created", by=by, at=at, subject=made, name=name, kind=kind)
    return made


@transaction.atomic
def change_custom(
    field: CustomField,
    *,
    name: str,
    choices: Sequence[str] = (),
    is_for_customers: bool = True,
    is_active: bool = True,
    by: User,
    at: datetime,
) -> CustomField:
    """Change a field of the provider's own; its kind stays, and so does what was answered.

    Raises NotAllowed, NameRefused, FormRefused.
    """
    permission.check(by)
    field = CustomField.objects.select_for_update().get(pk=field.pk)
    field.name = clean_line(name, 80)
    check_free(field.name, CustomField.objects.all(), field)
    field.choices = _clean_choices(field.kind, choices)
    field.is_for_customers, field.is_active = is_for_customers, is_active
    field.save(update_fields=["name", "choices", "is_for_customers", "is_active"])
    details = {"name": field.name, "is_for_customers": is_for_customers, "is_active": is_active}
    record.write("custom_field.changed", by=by, at=at, subject=field, **details)
    return field


def _write_order(order: Sequence[FormField]) -> None:
    for position, row in enumerate(order):
        row.position = position
    FormField.objects.bulk_update(order, ["position"])


def _check_condition(field: FormField, code: str, value: str) -> None:
    if not code:
        return
    others = FormField.objects.filter(request_type=field.request_type_id).exclude(pk=field.pk).select_related("custom")
    askable = {other.code for other in others if other.custom is None or other.custom.kind in ASKABLE_KINDS}
    if ASKABLE.get(code, code) not in askable or (code not in ASKABLE and not code.startswith("custom-")):
        raise FormRefused("", fields={"shown_when_field": _("Choose another field of this form.")})
    if not value.strip() or len(value) > 120:
        raise FormRefused("", fields={"shown_when_value": _("Choose the answer that makes this field appear.")})


def _clean_choices(kind: str, choices: Sequence[str]) -> list[str]:
    if kind not in CHOOSING:
        return []
    lines = list(dict.fromkeys(clean_line(line, 120, field="choices") for line in choices if line.strip()))
    if len(lines) < 2 or len(lines) > MOST_CHOICES:
        raise FormRefused("", fields={"choices": _("Write from 2 to 200 options, one on each line.")})
    return lines
