"""What the published service table promises, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guiche.catalog.service_table import hours
from guiche.sla.metrics import Metric

if TYPE_CHECKING:
    from guiche.catalog.models import Service


def of(service: Service) -> list[str]:
    """Return "Indisponibilidade total: Diagnóstico 2 h, Solução 4 h" for each severity; its impacts are at hand.

    Of several impacts of one severity the shortest time holds, as `rules` takes it.
    """
    found: dict[str, tuple[int | None, int | None]] = {}
    for impact in service.impacts.all():
        diagnosis, solution = found.get(impact.severity.name, (None, None))
        pair = (_shorter(diagnosis, impact.diagnosis_minutes), _shorter(solution, impact.solution_minutes))
        found[impact.severity.name] = pair
    return [f"{name}: {said}" for name, pair in found.items() if (said := times(*pair))]


def times(diagnosis: int | None, solution: int | None) -> str:
    """Return "Diagnóstico 2 h, Solução 4 h" of business time; blank where there is neither."""
    pairs = ((Metric.DIAGNOSIS, diagnosis), (Metric.SOLUTION, solution))
    words = (_("%(metric)s %(time)s") % {"metric": m.label, "time": hours(minutes)} for m, minutes in pairs if minutes)
    return ", ".join(words)


def _shorter(one: int | None, other: int | None) -> int | None:
    return min(one, other) if one and other else one or other
