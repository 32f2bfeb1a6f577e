"""A form field for lists too long for a select: searched while typing, resolved from its text without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from guiche.core.text import normalize, typed

OFFERED = 8  # rows a search answers with

Rows = QuerySet[Any]  # Any: each form has its own model


@dataclass(frozen=True, slots=True)
class Row:
    value: str
    label: str
    hint: str = ""
    marked: str = ""  # safe HTML, when it is Markup


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the box shows: the chosen value with its label, or the rows offered when the text fits several."""

    value: str
    label: str
    offered: tuple[Row, ...] = ()


class TypeaheadWidget(forms.TextInput):
    """Reads an id from `<name>` and what was typed from `<name>-text`."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:  # Any: as Django types them
        return typed(data.get(name) or "").strip(), typed(data.get(f"{name}-text") or "").strip()

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-text" not in data


class TypeaheadField(forms.Field):
    """A choice among `rows`, which the form narrows to what the person may see before it validates.

    `search(rows, text)` returns those that fit `text`, best first; `words(row)` is the label of a row, and `hint(row)`
    is written beside it. What makes the rows may stand for them, when they are seldom asked for.
    """

    widget = TypeaheadWidget

    def __init__(
        self,
        *,
        rows: Rows | Callable[[], Rows],
        search: Callable[[Rows, str], Rows],
        hint: Callable[[Any], str] = lambda row: "",
        words: Callable[[Any], str] = str,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.rows, self.search, self.hint, self.words = rows, search, hint, words

    @property
    def rows(self) -> Rows:
        return self._rows if isinstance(self._rows, QuerySet) else self._rows()

    @rows.setter
    def rows(self, rows: Rows | Callable[[], Rows]) -> None:
        self._rows = rows

    def clean(self, value: Any) -> Model | None:
        """Return the chosen row, or None. Two queries at most."""
        key, text = value if isinstance(value, tuple) else (str(value or ""), "")
        found = self._by_key(key) or self._by_text(text) if key or text else None
        if found is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found

    def rows_for(self, text: str) -> list[Row]:
        """Return what is offered for `text`, marked where it fits. One query."""
        return [self._row(row, text) for row in self.search(self.rows, text)[:OFFERED]]

    def chosen(self, bound: BoundField) -> Chosen:
        value = bound.value()
        if isinstance(value, Model):
            return Chosen(str(value.pk), self.words(value))
        key, text = value if isinstance(value, tuple) else (str(value or ""), "")
        row = self._by_key(key)
        if row is not None:
            return Chosen(str(row.pk), self.words(row))
        return Chosen("", text, tuple(self.rows_for(text)) if text else ())

    def _by_key(self, key: str) -> Model | None:
        if not key.isdecimal() or len(key) > 18:
            return None
        found: Model | None = self.rows.filter(pk=int(key)).first()
        return found

    def _by_text(self, text: str) -> Model:
        """Return the only row that fits. Raises ValidationError when none or several do."""
        found = list(self.search(self.rows, text)[:OFFERED])
        exact = [row for row in found if normalize(self.words(row)) == normalize(text)]
        if len(exact) == 1 or len(found) == 1:
            only: Model = (exact or found)[0]
            return only
        if not found:
            raise forms.ValidationError(_("Nothing was found with “%s”. Try other words.") % text, code="nothing")
        raise forms.ValidationError(_("More than one fits “%s”. Choose one below.") % text, code="several")

    def _row(self, row: Model, text: str) -> Row:
        return Row(str(row.pk), self.words(row), self.hint(row), mark(self.words(row), text))


def answer(request: HttpRequest, field: TypeaheadField, name: str, empty: str = "") -> HttpResponse:
    """Answer a search from the box of `name` with the list of options."""
    text = typed(request.GET.get(f"{name}-text", ""))[:100]
    return render(request, "parts/_options.html", {"rows": field.rows_for(text), "empty": empty, "name": name})


def mark(label: str, text: str) -> Markup:
    """Return `label` with the first place where `text` fits, accents and case aside, inside `<mark>`."""
    plain, wanted = _aligned(label), normalize(text)
    place = plain.find(wanted) if wanted else -1
    if place < 0:
        return escape(label)
    end = place + len(wanted)
    return escape(label[:place]) + Markup("<mark>") + escape(label[place:end]) + Markup("</mark>") + escape(label[end:])


def _aligned(label: str) -> str:
    """Return `label` normalised letter by letter, so that places in it are places in the label."""
    return "".join(_one(letter) for letter in label)


def _one(letter: str) -> str:
    plain = normalize(letter)
    return plain if len(plain) == 1 else " " if not plain else letter
