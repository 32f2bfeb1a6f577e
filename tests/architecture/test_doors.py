"""What no door of the product may do, whatever its pages look like: read in the code and in the table of addresses."""

import ast
import html
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from tests.architecture import walk

PRODUCT = Path(__file__).parents[2] / "guiche"
MODULES = sorted(path for path in PRODUCT.rglob("*.py") if "operations" not in path.parts)
QUERIES = {"execute", "executemany", "raw", "extra", "RawSQL"}
RUN = {"eval", "exec", "compile", "__import__"}
UNSAFE = {"pickle", "marshal", "shelve", "yaml", "subprocess", "ctypes", "code", "runpy"}
# The one that runs decoders of ours in processes of their own, with limits on memory and time.
MAY_RUN_PROGRAMS = {"guiche/core/decoding.py"}
# What must not be a page at all: code, packages, the database, another person's shoes.
NO_PAGE_FOR = (
    "plugin",
    "theme-upload",
    "shell",
    "console",
    "sql",
    "restore",
    "package",
    "impersonate",
    "hijack",
    "debug",
)


def _views(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern)
        else:
            yield pattern


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


def _is_fixed(text: ast.expr) -> bool:
    """Whether a query is one text, or one with constants of the module in it; never with what somebody sent."""
    if isinstance(text, ast.JoinedStr):
        inside = [part.value for part in text.values if isinstance(part, ast.FormattedValue)]
        return all(isinstance(one, ast.Name) and one.id.isupper() for one in inside)
    return isinstance(text, ast.Constant) or (isinstance(text, ast.Name) and text.id.isupper())


def _imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {one.name.partition(".")[0] for one in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


class TestAddresses:
    def test_case_116_none_goes_without_its_token(self) -> None:
        exempt = [view.name for view in _views(get_resolver()) if getattr(view.callback, "csrf_exempt", False)]

        assert not exempt

    def test_cases_149_175_none_installs_restores_or_runs_anything(self) -> None:
        found = [name for name in walk.routes() if any(word in name for word in NO_PAGE_FOR)]

        assert not found

    def test_case_172_nothing_that_people_made_is_deleted_by_a_page(self) -> None:
        """What goes is a line of a form, a draft, a file not sent yet; people, tickets and organisations are closed."""
        gone = {name for name in walk.routes() if name.endswith(("-delete", "-remove", "-redact"))}

        assert gone == {
            *("manage:product-remove", "manage:product-row-remove", "manage:form-field-remove"),
            *("manage:status-remove", "manage:step-remove", "manage:domain-remove", "desk:comment-redact"),
            *("manage:calendar-day-remove", "manage:calendar-worked-remove"),
        }


class TestHtmx:
    def test_case_68_runs_no_code_and_asks_only_us(self, client: Client, db: None) -> None:
        page = client.get("/entrar/").content.decode()
        said = json.loads(html.unescape(page.split('name="htmx-config" content=\'')[1].split("'")[0]))

        assert (said["allowEval"], said["selfRequestsOnly"], said["historyCacheSize"]) == (False, True, 0)


class TestCode:
    @pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PRODUCT)))
    def test_cases_134_142_no_query_is_put_together_from_words(self, path: Path) -> None:
        wrong = [
            f"{path.name}:{call.lineno}"
            for name, call in _calls(path)
            if name in QUERIES and call.args and not _is_fixed(call.args[0])
        ]

        assert not wrong

    def test_cases_140_149_nothing_that_was_kept_is_run(self) -> None:
        wrong = []
        for path in MODULES:
            where = str(path.relative_to(PRODUCT.parent))
            named = {name for name, call in _calls(path) if isinstance(call.func, ast.Name)} & RUN
            wrong += [f"{where}: {name}" for name in named]
            if where not in MAY_RUN_PROGRAMS:
                wrong += [f"{where}: {name}" for name in _imported(path) & UNSAFE]

        assert not wrong

    def test_sees_a_query_put_together(self) -> None:
        read = "cursor.execute(f'SELECT {name}')", "cursor.execute('a' + name)", "rows.raw(words % name)"

        for words in read:
            call = next(node for node in ast.walk(ast.parse(words)) if isinstance(node, ast.Call))
            assert not _is_fixed(call.args[0])
