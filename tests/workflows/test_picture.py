import pytest

from guiche.workflows import narrow_picture, picture, shipped
from guiche.workflows.plan import Plan, PlannedStatus, PlannedStep
from guiche.workflows.stages import Family, Stage


def planned(workflow: shipped.ShippedWorkflow) -> Plan:
    return Plan(
        1,
        tuple(
            PlannedStatus(one.key, one.name, one.customer_name, one.code, one.family, one.stage, one.closes_after_days)
            for one in workflow.statuses
        ),
        tuple(PlannedStep(one.key, one.origin, one.target, one.name, one.takers, one.asks) for one in workflow.steps),
    )


ALL = pytest.mark.parametrize("plan", [planned(one) for one in shipped.ALL], ids=[one.slug for one in shipped.ALL])
BOTH = pytest.mark.parametrize("draw", [picture.wide, narrow_picture.draw])


def with_testing(plan: Plan) -> Plan:
    """The plan with one more status beside the way, that one goes to and comes back from."""
    testing = PlannedStatus("testing", "Em teste com o cliente", "", "", Family.WORK, Stage.IN_PROGRESS, None)
    there = PlannedStep("test", "working", "testing", "Testar", ("agent",), ())
    back = PlannedStep("back", "testing", "working", "Voltar", ("agent",), ())
    return Plan(1, (*plan.statuses, testing), (*plan.steps, there, back))


def crossings(drawing: picture.Drawing) -> list[tuple[str, str]]:
    """Words that stand over other words, or over the name in a box."""
    written = [(line.words, *_box_of(line)) for line in drawing.lines]
    boxes = [(node.text, node.x, node.y + 6, node.right, node.bottom - 6) for node in drawing.nodes]
    pairs = [(one, other) for index, one in enumerate(written) for other in (*written[index + 1 :], *boxes)]
    return [(one[0], other[0]) for one, other in pairs if _overlap(one[1:], other[1:])]


def _box_of(line: picture.Line) -> tuple[float, float, float, float]:
    width = len(line.words) * 5.8
    left = line.x - {"start": 0, "middle": width / 2, "end": width}[line.anchor]
    return left - 3, line.y - 9, left + width + 3, line.y + 2


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class TestDrawing:
    @ALL
    @BOTH
    def test_shows_every_status_once_without_overlap(self, plan, draw):
        nodes = draw(plan).nodes

        assert sorted(node.status.key for node in nodes) == sorted(status.key for status in plan.statuses)
        for one in nodes:
            for other in nodes:
                apart = one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y
                assert one is other or apart

    @ALL
    @BOTH
    def test_keeps_every_box_inside_the_view(self, plan, draw):
        drawing = draw(plan)

        for node in drawing.nodes:
            assert node.x >= 0
            assert node.right <= drawing.width
            assert node.bottom <= drawing.top + drawing.height

    @ALL
    @BOTH
    def test_writes_no_words_over_others(self, plan, draw):
        assert crossings(draw(plan)) == []

    @BOTH
    def test_writes_no_words_over_a_box_beside_another(self, draw):
        assert crossings(draw(with_testing(planned(shipped.SUPPORT)))) == []

    @ALL
    @pytest.mark.parametrize("first", range(1, 4))
    def test_writes_no_words_over_others_in_another_order(self, plan, first):
        statuses = (plan.statuses[first], *plan.statuses[:first], *plan.statuses[first + 1 :])

        assert crossings(picture.wide(Plan(1, statuses, plan.steps))) == []

    def test_passes_below_a_box_that_stands_in_the_way(self):
        drawing = picture.wide(with_testing(planned(shipped.SUPPORT)))

        [line] = [line for line in drawing.lines if line.words.startswith("10")]
        assert line.y > max(node.bottom for node in drawing.nodes)
        assert line.y < drawing.top + drawing.height

    def test_stands_the_way_of_a_ticket_in_a_row(self):
        drawing = picture.wide(planned(shipped.SUPPORT))

        row = sorted((node for node in drawing.nodes if node.y == 0), key=lambda node: node.x)
        assert [node.status.key for node in row] == ["new", "working", "validating", "closed"]

    def test_dashes_what_happens_by_itself_and_says_the_term(self):
        drawing = picture.wide(planned(shipped.SUPPORT))

        assert sorted(line.words[:2] for line in drawing.lines if line.is_dashed) == ["10", "7 "]

    def test_draws_cancelling_once(self):
        drawing = picture.wide(planned(shipped.SUPPORT))

        assert [line.words for line in drawing.lines].count("Cancelar chamado") == 1

    @BOTH
    def test_survives_plans_that_cannot_be_published(self, draw):
        lonely = PlannedStatus("1", "Só", "", "", Family.WORK, Stage.IN_PROGRESS)
        loop = Plan(
            1,
            (lonely, PlannedStatus("2", "Outra", "", "", Family.WORK, Stage.IN_PROGRESS)),
            (PlannedStep("3", "1", "2", "Ir", ("agent",)), PlannedStep("4", "2", "1", "Voltar", ("agent",))),
        )

        assert draw(Plan(1, (), ())).nodes == ()
        assert len(draw(Plan(1, (lonely,), ())).nodes) == 1
        assert len(draw(loop).nodes) == 2


class TestSentence:
    @ALL
    def test_tells_every_step(self, plan):
        text = picture.sentence(plan)

        for step in plan.steps:
            assert step.happens_by_itself or step.name in text
