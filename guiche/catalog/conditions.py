"""When a field of a form appears: other fields must have, or not have, given answers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from guiche.catalog.fields import Kind, StandardField

# What a condition may ask, by the field of the form that brings the answer. Answers are ids or codes as text.
ASKABLE = {
    "product": StandardField.PRODUCT,
    "module": StandardField.PRODUCT,
    "service": StandardField.PRODUCT,
    "failure": StandardField.FAILURE,
    "severity": StandardField.SEVERITY,
    "urgency": StandardField.URGENCY,
    "impact": StandardField.URGENCY,
}
ASKABLE_KINDS = frozenset({Kind.CHOICE, Kind.CHOICES, Kind.CHECKBOX})
CHECKED = "on"

Answers = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Condition:
    """The field `field` (a code) is, or is not, `value`."""

    field: str
    value: str
    is_equal: bool = True


class Conditional(Protocol):
    """A line of a form, published or planned. It appears when all its rules hold."""

    @property
    def code(self) -> str: ...

    @property
    def rules(self) -> Sequence[Condition]: ...


_Line = TypeVar("_Line", bound=Conditional)


def dump(rules: Iterable[Condition]) -> list[dict[str, Any]]:  # Any: JSON
    """Return `rules` as they are kept in a row."""
    return [{"field": rule.field, "is": rule.is_equal, "value": rule.value} for rule in rules]


def load(kept: Iterable[Mapping[str, Any]]) -> tuple[Condition, ...]:  # Any: JSON
    """Return what `dump` wrote. Raises KeyError or TypeError for anything else."""
    return tuple(Condition(str(one["field"]), str(one["value"]), bool(one["is"])) for one in kept)


def bringer(field: str) -> str:
    """Return the code of the line that brings the answer to `field`: the product's line brings the module."""
    return str(ASKABLE.get(field, field))


def holds(rule: Condition, answers: Answers) -> bool:
    """Whether `rule` holds, given the answers by code: ids of rows as text, words of choices, "on" of a box.

    Of several choices, one that matches makes *is* hold and *is not* fail. No answer is not any value.
    """
    answer = answers.get(rule.field, "")
    given = {answer} if isinstance(answer, str) else set(answer)
    return (rule.value in given) == rule.is_equal


def asked(lines: Iterable[Conditional]) -> set[str]:
    """Return the fields whose answers the rules of `lines` ask for."""
    return {rule.field for line in lines for rule in line.rules}


def shown(lines: Sequence[_Line], answers: Answers) -> list[_Line]:
    """Return those of `lines` that appear, in order.

    One that asks for a field that is hidden or not there is hidden, whatever it asks; so is what hangs on itself.
    """
    codes = {line.code: line for line in lines}
    known: dict[str, bool] = {}

    def appears(code: str) -> bool:
        if code not in known:
            known[code] = False  # while it is being found out: a circle never appears
            line = codes.get(code)
            known[code] = line is not None and all(
                holds(rule, answers) and appears(bringer(rule.field)) for rule in line.rules
            )
        return known[code]

    return [line for line in lines if appears(line.code)]


def hanging_on(code: str, lines: Iterable[_Line]) -> list[_Line]:
    """Return those of `lines` whose rules ask for what the line `code` brings."""
    return [line for line in lines if any(bringer(rule.field) == code for rule in line.rules)]


def hangs_on(code: str, other: str, lines: Sequence[Conditional]) -> bool:
    """Whether the line `code` hangs on the line `other`, directly or through others."""
    above = {line.code: {bringer(rule.field) for rule in line.rules} for line in lines}
    waiting, seen = [code], set[str]()
    while waiting:
        for one in above.get(waiting.pop(), ()):
            if one == other:
                return True
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return False
