"""What can be done with request types: make one, change one, move it on the home page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.catalog import shipped
from guiche.catalog.actions import form_versions, forms, permission
from guiche.catalog.fields import StandardField
from guiche.catalog.models import FormField, Product, RequestType
from guiche.catalog.naming import check_free, clean_line, free_slug
from guiche.catalog.severity import SeveritySource
from guiche.core.errors import Refused

if TYPE_CHECKING:
    from guiche.accounts.models import User

# Columns that `change` and `create` write as they are given.
PLAIN = (
    "icon",
    "section",
    "workflow",
    "default_team",
    "severity_source",
    "fixed_severity",
    "has_deadlines",
    "suggests_articles",
    "needs_validation",
    "has_survey",
    "is_reserved",
    "is_for_customers",
    "is_active",
)
# What the form must ask so that the severity can follow.
_ASKED_FOR = {
    SeveritySource.CHOSEN: StandardField.SEVERITY,
    SeveritySource.SERVICE: StandardField.PRODUCT,
    SeveritySource.MATRIX: StandardField.URGENCY,
}


class RequestTypeRefused(Refused):
    """The request type cannot be like this."""


@transaction.atomic
def create(*, by: User, at: datetime, products: Iterable[Product] = (), **values: Any) -> RequestType:
    """Make a request type with the short form, at the end of its section. `values`: name, sentence and PLAIN.

    Raises NotAllowed, NameRefused, RequestTypeRefused; TypeError for an unknown value.
    """
    permission.check(by)
    last = RequestType.objects.filter(section=values.get("section", "support")).aggregate(last=Max("position"))["last"]
    made = RequestType(position=0 if last is None else last + 1)
    _set(made, values)
    made.slug = free_slug(RequestType, made.name)
    made.save()
    made.products.set(products)
    FormField.objects.bulk_create(
        FormField(request_type=made, standard=standard, is_required=is_required, position=position)
        for position, (standard, is_required) in enumerate(_first_form(made))
    )
    form_versions.keep(made, by=by, at=at)
    record.write("request_type.created", by=by, at=at, subject=made, name=made.name)
    return made


@transaction.atomic
def change(
    request_type: RequestType, *, by: User, at: datetime, products: Iterable[Product] | None = None, **values: Any
) -> RequestType:
    """Change `values` (name, sentence and PLAIN) and, when given, the products it is bound to; its address stays.

    What open tickets took from the type at their opening stays theirs. The form gets the field that the severity needs.

    Raises NotAllowed, NameRefused, RequestTypeRefused; TypeError for an unknown value.
    """
    permission.check(by)
    request_type = RequestType.objects.select_for_update(of=["self"]).get(pk=request_type.pk)
    before = _facts(request_type)
    _set(request_type, values)
    request_type.save()
    if products is not None:
        request_type.products.set(products)
    _ask_for_severity(request_type, by=by, at=at)
    after = _facts(request_type)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    record.write("request_type.changed", by=by, at=at, subject=request_type, changes=changes)
    return request_type


@transaction.atomic
def move(request_type: RequestType, places: int, *, by: User, at: datetime) -> None:
    """Move it that many places down within its section of the home page (up when negative). Raises NotAllowed."""
    permission.check(by)
    rows = list(RequestType.objects.select_for_update(of=["self"]).filter(section=request_type.section))
    index = rows.index(request_type)
    rows.insert(max(0, min(len(rows) - 1, index + places)), rows.pop(index))
    for position, row in enumerate(rows):
        row.position = position
    RequestType.objects.bulk_update(rows, ["position"])
    record.write("request_type.moved", by=by, at=at, subject=request_type, position=rows.index(request_type))


def _set(row: RequestType, values: Mapping[str, Any]) -> None:
    if unknown := set(values) - {"name", "sentence", *PLAIN}:
        raise TypeError(f"a request type does not take {sorted(unknown)}")
    for name in PLAIN:
        if name in values:
            setattr(row, name, values[name])
    if "name" in values or not row.pk:
        row.name = clean_line(values.get("name", ""), 60)
        check_free(row.name, RequestType.objects.all(), row if row.pk else None)
    if "sentence" in values or not row.pk:
        row.sentence = clean_line(values.get("sentence", ""), 160, field="sentence")
    if row.severity_source != SeveritySource.FIXED:
        row.fixed_severity = None
    elif row.fixed_severity is None:
        raise RequestTypeRefused("", fields={"fixed_severity": _("Choose the severity that these tickets get.")})


def _first_form(row: RequestType) -> list[tuple[str, bool]]:
    """The short form, with the field that the severity needs."""
    needed = _ASKED_FOR.get(SeveritySource(row.severity_source))
    missing = needed is not None and needed not in dict(shipped.SHORT_FORM)
    return [*shipped.SHORT_FORM, *([(str(needed), True)] if missing else [])]


def _ask_for_severity(row: RequestType, *, by: User, at: datetime) -> None:
    needed = _ASKED_FOR.get(SeveritySource(row.severity_source))
    if needed is not None:
        forms.require(row, needed, by=by, at=at)


def _facts(row: RequestType) -> dict[str, Any]:
    """What the trail compares: plain values by name of column."""
    names = ("name", "sentence", *PLAIN)
    return {name: str(value) if (value := getattr(row, name)) is not None else None for name in names}
