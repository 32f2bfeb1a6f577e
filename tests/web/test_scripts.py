"""guiche/web/scripts.py and the elements themselves."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from guiche.web import scripts

JS = Path(settings.BASE_DIR) / "guiche/web/static/js"


def test_lists_every_element_once() -> None:
    assert sorted(scripts.ELEMENTS) == sorted(path.stem for path in JS.glob("*.js"))


def test_joins_each_inside_a_block_of_its_own() -> None:
    joined = scripts.joined()

    assert joined.count("customElements.define(") == len(scripts.ELEMENTS)
    assert joined.startswith("{\n// <auto-save")
    assert joined.count("{") == joined.count("}")


@pytest.mark.parametrize("name", scripts.ELEMENTS)
class TestElement:
    def test_is_named_as_its_file(self, name: str) -> None:
        assert re.findall(r'customElements\.define\("([\w-]+)"', (JS / f"{name}.js").read_text()) == [name]

    def test_says_first_what_it_is_for(self, name: str) -> None:
        assert (JS / f"{name}.js").read_text().startswith(f"// <{name}")

    def test_stands_alone(self, name: str) -> None:
        text = (JS / f"{name}.js").read_text()

        assert not re.search(
            r"^\s*(import|export)\b|\beval\(|new Function|innerHTML|document\.write", text, re.MULTILINE
        )

    def test_holds_no_word_for_a_person(self, name: str) -> None:
        code = re.sub(r"//.*", "", (JS / f"{name}.js").read_text())

        assert not re.search(r"[À-ÿ]", code)

    def test_fits_a_screen_or_two(self, name: str) -> None:
        assert len((JS / f"{name}.js").read_text().splitlines()) <= 95
