"""Keeping what was answered in the provider's own fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guiche.catalog.fields import Kind
from guiche.catalog.models import CustomField
from guiche.tickets.models import Answer, Ticket

COLUMNS = {
    Kind.TEXT: "text",
    Kind.LONG_TEXT: "text",
    Kind.CHOICE: "text",
    Kind.NUMBER: "number",
    Kind.DATE: "day",
    Kind.CHOICES: "choices",
    Kind.CHECKBOX: "is_checked",
    Kind.PERSON: "person",
}
EMPTY: tuple[object, ...] = (None, "", [], ())


def keep(ticket: Ticket, answers: Mapping[CustomField, Any]) -> None:
    """Write `answers`, typed by the form that asked, each in the column of its kind; empty ones leave no row."""
    rows = [
        Answer(ticket=ticket, field=field, **{COLUMNS[Kind(field.kind)]: value})
        for field, value in answers.items()
        if value not in EMPTY
    ]
    Answer.objects.bulk_create(rows)


def replace(ticket: Ticket, answers: Mapping[CustomField, Any]) -> None:
    """Write `answers` in the place of those that `ticket` had for the same fields."""
    ticket.answers.filter(field__in=list(answers)).delete()
    keep(ticket, answers)


def shown(answer: Answer) -> str:
    """Return an answer as text, for lists and pages; dates and numbers in ISO form are formatted by the page."""
    value = getattr(answer, COLUMNS[Kind(answer.field.kind)])
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value)
