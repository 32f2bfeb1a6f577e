import pytest
from django.apps import apps

from guiche.catalog import shipped
from guiche.catalog.fields import StandardField
from guiche.catalog.models import FormField, MatrixCell, RequestType, Severity
from tests.factories.catalog import load_shipped, shipped_type

pytestmark = pytest.mark.django_db

# slug: workflow, severity, deadlines, validation, survey, contact required, reserved (spec/02)
TABLE = {
    "falha-tecnica": ("suporte", "chosen", True, True, True, True, False),
    "duvida": ("suporte", "fixed", True, True, True, False, False),
    "apoio-tecnico": ("suporte", "fixed", False, True, True, False, False),
    "sugestao-de-melhoria": ("melhoria", "none", False, False, False, False, False),
    "orcamento": ("melhoria", "none", False, False, False, False, False),
    "financeiro": ("conclusao-direta", "none", False, False, True, False, True),
    "comercial": ("conclusao-direta", "none", False, False, True, False, False),
    "servicos-especiais": ("conclusao-direta", "none", False, False, True, False, False),
    "ouvidoria": ("conclusao-direta", "none", True, False, False, False, True),
    "chamado-tecnico": ("campo", "none", True, False, True, True, False),
}


class TestLoad:
    @pytest.mark.parametrize("slug", TABLE)
    def test_makes_the_type_as_the_table_says(self, slug):
        row = shipped_type(slug)
        asked = dict(row.form_fields.values_list("standard", "is_required"))

        assert TABLE[slug] == (
            row.workflow.slug,
            row.severity_source,
            row.has_deadlines,
            row.needs_validation,
            row.has_survey,
            asked[StandardField.CONTACT] and asked[StandardField.CONTACT_EMAIL],
            row.is_reserved,
        )

    def test_makes_no_other_type(self):
        load_shipped()

        assert set(RequestType.objects.values_list("slug", flat=True)) == set(TABLE)

    def test_fixes_questions_at_the_lowest_severity(self):
        assert shipped_type("duvida").fixed_severity.level == shipped_type("apoio-tecnico").fixed_severity.level == 4

    def test_leaves_field_service_switched_off(self):
        load_shipped()

        assert set(RequestType.objects.filter(is_active=False).values_list("slug", flat=True)) == {"chamado-tecnico"}

    def test_asks_who_has_no_system_at_all_to_call(self):
        load_shipped()

        assert [row.level for row in Severity.objects.filter(asks_to_call=True)] == [1]

    def test_fills_the_whole_matrix(self):
        load_shipped()

        assert MatrixCell.objects.count() == 9

    def test_changes_nothing_the_second_time(self):
        shipped_type().form_fields.filter(standard="failure").delete()
        before = FormField.objects.count()
        Severity.objects.filter(level=4).update(name="Leve")

        shipped.load(apps)

        assert FormField.objects.count() == before
        assert Severity.objects.get(level=4).name == "Leve"
