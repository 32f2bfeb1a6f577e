"""What can be done with the four severities and with the matrix of urgency and impact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.audit import record
from guiche.catalog.actions import permission
from guiche.catalog.models import MatrixCell, Severity, Tone
from guiche.catalog.naming import check_free, clean_line
from guiche.catalog.severity import Scale
from guiche.core.errors import Refused

if TYPE_CHECKING:
    from guiche.accounts.models import User


class SeverityRefused(Refused):
    """The severity cannot be like this."""


@transaction.atomic
def change(
    severity: Severity, *, name: str, description: str, tone: str, asks_to_call: bool, by: User, at: datetime
) -> Severity:
    """Change the words and the colour of a severity; its level stays.

    Raises NotAllowed, NameRefused, SeverityRefused.
    """
    permission.check(by)
    severity = Severity.objects.select_for_update().get(pk=severity.pk)
    if tone not in Tone.values:
        raise SeverityRefused("", fields={"tone": _("Choose a colour from the list.")})
    severity.name = clean_line(name, 60)
    check_free(severity.name, Severity.objects.all(), severity)
    severity.description = clean_line(description, 200, field="description", required=False)
    severity.tone, severity.asks_to_call = tone, asks_to_call
    severity.save(update_fields=["name", "description", "tone", "asks_to_call"])
    details = {"level": severity.level, "name": severity.name, "tone": tone, "asks_to_call": asks_to_call}
    record.write("severity.changed", by=by, at=at, subject=severity, **details)
    return severity


@transaction.atomic
def set_matrix(cells: Mapping[tuple[str, str], Severity], *, by: User, at: datetime) -> None:
    """Set the whole matrix: a severity for each pair of urgency and impact. Raises NotAllowed, SeverityRefused."""
    permission.check(by)
    pairs = {(urgency, impact) for urgency in Scale.values for impact in Scale.values}
    if set(cells) != pairs:
        raise SeverityRefused(_("Choose a severity for every pair of urgency and impact."))
    for (urgency, impact), severity in cells.items():
        MatrixCell.objects.update_or_create(urgency=urgency, impact=impact, defaults={"severity": severity})
    levels = {f"{urgency} {impact}": severity.level for (urgency, impact), severity in sorted(cells.items(), key=str)}
    record.write("matrix.changed", by=by, at=at, levels=levels)
