"""What the answers that conditions wait for are called, and which ones there are to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from guiche.catalog.conditions import CHECKED, Condition
from guiche.catalog.fields import Kind
from guiche.catalog.form_plan import OwnField, Plan, Words
from guiche.catalog.models import Failure, Module, Product, Service, Severity
from guiche.catalog.severity import Scale

MOST_OFFERED = 500  # answers of one field in a select

Pairs = list[tuple[str, str]]  # value and words


def words_of(*plans: Plan) -> Words:
    """Return a function that says what the answer of a condition of `plans` is called; "" when it is gone.

    One query for each kind of row that the conditions name.
    """
    rules = {rule for plan in plans for line in plan.lines for rule in line.rules}
    found = {
        (field, value): words for field, values in _by_field(rules).items() for value, words in _named(field, values)
    }
    own = {line.code: line.own for plan in reversed(plans) for line in plan.lines if line.own}
    found |= {(code, value): words for code, field in own.items() for value, words in own_answers(field)}
    return lambda rule: found.get((rule.field, rule.value), "")


def _by_field(rules: Iterable[Condition]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        found[rule.field].add(rule.value)
    return found


def _named(field: str, values: set[str]) -> Pairs:
    if field in _SCALES:
        return _scale()
    if field not in _ROWS:
        return []
    ids = [int(value) for value in values if value.isdecimal() and len(value) < 18]
    rows, label = _ROWS[field]
    return [(str(row.pk), label(row)) for row in rows().filter(pk__in=ids)]


def offered(field: str, plan: Plan, narrowed: Iterable[Condition] = ()) -> Pairs:
    """Return the answers of `field` to choose from: at most MOST_OFFERED, whatever was chosen before not among them.

    `narrowed`: other conditions of the same line; "product is RIS" leaves the modules of RIS alone. One query.
    """
    if field in _SCALES:
        return _scale()
    if field in _ROWS:
        rows, label = _ROWS[field]
        return [(str(row.pk), label(row)) for row in _within(field, rows(), narrowed)[:MOST_OFFERED]]
    line = plan.get(field)
    return own_answers(line.own) if line and line.own else []


def own_answers(own: OwnField) -> Pairs:
    if own.kind == Kind.CHECKBOX:
        return [(CHECKED, _("marked"))]
    return [(choice, choice) for choice in own.choices]


def _within(field: str, rows: QuerySet[Model], narrowed: Iterable[Condition]) -> QuerySet[Model]:
    if field != "severity":
        rows = rows.filter(is_active=True)
    for rule in narrowed:
        path = _PATHS.get((field, rule.field))
        if path and rule.is_equal and rule.value.isdecimal() and len(rule.value) < 18:
            rows = rows.filter(**{path: int(rule.value)})
    return rows


_SCALES = frozenset({"urgency", "impact"})
_PATHS = {
    ("module", "product"): "product",
    ("failure", "product"): "product",
    ("service", "module"): "module",
    ("service", "product"): "module__product",
}


def _scale() -> Pairs:
    return [(str(value), str(words)) for value, words in Scale.choices]


def _in_product(row: Module | Failure) -> str:
    return f"{row.product.name} · {row.name}"


def _in_module(row: Service) -> str:
    return f"{row.module.product.name} · {row.module.name} · {row.name}"


# Any row here has a name; the functions keep the querysets from being made at import.
_ROWS: dict[str, tuple[Callable[[], QuerySet[Model]], Callable[[Model], str]]] = {
    "product": (lambda: Product.objects.all(), str),
    "module": (lambda: Module.objects.select_related("product"), _in_product),  # type: ignore[dict-item]  # rows of its own kind
    "service": (lambda: Service.objects.select_related("module__product"), _in_module),  # type: ignore[dict-item]  # as above
    "failure": (lambda: Failure.objects.select_related("product"), _in_product),  # type: ignore[dict-item]  # as above
    "severity": (lambda: Severity.objects.all(), str),
}
