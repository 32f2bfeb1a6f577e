"""When a field of a form appears: another field must have a given answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from guiche.catalog.fields import Kind, StandardField

if TYPE_CHECKING:
    from guiche.catalog.models import FormField

# What a condition may ask, by the field of the form that brings the answer. Answers are ids as text.
ASKABLE = {
    "product": StandardField.PRODUCT,
    "module": StandardField.PRODUCT,
    "service": StandardField.PRODUCT,
    "failure": StandardField.FAILURE,
    "severity": StandardField.SEVERITY,
}
ASKABLE_KINDS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.CHECKBOX})
CHECKED = "on"


def applies(field: FormField, answers: Mapping[str, str | Sequence[str]]) -> bool:
    """Whether `field` appears, given the answers so far by code: ids of rows as text, words of choices, "on" of a box.

    Of several choices, one that matches is enough. A field without a condition always appears.
    """
    if not field.shown_when_field:
        return True
    answer = answers.get(field.shown_when_field, "")
    given = {answer} if isinstance(answer, str) else set(answer)
    return field.shown_when_value in given


def shown(fields: Sequence[FormField], answers: Mapping[str, str | Sequence[str]]) -> list[FormField]:
    """Return those of `fields` that appear. One that hangs on a hidden field is hidden too."""
    codes: dict[str, FormField] = {field.code: field for field in fields}
    return [field for field in fields if _is_shown(field, codes, answers, depth=len(fields))]


def _is_shown(
    field: FormField, codes: Mapping[str, FormField], answers: Mapping[str, str | Sequence[str]], depth: int
) -> bool:
    if not applies(field, answers) or not depth:
        return False
    above = codes.get(ASKABLE.get(field.shown_when_field, field.shown_when_field))
    return above is None or _is_shown(above, codes, answers, depth - 1)
