"""The figures beside their limits: a table for people, JSON for comparisons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from guiche.operations.bench.outside import Waited
    from guiche.operations.bench.pages import Page

OK, MISSED = "ok", "missed"
HEAD = (
    *("page", "queries", "", "CPU ms", "", "in process", "database ms", "1 client p50", "p95"),
    *("8 clients p50", "p95"),
)


@dataclass(frozen=True)
class Figures:
    """What one page costs."""

    queries: int
    cpu_ms: float
    inside_cpu_ms: float
    database_ms: float
    alone: Waited
    crowded: Waited


@dataclass(frozen=True)
class Line:
    page: Page
    figures: Figures

    def verdicts(self) -> tuple[str, str]:
        """Return what is said of the queries and of the CPU; "" where there is no limit."""
        return _verdict(self.figures.queries, self.page.most_queries), _verdict(self.figures.cpu_ms, self.page.most_ms)

    def cells(self) -> list[str]:
        found, (of_queries, of_cpu) = self.figures, self.verdicts()
        return [
            self.page.name,
            _beside(found.queries, self.page.most_queries),
            of_queries,
            _beside(found.cpu_ms, self.page.most_ms),
            of_cpu,
            f"{found.inside_cpu_ms:.1f}",
            f"{found.database_ms:.1f}",
            *(f"{ms:.0f}" for ms in (found.alone.p50, found.alone.p95, found.crowded.p50, found.crowded.p95)),
        ]


@dataclass(frozen=True)
class Constant:
    """The queries of a list with one row and with many."""

    name: str
    few: int
    many: int

    @property
    def verdict(self) -> str:
        return OK if self.few == self.many else MISSED


@dataclass(frozen=True)
class Pace:
    """How long something takes that is no page, in `unit`."""

    name: str
    figure: float
    unit: str
    limit: float | None = None

    @property
    def verdict(self) -> str:
        return _verdict(self.figure, self.limit)


def table(lines: list[Line]) -> str:
    """Return the standard pages as text, one a line."""
    return _aligned([list(HEAD), *(line.cells() for line in lines)])


def constants(found: list[Constant]) -> str:
    """Return the lists as text, one a line."""
    rows = [[one.name, str(one.few), str(one.many), one.verdict] for one in found]
    return _aligned([["list: queries", "few rows", "many", ""], *rows])


def paces(title: str, found: Sequence[Pace]) -> str:
    """Return what is no page as text, one a line."""
    rows = [[one.name, _beside(one.figure, one.limit), one.unit, one.verdict] for one in found]
    return _aligned([[title, "", "", ""], *rows])


def write(
    path: Path, lines: list[Line], lists: list[Constant], machine: dict[str, Any], found: Sequence[Pace] = ()
) -> None:
    """Keep everything as JSON."""
    pages = [
        {
            "page": line.page.name,
            **asdict(line.figures),
            "verdicts": dict(zip(("queries", "cpu"), line.verdicts(), strict=True)),
        }
        for line in lines
    ]
    kept = {"machine": machine, "pages": pages, "lists": [{**asdict(one), "verdict": one.verdict} for one in lists]}
    kept["paces"] = [{**asdict(one), "verdict": one.verdict} for one in found]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def missed(lines: list[Line], lists: list[Constant], found: Sequence[Pace] = ()) -> int:
    """Return how many limits were missed."""
    cells = [verdict for line in lines for verdict in line.verdicts()]
    return [*cells, *(one.verdict for one in lists), *(one.verdict for one in found)].count(MISSED)


def _verdict(figure: float, limit: float | None) -> str:
    if limit is None:
        return ""
    return OK if figure <= limit else MISSED


def _beside(figure: float, limit: float | None) -> str:
    shown = f"{figure:.1f}" if isinstance(figure, float) else str(figure)
    return shown if limit is None else f"{shown} / {limit:g}"


def _aligned(rows: list[list[str]]) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return "\n".join(_spaced(row, widths) for row in rows)


def _spaced(row: list[str], widths: list[int]) -> str:
    first, *others = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]).rstrip()
