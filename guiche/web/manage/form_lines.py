"""The lines of a form as its editor shows them: words, the form under an open one, and the preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.catalog.actions import forms as actions
from guiche.catalog.conditions import ASKABLE_KINDS, CHECKED
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.models import CustomField, Failure, FormField, Module, Product, RequestType, Severity
from guiche.web.manage import catalog_forms as forms

if TYPE_CHECKING:
    from guiche.accounts.models import User

MOST_OFFERED = 500  # answers of one kind in the box of conditions


@dataclass(frozen=True, slots=True)
class Line:
    row: FormField
    name: str
    text: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A field of the preview. `kind` is how it is drawn: box, area, select, cards, drop, check."""

    name: str
    kind: str
    help: str
    is_required: bool
    condition: str


def of(rows: Sequence[FormField]) -> list[Line]:
    """Return the lines in order, each with what it is and when it appears. Up to three queries."""
    answers = _answer_words(rows)
    return [Line(row, name(row), _described(row, answers), row.custom is not None) for row in rows]


def name(row: FormField) -> str:
    return row.custom.name if row.custom else str(StandardField(row.standard).label)


def form_of(row: FormField, rows: Sequence[FormField], data: Any = None) -> forms.LineForm:  # Any: as Django types it
    """Return the form under `row`, with what it holds now."""
    condition = f"{row.shown_when_field}={row.shown_when_value}" if row.shown_when_field else ""
    initial = {
        "help": row.help,
        "is_required": row.is_required,
        "shown_when_field": row.shown_when_field,
        "shown_when_value": condition,
    }
    options: dict[str, Any] = {"askable": _askable(row, rows), "answers": _answers(row, rows), "prefix": "line"}
    if row.custom is None:
        return forms.LineForm(data, initial=initial, **options)
    own = {
        "name": row.custom.name,
        "choices": "\n".join(row.custom.choices),
        "is_for_customers": row.custom.is_for_customers,
    }
    return forms.OwnLineForm(data, initial=initial | own, **options)


@transaction.atomic
def save(row: FormField, cleaned: dict[str, Any], *, by: User, at: datetime) -> None:
    """Write what the form under a line says: the line, and the own field behind it. Any: what the form cleaned."""
    if row.custom is not None:
        actions.change_custom(
            row.custom,
            name=cleaned["name"],
            choices=cleaned["choices"].splitlines(),
            is_for_customers=cleaned["is_for_customers"],
            is_active=row.custom.is_active,
            by=by,
            at=at,
        )
    code, _equals, value = cleaned["shown_when_value"].partition("=")
    field = cleaned["shown_when_field"]
    actions.change(
        row,
        is_required=cleaned["is_required"],
        help=cleaned["help"],
        shown_when_field=field,
        shown_when_value=value if code == field else "",
        by=by,
        at=at,
    )


def offered(request_type: RequestType) -> list[tuple[str, str, bool]]:
    """Return the fields that the form does not have: code, words, whether it is an own one. Two queries."""
    rows = list(request_type.form_fields.values_list("standard", "custom"))
    standards = {standard for standard, _custom in rows}
    customs = {custom for _standard, custom in rows}
    found = [(key, str(label), False) for key, label in StandardField.choices if key not in standards]
    own = CustomField.objects.filter(is_active=True).exclude(pk__in=[key for key in customs if key])
    return [*found, *((f"custom-{one.pk}", one.name, True) for one in own)]


def preview(rows: Sequence[FormField], *, for_staff: bool) -> list[Shown]:
    """Return what somebody filling in the form sees, conditions written beside what hangs on them."""
    answers = _answer_words(rows)
    return [_shown(row, answers) for row in rows if _is_seen(row, for_staff=for_staff)]


def _is_seen(row: FormField, *, for_staff: bool) -> bool:
    if row.standard == StandardField.ON_BEHALF_OF:
        return for_staff
    return row.custom is None or (row.custom.is_active and (for_staff or row.custom.is_for_customers))


def _shown(row: FormField, answers: dict[str, str]) -> Shown:
    kind = _DRAWN.get(row.custom.kind if row.custom else row.standard, "box")
    return Shown(name(row), kind, row.help, row.is_required, _condition(row, answers))


_DRAWN: dict[str, str] = {
    StandardField.ON_BEHALF_OF: "select",
    StandardField.PRODUCT: "select",
    StandardField.FAILURE: "select",
    StandardField.SEVERITY: "cards",
    StandardField.URGENCY: "select",
    StandardField.DESCRIPTION: "area",
    StandardField.ATTACHMENTS: "drop",
    Kind.LONG_TEXT: "area",
    Kind.CHOICE: "select",
    Kind.CHOICES: "select",
    Kind.PERSON: "select",
    Kind.CHECKBOX: "check",
}


def _kind(row: FormField) -> str:
    if row.custom:
        return str(Kind(row.custom.kind).label)
    words = {
        StandardField.PRODUCT: _("Cascade"),
        StandardField.SEVERITY: _("Cards"),
        StandardField.DESCRIPTION: _("Long text"),
        StandardField.ATTACHMENTS: _("Files"),
        StandardField.COPIES: _("E-mails"),
        StandardField.CONTACT: _("Name and telephone"),
        StandardField.ON_BEHALF_OF: _("Person; only the team and who administers the portal see it"),
        StandardField.FAILURE: _("Choice, by product"),
        StandardField.URGENCY: _("Two choices"),
    }
    return words.get(StandardField(row.standard)) or _("Text")


def _described(row: FormField, answers: dict[str, str]) -> str:
    parts = [_kind(row)]
    if row.custom and not row.custom.is_for_customers:
        parts.append(_("only the team sees it"))
    if condition := _condition(row, answers):
        parts.append(condition)
    return ". ".join(parts)


def _condition(row: FormField, answers: dict[str, str]) -> str:
    if not row.shown_when_field:
        return ""
    key = f"{row.shown_when_field}={row.shown_when_value}"
    return _("appears when %s") % answers.get(key, row.shown_when_value)


def _askable(row: FormField, rows: Sequence[FormField]) -> list[tuple[str, str]]:
    """The fields that a condition of `row` may ask."""
    others = [other for other in rows if other.pk != row.pk]
    standards = {other.standard for other in others}
    found: list[tuple[str, str]] = []
    if StandardField.PRODUCT in standards:
        found += [("product", _("Product")), ("module", _("Module"))]
    if StandardField.FAILURE in standards:
        found.append(("failure", _("What failed")))
    if StandardField.SEVERITY in standards:
        found.append(("severity", _("Severity")))
    own = [other for other in others if other.custom and other.custom.kind in ASKABLE_KINDS]
    return [*found, *((other.code, name(other)) for other in own)]


def _answers(row: FormField, rows: Sequence[FormField]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The answers that a condition may wait for, under the field they belong to; values are "field=answer"."""
    return [
        (words, [(f"{code}={value}", label) for value, label in _answers_of(code, rows)])
        for code, words in _askable(row, rows)
    ]


def _answers_of(code: str, rows: Sequence[FormField]) -> list[tuple[str, str]]:
    if code == "product":
        return [(str(key), label) for key, label in Product.objects.active().values_list("pk", "name")]
    if code == "module":
        modules = Module.objects.select_related("product").filter(is_active=True)[:MOST_OFFERED]
        return [(str(one.pk), f"{one.product.name} · {one.name}") for one in modules]
    if code == "failure":
        failures = Failure.objects.select_related("product").filter(is_active=True)[:MOST_OFFERED]
        return [(str(one.pk), f"{one.product.name} · {one.name}") for one in failures]
    if code == "severity":
        return [(str(key), label) for key, label in Severity.objects.values_list("pk", "name")]
    return _own_answers(next((other.custom for other in rows if other.code == code), None))


def _own_answers(custom: CustomField | None) -> list[tuple[str, str]]:
    if custom is None:
        return []
    if custom.kind == Kind.CHECKBOX:
        return [(CHECKED, _("marked"))]
    return [(choice, choice) for choice in custom.choices]


def _answer_words(rows: Sequence[FormField]) -> dict[str, str]:
    """What each condition in use says: "Module is Printing", by "field=answer"."""
    words: dict[str, str] = {}
    for row in rows:
        if not row.shown_when_field or f"{row.shown_when_field}={row.shown_when_value}" in words:
            continue
        label = dict(_askable(row, rows)).get(row.shown_when_field, "")
        answer = dict(_answers_of(row.shown_when_field, rows)).get(row.shown_when_value, row.shown_when_value)
        sentence = _("%(field)s is %(answer)s") % {"field": label, "answer": answer}
        words[f"{row.shown_when_field}={row.shown_when_value}"] = sentence
    return words
