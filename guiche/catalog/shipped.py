"""The severities and request types that every installation begins with: rows in Portuguese, to be changed at will."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from guiche.catalog.fields import StandardField as F

REQUIRED = True
OPTIONAL = False

# Level, name, what it means to the operation, tone, whether the customer should call too.
SEVERITIES = (
    (4, "Baixo impacto", "A operação segue normalmente, sem impacto considerável.", "ok", False),
    (3, "Intermitência", "Indisponibilidade ou oscilação de uma função de menor impacto.", "info", False),
    (2, "Indisponibilidade parcial", "Parte de uma função essencial não funciona.", "wait", False),
    (1, "Indisponibilidade total", "O sistema ou uma função essencial parou.", "danger", True),
)

# Urgency, impact, level of the severity that follows. Source: the priority matrix of ITIL.
MATRIX = (
    ("high", "high", 1),
    ("high", "medium", 2),
    ("high", "low", 3),
    ("medium", "high", 2),
    ("medium", "medium", 3),
    ("medium", "low", 4),
    ("low", "high", 3),
    ("low", "medium", 4),
    ("low", "low", 4),
)

TEAM = ("suporte", "Suporte")

Form = tuple[tuple[F, bool], ...]

INCIDENT_FORM: Form = (
    (F.ON_BEHALF_OF, OPTIONAL),
    (F.TITLE, REQUIRED),
    (F.PRODUCT, REQUIRED),
    (F.FAILURE, OPTIONAL),
    (F.SEVERITY, REQUIRED),
    (F.DESCRIPTION, REQUIRED),
    (F.ATTACHMENTS, OPTIONAL),
    (F.CONTACT, REQUIRED),
    (F.CONTACT_EMAIL, REQUIRED),
    (F.BEST_TIME, OPTIONAL),
    (F.COPIES, OPTIONAL),
)
PRODUCT_FORM: Form = (
    (F.ON_BEHALF_OF, OPTIONAL),
    (F.TITLE, REQUIRED),
    (F.PRODUCT, REQUIRED),
    (F.DESCRIPTION, REQUIRED),
    (F.ATTACHMENTS, OPTIONAL),
    (F.CONTACT, OPTIONAL),
    (F.CONTACT_EMAIL, OPTIONAL),
    (F.COPIES, OPTIONAL),
)
SHORT_FORM: Form = (
    (F.ON_BEHALF_OF, OPTIONAL),
    (F.TITLE, REQUIRED),
    (F.DESCRIPTION, REQUIRED),
    (F.ATTACHMENTS, OPTIONAL),
    (F.CONTACT, OPTIONAL),
    (F.CONTACT_EMAIL, OPTIONAL),
    (F.COPIES, OPTIONAL),
)
EQUIPMENT_FORM: Form = (
    (F.ON_BEHALF_OF, OPTIONAL),
    (F.TITLE, REQUIRED),
    (F.DESCRIPTION, REQUIRED),
    (F.ATTACHMENTS, OPTIONAL),
    (F.CONTACT, REQUIRED),
    (F.CONTACT_EMAIL, REQUIRED),
    (F.BEST_TIME, OPTIONAL),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedType:
    """A request type. `traits` are columns of RequestType that differ from their default."""

    slug: str
    name: str
    icon: str
    sentence: str
    section: str
    workflow: str  # slug
    form: Form
    fixed_level: int | None = None
    traits: dict[str, Any] = field(default_factory=dict)  # Any: yes, no, or one of a few words


TYPES = (
    ShippedType(
        slug="falha-tecnica",
        name="Falha técnica",
        icon="bug",
        sentence="Erro, lentidão ou sistema fora do ar",
        section="support",
        workflow="suporte",
        form=INCIDENT_FORM,
        traits={"severity_source": "chosen", "has_deadlines": True, "needs_validation": True, "has_survey": True},
    ),
    ShippedType(
        slug="duvida",
        name="Dúvida",
        icon="ask",
        sentence="Como usar uma tela ou um recurso",
        section="support",
        workflow="suporte",
        form=PRODUCT_FORM,
        fixed_level=4,
        traits={"has_deadlines": True, "needs_validation": True, "has_survey": True},
    ),
    ShippedType(
        slug="sugestao-de-melhoria",
        name="Sugestão de melhoria",
        icon="bulb",
        sentence="Uma ideia para os nossos produtos",
        section="support",
        workflow="melhoria",
        form=PRODUCT_FORM,
    ),
    ShippedType(
        slug="apoio-tecnico",
        name="Apoio técnico",
        icon="laptop",
        sentence="Ajuda em configurações, regras e parâmetros",
        section="support",
        workflow="suporte",
        form=PRODUCT_FORM,
        fixed_level=4,
        traits={"needs_validation": True, "has_survey": True},
    ),
    ShippedType(
        slug="financeiro",
        name="Administrativo Financeiro",
        icon="coin",
        sentence="Informações, cobranças e segunda via de nota ou boleto",
        section="other",
        workflow="conclusao-direta",
        form=SHORT_FORM,
        traits={"has_survey": True, "is_reserved": True, "suggests_articles": False},
    ),
    ShippedType(
        slug="comercial",
        name="Comercial",
        icon="hand",
        sentence="Propostas, novos módulos e contratos",
        section="other",
        workflow="conclusao-direta",
        form=SHORT_FORM,
        traits={"has_survey": True, "suggests_articles": False},
    ),
    ShippedType(
        slug="servicos-especiais",
        name="Serviços especiais",
        icon="gear",
        sentence="Reinstalação e outros serviços sob medida",
        section="other",
        workflow="conclusao-direta",
        form=PRODUCT_FORM,
        traits={"has_survey": True, "suggests_articles": False},
    ),
    ShippedType(
        slug="ouvidoria",
        name="Ouvidoria",
        icon="chat",
        sentence="Elogio, reclamação ou ajuste de contrato",
        section="other",
        workflow="conclusao-direta",
        form=SHORT_FORM,
        traits={"has_deadlines": True, "is_reserved": True, "suggests_articles": False},
    ),
    ShippedType(
        slug="orcamento",
        name="Orçamento de funcionalidade exclusiva",
        icon="file",
        sentence="Um recurso feito para a sua operação",
        section="other",
        workflow="melhoria",
        form=PRODUCT_FORM,
        traits={"suggests_articles": False},
    ),
    # Its pages come with field service; administrators may switch it on then.
    ShippedType(
        slug="chamado-tecnico",
        name="Chamado técnico",
        icon="wrench",
        sentence="Visita técnica para um equipamento",
        section="equipment",
        workflow="campo",
        form=EQUIPMENT_FORM,
        traits={"has_deadlines": True, "has_survey": True, "suggests_articles": False, "is_active": False},
    ),
)


def load(registry: Any) -> None:
    """Make what is shipped and not there yet. Safe to repeat: a row that exists is left as it is.

    The shipped workflows must be there. Any: `registry` is Django's of installed apps, or a migration's, without types.
    """
    team = _team(registry)
    severities = _severities(registry)
    _matrix(registry, severities)
    for position, shipped in enumerate(TYPES):
        if not _rows(registry, "RequestType").filter(slug=shipped.slug).exists():
            _make_type(registry, shipped, position=position, team=team, severities=severities)


def _rows(registry: Any, model: str) -> Any:
    return registry.get_model(f"catalog.{model}")._default_manager


def _team(registry: Any) -> Any:
    teams = registry.get_model("accounts.Team")._default_manager
    slug, name = TEAM
    return teams.order_by("id").first() or teams.create(slug=slug, name=name)


def _severities(registry: Any) -> dict[int, Any]:
    rows = _rows(registry, "Severity")
    for level, name, description, tone, asks_to_call in SEVERITIES:
        rows.get_or_create(
            level=level,
            defaults={"name": name, "description": description, "tone": tone, "asks_to_call": asks_to_call},
        )
    return {row.level: row for row in rows.all()}


def _matrix(registry: Any, severities: dict[int, Any]) -> None:
    for urgency, impact, level in MATRIX:
        _rows(registry, "MatrixCell").get_or_create(
            urgency=urgency, impact=impact, defaults={"severity": severities[level]}
        )


def _make_type(registry: Any, shipped: ShippedType, *, position: int, team: Any, severities: dict[int, Any]) -> None:
    fixed = (
        {"severity_source": "fixed", "fixed_severity": severities[shipped.fixed_level]} if shipped.fixed_level else {}
    )
    made = _rows(registry, "RequestType").create(
        slug=shipped.slug,
        name=shipped.name,
        icon=shipped.icon,
        sentence=shipped.sentence,
        section=shipped.section,
        workflow=registry.get_model("workflows.Workflow")._default_manager.get(slug=shipped.workflow),
        default_team=team,
        position=position,
        **fixed,
        **shipped.traits,
    )
    _rows(registry, "FormField").bulk_create(
        registry.get_model("catalog.FormField")(
            request_type=made, standard=str(standard), is_required=is_required, position=place
        )
        for place, (standard, is_required) in enumerate(shipped.form)
    )
