from datetime import UTC, datetime

import pytest

from guiche.catalog.actions import forms, request_types, severities
from guiche.catalog.actions.forms import FormRefused
from guiche.catalog.actions.request_types import RequestTypeRefused
from guiche.catalog.actions.severities import SeverityRefused
from guiche.catalog.conditions import shown
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.models import MatrixCell, RequestType
from guiche.catalog.naming import NameRefused
from guiche.catalog.severity import Scale, SeveritySource
from guiche.core.errors import NotAllowed
from tests.factories.catalog import (
    load_shipped,
    make_custom_field,
    make_form_field,
    make_request_type,
    severity,
    shipped_type,
)

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _shipped(db):
    load_shipped()


def order(request_type):
    return [field.code for field in request_type.form_fields.all()]


class TestFields:
    def test_adds_at_the_end_once(self, elisa):
        request_type = make_request_type()
        forms.add(request_type, standard=StandardField.BEST_TIME, by=elisa, at=NOON)

        assert order(request_type)[-1] == "best_time"
        with pytest.raises(FormRefused):
            forms.add(request_type, standard=StandardField.BEST_TIME, by=elisa, at=NOON)

    @pytest.mark.parametrize(("places", "expected"), [(-1, "acb"), (-2, "cab"), (-9, "cab"), (1, "abc")])
    def test_moves(self, elisa, places, expected):
        request_type = make_request_type(form=())
        fields = {
            name: make_form_field(request_type=request_type, custom=make_custom_field(name=name)) for name in "abc"
        }

        forms.move(fields["c"], places, by=elisa, at=NOON)

        assert "".join(field.custom.name for field in request_type.form_fields.select_related("custom")) == expected

    def test_reorders_all_at_once(self, elisa):
        request_type = make_request_type()
        ids = [field.pk for field in request_type.form_fields.all()]

        forms.reorder(request_type, ids[::-1], by=elisa, at=NOON)

        assert [field.pk for field in request_type.form_fields.all()] == ids[::-1]
        with pytest.raises(FormRefused):
            forms.reorder(request_type, ids[:-1], by=elisa, at=NOON)

    def test_keeps_the_title(self, elisa):
        title = make_request_type().form_fields.get(standard=StandardField.TITLE)

        with pytest.raises(FormRefused):
            forms.remove(title, by=elisa, at=NOON)
        with pytest.raises(FormRefused):
            forms.change(title, is_required=False, by=elisa, at=NOON)

    def test_frees_what_hung_on_a_removed_field(self, elisa):
        request_type = make_request_type()
        choice = make_form_field(
            request_type=request_type, custom=make_custom_field(kind=Kind.CHOICE, choices=["Sim", "Não"])
        )
        hanging = make_form_field(
            request_type=request_type, custom=make_custom_field(), shown_when_field=choice.code, shown_when_value="Sim"
        )

        forms.remove(choice, by=elisa, at=NOON)

        hanging.refresh_from_db()
        assert hanging.shown_when_field == ""

    @pytest.mark.parametrize("code", ["description", "custom-0", "severity", "nonsense"])
    def test_refuses_a_condition_on_what_cannot_be_asked(self, elisa, code):
        request_type = make_request_type()
        field = make_form_field(request_type=request_type, custom=make_custom_field())

        with pytest.raises(FormRefused) as refusal:
            forms.change(field, is_required=False, shown_when_field=code, shown_when_value="1", by=elisa, at=NOON)

        assert "shown_when_field" in refusal.value.fields

    def test_accepts_a_condition_on_the_product(self, elisa):
        request_type = shipped_type()
        field = request_type.form_fields.get(standard=StandardField.FAILURE)

        field = forms.change(
            field, is_required=True, shown_when_field="module", shown_when_value="7", by=elisa, at=NOON
        )

        assert (field.shown_when_field, field.shown_when_value) == ("module", "7")


class TestShown:
    def test_hides_what_hangs_on_a_hidden_field(self):
        request_type = make_request_type(form=())
        first = make_form_field(request_type=request_type, custom=make_custom_field(kind=Kind.CHECKBOX))
        second = make_form_field(
            request_type=request_type,
            custom=make_custom_field(kind=Kind.CHECKBOX),
            shown_when_field=first.code,
            shown_when_value="on",
        )
        third = make_form_field(
            request_type=request_type, custom=make_custom_field(), shown_when_field=second.code, shown_when_value="on"
        )
        fields = [first, second, third]

        assert shown(fields, {second.code: "on"}) == [first]
        assert shown(fields, {first.code: "on", second.code: "on"}) == fields

    def test_takes_one_of_several_choices(self):
        request_type = make_request_type(form=())
        field = make_form_field(
            request_type=request_type, custom=make_custom_field(), shown_when_field="custom-9", shown_when_value="B"
        )

        assert shown([field], {"custom-9": ["A", "B"]}) == [field]
        assert shown([field], {"custom-9": ["A"]}) == []


class TestCustomFields:
    @pytest.mark.parametrize("choices", [[], ["Só uma"], ["Igual", "Igual"], [str(number) for number in range(201)]])
    def test_refuses_a_choice_with_nothing_to_choose(self, elisa, choices):
        with pytest.raises(FormRefused) as refusal:
            forms.create_custom(name="Modelo", kind=Kind.CHOICE, choices=choices, by=elisa, at=NOON)

        assert "choices" in refusal.value.fields

    def test_keeps_options_in_their_order(self, elisa):
        made = forms.create_custom(name="Modelo", kind=Kind.CHOICE, choices=["B", "", "A "], by=elisa, at=NOON)

        assert made.choices == ["B", "A"]

    def test_refuses_a_taken_name(self, elisa):
        forms.create_custom(name="Patrimônio", kind=Kind.TEXT, by=elisa, at=NOON)

        with pytest.raises(NameRefused):
            forms.create_custom(name="patrimonio", kind=Kind.TEXT, by=elisa, at=NOON)


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
            lambda: forms.add(shipped_type(), standard="urgency", by=ana, at=NOON),
            lambda: forms.create_custom(name="x", kind=Kind.TEXT, by=ana, at=NOON),
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
