"""What was answered in the provider's own fields, as the page of a ticket says it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from guiche.catalog.fields import Kind
from guiche.core import formatting

Row = dict[str, Any]  # of TicketQuerySet.with_answers; Any: JSON


def said(rows: list[Row], *, for_staff: bool) -> list[tuple[str, str]]:
    """Return the name of each field with its answer in words. Customers do not read what only the team sees."""
    return [(row["name"], words(row)) for row in rows if for_staff or row["is_for_customers"]]


def words(row: Row) -> str:
    kind = row["kind"]
    if kind == Kind.NUMBER:
        return number(Decimal(row["number"]))
    if kind == Kind.DATE:
        return formatting.day(date.fromisoformat(row["day"]))
    if kind == Kind.CHOICES:
        return ", ".join(row["choices"])
    if kind == Kind.CHECKBOX:
        return _("Yes") if row["is_checked"] else _("No")
    return str((row["person"] if kind == Kind.PERSON else row["text"]) or "")


def number(value: Decimal) -> str:
    """Return a number without the zeros that its column adds."""
    whole = value.to_integral_value()
    return str(formatting.number(whole if value == whole else value.normalize()))  # type: ignore[arg-type]  # exact
