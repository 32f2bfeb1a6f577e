"""What the organisations of an installation from before names were of one only become."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from guiche.organizations.models import Organization
from tests.factories.organizations import make_organization

pytestmark = pytest.mark.django_db


def migrate(name):
    """Bring the organisations to the migration `name`, within the test's transaction, and return its models."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while a check on its rows waits
    executor = MigrationExecutor(connection)
    executor.migrate([("organizations", name)])
    return MigrationExecutor(connection).loader.project_state([("organizations", name)]).apps


class TestNamesOnce:
    def test_the_first_of_a_name_keeps_it_and_the_others_are_numbered(self):
        old = migrate("0001_initial").get_model("organizations.Organization").objects
        names = ["Clínica", "Acme", "CLINICA", "clínica (2)", "Clinica", "Bela"]
        keys = [old.create(name=name).pk for name in names]
        long = [old.create(name="A" * 120).pk for _time in range(2)]

        migrate("0002_names_once")

        now = dict(Organization.objects.values_list("pk", "name"))
        assert [now[key] for key in keys] == ["Clínica", "Acme", "CLINICA (3)", "clínica (2)", "Clinica (4)", "Bela"]
        assert [now[key] for key in long] == ["A" * 120, "A" * 116 + " (2)"]

    def test_leave_alone_who_shares_no_name(self):
        make_organization(name="Acme")
        migrate("0001_initial")

        migrate("0002_names_once")

        assert list(Organization.objects.values_list("name", flat=True)) == ["Acme"]
