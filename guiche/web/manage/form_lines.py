"""The lines of a form as its editor shows them: words, the form under an open one, and the preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guiche.catalog import answer_words, form_plan
from guiche.catalog.conditions import Condition
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.form_changes import rules_in_words
from guiche.catalog.form_plan import MOST_RULES, OwnField, Plan, PlannedLine, Words
from guiche.catalog.models import CustomField, RequestType
from guiche.web.manage import catalog_forms as forms
from guiche.web.manage.catalog_forms import IS, IS_NOT

PREFIX = "line"
Row = tuple[str, str, str]  # field, comparison, value of a condition as it is typed


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: str
    kind: str
    text: str
    planned: PlannedLine
    is_own: bool
    state: str  # what the draft does to it: "", or a word for its tag


@dataclass(frozen=True, slots=True)
class Shown:
    """A field of the preview. `kind`: box, area, select, cards, drop or check; `chosen`: the answer it shows."""

    name: str
    kind: str
    help: str
    is_required: bool
    condition: str
    is_new: bool
    chosen: str


def of(plan: Plan, published: Plan, words: Words) -> list[Line]:
    """Return the lines in order, each with what it is, when it appears, and what the draft does to it."""
    return [
        Line(
            code=line.code,
            name=line.name,
            kind=_kind(line),
            text=_described(line, plan, words),
            planned=line,
            is_own=line.own is not None,
            state=_state(line, published),
        )
        for line in plan.lines
    ]


def _state(line: PlannedLine, published: Plan) -> str:
    before = published.get(line.code)
    if before is None:
        return _("new")
    return "" if before == line else _("changed")


# The form under an open line.


def form_of(
    plan: Plan, line: PlannedLine, unasked: frozenset[str], data: Any = None, again: str = ""
) -> forms.LineForm:
    """Return the form under `line`. `data`: as it was sent; `again`: only shown again, with a condition more or less.

    `again` is "add", "remove-<index>" or "look", for the answers of another field. `unasked`: fields that are
    not offered unless they were chosen before. Any: as Django types it.
    """
    rows = _again(_typed(data), again) if data is not None else [_row(rule) for rule in line.rules]
    unasked = unasked - {rule.field for rule in line.rules}
    fields = [field for field in form_plan.askable(plan, line) if field not in unasked]
    askable = [(field, form_plan.name_of(field, plan.lines)) for field in fields]
    kind = forms.LineForm if line.own is None else forms.NewLineForm if line.is_new else forms.OwnLineForm
    values = [_answers(plan, row, rows, dict(askable)) for row in rows]
    if data is not None and not again:
        return kind(data, askable=askable, rows=values, prefix=PREFIX)
    typed = _initial(line) if data is None else _typed_again(kind, data)
    return kind(initial=typed | _conditions(rows), askable=askable, rows=values, prefix=PREFIX)


def planned(form: forms.LineForm, line: PlannedLine) -> PlannedLine:
    """Return `line` as a valid form says it is to be."""
    said = form.cleaned_data
    own = line.own
    if own is not None:
        choices = tuple(said["choices"].splitlines())
        own = OwnField(said["name"], said.get("kind", own.kind), choices, said["is_for_customers"])
    is_required = said["is_required"] or line.code == StandardField.TITLE
    return PlannedLine(line.code, own, is_required, said["help"], form.rules())


def _typed(data: Any) -> list[Row]:  # Any: as Django types it
    count = data.get(f"{PREFIX}-conditions", "0")
    rows = range(min(int(count), MOST_RULES) if count.isdecimal() and len(count) < 3 else 0)
    names = ("field", "comparison", "value")
    return [tuple(data.get(f"{PREFIX}-{name}_{index}", "") for name in names) for index in rows]


def _again(rows: list[Row], again: str) -> list[Row]:
    if again == "add" and len(rows) < MOST_RULES:
        return [*rows, ("", IS, "")]
    gone = again.removeprefix("remove-")
    return [row for index, row in enumerate(rows) if str(index) != gone]


def _row(rule: Condition) -> Row:
    return rule.field, IS if rule.is_equal else IS_NOT, rule.value


def _conditions(rows: list[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {"conditions": len(rows)}
    for index, (field, comparison, value) in enumerate(rows):
        found |= {f"field_{index}": field, f"comparison_{index}": comparison, f"value_{index}": value}
    return found


def _answers(plan: Plan, row: Row, rows: list[Row], askable: dict[str, str]) -> list[tuple[str, str]]:
    """The answers to choose from in one condition; the one that is chosen is always there."""
    field, _comparison, value = row
    if field not in askable:
        return []
    others = [Condition(other[0], other[2], other[1] == IS) for other in rows if other is not row]
    offered = answer_words.offered(field, plan, others)
    if value and value not in dict(offered):
        chosen = PlannedLine("", rules=(Condition(field, value),))
        words = answer_words.words_of(Plan(0, (chosen,)))(chosen.rules[0])
        offered = [(value, words), *offered] if words else offered
    return offered


def _initial(line: PlannedLine) -> dict[str, Any]:
    own = line.own
    said: dict[str, Any] = {"help": line.help, "is_required": line.is_required}
    if own is not None:
        said |= {"name": own.name, "kind": own.kind, "choices": "\n".join(own.choices)}
        said["is_for_customers"] = own.is_for_customers
    return said


def _typed_again(kind: type[forms.LineForm], data: Any) -> dict[str, Any]:  # Any: as Django types it
    return {
        name: field.widget.value_from_datadict(data, {}, f"{PREFIX}-{name}")
        for name, field in kind.base_fields.items()
        if name != "conditions"
    }


# Fields that the form does not have.


def offered(plan: Plan) -> list[tuple[str, str, bool]]:
    """Return the fields that `plan` does not have: code, words, whether it is an own one. One query."""
    found = [(key, str(label), False) for key, label in StandardField.choices if plan.get(key) is None]
    own = CustomField.objects.filter(is_active=True).exclude(
        pk__in=[line.custom_id for line in plan.lines if line.custom_id]
    )
    return [*found, *((f"custom-{one.pk}", one.name, True) for one in own)]


def also_in(one: RequestType, line: PlannedLine) -> list[str]:
    """Return the names of the other types whose forms have the own field of `line`. One query at most."""
    if line.custom_id is None:
        return []
    rows = RequestType.objects.filter(form_fields__custom=line.custom_id).exclude(pk=one.pk)
    return list(rows.order_by("name").values_list("name", flat=True))


# The preview.


def preview(plan: Plan, published: Plan, words: Words, *, for_staff: bool, opened: str) -> list[Shown]:
    """Return what somebody filling in the form sees, with the answers that make the line `opened` appear."""
    line = plan.get(opened)
    chosen = {rule.field: words(rule) for rule in line.rules if rule.is_equal} if line else {}
    seen = [one for one in plan.lines if _is_seen(one, for_staff=for_staff)]
    return [shown for one in seen for shown in _shown(one, plan, published, words, chosen)]


def preview_words(plan: Plan, words: Words, opened: str) -> str:
    line = plan.get(opened)
    said = rules_in_words(line, plan.lines, words) if line else ""
    return _("%(when)s: the field appears.") % {"when": said} if said else ""


def _is_seen(line: PlannedLine, *, for_staff: bool) -> bool:
    if line.code == StandardField.ON_BEHALF_OF:
        return for_staff
    return for_staff or line.is_for_customers


def _shown(line: PlannedLine, plan: Plan, published: Plan, words: Words, chosen: dict[str, str]) -> list[Shown]:
    kind = _DRAWN.get(line.own.kind if line.own else line.code, "box")
    names = {"product": _("Product"), "module": _("Module")} if line.code == StandardField.PRODUCT else {}
    if "service" in chosen and names:
        names["service"] = _("Service")
    condition = _condition(line, plan, words)
    is_new = published.get(line.code) is None
    return [
        Shown(name, kind, line.help if first else "", line.is_required, condition, is_new, chosen.get(code, ""))
        for first, (code, name) in zip((True, False, False), (names or {line.code: line.name}).items(), strict=False)
    ]


_DRAWN: dict[str, str] = {
    StandardField.ON_BEHALF_OF: "select",
    StandardField.PRODUCT: "select",
    StandardField.FAILURE: "select",
    StandardField.SEVERITY: "cards",
    StandardField.URGENCY: "select",
    StandardField.DESCRIPTION: "area",
    StandardField.ATTACHMENTS: "drop",
    Kind.LONG_TEXT: "area",
    Kind.CHOICE: "select",
    Kind.CHOICES: "select",
    Kind.PERSON: "select",
    Kind.CHECKBOX: "check",
}


def _kind(line: PlannedLine) -> str:
    if line.own:
        return str(Kind(line.own.kind).label)
    words = {
        StandardField.PRODUCT: _("Cascade"),
        StandardField.SEVERITY: _("Cards"),
        StandardField.DESCRIPTION: _("Long text"),
        StandardField.ATTACHMENTS: _("Files"),
        StandardField.COPIES: _("E-mails"),
        StandardField.CONTACT: _("Name and telephone"),
        StandardField.ON_BEHALF_OF: _("Person; only the team and who administers the portal see it"),
        StandardField.FAILURE: _("Choice, by product"),
        StandardField.URGENCY: _("Two choices"),
    }
    return words.get(StandardField(line.code)) or _("Text")


def _described(line: PlannedLine, plan: Plan, words: Words) -> str:
    kind = _kind(line) if line.is_for_customers else _("%(kind)s, only the team sees it") % {"kind": _kind(line)}
    condition = _condition(line, plan, words)
    return f"{kind}. {condition}" if condition else kind


def _condition(line: PlannedLine, plan: Plan, words: Words) -> str:
    said = rules_in_words(line, plan.lines, words)
    return _("Appears when %s") % said if said else ""
