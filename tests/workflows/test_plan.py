import json
from dataclasses import replace

import pytest

from guiche.workflows import plan as planning
from guiche.workflows.plan import Plan, PlannedStatus, PlannedStep, PlanRefused
from guiche.workflows.stages import Family, Need, Stage, Taker


def status(key: str, name: str, stage: Stage, **values: object) -> PlannedStatus:
    return PlannedStatus(key, name, "", "", Family.WORK, stage, **values)  # type: ignore[arg-type]


def step(
    key: str, origin: str, target: str, name: str = "Seguir", takers: tuple[str, ...] = (Taker.AGENT,)
) -> PlannedStep:
    return PlannedStep(key, origin, target, name, takers)


NEW = status("1", "Aberto", Stage.NEW)
WORK = status("2", "Em atendimento", Stage.IN_PROGRESS)
WAITING = status("3", "Pendência", Stage.WAITING_ON_CUSTOMER)
DONE = status("4", "Fechado", Stage.DONE)
CANCELLED = status("5", "Cancelado", Stage.CANCELLED)
PLAN = Plan(
    1,
    (NEW, WORK, WAITING, DONE, CANCELLED),
    (step("11", "1", "2"), step("12", "2", "3"), step("13", "3", "2"), step("14", "2", "4"), step("15", "1", "5")),
)


class TestPutStatus:
    def test_changes_the_one_with_its_key(self):
        found = planning.put_status(PLAN, replace(WORK, name="  Cuidando "))

        assert found.status("2").name == "Cuidando"
        assert len(found.statuses) == 5

    def test_adds_a_new_one_at_the_end(self):
        found = planning.put_status(PLAN, status(PLAN.new_key(), "Triagem", Stage.IN_PROGRESS))

        assert found.statuses[-1].name == "Triagem"

    def test_gives_what_closes_by_itself_the_step_that_does_so(self):
        found = planning.put_status(PLAN, replace(WAITING, closes_after_days=5, warns_days_before=1))

        [silence] = [one for one in found.steps if one.happens_by_itself]
        assert (silence.origin, silence.target) == ("3", "4")

    def test_takes_that_step_away_with_the_term(self):
        with_term = planning.put_status(PLAN, replace(WAITING, closes_after_days=5))

        found = planning.put_status(with_term, WAITING)

        assert found.steps == PLAN.steps

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            (replace(WORK, name=" "), "name"),
            (replace(WORK, name="x" * 61), "name"),
            (replace(WORK, name="aberto"), "name"),
            (replace(WORK, closes_after_days=3), "closes_after_days"),
            (replace(WAITING, closes_after_days=400), "closes_after_days"),
            (replace(WAITING, closes_after_days=3, warns_days_before=3), "warns_days_before"),
            (replace(WAITING, warns_days_before=3), "warns_days_before"),
            (replace(DONE, pauses_clocks=True), "pauses_clocks"),
        ],
    )
    def test_refuses_what_makes_no_sense_beside_its_field(self, changed, field):
        with pytest.raises(PlanRefused) as refusal:
            planning.put_status(PLAN, changed)

        assert list(refusal.value.fields) == [field]

    @pytest.mark.parametrize(
        "changed", [replace(WORK, stage="done?"), replace(WORK, family="pink"), replace(WORK, code="AB")]
    )
    def test_refuses_what_no_list_offers(self, changed):
        with pytest.raises(PlanRefused):
            planning.put_status(PLAN, changed)

    def test_refuses_a_twenty_first_status(self):
        full = PLAN
        for number in range(15):
            full = planning.put_status(full, status(full.new_key(), f"Passo {number}", Stage.IN_PROGRESS))

        with pytest.raises(PlanRefused, match="20"):
            planning.put_status(full, status(full.new_key(), "Mais um", Stage.IN_PROGRESS))


class TestPutStep:
    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            (step("n1", "2", "2"), "target"),
            (step("n1", "5", "2"), "origin"),
            (step("n1", "2", "4", name=""), "name"),
            (step("n1", "2", "4", name="seguir"), "name"),
            (step("n1", "2", "5", takers=()), "takers"),
            (step("n1", "2", "5", takers=("boss",)), "takers"),
            (replace(step("n1", "2", "5"), asks=("money",)), "asks"),
        ],
    )
    def test_refuses_what_makes_no_sense_beside_its_field(self, changed, field):
        with pytest.raises(PlanRefused) as refusal:
            planning.put_step(PLAN, changed)

        assert list(refusal.value.fields) == [field]

    def test_refuses_a_status_that_is_gone(self):
        with pytest.raises(PlanRefused, match=r"no longer|não está mais"):
            planning.put_step(PLAN, step("n1", "2", "99"))

    def test_adds_one(self):
        found = planning.put_step(PLAN, replace(step("n1", "2", "5", name="Cancelar"), asks=(Need.REASON,)))

        assert found.step("n1").asks == (Need.REASON,)


class TestRemove:
    def test_takes_the_steps_of_a_status_along(self):
        found = planning.remove_status(PLAN, "3")

        assert [one.key for one in found.steps] == ["11", "14", "15"]

    @pytest.mark.parametrize(
        ("key", "by", "order"), [("2", -1, "21345"), ("2", 1, "13245"), ("1", -1, "12345"), ("5", 9, "12345")]
    )
    def test_moves_within_the_list(self, key, by, order):
        assert "".join(one.key for one in planning.move_status(PLAN, key, by).statuses) == order


class TestProblems:
    def test_finds_none_in_a_whole_plan(self):
        assert planning.problems(PLAN) == []

    @pytest.mark.parametrize(
        "broken",
        [
            planning.move_status(PLAN, "2", -1),
            planning.remove_status(PLAN, "4"),
            planning.remove_step(PLAN, "13"),
            Plan(1, (), ()),
            replace(PLAN, statuses=(NEW, WORK, replace(WAITING, closes_after_days=3), DONE, CANCELLED)),
        ],
        ids=["begins in the middle", "never done", "no way out", "empty", "closes without a step"],
    )
    def test_finds_what_is_missing(self, broken):
        assert planning.problems(broken)


class TestChanges:
    def test_says_nothing_of_the_same_plan(self):
        assert planning.changes(PLAN, planning.load(planning.dump(PLAN))) == []

    @pytest.mark.parametrize(
        ("changed", "count"),
        [
            (planning.put_status(PLAN, replace(WORK, name="Cuidando")), 1),
            (planning.put_status(PLAN, replace(WAITING, closes_after_days=5)), 2),
            (planning.put_status(PLAN, replace(WAITING, pauses_clocks=True)), 1),
            (planning.remove_status(PLAN, "3"), 1),
            (planning.move_status(PLAN, "2", 1), 1),
            (planning.remove_step(PLAN, "13"), 1),
            (planning.put_step(PLAN, replace(PLAN.step("13"), name="Voltar")), 1),
        ],
    )
    def test_says_each_once(self, changed, count):
        assert len(planning.changes(PLAN, changed)) == count


def test_load_lets_the_stage_say_what_an_older_draft_did_not():
    found = json.loads(planning.dump(PLAN))
    for one in found["statuses"]:
        del one["pauses_clocks"]

    assert [one.pauses_clocks for one in planning.load(json.dumps(found)).statuses] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_load_refuses_what_dump_did_not_write():
    for text in ("", "{}", '{"version": 1, "statuses": [{}], "steps": []}'):
        with pytest.raises(PlanRefused):
            planning.load(text)
