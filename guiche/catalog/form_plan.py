"""A form on paper, while an administrator changes it: what may be written there, and what still stands in the way.

Pure: no row is read or written. `actions.forms` makes a plan of the rows and publishes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from guiche.catalog import conditions
from guiche.catalog.conditions import ASKABLE, ASKABLE_KINDS, Condition
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.severity import SeveritySource
from guiche.core.errors import Refused

MOST_FIELDS = 40
MOST_CHOICES = 200
MOST_RULES = 5
LONGEST_NAME = 80
LONGEST_CHOICE = 120
LONGEST_HELP = 200
CHOOSING = frozenset({Kind.CHOICE, Kind.CHOICES})

Words = Callable[[Condition], str]  # what the answer that a condition waits for is called; "" when there is none


class FormRefused(Refused):
    """The form cannot be like this."""


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of the provider's own, which other forms may have too."""

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    is_for_customers: bool = True


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line; `code` is a standard field, "custom-7" for an own one, "new-1" for one that has no row yet."""

    code: str
    own: OwnField | None = None
    is_required: bool = False
    help: str = ""
    rules: tuple[Condition, ...] = ()

    @property
    def custom_id(self) -> int | None:
        return int(self.code[7:]) if self.code.startswith("custom-") else None

    @property
    def is_new(self) -> bool:
        return self.code.startswith("new-")

    @property
    def name(self) -> str:
        return self.own.name if self.own else str(StandardField(self.code).label)

    @property
    def is_for_customers(self) -> bool:
        return self.own is None or self.own.is_for_customers


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole of a form, in order. `version` is the published one that it was copied from."""

    version: int
    lines: tuple[PlannedLine, ...]

    @property
    def codes(self) -> list[str]:
        return [line.code for line in self.lines]

    def line(self, code: str) -> PlannedLine:
        found = self.get(code)
        if found is None:
            raise FormRefused(_("This field is no longer in the form. Load the page again."))
        return found

    def get(self, code: str) -> PlannedLine | None:
        return next((line for line in self.lines if line.code == code), None)

    def new_code(self) -> str:
        return next(code for n in range(1, len(self.lines) + 2) if (code := f"new-{n}") not in self.codes)


def dump(plan: Plan) -> dict[str, Any]:  # Any: JSON
    """Return `plan` as JSON, to be kept in a draft or a version."""
    return {
        "version": plan.version,
        "lines": [{**asdict(line), "rules": conditions.dump(line.rules)} for line in plan.lines],
    }


def load(kept: Mapping[str, Any]) -> Plan:  # Any: JSON
    """Return the plan that `dump` wrote. Raises FormRefused when it cannot be read."""
    try:
        return Plan(int(kept["version"]), tuple(_loaded(one) for one in kept["lines"]))
    except (ValueError, KeyError, TypeError) as unreadable:
        raise FormRefused(_("Your draft cannot be read any more. Discard it and begin again.")) from unreadable


def _loaded(one: Mapping[str, Any]) -> PlannedLine:  # Any: JSON
    own = OwnField(**{**one["own"], "choices": tuple(one["own"]["choices"])}) if one["own"] else None
    return PlannedLine(one["code"], own, one["is_required"], one["help"], conditions.load(one["rules"]))


# Changing a line.


def add(plan: Plan, line: PlannedLine) -> Plan:
    """Return `plan` with `line` at the end. Raises FormRefused."""
    if line.own is None and line.code not in StandardField.values:
        raise FormRefused(_("Choose a field from the list."))
    if line.code in plan.codes:
        raise FormRefused(_("This field is in the form already."))
    if len(plan.lines) >= MOST_FIELDS:
        raise FormRefused(_("A form has at most %d fields. Remove one first.") % MOST_FIELDS)
    line = _tidied(line)
    _check_own(plan, line)
    return replace(plan, lines=(*plan.lines, line))


def put(plan: Plan, line: PlannedLine) -> Plan:
    """Return `plan` with `line` in the place of the one with its code. Raises FormRefused beside what is wrong."""
    before = plan.line(line.code)
    line = _tidied(line)
    if line.own and before.own and not line.is_new and line.own.kind != before.own.kind:
        raise FormRefused("", fields={"kind": _("Tickets have answers of this kind: make a new field instead.")})
    _check_title(line)
    _check_own(plan, line)
    changed = replace(plan, lines=tuple(line if one.code == line.code else one for one in plan.lines))
    _check_rules(changed, line)
    return changed


def remove(plan: Plan, code: str) -> Plan:
    """Return `plan` without the line `code`. Raises FormRefused for the title and while others hang on it."""
    line = plan.line(code)
    if code == StandardField.TITLE:
        raise FormRefused(_("Every ticket has a title: this field is always there and always required."))
    if hanging := conditions.hanging_on(code, plan.lines):
        names = ", ".join(f"“{one.name}”" for one in hanging)
        raise FormRefused(
            _("“%(field)s” decides when these appear: %(names)s. Change their conditions first.")
            % {"field": line.name, "names": names}
        )
    return replace(plan, lines=tuple(one for one in plan.lines if one.code != code))


def move(plan: Plan, code: str, places: int) -> Plan:
    """Return `plan` with the line `code` that many places further down (up when negative)."""
    order = list(plan.lines)
    index = order.index(plan.line(code))
    order.insert(max(0, min(len(order) - 1, index + places)), order.pop(index))
    return replace(plan, lines=tuple(order))


def _tidied(line: PlannedLine) -> PlannedLine:
    own = line.own
    if own:
        choices = (" ".join(one.split()) for one in own.choices if one.strip()) if own.kind in CHOOSING else ()
        own = replace(own, name=" ".join(own.name.split()), choices=tuple(dict.fromkeys(choices)))
    return replace(line, own=own, help=" ".join(line.help.split()), rules=tuple(dict.fromkeys(line.rules)))


def _check_title(line: PlannedLine) -> None:
    if line.code == StandardField.TITLE and (not line.is_required or line.rules):
        raise FormRefused(_("Every ticket has a title: this field is always there and always required."))
    if len(line.help) > LONGEST_HELP:
        raise FormRefused("", fields={"help": _("Write at most %d characters.") % LONGEST_HELP})


def _check_own(plan: Plan, line: PlannedLine) -> None:
    own = line.own
    if own is None:
        return
    if own.kind not in Kind.values:
        raise FormRefused("", fields={"kind": _("Choose a kind from the list.")})
    if not own.name:
        raise FormRefused("", fields={"name": _("Write a name.")})
    if len(own.name) > LONGEST_NAME:
        raise FormRefused("", fields={"name": _("Write at most %d characters.") % LONGEST_NAME})
    same = own.name.casefold()
    if any(one.own and one.code != line.code and one.own.name.casefold() == same for one in plan.lines):
        raise FormRefused("", fields={"name": _("There is already one with this name. Choose another.")})
    if own.kind in CHOOSING and not 2 <= len(own.choices) <= MOST_CHOICES:
        raise FormRefused("", fields={"choices": _("Write from 2 to 200 options, one on each line.")})
    if any(len(one) > LONGEST_CHOICE for one in own.choices):
        raise FormRefused("", fields={"choices": _("Write at most %d characters.") % LONGEST_CHOICE})


def _check_rules(plan: Plan, line: PlannedLine) -> None:
    if len(line.rules) > MOST_RULES:
        raise FormRefused(_("A field has at most %d conditions. Remove one first.") % MOST_RULES)
    for index, rule in enumerate(line.rules):
        if fault := _fault(plan, line, rule):
            name, sentence = fault
            raise FormRefused("", fields={f"{name}_{index}": sentence})


# What a condition may ask.


def askable(plan: Plan, line: PlannedLine) -> list[str]:
    """Return the fields that a condition of `line` may ask about, in the order of the form."""
    lines = [one for one in plan.lines if one.code != line.code]
    found: list[str] = []
    for one in lines:
        if one.own is None:
            found += [field for field, standard in ASKABLE.items() if standard == one.code]
        elif one.own.kind in ASKABLE_KINDS and (one.is_for_customers or not line.is_for_customers):
            found.append(one.code)
    return found


def _fault(plan: Plan, line: PlannedLine, rule: Condition) -> tuple[str, str] | None:
    """What is wrong with a condition of `line`: the name of the input, and the sentence beside it."""
    above = plan.get(conditions.bringer(rule.field))
    if above is None or (rule.field not in askable(plan, line)):
        return "field", _asked_wrongly(line, above)
    if conditions.hangs_on(above.code, line.code, plan.lines):
        return "field", _("“%s” already hangs on this field: a circle would never appear.") % above.name
    if not rule.value.strip() or len(rule.value) > LONGEST_CHOICE:
        return "value", _("Choose the answer that this field waits for.")
    if above.own and above.own.kind in CHOOSING and rule.value not in above.own.choices:
        return "value", _("“%(field)s” has no option “%(value)s” any more. Choose again.") % {
            "field": above.name,
            "value": rule.value,
        }
    return _contradiction(line, rule, above)


def _asked_wrongly(line: PlannedLine, above: PlannedLine | None) -> str:
    if above is not None and above.code != line.code and line.is_for_customers and not above.is_for_customers:
        return _("Only the team sees “%s”: what the customer sees cannot hang on it.") % above.name
    return _("Choose another field of this form.")


def _contradiction(line: PlannedLine, rule: Condition, above: PlannedLine) -> tuple[str, str] | None:
    others = [one for one in line.rules if one.field == rule.field and one != rule]
    takes_many = above.own is not None and above.own.kind == Kind.CHOICES
    against = [one for one in others if one.value == rule.value or (one.is_equal and rule.is_equal and not takes_many)]
    return ("value", _("With the other condition this field would never appear.")) if against else None


def unasked(severity_source: str) -> frozenset[str]:
    """Return the fields that a form may show, but that nobody is asked for when the severity comes from elsewhere."""
    asked = {SeveritySource.CHOSEN: {"severity"}, SeveritySource.MATRIX: {"urgency", "impact"}}
    return frozenset({"severity", "urgency", "impact"} - asked.get(SeveritySource(severity_source), set()))


def problems(plan: Plan, words: Words, unasked: frozenset[str] = frozenset()) -> list[str]:
    """Return what keeps `plan` from being published, one sentence each; nothing when it may be."""
    found = []
    for line in plan.lines:
        for rule in line.rules:
            fault = _fault(plan, line, rule)
            if fault is None and rule.field in unasked:
                fault = "field", _("The severity of this type comes from elsewhere: nobody is asked for this field.")
            if fault is None and not words(rule):
                fault = "value", _("The answer it waits for is no longer there. Choose again.")
            if fault:
                found.append(_("Condition of “%(field)s”: %(fault)s") % {"field": line.name, "fault": fault[1]})
    return list(dict.fromkeys(found))


def name_of(field: str, lines: Sequence[PlannedLine]) -> str:
    """Return what a field that conditions ask about is called."""
    names = {
        "product": _("Product"),
        "module": _("Module"),
        "service": _("Service"),
        "failure": _("What failed"),
        "severity": _("Severity"),
        "urgency": _("Urgency"),
        "impact": _("Impact"),
    }
    return names.get(field) or next((line.name for line in lines if line.code == field), "")
