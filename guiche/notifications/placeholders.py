"""Names in braces that an administrator writes into a letter: which there are, and putting values in their place.

A name is replaced once, by a value that is read no further: this is no language, and nothing else can be written in it.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from guiche.core import text

NUMBER, TITLE, READER, ACTOR = "numero", "titulo", "pessoa", "autor"
ORGANIZATION, STATUS, ASSIGNEE, TEAM = "organizacao", "status", "responsavel", "equipe"
DAY, PORTAL, NEWS, NEXT_STEP = "prazo", "portal", "novidade", "proximo_passo"

# In the order in which the page lists them.
NAMES = (NEWS, NEXT_STEP, ACTOR, READER, NUMBER, TITLE, STATUS, DAY, ORGANIZATION, ASSIGNEE, TEAM, PORTAL)
# What the letters to an address in copy leave out, so that no subject tells it.
NOT_FOR_COPIES = frozenset({ORGANIZATION, ASSIGNEE, TEAM})

_PIECE = re.compile(r"\{([^{}\n]*)\}|[{}][^\s{}]*")


class Misread(ValueError):
    """A brace that means nothing. `what` stands there, on `line` (from 1); `is_name` when it is a name not known."""

    def __init__(self, what: str, line: int, *, is_name: bool) -> None:
        super().__init__(what)
        self.what, self.line, self.is_name = what, line, is_name


def check(template: str) -> None:
    """Raise Misread at the first brace in `template` that is not around a name of NAMES."""
    for found in _PIECE.finditer(template):
        name = found.group(1)
        if name is None or _known(name) not in NAMES:
            line = template.count("\n", 0, found.start()) + 1
            raise Misread(found.group(), line, is_name=name is not None)


def named_in(template: str) -> set[str]:
    """Return the names of NAMES that stand in `template`."""
    return {_known(found.group(1)) for found in _PIECE.finditer(template) if found.group(1) is not None} & set(NAMES)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with its names replaced. What is no name stays as it stands; a value is not looked into."""
    return _PIECE.sub(lambda found: _value(found, values), template)


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = found.group(1)
    return values.get(_known(name), found.group()) if name is not None else found.group()


def _known(name: str) -> str:
    """Return a name as NAMES has it: "{ Título }" is understood too."""
    return text.normalize(name).replace(" ", "_")
