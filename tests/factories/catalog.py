"""Products, request types, severities and fields for tests. The shipped request types by their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from django.apps import apps

from guiche.accounts.models import Team
from guiche.calendars import shipped as shipped_calendars
from guiche.catalog import conditions, shipped
from guiche.catalog.conditions import Condition
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.models import (
    CustomField,
    Failure,
    FormField,
    Impact,
    Module,
    Product,
    RequestType,
    Service,
    Severity,
)
from guiche.organizations.models import Organization
from guiche.sla import shipped as shipped_promises
from guiche.sla.models import RuleSet
from guiche.workflows import shipped as shipped_workflows
from guiche.workflows.models import Workflow

_numbers = count(1)


def load_shipped() -> None:
    """Make what migrations ship: a test with real commits begins on an empty database."""
    shipped_workflows.load(apps)
    shipped.load(apps)
    shipped_calendars.load(apps)
    RuleSet.objects.get_or_create(pk=1)
    shipped_promises.load(apps)
    shipped_promises.load_escalations(apps)


def shipped_type(slug: str = "falha-tecnica") -> RequestType:
    """Return a shipped request type: falha-tecnica, duvida, sugestao-de-melhoria, apoio-tecnico, financeiro, …"""
    load_shipped()
    return RequestType.objects.select_related("workflow", "default_team").get(slug=slug)


def severity(level: int = 4) -> Severity:
    """Return the shipped severity of `level`, 1 (worst) to 4."""
    load_shipped()
    return Severity.objects.get(level=level)


def default_team() -> Team:
    load_shipped()
    return Team.objects.get(slug=shipped.TEAM[0])


def make_product(*, name: str = "", organizations: Iterable[Organization] = (), **values: Any) -> Product:
    """Return a product; for every organisation unless `organizations` are given."""
    number = next(_numbers)
    organizations = list(organizations)
    values.setdefault("is_for_all", not organizations)
    product = Product.objects.create(name=name or f"Produto {number}", slug=f"produto-{number}", **values)
    product.organizations.set(organizations)
    return product


def make_module(*, product: Product | None = None, name: str = "", **values: Any) -> Module:
    return Module.objects.create(product=product or make_product(), name=name or f"Módulo {next(_numbers)}", **values)


def make_service(*, module: Module | None = None, name: str = "", **values: Any) -> Service:
    return Service.objects.create(module=module or make_module(), name=name or f"Serviço {next(_numbers)}", **values)


def make_impact(*, service: Service | None = None, level: int = 4, description: str = "", **values: Any) -> Impact:
    return Impact.objects.create(
        service=service or make_service(),
        description=description or f"Impacto {next(_numbers)}",
        severity=severity(level),
        **values,
    )


def make_failure(*, product: Product | None = None, name: str = "") -> Failure:
    return Failure.objects.create(product=product or make_product(), name=name or f"Falha {next(_numbers)}")


def make_request_type(
    *,
    name: str = "",
    workflow: Workflow | None = None,
    form: Sequence[tuple[StandardField, bool]] = shipped.SHORT_FORM,
    **values: Any,
) -> RequestType:
    """Return a request type with `form`, on the shipped workflow Suporte and the default team unless told otherwise."""
    load_shipped()
    number = next(_numbers)
    values.setdefault("default_team", default_team())
    values.setdefault("sentence", "Quando usar")
    made = RequestType.objects.create(
        name=name or f"Tipo {number}",
        slug=f"tipo-{number}",
        workflow=workflow or Workflow.objects.get(slug=shipped_workflows.SUPPORT.slug),
        **values,
    )
    for position, (standard, is_required) in enumerate(form):
        make_form_field(request_type=made, standard=standard, is_required=is_required, position=position)
    return made


def make_custom_field(*, name: str = "", kind: str = Kind.TEXT, **values: Any) -> CustomField:
    number = next(_numbers)
    return CustomField.objects.create(name=name or f"Campo {number}", slug=f"campo-{number}", kind=kind, **values)


def make_form_field(*, request_type: RequestType, when: Sequence[Condition] = (), **values: Any) -> FormField:
    """Return a line of the published form. `when`: it appears when all of these hold."""
    values.setdefault("conditions", conditions.dump(when))
    values.setdefault("position", request_type.form_fields.count())
    return FormField.objects.create(request_type=request_type, **values)
