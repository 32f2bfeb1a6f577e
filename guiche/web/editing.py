"""Two people who change the same thing: the slower one is told who was faster, and nothing that was typed is lost.

A page that draws a form tells it what it saw (`watch`): a fingerprint of each value, in a hidden field. Sending the
form (`save`) locks the row, reads its values again and compares: so two who send at the same second are told apart too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django import forms
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from guiche.audit.models import Entry
from guiche.core import formatting
from guiche.core.errors import Conflict

SEEN = "seen"
MOST_SHOWN = 500  # letters of a saved value beside what was typed

Values = Mapping[str, Any]  # Any: what forms take as initial values
_Result = TypeVar("_Result")


class Overtaken(Conflict):
    """Somebody saved other values while this form was being filled in."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a form changes. `read` gives the values of the row as the form begins with them."""

    row: models.Model
    read: Callable[[Any], Values]  # Any: a row of the model of `row`
    acts: tuple[str, ...]  # under which the audit trail tells of such a change
    before: Callable[[], object] = lambda: None  # locks what the action locks before the row


def watch(form: forms.BaseForm, saw: Values | None = None) -> None:
    """Let `form` carry what its page saw: its initial values, or `saw`. Sent, it carries what was sent."""
    box = forms.CharField(widget=forms.HiddenInput, required=False)
    box.initial = "" if form.is_bound else _fingerprint(form, form.initial if saw is None else saw)
    form.fields[SEEN] = box


def save(form: forms.BaseForm, kept: Kept, act: Callable[[dict[str, Any]], _Result]) -> _Result:
    """Do `act` with what a valid, watched `form` cleaned, unless others saved other values since it was drawn.

    What `act` does is undone with the rest when it refuses. A form that carries nothing is not compared. Raises
    Overtaken, with the form made ready to be sent again knowingly; and what `act` raises.
    """
    cleaned = dict(form.cleaned_data)
    seen = _Seen.of(cleaned.pop(SEEN, ""))
    with transaction.atomic():
        kept.before()
        saved = kept.read(_locked(kept.row))
        if differing := list(_differing(form, seen, saved)):
            _refresh(form, saved)
            raise _overtaken(form, kept, seen, {name: saved[name] for name in differing})
        return act(cleaned)


def _refresh(form: forms.BaseForm, saved: Values) -> None:
    """Let `form` carry what is saved now: whoever sends it again has been told, in the title of its summary too."""
    data: Any = form.data  # a QueryDict, of which a copy may be written
    form.data = data = data.copy()
    data[form.add_prefix(SEEN)] = _fingerprint(form, saved)
    form.overtaken = _("This was changed while you were editing it")  # type: ignore[attr-defined]  # read by templates


@dataclass(frozen=True)
class _Seen:
    """What the page saw: when, and the fingerprint of each value."""

    at: datetime | None
    marks: Mapping[str, str]

    @classmethod
    def of(cls, text: str) -> _Seen:
        second, *pairs = text.split(" ")
        try:
            at = datetime.fromtimestamp(int(second), UTC)
        except (ValueError, OverflowError, OSError):
            return cls(None, {})
        return cls(at, dict(pair.split(":", 1) for pair in pairs if ":" in pair))


def _fingerprint(form: forms.BaseForm, values: Values) -> str:
    marks = (f"{name}:{_mark(form.fields[name], value)}" for name, value in values.items() if name in form.fields)
    return " ".join([str(int(timezone.now().timestamp())), *marks])


def _mark(field: forms.Field, value: object) -> str:
    return hashlib.blake2s("\0".join(_texts(field, value)).encode(), digest_size=6).hexdigest()


def _texts(field: forms.Field, value: Any) -> list[str]:  # Any: whatever a form begins with or was sent
    """Return a value as its box holds it, several in one order."""
    value = field.prepare_value(value)
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return sorted(str(getattr(one, "pk", one)) for one in value)
    return ["" if value is None else str(value).replace("\r\n", "\n").strip()]


def _locked(row: models.Model) -> models.Model:
    """Lock `row` and read it again. Rows that point at it are written all the same: its key does not change."""
    found = type(row)._base_manager.select_for_update(no_key=True).filter(pk=row.pk).first()
    if found is None and not row._state.adding:
        raise Overtaken(_("Somebody removed this while you were editing it."))
    return found or row


def _differing(form: forms.BaseForm, seen: _Seen, saved: Values) -> Iterator[str]:
    """Name the fields that hold something else now than the page saw, and than what was typed."""
    for name, mark in seen.marks.items():
        field = form.fields.get(name)
        if field is None or name not in saved or _mark(field, saved[name]) == mark:
            continue
        typed = form[name].data
        if field.has_changed(saved[name], typed) and _texts(field, saved[name]) != _texts(field, typed):
            yield name


def _overtaken(form: forms.BaseForm, kept: Kept, seen: _Seen, values: Values) -> Overtaken:
    beside = {name: _beside(form[name], value) for name, value in values.items()}
    return Overtaken(said := _who(kept, seen), fields={"": said, **beside})


def _beside(bound: forms.BoundField, value: object) -> str:
    """Say what is saved, with the name of the field: the summary says it far from the box."""
    said = {"field": bound.label, "value": _words(bound.field, value)}
    return _("%(field)s, saved now: %(value)s") % said


def _who(kept: Kept, seen: _Seen) -> str:
    rows = Entry.objects.filter(subject_kind=kept.row._meta.label_lower, subject_id=str(kept.row.pk))
    last = rows.filter(act__in=kept.acts, at__gte=seen.at).select_related("actor").order_by("-id").first()
    if last is None or last.actor is None:
        return _("Somebody saved this after you opened it. What you typed is kept: saving again puts it on top.")
    said = _("%(who)s saved this after you opened it (%(when)s). What you typed is kept: saving again puts it on top.")
    return said % {"who": last.actor.name, "when": formatting.moment_text(last.at)}


def _words(field: forms.Field, value: Any) -> str:  # Any: whatever a form begins with
    """Return a saved value as people read it."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, forms.DateField):
        return formatting.day(value) or _("nothing")
    texts = _texts(field, value)
    if isinstance(field, forms.ChoiceField):
        texts = [_labels(field).get(text, text) for text in texts if text]
    said = ", ".join(texts)
    return (said[:MOST_SHOWN] + "…" if len(said) > MOST_SHOWN else said) or _("nothing")


def _labels(field: forms.ChoiceField) -> dict[str, str]:
    choices: Any = field.choices  # pairs, or groups of pairs: Django makes them of whatever it was given
    flat = ((key, words) for key, words in choices)
    pairs = (inner for key, words in flat for inner in (words if isinstance(words, (list, tuple)) else [(key, words)]))
    return {str(key): str(words) for key, words in pairs}
