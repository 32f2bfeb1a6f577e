"""The service table as a spreadsheet: what each line says, and which lines cannot be read. Pure.

Seven columns: família (produto), categoria (módulo), sub-categoria (serviço), impacto, severidade, diagnóstico and
solução. Times are business hours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from guiche.core.spreadsheets import SheetRefused, column_of
from guiche.core.text import normalize

HEADER_WITHIN = 10  # rows in which the header is looked for
_COLUMNS = {
    "product": ("familia", "produto", "sistema"),
    "module": ("categoria", "modulo"),
    "service": ("sub-categoria", "subcategoria", "sub categoria", "servico"),
    "impact": ("impacto",),
    "severity": ("severidade", "gravidade"),
    "diagnosis": ("diagnostico",),
    "solution": ("solucao",),
}
_NAMES = ("product", "module", "service")
_LONGEST = {"product": 80, "module": 80, "service": 300, "impact": 200}
# "*+" gives no space back: a long run of them is read once, not once for each place where it could be parted.
_LEVEL = re.compile(r"^(?:severidade|gravidade|sev\.?|s|nivel|n)?\s*+([1-4])$")
_TIME = re.compile(
    r"^(?:(\d{1,4}(?:[.,]\d{1,2})?)\s*+(?:h|hs|hr|hrs|hora|horas)?)?"
    r"\s*+(?:e\s*+)?(?:(\d{1,3})\s*+(?:m|min|mins|minuto|minutos)?)?\s*+(?:uteis|util|comerciais|comercial)?$"
)
_MINUTES = re.compile(r"^(\d{1,5})\s*+(?:m|min|mins|minuto|minutos)\s*+(?:uteis|util)?$")


@dataclass(frozen=True, slots=True)
class Line:
    """What one row of the table says. `number` is the row of the file, from 1; minutes are business minutes."""

    number: int
    product: str
    module: str
    service: str
    impact: str
    level: int
    diagnosis_minutes: int | None
    solution_minutes: int | None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells this line from others: names without accents and case."""
        return normalize(self.product), normalize(self.module), normalize(self.service), normalize(self.impact)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that was refused, with its own words and the reason."""

    number: int
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    lines: tuple[Line, ...]
    unreadable: tuple[Unreadable, ...]


class _Bad(Exception):
    """Why a row cannot be read."""


def parse(rows: Sequence[Sequence[str]], severity_names: Mapping[str, int]) -> Table:
    """Return what `rows` (of `spreadsheets.read`) say. A blank name repeats the one above it.

    `severity_names` is the level of each severity by its name, normalised: a table may say the name instead of the
    number. A row that repeats another with the same values counts once. Raises SheetRefused without a header.
    """
    start, columns = _header(rows)
    lines: dict[tuple[str, str, str, str], Line] = {}
    unreadable: list[Unreadable] = []
    above: dict[str, str] = {}
    for number, row in enumerate(rows[start:], start=start + 1):
        if not any(row):
            continue
        cells = {name: row[index] if index < len(row) else "" for name, index in columns.items()}
        above = _carried(cells, above)
        try:
            line = _line(number, cells | above, severity_names)
            _check_repeated(line, lines.get(line.key))
            lines.setdefault(line.key, line)
        except _Bad as bad:
            unreadable.append(Unreadable(number, " · ".join(filter(None, cells.values()))[:200], str(bad)))
    return Table(tuple(lines.values()), tuple(unreadable))


def minutes(text: str) -> int | None:
    """Return business minutes: "2 horas úteis", "40h", "1h30", "90 min", "2,5 h", "2" (hours); None when blank.

    Raises ValueError for anything else; days too, because how long a business day is depends on the calendar.
    """
    words = normalize(text).strip(" .")
    if not words or words == "-":
        return None
    if found := _MINUTES.match(words):
        return int(found[1]) or None
    found = _TIME.match(words)
    if found is None or found[1] is None or (found[2] and "." in found[1].replace(",", ".")):
        raise ValueError(text)
    total = round(float(found[1].replace(",", ".")) * 60) + int(found[2] or 0)
    return total or None


def hours(number: int | None) -> str:
    """Return minutes as they are typed: 2 h, 1h30; nothing for none."""
    if not number:
        return ""
    whole, rest = divmod(number, 60)
    if not rest:
        return f"{whole} h"
    return f"{whole}h{rest:02d}" if whole else f"{rest} min"


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the index of the row after the header, and where each column is."""
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        words = [normalize(cell) for cell in row]
        found = {name: column_of(words, *beginnings) for name, beginnings in _COLUMNS.items()}
        columns = {name: column for name, column in found.items() if column is not None}
        if {*_NAMES, "impact", "severity"} <= set(columns):
            return index + 1, columns
    raise SheetRefused(
        _(
            "The columns were not found. The first row must name them: família, categoria, sub-categoria, impacto, "
            "severidade, diagnóstico, solução."
        )
    )


def _carried(cells: Mapping[str, str], above: Mapping[str, str]) -> dict[str, str]:
    """A blank name is the one above, as long as the names to its left are the same."""
    names: dict[str, str] = {}
    same = True
    for name in _NAMES:
        names[name] = cells[name] or (above.get(name, "") if same else "")
        same = same and normalize(names[name]) == normalize(above.get(name, names[name]))
    return names


def _line(number: int, cells: Mapping[str, str], severity_names: Mapping[str, int]) -> Line:
    for name, sentence in (
        ("product", _("The family (product) is missing.")),
        ("module", _("The category (module) is missing.")),
        ("service", _("The sub-category (service) is missing.")),
        ("impact", _("The impact is missing.")),
    ):
        if not cells[name]:
            raise _Bad(sentence)
        if len(cells[name]) > _LONGEST[name]:
            raise _Bad(
                _("“%(words)s…” is longer than %(n)d characters.") % {"words": cells[name][:40], "n": _LONGEST[name]}
            )
    return Line(
        number,
        cells["product"],
        cells["module"],
        cells["service"],
        cells["impact"],
        _level(cells["severity"], severity_names),
        _time(cells.get("diagnosis", "")),
        _time(cells.get("solution", "")),
    )


def _level(text: str, names: Mapping[str, int]) -> int:
    words = normalize(text).strip(" .")
    if words in names:
        return names[words]
    if found := _LEVEL.match(words):
        return int(found[1])
    if not words:
        raise _Bad(_("The severity is missing."))
    raise _Bad(_("“%s” is no severity: write a level from 1 to 4, or its name.") % text)


def _time(text: str) -> int | None:
    try:
        return minutes(text)
    except ValueError:
        raise _Bad(_("“%s” is no time in business hours. Example: 2 horas úteis.") % text) from None


def _check_repeated(line: Line, first: Line | None) -> None:
    if first is None:
        return
    if (line.level, line.diagnosis_minutes, line.solution_minutes) != (
        first.level,
        first.diagnosis_minutes,
        first.solution_minutes,
    ):
        raise _Bad(_("This repeats row %d with other values. Keep one of the two.") % first.number)
