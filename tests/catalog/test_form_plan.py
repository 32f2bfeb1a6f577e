"""A form on paper: what may be written there, what it says of a change, and two people at once."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiche.catalog import form_plan
from guiche.catalog.conditions import Condition
from guiche.catalog.form_changes import changed_by_both, changes, rebased
from guiche.catalog.form_plan import FormRefused, OwnField, Plan, PlannedLine

TITLE = PlannedLine("title", is_required=True)
PRODUCT = PlannedLine("product")
CHOICE = PlannedLine("custom-1", OwnField("Modelo", "choice", ("A", "B")))
BOX = PlannedLine("custom-2", OwnField("Urgente", "checkbox"))
SECRET = PlannedLine("custom-3", OwnField("Causa", "choice", ("X", "Y"), is_for_customers=False))
TEXT = PlannedLine("custom-4", OwnField("Sala", "text"))
FORM = Plan(1, (TITLE, PRODUCT, CHOICE, BOX, SECRET, TEXT))


def words(rule):
    return rule.value


def hanging(line, *rules):
    return replace(line, rules=rules)


class TestPut:
    def test_takes_several_conditions(self):
        line = hanging(TEXT, Condition("module", "7"), Condition("custom-1", "A", is_equal=False))

        assert form_plan.put(FORM, line).line("custom-4") == line

    @pytest.mark.parametrize(
        ("line", "rule", "name"),
        [
            (CHOICE, Condition("custom-1", "A"), "field_0"),  # itself
            (TEXT, Condition("custom-9", "A"), "field_0"),  # not in the form
            (TEXT, Condition("severity", "1"), "field_0"),  # no such line
            (TEXT, Condition("title", "x"), "field_0"),  # nothing to choose
            (TEXT, Condition("custom-3", "X"), "field_0"),  # only the team sees it
            (PRODUCT, Condition("custom-3", "X"), "field_0"),
            (TEXT, Condition("custom-1", "C"), "value_0"),  # no such option
            (TEXT, Condition("module", " "), "value_0"),
        ],
    )
    def test_refuses_a_condition_beside_its_input(self, line, rule, name):
        with pytest.raises(FormRefused) as refusal:
            form_plan.put(FORM, hanging(line, rule))

        assert list(refusal.value.fields) == [name]

    def test_lets_what_only_the_team_sees_hang_on_another_such(self):
        secret = PlannedLine("custom-5", OwnField("Detalhe", "text", is_for_customers=False))
        form = form_plan.add(FORM, secret)

        assert form_plan.put(form, hanging(secret, Condition("custom-3", "X")))

    def test_refuses_a_circle_through_others(self):
        form = form_plan.put(FORM, hanging(BOX, Condition("custom-1", "A")))

        with pytest.raises(FormRefused) as refusal:
            form_plan.put(form, hanging(CHOICE, Condition("custom-2", "on")))

        assert "field_0" in refusal.value.fields

    @pytest.mark.parametrize("second", [Condition("custom-1", "B"), Condition("custom-1", "A", is_equal=False)])
    def test_refuses_what_would_never_appear(self, second):
        with pytest.raises(FormRefused):
            form_plan.put(FORM, hanging(TEXT, Condition("custom-1", "A"), second))

    def test_takes_two_choices_of_several(self):
        many = PlannedLine("custom-1", OwnField("Onde", "choices", ("A", "B")))
        form = Plan(1, (TITLE, many, TEXT))

        assert form_plan.put(form, hanging(TEXT, Condition("custom-1", "A"), Condition("custom-1", "B")))

    def test_keeps_the_title_and_the_kind(self):
        with pytest.raises(FormRefused):
            form_plan.put(FORM, replace(TITLE, is_required=False))
        with pytest.raises(FormRefused) as refusal:
            form_plan.put(FORM, replace(TEXT, own=OwnField("Sala", "number")))
        assert "kind" in refusal.value.fields

    @pytest.mark.parametrize("choices", [(), ("Só uma",), ("Igual", "Igual"), tuple(str(n) for n in range(201))])
    def test_refuses_a_choice_with_nothing_to_choose(self, choices):
        with pytest.raises(FormRefused) as refusal:
            form_plan.add(FORM, PlannedLine("new-1", OwnField("Tipo", "choice", choices)))

        assert "choices" in refusal.value.fields


class TestRemove:
    def test_says_which_fields_hang_on_it(self):
        form = form_plan.put(FORM, hanging(TEXT, Condition("custom-1", "A")))

        with pytest.raises(FormRefused, match="Sala"):
            form_plan.remove(form, "custom-1")

        assert form_plan.remove(form_plan.remove(form, "custom-4"), "custom-1").codes == [
            *("title", "product", "custom-2", "custom-3")
        ]

    def test_counts_the_module_as_the_product(self):
        form = form_plan.put(FORM, hanging(TEXT, Condition("module", "7")))

        with pytest.raises(FormRefused, match="Sala"):
            form_plan.remove(form, "product")

    def test_keeps_the_title(self):
        with pytest.raises(FormRefused):
            form_plan.remove(FORM, "title")


class TestMove:
    @pytest.mark.parametrize(("places", "place"), [(-1, 4), (-9, 0), (1, 5)])
    def test_stays_within_the_form(self, places, place):
        assert form_plan.move(FORM, "custom-4", places).codes.index("custom-4") == place


class TestProblems:
    def test_are_none_in_a_form_that_may_be_published(self):
        assert form_plan.problems(FORM, words) == []

    def test_find_an_option_that_left_and_a_field_that_turned_secret(self):
        form = form_plan.put(FORM, hanging(TEXT, Condition("custom-1", "A")))
        without = form_plan.put(form, replace(CHOICE, own=OwnField("Modelo", "choice", ("B", "C"))))
        secret = form_plan.put(form, replace(CHOICE, own=replace(CHOICE.own, is_for_customers=False)))

        assert len(form_plan.problems(without, words)) == 1
        assert len(form_plan.problems(secret, words)) == 1

    def test_find_an_answer_that_is_gone(self):
        form = form_plan.put(FORM, hanging(TEXT, Condition("module", "7")))

        assert len(form_plan.problems(form, lambda rule: "")) == 1

    @pytest.mark.parametrize(
        ("source", "field", "count"),
        [("chosen", "severity", 0), ("none", "severity", 1), ("matrix", "urgency", 0), ("chosen", "impact", 1)],
    )
    def test_find_what_nobody_is_asked_for(self, source, field, count):
        lines = (TITLE, PlannedLine("severity"), PlannedLine("urgency"), hanging(TEXT, Condition(field, "1")))

        assert len(form_plan.problems(Plan(1, lines), words, form_plan.unasked(source))) == count


class TestChanges:
    def test_say_nothing_of_the_same_form(self):
        assert changes(FORM, FORM, words) == []

    def test_say_what_a_line_changes(self):
        new = form_plan.put(FORM, hanging(replace(TEXT, is_required=True), Condition("custom-1", "A")))
        new = form_plan.remove(form_plan.move(new, "custom-1", -2), "custom-2")
        new = form_plan.put(new, replace(new.line("custom-1"), own=OwnField("Marca", "choice", ("A", "C"))))

        told = " ".join(changes(FORM, new, words))

        for words_said in ("“Marca”", "“C”", "“B”", "“Sala”", "Marca", "“Urgente”"):
            assert words_said in told
        assert len(changes(FORM, new, words)) == 7


pieces = st.sampled_from([PRODUCT, CHOICE, BOX, SECRET, TEXT])
helps = st.sampled_from(["", "a", "b"])
lines = st.builds(lambda line, flag, words: replace(line, is_required=flag, help=words), pieces, st.booleans(), helps)
plans = st.lists(lines, unique_by=lambda line: line.code).map(lambda some: Plan(1, (TITLE, *some)))


class TestRebased:
    def test_keeps_what_each_of_two_changed(self):
        mine = form_plan.put(FORM, replace(TEXT, help="minha"))
        mine = form_plan.add(mine, PlannedLine("new-1", OwnField("Nova", "text")))
        theirs = replace(form_plan.put(FORM, replace(TEXT, is_required=True)), version=2)
        theirs = form_plan.move(theirs, "custom-1", -1)

        both = rebased(FORM, mine, theirs)

        assert (both.line("custom-4").help, both.line("custom-4").is_required) == ("minha", True)
        assert both.codes == ["title", "custom-1", "product", "custom-2", "custom-3", "custom-4", "new-1"]
        assert both.version == 2
        assert changed_by_both(FORM, mine, theirs) == ["Sala"]

    @given(plans, plans)
    def test_is_theirs_when_nothing_is_mine(self, base, theirs):
        assert rebased(base, base, theirs) == theirs

    @given(plans, plans)
    def test_is_mine_when_nothing_is_theirs(self, base, mine):
        assert rebased(base, mine, base).lines == mine.lines

    @given(plans, plans, plans)
    def test_never_loses_a_field_that_i_added_or_changed(self, base, mine, theirs):
        both = rebased(base, mine, theirs)

        assert {line.code for line in mine.lines if line != base.get(line.code)} <= set(both.codes)
        assert len(both.codes) == len(set(both.codes))

    @given(plans)
    def test_kept_comes_back_as_it_was(self, plan):
        assert form_plan.load(form_plan.dump(plan)) == plan
