"""docs/howto/screens.md, the reference of macros and elements, compared with the code."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/howto/screens.md").read_text()
PARTS = ROOT / "guiche/web/templates/parts"
SCRIPTS = ROOT / "guiche/web/static/js"

_MACRO = re.compile(r"{%-?\s*macro (\w+)\((.*?)\)\s*-?%}", re.S)
_WRITTEN = re.compile(r"`(\w+)\(([^`]*)\)`")
_ELEMENT = re.compile(r'customElements\.define\("([\w-]+)"')


def macros() -> dict[str, str]:
    """Return what each macro takes, by name."""
    found = [one for path in PARTS.glob("*.html") for one in _MACRO.findall(path.read_text())]
    return {name: " ".join(takes.split()) for name, takes in found}


def elements() -> set[str]:
    return {name for path in SCRIPTS.glob("*.js") for name in _ELEMENT.findall(path.read_text())}


class TestMacros:
    def test_take_what_the_page_says(self) -> None:
        known = macros()
        written = [(name, takes) for name, takes in _WRITTEN.findall(PAGE) if name in known]

        assert len(written) > 30
        assert [(name, takes, known[name]) for name, takes in written if takes != known[name]] == []


class TestElements:
    def test_are_those_of_the_page(self) -> None:
        named = set(re.findall(r"<([a-z]+-[a-z-]+)", PAGE))

        assert len(named) > 15
        assert named == elements()
