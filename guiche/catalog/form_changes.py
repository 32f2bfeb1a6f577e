"""What two plans of a form differ in, in words, and how the changes of one are brought onto the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from django.utils.translation import gettext as _

from guiche.catalog.conditions import Condition
from guiche.catalog.fields import Kind
from guiche.catalog.form_plan import OwnField, Plan, PlannedLine, Words, name_of


def changes(old: Plan, new: Plan, words: Words) -> list[str]:
    """Return what `new` changes, one sentence each, in the order of the page."""
    found = []
    for line in new.lines:
        before = old.get(line.code)
        if before is None:
            found.append(_("New field: “%s”.") % line.name)
        elif before != line:
            found += _line_changes(before, line, new, words)
    found += [_("“%s” leaves the form.") % line.name for line in old.lines if new.get(line.code) is None]
    if _common_order(old, new) != _common_order(new, old):
        found.append(_("The order of the fields changes."))
    return found


def rules_in_words(line: PlannedLine, lines: Sequence[PlannedLine], words: Words) -> str:
    """Return the conditions of `line` as half a sentence: "Module is Printing and Severity is not Low"."""
    return _(" and ").join(_rule(rule, lines, words) for rule in line.rules)


def _rule(rule: Condition, lines: Sequence[PlannedLine], words: Words) -> str:
    sentence = _("%(field)s is %(answer)s") if rule.is_equal else _("%(field)s is not %(answer)s")
    answer = words(rule) or _("(an answer that is gone)")
    return sentence % {"field": name_of(rule.field, lines) or _("(a field that is gone)"), "answer": answer}


def _line_changes(old: PlannedLine, new: PlannedLine, plan: Plan, words: Words) -> Iterable[str]:
    if old.own and new.own:
        yield from _own_changes(old.own, new.own)
    if old.is_required != new.is_required:
        yield (_("“%s” is now required.") if new.is_required else _("“%s” is now optional.")) % new.name
    if old.help != new.help:
        yield _("The help of “%s” changes.") % new.name
    if old.rules != new.rules:
        said = rules_in_words(new, plan.lines, words)
        when = {"field": new.name, "when": said}
        yield _("“%(field)s” now appears when %(when)s.") % when if said else _("“%s” now always appears.") % new.name


def _own_changes(old: OwnField, new: OwnField) -> Iterable[str]:
    if old.name != new.name:
        yield _("“%(old)s” is now called “%(new)s”.") % {"old": old.name, "new": new.name}
    if old.kind != new.kind:
        yield _("“%(field)s” is now of the kind %(kind)s.") % {"field": new.name, "kind": Kind(new.kind).label}
    for one in new.choices:
        if one not in old.choices:
            yield _("“%(field)s” gets the option “%(option)s”.") % {"field": new.name, "option": one}
    for one in old.choices:
        if one not in new.choices:
            yield _("“%(field)s” loses the option “%(option)s”.") % {"field": new.name, "option": one}
    if set(old.choices) == set(new.choices) and old.choices != new.choices:
        yield _("The options of “%s” change their order.") % new.name
    if old.is_for_customers != new.is_for_customers:
        yield (_("Customers now see “%s”.") if new.is_for_customers else _("Only the team now sees “%s”.")) % new.name


def _common_order(one: Plan, other: Plan) -> list[str]:
    return [code for code in one.codes if other.get(code)]


# Somebody else published meanwhile.


def rebased(base: Plan, mine: Plan, theirs: Plan) -> Plan:
    """Return `theirs` with what `mine` changes of `base`; where both changed the same thing, mine stands.

    A line that I changed and they removed comes back; one that they changed and I removed goes.
    """
    kept = [_merged(base.get(line.code), mine.get(line.code), line) for line in theirs.lines]
    lines = {line.code: line for line in kept if line is not None}
    for line in mine.lines:
        if theirs.get(line.code) is None and line != base.get(line.code):
            lines[line.code] = line
    order = _merged_order(base, mine, theirs)
    return Plan(theirs.version, tuple(lines[code] for code in order if code in lines))


def changed_by_both(base: Plan, mine: Plan, theirs: Plan) -> list[str]:
    """Return the names of the lines that both changed, in the order of mine, then those that I removed."""
    return [
        line.name
        for line in (*mine.lines, *(one for one in base.lines if mine.get(one.code) is None))
        if base.get(line.code) not in (mine.get(line.code), theirs.get(line.code))
        and mine.get(line.code) != theirs.get(line.code)
    ]


def _merged(base: PlannedLine | None, mine: PlannedLine | None, theirs: PlannedLine) -> PlannedLine | None:
    if mine is None:
        return theirs if base is None else None
    if base is None:
        return mine
    own = theirs.own
    if base.own and mine.own and theirs.own:
        own = replace(theirs.own, **_differing(base.own, mine.own))
    return replace(theirs, **{**_differing(base, mine), "own": own})


def _differing(base: Any, mine: Any) -> dict[str, Any]:  # Any: two of the same dataclass, and its values
    return {
        one.name: getattr(mine, one.name) for one in fields(base) if getattr(mine, one.name) != getattr(base, one.name)
    }


def _merged_order(base: Plan, mine: Plan, theirs: Plan) -> list[str]:
    """The order of whoever changed it (mine when both did); what it lacks stands after what it stood after."""
    moved = _common_order(base, mine) != _common_order(mine, base)
    leading, other = (mine, theirs) if moved else (theirs, mine)
    order = list(leading.codes)
    for index, code in enumerate(other.codes):
        if code not in order:
            before = next((one for one in reversed(other.codes[:index]) if one in order), None)
            order.insert(order.index(before) + 1 if before else 0, code)
    return order
