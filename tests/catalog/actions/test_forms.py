import threading
from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import connection

from guiche.catalog import form_plan
from guiche.catalog.actions import forms, request_types, severities
from guiche.catalog.actions.forms import PublishedMeanwhile
from guiche.catalog.actions.request_types import RequestTypeRefused
from guiche.catalog.actions.severities import SeverityRefused
from guiche.catalog.answer_words import offered, words_of
from guiche.catalog.conditions import Condition
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.form_plan import FormRefused, OwnField, Plan, PlannedLine
from guiche.catalog.models import CustomField, MatrixCell, RequestType
from guiche.catalog.naming import NameRefused
from guiche.catalog.severity import Scale, SeveritySource
from guiche.core.errors import NotAllowed
from tests.factories.accounts import make_user
from tests.factories.catalog import (
    load_shipped,
    make_custom_field,
    make_form_field,
    make_module,
    make_product,
    make_request_type,
    make_service,
    severity,
    shipped_type,
)

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _shipped(db):
    load_shipped()


@pytest.fixture
def other(db):
    """Another administrator."""
    return make_user(name="Tadeu Telles", email="tadeu@lume.example", roles=["administrator"])


def order(request_type):
    return [field.code for field in request_type.form_fields.all()]


def planned(request_type, by):
    return forms.draft_of(request_type, by=by).plan


def new_field(name="Sala", kind=Kind.TEXT, choices=(), **values):
    return forms.added("", own=OwnField(name, kind, tuple(choices), **values))


class TestDraft:
    def test_changes_nothing_that_customers_see(self, elisa):
        request_type = make_request_type()
        before = order(request_type)

        forms.change(request_type, forms.added(StandardField.BEST_TIME), by=elisa, at=NOON)
        forms.change(request_type, new_field(), by=elisa, at=NOON)

        assert order(request_type) == before
        assert not CustomField.objects.exists()
        assert planned(request_type, elisa).codes[-2:] == ["best_time", "new-1"]

    def test_is_of_one_person(self, elisa, other):
        request_type = make_request_type()
        forms.change(request_type, forms.added(StandardField.BEST_TIME), by=elisa, at=NOON)

        assert forms.draft_of(request_type, by=other) is None

    def test_is_forgotten_when_discarded_or_taken_back(self, elisa):
        request_type = make_request_type()
        forms.change(request_type, forms.added(StandardField.BEST_TIME), by=elisa, at=NOON)
        forms.discard(request_type, by=elisa)
        assert forms.draft_of(request_type, by=elisa) is None

        forms.change(request_type, forms.added(StandardField.BEST_TIME), by=elisa, at=NOON)
        forms.change(request_type, lambda plan: form_plan.remove(plan, "best_time"), by=elisa, at=NOON)
        assert forms.draft_of(request_type, by=elisa) is None

    def test_is_refused_to_who_does_not_administer(self, ana, bruno):
        request_type = make_request_type()
        for person in (ana, bruno):
            for act in (forms.discard, partial(forms.publish, at=NOON), partial(forms.bring_along, at=NOON)):
                with pytest.raises(NotAllowed):
                    act(request_type, by=person)
            with pytest.raises(NotAllowed):
                forms.change(request_type, forms.added(StandardField.BEST_TIME), by=person, at=NOON)

    @pytest.mark.parametrize(
        "code", ["nonsense", "custom-0", "custom-x", "custom-99999999", f"custom-{'9' * 40}", "title"]
    )
    def test_refuses_a_field_that_cannot_be_added(self, elisa, code):
        with pytest.raises(FormRefused):
            forms.change(make_request_type(), forms.added(code), by=elisa, at=NOON)


class TestPublish:
    def test_writes_the_whole_form_with_new_fields_and_their_conditions(self, elisa):
        request_type = make_request_type()
        forms.change(request_type, new_field("Modelo", Kind.CHOICE, ["A", "B"]), by=elisa, at=NOON)
        forms.change(request_type, new_field("Outro modelo", is_for_customers=False), by=elisa, at=NOON)
        own, when = OwnField("Outro modelo", Kind.TEXT), (Condition("new-1", "B"),)
        hanging = PlannedLine("new-2", own, is_required=True, help="Qual?", rules=when)
        forms.change(request_type, lambda plan: form_plan.put(plan, hanging), by=elisa, at=NOON)
        forms.change(request_type, lambda plan: form_plan.move(plan, "new-2", -1), by=elisa, at=NOON)

        forms.publish(request_type, by=elisa, at=NOON)

        model, other = CustomField.objects.order_by("name")
        assert order(request_type)[-2:] == [f"custom-{other.pk}", f"custom-{model.pk}"]
        row = request_type.form_fields.get(custom=other)
        assert (row.rules, row.is_required, row.help) == ((Condition(f"custom-{model.pk}", "B"),), True, "Qual?")
        assert forms.draft_of(request_type, by=elisa) is None

    def test_keeps_a_version_of_before_and_of_after(self, elisa):
        request_type = make_request_type()
        forms.change(request_type, forms.added(StandardField.BEST_TIME), by=elisa, at=NOON)

        forms.publish(request_type, by=elisa, at=NOON)

        new, old = request_type.form_versions.all()
        assert (new.number, new.published_by, new.published_at) == (2, elisa, NOON)
        assert (old.number, old.published_by) == (1, None)
        assert "best_time" in form_plan.load(new.plan).codes
        assert "best_time" not in form_plan.load(old.plan).codes

    def test_tells_the_slower_of_two_who_loses_nothing(self, elisa, other):
        request_type = make_request_type()
        forms.change(request_type, forms.added(StandardField.BEST_TIME), by=other, at=NOON)
        forms.change(request_type, new_field("Sala"), by=elisa, at=NOON)
        forms.publish(request_type, by=elisa, at=NOON)

        with pytest.raises(PublishedMeanwhile):
            forms.publish(request_type, by=other, at=NOON)
        assert "best_time" in planned(request_type, other).codes

        forms.bring_along(request_type, by=other, at=NOON)
        forms.publish(request_type, by=other, at=NOON)
        sala = CustomField.objects.get(name="Sala")
        assert {"best_time", f"custom-{sala.pk}"} <= set(order(request_type))
        assert request_type.form_versions.first().number == 3

    def test_refuses_an_empty_draft(self, elisa):
        with pytest.raises(FormRefused):
            forms.publish(make_request_type(), by=elisa, at=NOON)

    def test_refuses_a_condition_whose_answer_is_gone_and_writes_nothing(self, elisa):
        request_type = make_request_type(form=((StandardField.TITLE, True), (StandardField.PRODUCT, True)))
        module = make_module()
        line = PlannedLine("new-1", OwnField("Sala", Kind.TEXT), rules=(Condition("module", str(module.pk)),))
        forms.change(request_type, new_field("Sala"), by=elisa, at=NOON)
        forms.change(request_type, lambda plan: form_plan.put(plan, line), by=elisa, at=NOON)
        module.delete()

        with pytest.raises(FormRefused, match="Sala"):
            forms.publish(request_type, by=elisa, at=NOON)

        assert not CustomField.objects.exists()

    def test_keeps_what_was_answered_in_a_field_that_leaves(self, elisa):
        request_type = make_request_type()
        field = make_custom_field(name="Sala")
        make_form_field(request_type=request_type, custom=field)
        forms.change(request_type, lambda plan: form_plan.remove(plan, f"custom-{field.pk}"), by=elisa, at=NOON)

        forms.publish(request_type, by=elisa, at=NOON)

        assert f"custom-{field.pk}" not in order(request_type)
        assert CustomField.objects.filter(pk=field.pk).exists()

    def test_changes_a_shared_field_everywhere_and_says_so(self, elisa, other):
        one, another = make_request_type(), make_request_type()
        field = make_custom_field(name="Sala")
        for kind in (one, another):
            make_form_field(request_type=kind, custom=field)
        forms.change(another, forms.added(StandardField.BEST_TIME), by=other, at=NOON)
        renamed = PlannedLine(f"custom-{field.pk}", OwnField("Quarto", Kind.TEXT))
        forms.change(one, lambda plan: form_plan.put(plan, renamed), by=elisa, at=NOON)

        forms.publish(one, by=elisa, at=NOON)

        assert form_plan.load(another.form_versions.first().plan).line(renamed.code).name == "Quarto"
        with pytest.raises(PublishedMeanwhile):
            forms.publish(another, by=other, at=NOON)
        forms.bring_along(another, by=other, at=NOON)
        forms.publish(another, by=other, at=NOON)
        field.refresh_from_db()
        assert field.name == "Quarto"

    def test_refuses_a_name_that_another_own_field_took(self, elisa):
        request_type = make_request_type()
        forms.change(request_type, new_field("Patrimônio"), by=elisa, at=NOON)
        make_custom_field(name="patrimonio")

        with pytest.raises(NameRefused):
            forms.publish(request_type, by=elisa, at=NOON)


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def together(self, *acts):
        """Do all of `acts` at the same moment, and return what each refused with, or None."""
        barrier, found = threading.Barrier(len(acts)), []

        def run(act):
            barrier.wait()
            try:
                act()
                found.append(None)
            except FormRefused as refusal:
                found.append(type(refusal))
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=[act]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def test_one_of_two_publishes_and_the_other_is_told(self, elisa, other):
        kind = make_request_type()
        forms.change(kind, forms.added(StandardField.BEST_TIME), by=elisa, at=NOON)
        forms.change(kind, new_field("Sala"), by=other, at=NOON)

        found = self.together(*(partial(forms.publish, kind, by=one, at=NOON) for one in (elisa, other)))

        assert sorted(found, key=str) == [PublishedMeanwhile, None]
        assert kind.form_versions.count() == 2

    def test_two_tabs_of_one_person_lose_nothing(self, elisa):
        kind = make_request_type()
        names = [f"Sala {n}" for n in range(4)]

        found = self.together(*(partial(forms.change, kind, new_field(name), by=elisa, at=NOON) for name in names))

        assert found == [None] * 4
        assert {line.name for line in planned(kind, elisa).lines} >= set(names)

    def test_two_forms_that_share_fields_do_not_stop_each_other(self, elisa, other):
        one, another = make_request_type(), make_request_type()
        shared = [make_custom_field(name=name) for name in ("Sala", "Leito")]
        for kind in (one, another):
            for field in shared:
                make_form_field(request_type=kind, custom=field)
        for kind, field, by in ((one, shared[0], elisa), (another, shared[1], other)):
            line = PlannedLine(f"custom-{field.pk}", OwnField(f"{field.name} nova", Kind.TEXT))
            forms.change(kind, partial(form_plan.put, line=line), by=by, at=NOON)

        acts = ((one, elisa), (another, other))
        found = self.together(*(partial(forms.publish, kind, by=by, at=NOON) for kind, by in acts))

        assert sorted(found, key=str) == [PublishedMeanwhile, None]


class TestAnswerWords:
    def test_name_what_conditions_wait_for(self, elisa):
        module = make_module(product=make_product(name="PACS"), name="Impressão")
        rules = (Condition("module", str(module.pk)), Condition("custom-1", "on"), Condition("severity", "999999"))
        box = PlannedLine("custom-1", OwnField("Urgente", Kind.CHECKBOX))
        plan = Plan(1, (box, PlannedLine("title", rules=rules)))

        words = words_of(plan)

        assert [words(rule) for rule in rules] == ["PACS · Impressão", "marcado", ""]

    def test_offer_only_what_is_inside_what_another_condition_chose(self, elisa):
        inside, outside = make_service(), make_service()
        rule = Condition("product", str(inside.module.product_id))

        assert [key for key, _words in offered("service", Plan(1, ()), [rule])] == [str(inside.pk)]
        assert len(offered("service", Plan(1, ()))) == 2
        assert str(outside.module_id) in dict(offered("module", Plan(1, ())))


class TestRequestTypes:
    def test_is_made_with_the_short_form(self, elisa):
        model = shipped_type()

        made = request_types.create(
            name="Treinamento",
            sentence="Aulas para a sua equipe",
            workflow=model.workflow,
            default_team=model.default_team,
            by=elisa,
            at=NOON,
        )

        assert made.slug == "treinamento"
        assert order(made)[:2] == ["on_behalf_of", "title"]
        assert made.form_versions.get().published_by == elisa

    @pytest.mark.parametrize(
        ("source", "code"),
        [
            (SeveritySource.CHOSEN, "severity"),
            (SeveritySource.MATRIX, "urgency"),
            (SeveritySource.SERVICE, "product"),
        ],
    )
    def test_asks_for_what_the_severity_needs(self, elisa, source, code):
        request_type = make_request_type()

        request_types.change(request_type, severity_source=source, by=elisa, at=NOON)

        assert request_type.form_fields.get(standard=code).is_required
        assert [one.number for one in request_type.form_versions.all()] == [2, 1]

    def test_asks_for_it_at_the_end_whatever_left_before(self, elisa):
        request_type = make_request_type()
        make_form_field(request_type=request_type, custom=make_custom_field(), position=50)

        request_types.change(request_type, severity_source=SeveritySource.MATRIX, by=elisa, at=NOON)

        assert order(request_type)[-1] == "urgency"

    def test_refuses_a_fixed_severity_without_one(self, elisa):
        with pytest.raises(RequestTypeRefused):
            request_types.change(make_request_type(), severity_source=SeveritySource.FIXED, by=elisa, at=NOON)

    def test_forgets_a_fixed_severity_that_no_longer_counts(self, elisa):
        changed = request_types.change(shipped_type("duvida"), severity_source=SeveritySource.NONE, by=elisa, at=NOON)

        assert changed.fixed_severity is None

    def test_moves_within_its_section(self, elisa):
        request_types.move(shipped_type("ouvidoria"), -9, by=elisa, at=NOON)

        assert RequestType.objects.filter(section="other").first().slug == "ouvidoria"
        assert RequestType.objects.filter(section="support").first().slug == "falha-tecnica"

    def test_records_what_changed(self, elisa):
        from guiche.audit.models import Entry

        request_types.change(shipped_type("duvida"), is_reserved=True, by=elisa, at=NOON)

        assert Entry.objects.get(act="request_type.changed").details["changes"] == {"is_reserved": ["False", "True"]}

    def test_is_for_administrators(self, ana):
        for attempt in (
            lambda: request_types.change(shipped_type(), is_active=False, by=ana, at=NOON),
            lambda: request_types.move(shipped_type(), 1, by=ana, at=NOON),
            lambda: severities.set_matrix({}, by=ana, at=NOON),
        ):
            with pytest.raises(NotAllowed):
                attempt()


class TestSeverities:
    def test_changes_words_and_keeps_the_level(self, elisa):
        changed = severities.change(
            severity(4), name="Leve", description="Nada para", tone="info", asks_to_call=False, by=elisa, at=NOON
        )

        assert (changed.level, changed.name, changed.tone) == (4, "Leve", "info")

    def test_refuses_a_name_of_another(self, elisa):
        with pytest.raises(NameRefused):
            severities.change(
                severity(4), name="Intermitência", description="", tone="ok", asks_to_call=False, by=elisa, at=NOON
            )

    def test_sets_the_whole_matrix_or_nothing(self, elisa):
        cells = {(urgency, impact): severity(2) for urgency in Scale.values for impact in Scale.values}

        severities.set_matrix(cells, by=elisa, at=NOON)

        assert set(MatrixCell.objects.values_list("severity__level", flat=True)) == {2}
        with pytest.raises(SeverityRefused):
            severities.set_matrix(dict(list(cells.items())[:-1]), by=elisa, at=NOON)
