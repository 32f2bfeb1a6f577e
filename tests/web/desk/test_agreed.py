"""What was agreed with a customer, as the desk reads it."""

from __future__ import annotations

import pytest
from django.test import Client

from guiche.catalog.models import RequestType
from guiche.organizations.models import Organization
from tests.factories.assets import make_contract
from tests.factories.catalog import load_shipped, make_request_type, severity
from tests.factories.promises import assign, make_policy
from tests.web.desk.conftest import text_of

pytestmark = pytest.mark.django_db


class TestDeadlines:
    def test_are_those_of_the_customer(self, desk: Client, acme: Organization, bela: Organization) -> None:
        load_shipped()
        contract = make_contract(organization=acme, number="Ouro 14")
        assign(make_policy({(1, "solution"): 77}), contract=contract)

        ours = text_of(desk.get(f"/mesa/clientes/{acme.pk}/prazos/"))
        theirs = text_of(desk.get(f"/mesa/clientes/{bela.pk}/prazos/"))

        assert "77 h úteis" in ours
        assert "Contrato Ouro 14" in ours
        assert "77 h úteis" not in theirs

    def test_are_reached_from_the_page_of_the_customer(self, desk: Client, acme: Organization) -> None:
        page = desk.get(f"/mesa/clientes/{acme.pk}/").content.decode()

        assert f'href="/mesa/clientes/{acme.pk}/prazos/"' in page

    def test_leave_out_types_that_customers_do_not_open(self, desk: Client, acme: Organization) -> None:
        load_shipped()
        RequestType.objects.update(has_deadlines=False)
        make_request_type(
            is_for_customers=False, severity_source="fixed", fixed_severity=severity(1), has_deadlines=True
        )

        assert "Não há prazos combinados" in text_of(desk.get(f"/mesa/clientes/{acme.pk}/prazos/"))

    def test_go_along_as_a_spreadsheet(self, desk: Client, acme: Organization) -> None:
        answer = desk.get(f"/mesa/clientes/{acme.pk}/prazos/tabela.csv")

        assert answer["Content-Type"].startswith("text/csv")
