"""Modules that say they are pure keep to it: no models, so no database; the innermost not even Django."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Import nothing of Django and its neighbours at all.
WITHOUT_DJANGO = (
    "guiche.config.env",
    "guiche.core.errors",
    "guiche.core.logs",
    "guiche.core.text",
    "guiche.files.decoder",
    "guiche.mail.colour",
    "guiche.organizations.mail_domains",
    "guiche.sla.ledger",
    "guiche.sla.strip",
    "guiche.tickets.closing",
)
# Say nothing of it, and are.
ALSO_PURE = ("guiche.core.formatting", "guiche.workflows.moves", "guiche.workflows.stages")

_IMPORT = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
"""
_WITHOUT_APPS = """
from django.conf import settings
settings.configure(USE_I18N=False)
"""
_WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "psycopg", "procrastinate", "allauth"}:
            raise ImportError(name)
sys.meta_path.insert(0, Absent())
"""


def declared() -> list[str]:
    """Return the modules that call themselves pure in the line that says what they are."""
    found = []
    for path in sorted((ROOT / "guiche").rglob("*.py")):
        words = ast.get_docstring(ast.parse(path.read_text())) or ""
        if "Pure" in words or ": pure" in words:
            found.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found


def imported(code: str, *modules: str) -> "subprocess.CompletedProcess[str]":
    """Import `modules` in an interpreter of their own."""
    command = [sys.executable, "-c", code, *modules]
    return subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)


def test_what_says_it_is_pure_needs_no_models() -> None:
    assert len(declared()) > 5

    answer = imported(_WITHOUT_APPS + _IMPORT, *declared(), *ALSO_PURE)

    assert answer.returncode == 0, answer.stderr[-2000:]


def test_the_innermost_do_without_django() -> None:
    answer = imported(_WITHOUT + _IMPORT, *WITHOUT_DJANGO)

    assert answer.returncode == 0, answer.stderr[-2000:]


@pytest.mark.parametrize(
    ("code", "module"), [(_WITHOUT_APPS, "guiche.tickets.models"), (_WITHOUT, "guiche.files.sizes")]
)
def test_the_check_can_fail(code: str, module: str) -> None:
    assert imported(code + _IMPORT, module).returncode != 0
