import pytest
from django.apps import apps

from guiche.workflows import shipped
from guiche.workflows.models import Status, Transition, Workflow
from guiche.workflows.stages import ENDED, WAITS_FOR_CUSTOMER, Need, Stage, Taker
from tests.factories.workflows import campo, conclusao_direta, melhoria, suporte

ALL = pytest.mark.parametrize("workflow", shipped.ALL, ids=lambda workflow: workflow.slug)


class TestTables:
    @ALL
    def test_lead_from_the_first_status_to_every_other(self, workflow):
        reached = {workflow.statuses[0].key}
        for _ in workflow.statuses:
            reached |= {step.target for step in workflow.steps if step.origin in reached}

        assert reached == {status.key for status in workflow.statuses}

    @ALL
    def test_give_every_open_status_a_way_to_an_end(self, workflow):
        ended = {status.key for status in workflow.statuses if status.stage in ENDED}
        leading = set(ended)
        for _ in workflow.statuses:
            leading |= {step.origin for step in workflow.steps if step.target in leading}

        assert leading == {status.key for status in workflow.statuses if status.key != "cancelled"} | ended

    @ALL
    def test_name_every_step_once(self, workflow):
        keys = [step.key for step in workflow.steps] + [status.key for status in workflow.statuses]

        assert len(set(keys)) == len(keys)

    @ALL
    def test_let_silence_close_exactly_where_a_term_is_set(self, workflow):
        with_term = {status.key for status in workflow.statuses if status.closes_after_days}
        by_itself = {step.origin for step in workflow.steps if step.takers == (Taker.SYSTEM,)}

        assert by_itself == with_term

    @ALL
    def test_reopen_from_the_done_status_to_work_with_a_comment(self, workflow):
        [step] = [step for step in workflow.steps if step.key == "reopen"]

        assert (step.origin, step.target, step.asks) == ("closed", "working", (Need.COMMENT,))
        assert Taker.CUSTOMER in step.takers

    @ALL
    def test_never_leave_the_cancelled_status(self, workflow):
        assert not [step for step in workflow.steps if step.origin == "cancelled"]

    @ALL
    def test_let_customers_cancel_only_while_nobody_has_begun(self, workflow):
        origins = {
            step.origin for step in workflow.steps if step.target == "cancelled" and Taker.CUSTOMER in step.takers
        }

        assert origins == {"new"}


@pytest.mark.django_db
class TestLoad:
    def test_makes_suporte_as_specified(self):
        rows = suporte()

        assert [(row.name, row.stage, row.closes_after_days) for row in rows.workflow.statuses.all()] == [
            ("Aberto", Stage.NEW, None),
            ("Em atendimento", Stage.IN_PROGRESS, None),
            ("Pendência cliente", Stage.WAITING_ON_CUSTOMER, 10),
            ("Aguardando validação", Stage.AWAITING_VALIDATION, 7),
            ("Fechado", Stage.DONE, None),
            ("Cancelado", Stage.CANCELLED, None),
        ]
        assert rows.reject.asks == [Need.COMMENT]
        assert rows.reject.target == rows.working
        assert rows.answer.takers == [Taker.CUSTOMER, Taker.SYSTEM]
        assert rows.waiting.warns_days_before == rows.validating.warns_days_before == 2

    def test_pauses_the_deadlines_where_the_customer_is_waited_for(self):
        suporte()

        pausing = Status.objects.filter(pauses_clocks=True)
        assert {row.stage for row in pausing} == WAITS_FOR_CUSTOMER
        assert pausing.count() == Status.objects.filter(stage__in=sorted(WAITS_FOR_CUSTOMER)).count()

    def test_asks_both_sides_for_a_comment_to_conclude(self):
        rows = conclusao_direta()

        assert rows.conclude.asks == rows.conclude_new.asks == [Need.COMMENT]
        assert {Taker.CUSTOMER, Taker.AGENT} <= set(rows.conclude.takers)

    def test_gives_field_service_its_letters(self):
        assert "".join(campo().workflow.statuses.values_list("code", flat=True)) == "AEMPPTOC"

    def test_ends_an_improvement_as_delivered_or_not_planned(self):
        rows = melhoria()

        assert (rows.closed.name, rows.cancelled.name) == ("Entregue", "Não planejada")

    def test_gives_every_workflow_one_beginning(self):
        suporte()

        assert Status.objects.filter(is_initial=True).count() == Workflow.objects.count() == 4

    def test_changes_nothing_the_second_time(self):
        suporte()
        Status.objects.filter(name="Aberto").update(name="Recebido")
        before = list(Transition.objects.values_list("pk", flat=True))

        shipped.load(apps)

        assert list(Transition.objects.values_list("pk", flat=True)) == before
        assert not Status.objects.filter(name="Aberto").exists()
