"""Keeping what was answered in the provider's own fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.catalog.fields import Kind
from guiche.catalog.models import CustomField
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.tickets import policies
from guiche.tickets.events import FieldsChanged
from guiche.tickets.models import Answer, Ticket

if TYPE_CHECKING:
    from guiche.accounts.models import User

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


class AnswersRefused(Refused):
    """These answers cannot be kept."""


@transaction.atomic
def change(ticket: Ticket, answers: Mapping[CustomField, Any], *, by: User, at: datetime, reason: str) -> Ticket:
    """Put `answers`, typed by the form that asked, in the place of those of the same fields; an empty one goes.

    What only the team sees goes to the timeline as an internal line. Any: one value a kind. Raises NotAllowed, and
    AnswersRefused for a field that the form of its type does not have, or without a reason.
    """
    ticket = Ticket.objects.locked(ticket)
    if not policies.can_triage(by, ticket):
        raise NotAllowed(_("This is for the team to change."))
    _check_of_form(ticket, answers)
    before = words_of(ticket, answers)
    replace(ticket, answers)
    after = words_of(ticket, answers)
    if before == after:
        return ticket
    if not reason.strip():
        raise AnswersRefused(_("Say the reason."), fields={"reason": _("Say the reason.")})
    ticket.touched_at = at
    ticket.save(update_fields=["touched_at"])
    for internal in (False, True):
        if changes := _changes([one for one in answers if one.is_for_customers is not internal], before, after):
            details = {"changes": changes, "reason": reason.strip()}
            happened(FieldsChanged(subject=ticket, by=by, at=at, details=details, internal=internal))
    return ticket


def _changes(fields: Iterable[CustomField], old: Mapping[int, str], new: Mapping[int, str]) -> list[dict[str, str]]:
    """What `fields` said and say, by name, where it differs."""
    pairs = [(field.name, old.get(field.pk, ""), new.get(field.pk, "")) for field in fields]
    return [{"field": name, "from": before, "to": after} for name, before, after in pairs if before != after]


def words_of(ticket: Ticket, fields: Iterable[CustomField]) -> dict[int, str]:
    """Return what `ticket` answers in `fields`, as text by id of field. One query."""
    rows = ticket.answers.filter(field__in=list(fields)).select_related("field", "person")
    return {row.field_id: shown(row) for row in rows}


def _check_of_form(ticket: Ticket, answers: Mapping[CustomField, Any]) -> None:
    known = set(ticket.request_type.form_fields.filter(custom__isnull=False).values_list("custom", flat=True))
    if not {field.pk for field in answers} <= known:
        raise AnswersRefused(_("This field is no longer in the form. Load the page again."))
