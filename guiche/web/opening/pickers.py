"""A choice among rows that is a select while they are few, and is searched while typing once they are many."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.db.models import Case, Model, When
from django.forms import BoundField
from django.utils.translation import gettext as _

from guiche.core import written
from guiche.core.text import normalize
from guiche.web.controls import Option
from guiche.web.typeahead import Rows, TypeaheadField

FEW = 15  # rows of a select


class PickerField(TypeaheadField):
    """A `TypeaheadField` that looks at its rows first. `wait()` instead when what it hangs on is not chosen yet."""

    few: list[Any] | None = None  # Any: rows of some model; None when they are many
    waits: bool = False

    def __init__(self, *, place: Callable[[Any], Any] = lambda row: normalize(str(row)), **options: Any) -> None:
        """`place(row)` is what the rows of a select are sorted by. Any: rows of some model, what sorts, Field's own."""
        super().__init__(**options)
        self.place = place
        self._read: dict[str, Model] = {}

    def look(self, rows_of: Callable[..., Rows], *ids: int, value: Any = None) -> bool:  # Any: what the widget reads
        """Take the rows of `rows_of(*ids)`, a function of a module, and return whether there are any.

        One query, which reads the row that `value` names too.
        """
        self.rows = partial(rows_of, *ids)
        key, _text = _key_and_text(value)
        found = written.rows(_chosen_first, int(key) if _is_id(key) else 0, *ids, rows_of=rows_of)
        self._read = {str(row.pk): row for row in found}
        self.few = sorted(found, key=self.place) if len(found) <= FEW else None
        return bool(found)

    def wait(self) -> None:
        self.rows, self.few, self.waits, self.required = self.rows.none(), [], True, False

    def know(self, row: Model) -> None:
        """Take `row`, one of the rows for sure, as read."""
        self._read[str(row.pk)] = row

    @property
    def only(self) -> Model | None:
        """The one row of a required choice: there is nothing to choose."""
        return self.few[0] if self.few and len(self.few) == 1 and self.required else None

    def clean(self, value: Any) -> Model | None:
        """Return the chosen row, or None. No query while the rows are few, at most two otherwise."""
        key, text = _key_and_text(value)
        found = self._by_key(key) if key else None
        if found is None and text:
            found = self._by_text(text)
        if found is None and key:
            raise forms.ValidationError(_("This choice is no longer here. Choose again."), code="gone")
        found = found or self.only
        if found is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found

    def options(self, bound: BoundField) -> list[Option]:
        """Return the options of the select; a blank one first unless there is nothing to choose."""
        chosen = self.chosen(bound).value or (str(self.only.pk) if self.only else "")
        blank = [] if self.only else [Option("", str(_("Choose")) if self.required else "", not chosen, "")]
        return blank + [Option(str(row.pk), self.words(row), str(row.pk) == chosen, "") for row in self.few or ()]

    def _by_key(self, key: str) -> Model | None:
        if self.few is None:
            if key not in self._read and (found := super()._by_key(key)):
                self.know(found)
            return self._read.get(key)
        return next((row for row in self.few if str(row.pk) == key), None)

    def _by_text(self, text: str) -> Model:
        if self.few is None:
            return super()._by_text(text)
        found = [row for row in self.few if normalize(self.words(row)) == normalize(text)]
        if not found:
            raise forms.ValidationError(_("Nothing was found with “%s”. Try other words.") % text, code="nothing")
        only: Model = found[0]
        return only


def _chosen_first(chosen: int, *ids: int, rows_of: Callable[..., Rows]) -> Rows:
    place = Case(When(pk=chosen, then=0), default=1)
    first: Rows = rows_of(*ids).annotate(after_chosen=place).order_by("after_chosen")
    return first[: FEW + 1]


def _key_and_text(value: Any) -> tuple[str, str]:  # Any: a row, what the widget reads, or nothing
    if isinstance(value, Model):
        return str(value.pk), ""
    return value if isinstance(value, tuple) else (str(value or ""), "")


def _is_id(key: str) -> bool:
    return key.isdecimal() and len(key) < 18


class RowChoiceField(forms.TypedChoiceField):
    """Radio cards of rows that were read already: the answer is the row. No query."""

    def __init__(self, *, rows: list[Any], **options: Any) -> None:  # Any: rows of some model
        self.rows = rows
        by_key = {str(row.pk): row for row in rows}
        super().__init__(
            choices=[(key, str(row)) for key, row in by_key.items()],
            coerce=by_key.get,
            empty_value=None,
            widget=forms.RadioSelect,
            **options,
        )


def by_name(rows: Rows, text: str) -> Rows:
    """Return the rows whose name holds every word of `text`, accents and case aside."""
    for word in normalize(text).split()[:6]:
        rows = rows.filter(search_key__contains=word)
    return rows.order_by("search_key", "id")


def by_person(rows: Rows, text: str) -> Rows:
    found: Rows = rows.named_like(text)  # type: ignore[attr-defined]  # a queryset of people
    return found.order_by("search_key", "id")


def by_plain_name(rows: Rows, text: str) -> Rows:
    """As `by_name`, for short lists without a search key."""
    for word in text.split()[:6]:
        rows = rows.filter(name__icontains=word)
    return rows.order_by("name", "id")
