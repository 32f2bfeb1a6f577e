from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from guiche.audit.models import Entry
from guiche.core.errors import NotAllowed
from guiche.workflows import actions
from guiche.workflows import plan as planning
from guiche.workflows.actions import PublishedMeanwhile, WorkflowRefused
from guiche.workflows.models import Workflow
from guiche.workflows.stages import Stage

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)


def renaming(row, name):
    return lambda plan: planning.put_status(plan, replace(plan.status(str(row.pk)), name=name))


class TestPublish:
    def test_changes_nothing_before(self, suporte, elisa):
        actions.change(suporte.workflow, renaming(suporte.new, "Recebido"), by=elisa, at=NOON)

        assert suporte.workflow.statuses.first().name == "Aberto"
        assert actions.draft_of(suporte.workflow, by=elisa).statuses[0].name == "Recebido"

    def test_writes_the_whole_draft_and_forgets_it(self, suporte, elisa):
        actions.change(suporte.workflow, renaming(suporte.new, "Recebido"), by=elisa, at=NOON)
        actions.change(
            suporte.workflow, lambda plan: planning.remove_step(plan, str(suporte.resume.pk)), by=elisa, at=NOON
        )

        found = actions.publish(suporte.workflow, by=elisa, at=NOON)

        assert (found.version, found.published_by, found.published_at) == (2, elisa, NOON)
        assert found.statuses.get(pk=suporte.new.pk).name == "Recebido"
        assert not suporte.waiting.ways_out.filter(name="Retomar").exists()
        assert actions.draft_of(found, by=elisa) is None

    def test_keeps_the_rows_that_stay(self, suporte, elisa):
        before = actions.plan_of(suporte.workflow)
        actions.change(suporte.workflow, renaming(suporte.new, "Recebido"), by=elisa, at=NOON)

        actions.publish(suporte.workflow, by=elisa, at=NOON)

        after = actions.plan_of(Workflow.objects.get(pk=suporte.workflow.pk))
        assert [one.key for one in after.statuses] == [one.key for one in before.statuses]
        assert after.steps == before.steps

    def test_swaps_two_names(self, suporte, elisa):
        actions.change(suporte.workflow, renaming(suporte.new, "Provisório"), by=elisa, at=NOON)
        actions.change(suporte.workflow, renaming(suporte.working, "Aberto"), by=elisa, at=NOON)
        actions.change(suporte.workflow, renaming(suporte.new, "Em atendimento"), by=elisa, at=NOON)

        actions.publish(suporte.workflow, by=elisa, at=NOON)

        suporte.working.refresh_from_db()
        assert suporte.working.name == "Aberto"

    def test_adds_a_status_with_its_way_out(self, suporte, elisa):
        def add(plan):
            status = replace(plan.statuses[1], key=plan.new_key(), name="Triagem")
            plan = planning.put_status(plan, status)
            step = replace(plan.step(str(suporte.offer.pk)), key=plan.new_key(), origin=status.key, name="Resolver")
            return planning.put_step(plan, step)

        actions.change(suporte.workflow, add, by=elisa, at=NOON)
        actions.publish(suporte.workflow, by=elisa, at=NOON)

        assert suporte.workflow.statuses.get(name="Triagem").ways_out.get().target == suporte.validating

    def test_refuses_a_draft_with_something_missing(self, suporte, elisa):
        actions.change(
            suporte.workflow, lambda plan: planning.remove_status(plan, str(suporte.closed.pk)), by=elisa, at=NOON
        )

        with pytest.raises(WorkflowRefused):
            actions.publish(suporte.workflow, by=elisa, at=NOON)

        assert suporte.workflow.statuses.count() == 6
        assert actions.draft_of(suporte.workflow, by=elisa) is not None

    def test_refuses_when_somebody_published_meanwhile(self, suporte, elisa):
        actions.change(suporte.workflow, renaming(suporte.new, "Recebido"), by=elisa, at=NOON)
        Workflow.objects.filter(pk=suporte.workflow.pk).update(version=2)

        with pytest.raises(PublishedMeanwhile):
            actions.publish(suporte.workflow, by=elisa, at=NOON)

    def test_refuses_without_a_draft(self, suporte, elisa):
        with pytest.raises(WorkflowRefused):
            actions.publish(suporte.workflow, by=elisa, at=NOON)

    def test_records_what_changed(self, suporte, elisa):
        actions.change(suporte.workflow, renaming(suporte.new, "Recebido"), by=elisa, at=NOON)

        actions.publish(suporte.workflow, by=elisa, at=NOON)

        entry = Entry.objects.get(act="workflow.published")
        assert entry.actor == elisa
        assert len(entry.details["changes"]) == 1


class TestPausing:
    def test_is_published_and_copied_with_its_status(self, suporte, elisa):
        def pause(plan):
            return planning.put_status(plan, replace(plan.status(str(suporte.working.pk)), pauses_clocks=True))

        actions.change(suporte.workflow, pause, by=elisa, at=NOON)
        found = actions.publish(suporte.workflow, by=elisa, at=NOON)
        made = actions.copy(found, name="Outro", by=elisa, at=NOON)

        assert found.statuses.get(pk=suporte.working.pk).pauses_clocks
        assert made.statuses.get(name="Em atendimento").pauses_clocks
        assert Entry.objects.get(act="workflow.published").details["changes"] == [
            "“Em atendimento” passa a pausar os prazos."
        ]

    def test_is_never_kept_of_what_has_ended(self, suporte):
        suporte.closed.pauses_clocks = True

        with pytest.raises(IntegrityError, match="status_ended_does_not_pause"), transaction.atomic():
            suporte.closed.save()


class TestInUse:
    def test_keeps_a_status_with_tickets(self, suporte, elisa, bruno):
        from tests.factories.tickets import make_ticket

        make_ticket(requester=bruno, status=suporte.waiting)
        actions.change(
            suporte.workflow, lambda plan: planning.remove_status(plan, str(suporte.waiting.pk)), by=elisa, at=NOON
        )

        with pytest.raises(WorkflowRefused, match="Pendência cliente"):
            actions.publish(suporte.workflow, by=elisa, at=NOON)

    def test_does_not_end_what_is_open(self, suporte, elisa, bruno):
        from tests.factories.tickets import make_ticket

        make_ticket(requester=bruno, status=suporte.validating)

        def end(plan):
            status = plan.status(str(suporte.validating.pk))
            return planning.put_status(
                plan,
                replace(
                    status,
                    stage=Stage.DONE,
                    closes_after_days=None,
                    warns_days_before=None,
                    pauses_clocks=False,
                ),
            )

        actions.change(suporte.workflow, end, by=elisa, at=NOON)

        with pytest.raises(WorkflowRefused, match="Aguardando validação"):
            actions.publish(suporte.workflow, by=elisa, at=NOON)

    def test_lets_a_free_status_go(self, suporte, elisa):
        assert not actions.is_in_use(suporte.waiting)


class TestWho:
    @pytest.mark.parametrize("who", ["ana", "bruno", "davi", "olga"])
    def test_only_administrators_change_anything(self, who, suporte, request):
        person = request.getfixturevalue(who)

        for attempt in (
            lambda: actions.change(suporte.workflow, lambda plan: plan, by=person, at=NOON),
            lambda: actions.discard(suporte.workflow, by=person),
            lambda: actions.publish(suporte.workflow, by=person, at=NOON),
            lambda: actions.copy(suporte.workflow, name="Outro", by=person, at=NOON),
            lambda: actions.rename(suporte.workflow, name="Outro", by=person, at=NOON),
        ):
            with pytest.raises(NotAllowed):
                attempt()


class TestCopy:
    def test_has_rows_of_its_own(self, suporte, elisa):
        made = actions.copy(suporte.workflow, name="Suporte crítico", by=elisa, at=NOON)

        assert made.slug == "suporte-critico"
        assert [row.name for row in made.statuses.all()] == [row.name for row in suporte.workflow.statuses.all()]
        assert not set(made.statuses.values_list("pk")) & set(suporte.workflow.statuses.values_list("pk"))
        assert planning.problems(actions.plan_of(made)) == []

    @pytest.mark.parametrize("name", ["", "  ", "SUPORTE", "x" * 61])
    def test_refuses_a_name_that_cannot_be(self, suporte, elisa, name):
        with pytest.raises(WorkflowRefused):
            actions.copy(suporte.workflow, name=name, by=elisa, at=NOON)
