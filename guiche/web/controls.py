"""What a template needs to draw one field of a form, computed from Django's bound field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import ngettext_lazy
from markupsafe import Markup, escape

# Attributes that would stop the browser before our own words: everything is checked on the server,
# and a pasted text is never cut in silence.
_NOT_DRAWN = frozenset({"required", "maxlength", "minlength", "min", "max", "step", "class"})
# Django's own sentence, which our catalogue says shorter: named here, or `make messages` would take it out of there.
TOO_LONG = ngettext_lazy(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)
_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checks"),
    (forms.RadioSelect, "radios"),
    (forms.SelectMultiple, "checks"),
    (forms.CheckboxInput, "check"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
)


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    selected: bool
    id: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """One field as a template draws it. `described_by` names the ids of its help and error."""

    kind: str
    id: str
    name: str
    value: str
    label: str
    help: str
    errors: tuple[str, ...]
    optional: bool
    disabled: bool
    described_by: str
    attributes: Markup
    options: tuple[Option, ...] = field(default=())

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """The options under their headings, in order; one heading "" when there are none."""
        grouped: dict[str, list[Option]] = {}
        for option in self.options:
            grouped.setdefault(option.group, []).append(option)
        return list(grouped.items())


def control(bound: BoundField) -> Control:
    """Return what is needed to draw `bound`: of a text field no query, of a choice those of its choices."""
    widget = bound.field.widget
    kind = _kind(widget)
    errors = tuple(str(error) for error in bound.errors)
    identifier = bound.id_for_label or f"id_{bound.html_name}"
    if kind in {"radios", "checks"}:
        identifier = f"id_{bound.html_name}"
    parts = [f"{identifier}-help"] * bool(bound.help_text) + [f"{identifier}-error"] * bool(errors)
    chosen = kind in {"select", "radios", "checks"}
    return Control(
        kind=kind,
        id=identifier,
        name=bound.html_name,
        value="" if chosen else _value(bound, kind),
        label=str(bound.label),
        help=str(bound.help_text),
        errors=errors,
        optional=not bound.field.required,
        disabled=bound.field.disabled,
        described_by=" ".join(parts),
        attributes=_attributes(widget, bound.field),
        options=tuple(_options(bound, identifier)) if chosen else (),
    )


def _kind(widget: forms.Widget) -> str:
    for known, kind in _KINDS:
        if isinstance(widget, known):
            return kind
    # A plain text box asked to be a date or a number says so in its attributes.
    return str(widget.attrs.get("type") or getattr(widget, "input_type", "text") or "text")


def _value(bound: BoundField, kind: str) -> str:
    value = bound.value()
    if kind in {"password", "file"} or value is None:
        return ""
    if kind == "check":
        return "on" if value else ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10] if kind == "date" else str(value.isoformat())
    if kind == "number":
        return str(value)
    return str(bound.field.widget.format_value(value) or "")


def _attributes(widget: forms.Widget, of: forms.Field) -> Markup:
    drawn = {key: value for key, value in widget.attrs.items() if key not in _NOT_DRAWN and key != "type"}
    if isinstance(of, forms.EmailField):
        drawn.setdefault("inputmode", "email")
    return Markup("").join(_attribute(key, value) for key, value in drawn.items() if value not in (False, None))


def _attribute(key: str, value: object) -> Markup:
    if value is True:
        return Markup(" ") + escape(key)
    return Markup(' {}="{}"').format(key, value)


def _options(bound: BoundField, identifier: str) -> Iterator[Option]:
    choices: Any = bound.field.widget.choices
    chosen = _chosen(bound.value())
    for place, (group, value, label) in enumerate(_flat(choices)):
        key = "" if value is None else str(value)
        yield Option(key, str(label), key in chosen, f"{identifier}_{place}", group)


def _flat(choices: Any) -> Iterator[tuple[str, object, object]]:  # Any: Django's choices nest in several shapes
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            for inner, words in label:
                yield str(value), inner, words
        else:
            yield "", value, label


def _chosen(value: object) -> set[str]:
    if value is None:
        return {""}
    if isinstance(value, (list, tuple, set)):
        return {str(getattr(one, "pk", one)) for one in value}
    return {str(getattr(value, "pk", value))}
