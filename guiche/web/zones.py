"""Time zones to choose from, by the names people know, each with its distance from Greenwich today."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

BRAZIL = (
    ("America/Sao_Paulo", _("Brasília")),
    ("America/Manaus", "Manaus"),
    ("America/Cuiaba", "Cuiabá"),
    ("America/Campo_Grande", "Campo Grande"),
    ("America/Porto_Velho", "Porto Velho"),
    ("America/Boa_Vista", "Boa Vista"),
    ("America/Rio_Branco", "Rio Branco"),
    ("America/Eirunepe", "Eirunepé"),
    ("America/Belem", "Belém"),
    ("America/Fortaleza", "Fortaleza"),
    ("America/Recife", "Recife"),
    ("America/Maceio", "Maceió"),
    ("America/Bahia", "Salvador"),
    ("America/Araguaina", "Araguaína"),
    ("America/Noronha", "Fernando de Noronha"),
)
# Of neighbours, and of who calls from afar.
ABROAD = (
    ("America/Argentina/Buenos_Aires", "Buenos Aires"),
    ("America/Montevideo", "Montevideo"),
    ("America/Asuncion", "Asunción"),
    ("America/Santiago", "Santiago"),
    ("America/La_Paz", "La Paz"),
    ("America/Lima", "Lima"),
    ("America/Bogota", "Bogotá"),
    ("America/Mexico_City", "Ciudad de México"),
    ("America/New_York", "New York"),
    ("Europe/Lisbon", "Lisboa"),
    ("Europe/Madrid", "Madrid"),
    ("UTC", "UTC"),
)


def choices(chosen: str, empty: object) -> list[tuple[str, object]]:
    """Return the zones that a person chooses from; `chosen` is always among them."""
    known = [(name, label) for name, label in (*BRAZIL, *ABROAD) if name in _available()]
    if chosen and chosen not in dict(known):
        known.append((chosen, _spelt(chosen)))
    return [("", empty), *_measured(known)]


def grouped() -> list[tuple[Any, Any]]:  # Any: words, translated late, and the zones of a group
    """Return every zone there is, those of Brazil first."""
    at_home = [(name, label) for name, label in BRAZIL if name in _available()]
    others = [(name, _spelt(name)) for name in sorted(_available()) if "/" in name and name not in dict(BRAZIL)]
    return [(_("Brazil"), _measured(at_home)), (_("Others"), others)]


def _measured(known: list[tuple[str, Any]]) -> list[tuple[str, object]]:  # Any: words, some translated late
    now = timezone.now()
    return [(name, f"{label} ({_distance(name, now)})") for name, label in known]


def _spelt(name: str) -> str:
    return name.replace("_", " ")


@lru_cache
def _available() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _distance(name: str, at: datetime) -> str:
    """Return "GMT-3", "GMT-3:30"."""
    offset = at.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"GMT{sign}{hours}" + (f":{rest:02d}" if rest else "")
