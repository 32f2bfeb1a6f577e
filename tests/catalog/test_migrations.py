"""What the forms of an installation from before versions become."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guiche.catalog import form_plan
from guiche.catalog.conditions import Condition
from guiche.catalog.models import RequestType

pytestmark = pytest.mark.django_db


def migrate(name):
    """Bring the catalogue to the migration `name`, within the test's transaction, and return its models."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while a check on its rows waits
    executor = MigrationExecutor(connection)
    executor.migrate([("catalog", name)])
    return MigrationExecutor(connection).loader.project_state([("catalog", name)]).apps


LAST = "0005_one_condition_no_more"


class TestPublishedForms:
    def test_become_version_one_with_their_conditions(self):
        old = migrate("0002_shipped")
        kind = old.get_model("catalog.RequestType").objects.get(slug="falha-tecnica")
        own = old.get_model("catalog.CustomField").objects.create(
            name="Modelo", slug="modelo", kind="choice", choices=["A", "B"]
        )
        old.get_model("catalog.FormField").objects.create(
            request_type=kind, custom=own, position=99, shown_when_field="module", shown_when_value="7"
        )

        migrate(LAST)

        now = RequestType.objects.get(slug="falha-tecnica")
        assert now.form_fields.get(custom=own.pk).rules == (Condition("module", "7"),)
        version = now.form_versions.get()
        kept = form_plan.load(version.plan)
        assert (version.number, version.published_at, kept.version) == (1, None, 1)
        assert kept.codes == [row.code for row in now.form_fields.all()]
        assert kept.line(f"custom-{own.pk}").own.choices == ("A", "B")
        assert kept.line(f"custom-{own.pk}").rules == (Condition("module", "7"),)

    def test_go_back_with_one_condition(self):
        kind = RequestType.objects.get(slug="falha-tecnica")
        rules = [{"field": "severity", "is": False, "value": "1"}, {"field": "module", "is": True, "value": "7"}]
        kind.form_fields.filter(standard="failure").update(conditions=rules)

        old = migrate("0002_shipped")

        row = old.get_model("catalog.FormField").objects.get(request_type=kind.pk, standard="failure")
        assert (row.shown_when_field, row.shown_when_value) == ("module", "7")
        migrate(LAST)

    def test_are_there_in_a_fresh_installation(self):
        kinds = RequestType.objects.all()

        assert kinds.exists()
        assert all(kind.form_versions.filter(number=1).exists() for kind in kinds)
