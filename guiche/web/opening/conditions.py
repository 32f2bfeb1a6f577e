"""Which lines of a form are shown: those without a condition, and those whose other field has the given value. Pure.

A condition names a field by its code (`severity`, `module`, `custom-7`) and its value as text. A row is known by its
name, its id, its address or its level; a check box by yes or no; of several choices one is enough. Accents and case
do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from guiche.core.text import normalize

if TYPE_CHECKING:
    from guiche.catalog.models import FormField

YES = frozenset({"yes", "true", "on", "1", "sim", "marcado"})
NO = frozenset({"no", "false", "off", "0", "nao", "desmarcado"})


def shown(lines: list[FormField], said: Mapping[str, Any]) -> set[str]:
    """Return the codes of the lines that are shown when the fields, by code, say `said`.

    What hangs on a hidden line is hidden too, and so is what hangs on itself in a circle. Any: a field says a text,
    a number, a day, a row, a list, yes or no.
    """
    by_code = {line.code: line for line in lines}
    return {line.code for line in lines if _is_shown(line, by_code, said, frozenset())}


def matches(value: Any, wanted: str) -> bool:
    """Whether a field that says `value` has the value `wanted`."""
    if isinstance(value, bool):
        return normalize(wanted) in (YES if value else NO)
    if isinstance(value, (list, tuple, set)):
        return any(matches(one, wanted) for one in value)
    return normalize(wanted) in _names(value)


def _is_shown(
    line: FormField, by_code: Mapping[str, FormField], said: Mapping[str, Any], asking: frozenset[str]
) -> bool:
    decider = line.shown_when_field
    if not decider:
        return True
    if line.code in asking or decider not in said:
        return False
    above = by_code.get(LINE_OF.get(decider, decider))
    if above is not None and not _is_shown(above, by_code, said, asking | {line.code}):
        return False
    return matches(said[decider], line.shown_when_value)


# The line of a form that brings a field of another name.
LINE_OF = {
    "module": "product",
    "service": "product",
    "impact": "urgency",
    "contact_name": "contact",
    "contact_phone": "contact",
}


def _names(value: Any) -> set[str]:
    if value is None:
        return {""}
    named = [value, *(getattr(value, name, "") for name in ("pk", "slug", "level"))]
    return {normalize(str(one)) for one in named if one not in ("", None)} or {""}
