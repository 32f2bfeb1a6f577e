"""Which severity a ticket gets when it is opened, and the words of that choice. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from guiche.catalog.models import Impact, RequestType, Severity


class Scale(TextChoices):
    """The three steps of urgency and of impact in the matrix."""

    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class SeveritySource(TextChoices):
    NONE = "none", _("No severity")
    CHOSEN = "chosen", _("Chosen by the customer")
    FIXED = "fixed", _("Always the same")
    SERVICE = "service", _("From the service and its impact")
    MATRIX = "matrix", _("From urgency and impact")


Matrix = Mapping[tuple[str, str], "Severity"]  # (urgency, impact) → severity


def derive(
    request_type: RequestType,
    *,
    chosen: Severity | None = None,
    service_impact: Impact | None = None,
    urgency: str = "",
    impact: str = "",
    matrix: Matrix | None = None,
) -> Severity | None:
    """Return the severity that the source of `request_type` gives; None when it has none or its answer is missing.

    `service_impact` is a row of the service that was chosen; `urgency` and `impact` are values of `Scale`, looked up in
    `matrix` (`MatrixCell.objects.as_matrix()`). Foreign keys are read from what is loaded: select_related
    `fixed_severity` and the impact's `severity`, or each costs a query.
    """
    if request_type.severity_source == SeveritySource.CHOSEN:
        return chosen
    if request_type.severity_source == SeveritySource.FIXED:
        return request_type.fixed_severity
    if request_type.severity_source == SeveritySource.SERVICE:
        return service_impact.severity if service_impact else None
    if request_type.severity_source == SeveritySource.MATRIX:
        return (matrix or {}).get((urgency, impact))
    return None
