import threading
import time
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from guiche.organizations.actions import organizations
from guiche.organizations.actions.organizations import OrganizationRefused
from guiche.organizations.models import Organization
from tests.factories.accounts import make_user
from tests.factories.organizations import make_organization

NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)


def facts(name):
    return {"name": name, "legal_name": "", "cnpj": "", "group": None, "erp_code": "", "time_zone": "", "notes": ""}


@pytest.mark.django_db
class TestName:
    @pytest.mark.parametrize("name", ["Clínica Água", "CLINICA AGUA", " clínica  água ", "Cli\u0301nica Água"])
    def test_is_of_one_organisation_whatever_accents_and_case(self, elisa, name):
        make_organization(name="Clínica Água", is_active=False)

        with pytest.raises(OrganizationRefused) as refused:
            organizations.create(name=name, by=elisa, at=NOON)

        assert set(refused.value.fields) == {"name"}

    def test_one_that_keeps_its_name_changes_the_rest(self, elisa, acme):
        organizations.change(acme, by=elisa, at=NOON, **facts("Acme") | {"notes": "Ligar antes"})

        acme.refresh_from_db()
        assert acme.notes == "Ligar antes"


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Neither sees the row of the other, so both pass the question: the database answers it."""

    def act(self, wanted):
        """Do `wanted` while this thread has not committed "Acme" yet. Return what it refused with, or None."""
        found = []

        def run():
            try:
                wanted()
                found.append(None)
            except OrganizationRefused as refusal:
                found.append(refusal)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        by = make_user(roles=["administrator"])
        with transaction.atomic():
            organizations.create(name="Acmé", by=by, at=NOON)
            thread.start()
            wait_for_a_lock()
        thread.join()
        return found[0]

    def test_a_second_one_of_the_name_is_refused_in_the_same_words(self):
        by = make_user(roles=["administrator"])

        refusal = self.act(lambda: organizations.create(name="ACME", by=by, at=NOON))

        with pytest.raises(OrganizationRefused) as again:
            organizations.create(name="acme", by=by, at=NOON)
        assert refusal is not None
        assert refusal.fields == again.value.fields == {"name": refusal.message}
        assert Organization.objects.called("acme").count() == 1

    def test_another_one_does_not_take_the_name_over(self):
        by, other = make_user(roles=["administrator"]), make_organization(name="Bela")

        refusal = self.act(lambda: organizations.change(other, by=by, at=NOON, **facts("acme")))

        assert refusal is not None
        assert "name" in refusal.fields
        other.refresh_from_db()
        assert other.name == "Bela"


def wait_for_a_lock() -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # or a transaction sees the same activity for ever
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
