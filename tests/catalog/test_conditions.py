"""When fields appear: by example, and against an obvious twin for any form."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiche.catalog import conditions
from guiche.catalog.conditions import Condition, bringer, hanging_on, hangs_on, holds, shown


@dataclass(frozen=True)
class Line:
    code: str
    rules: tuple[Condition, ...] = ()


CODES = ("product", "failure", "severity", "custom-1", "custom-2", "custom-3")
ASKED = (*CODES, "module", "gone")
VALUES = ("1", "2", "on")

rules = st.builds(Condition, st.sampled_from(ASKED), st.sampled_from(VALUES), st.booleans())
forms = st.lists(st.sampled_from(CODES), unique=True).flatmap(
    lambda codes: st.tuples(*(st.builds(Line, st.just(code), st.lists(rules, max_size=3).map(tuple)) for code in codes))
)
said = st.dictionaries(
    st.sampled_from(ASKED), st.sampled_from(VALUES) | st.lists(st.sampled_from(VALUES), max_size=3), max_size=5
)


def slowly_shown(lines, answers):
    """Hide whatever asks for what does not stand there, until nothing more goes; then what only holds itself up."""
    standing = {line.code for line in lines if all(holds(rule, answers) for rule in line.rules)}
    settled: set[str] = set()
    while True:
        ready = {
            line.code
            for line in lines
            if line.code in standing and all(bringer(rule.field) in settled for rule in line.rules)
        }
        if ready == settled:
            return [line for line in lines if line.code in settled]
        settled = ready


class TestHolds:
    @pytest.mark.parametrize(
        ("answer", "is_equal", "expected"),
        [
            ("A", True, True),
            ("B", True, False),
            ("", True, False),
            (["A", "B"], True, True),
            ([], True, False),
            ("A", False, False),
            ("B", False, True),
            ("", False, True),
            (["A", "B"], False, False),
            ([], False, True),
        ],
    )
    def test_says(self, answer, is_equal, expected):
        assert holds(Condition("custom-1", "A", is_equal), {"custom-1": answer}) == expected


class TestShown:
    @given(forms, said)
    def test_is_what_the_slow_way_finds(self, lines, answers):
        assert shown(lines, answers) == slowly_shown(lines, answers)

    @given(forms, said)
    def test_never_shows_what_asks_for_what_is_not_shown(self, lines, answers):
        seen = {line.code for line in shown(lines, answers)}

        assert all(bringer(rule.field) in seen for line in lines if line.code in seen for rule in line.rules)

    @given(forms, said, st.sampled_from(ASKED))
    def test_does_not_hear_what_a_hidden_field_says(self, lines, answers, field):
        """What a browser sends for a hidden field changes nothing."""
        before = shown(lines, answers)
        if bringer(field) in {line.code for line in before}:
            return
        without = {code: answer for code, answer in answers.items() if code != field}

        assert shown(lines, without) == before

    @given(forms, said)
    def test_always_shows_what_has_no_condition(self, lines, answers):
        assert {line for line in lines if not line.rules} <= set(shown(lines, answers))

    def test_costs_little_for_a_long_chain_of_many_conditions(self):
        """Each hangs on the one before by five rules: once per path would be 5 ** 40 steps."""
        lines = [Line("custom-0")]
        for n in range(1, 40):
            lines.append(Line(f"custom-{n}", tuple(Condition(f"custom-{n - 1}", str(v), False) for v in range(5))))

        assert shown(lines, {}) == lines

    def test_hides_a_circle_and_what_hangs_on_it(self):
        one = Line("custom-1", (Condition("custom-2", "x", False),))
        other = Line("custom-2", (Condition("custom-1", "x", False),))
        hanging = Line("custom-3", (Condition("custom-1", "x", False),))

        assert shown([one, other, hanging], {}) == []


class TestHangsOn:
    @given(forms)
    def test_finds_every_circle(self, lines):
        """Where nothing hangs on itself or on what is gone, some answer shows each line that contradicts nothing."""
        circles = {line.code for line in lines if hangs_on(line.code, line.code, lines)}

        assert not circles & {line.code for line in shown(lines, {})}

    def test_goes_through_others(self):
        lines = [Line("custom-1", (Condition("module", "1"),)), Line("custom-2", (Condition("custom-1", "x"),))]

        assert hangs_on("custom-2", "product", lines)
        assert not hangs_on("custom-1", "custom-2", lines)

    def test_counts_the_module_as_the_line_of_the_product(self):
        line = Line("custom-1", (Condition("module", "1"),))

        assert hanging_on("product", [line]) == [line]


class TestKept:
    @given(st.lists(rules).map(tuple))
    def test_comes_back_as_it_was(self, some):
        assert conditions.load(conditions.dump(some)) == some
