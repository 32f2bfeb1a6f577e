"""Names in braces: the known ones become values, everything else is refused where it is written."""

import time

import pytest

from guiche.notifications import placeholders
from guiche.notifications.placeholders import Misread, check, fill, named_in

VALUES = {name: f"<{name}>" for name in placeholders.NAMES}


class TestFill:
    def test_replaces_every_name(self) -> None:
        template = " ".join(f"{{{name}}}" for name in placeholders.NAMES)

        assert fill(template, VALUES) == " ".join(VALUES.values())

    def test_takes_names_as_people_write_them(self) -> None:
        assert fill("{Título} { autor } {PRÓXIMO PASSO}", VALUES) == "<titulo> <autor> <proximo_passo>"

    def test_67_a_value_is_not_looked_into(self) -> None:
        values = VALUES | {"titulo": "{autor} {{7*7}} {0.__class__} %(who)s"}

        assert fill("{titulo}", values) == "{autor} {{7*7}} {0.__class__} %(who)s"

    @pytest.mark.parametrize("text", ["{0}", "{titulo.__class__}", "{titulo!r}", "{titulo:>99999999}", "{{7*7}}", "{x"])
    def test_67_is_no_language(self, text: str) -> None:
        assert "<" not in fill(text, VALUES).replace("<titulo>", "")

    def test_157_is_quick_on_anything(self) -> None:
        began = time.monotonic()
        for text in ("{" * 20_000, "{a" * 10_000, "}" * 20_000, "{" + "a" * 20_000):
            fill(text, VALUES)

        assert time.monotonic() - began < 1


class TestCheck:
    @pytest.mark.parametrize("text", ["", "Olá", "{autor} respondeu", "{ Título }\n{prazo}"])
    def test_takes_text_with_known_names(self, text: str) -> None:
        check(text)

    @pytest.mark.parametrize(
        ("text", "what", "line", "is_name"),
        [
            ("Oi, {nome}", "{nome}", 1, True),
            ("Oi\n\n{autor} {senha} {x}", "{senha}", 3, True),
            ("{}", "{}", 1, True),
            ("{autor", "{autor", 1, False),
            ("um\nautor} dois", "}", 2, False),
            ("{{autor}}", "{", 1, False),
        ],
    )
    def test_says_what_means_nothing_and_where(self, text: str, what: str, line: int, is_name: bool) -> None:
        with pytest.raises(Misread) as raised:
            check(text)

        assert (raised.value.what, raised.value.line, raised.value.is_name) == (what, line, is_name)


def test_named_in_tells_the_names() -> None:
    assert named_in("{Organização}: {titulo} {senha}") == {"organizacao", "titulo"}
