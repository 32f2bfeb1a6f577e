"""What administrators do with contracts."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from guiche.assets.actions import contracts as actions
from guiche.assets.actions.contracts import ContractRefused
from guiche.assets.models import Contract
from guiche.audit.models import Entry
from guiche.core.errors import NotAllowed
from tests.factories.accounts import make_user
from tests.factories.assets import make_contract
from tests.factories.catalog import make_product
from tests.factories.organizations import make_organization
from tests.organizations.actions.test_organizations import wait_for_a_lock

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def said(**changed):
    return {"number": "2026/001", "valid_from": FIRST, "valid_until": LAST, "products": [], "note": ""} | changed


def names(contract):
    return sorted(contract.products.values_list("name", flat=True))


@pytest.mark.django_db
class TestCreate:
    def test_keeps_all_that_was_said(self, elisa, acme):
        product = make_product(name="PACS")

        made = actions.create(acme, by=elisa, at=NOON, **said(products=[product], note=" Ligar para Rosa \n"))

        made.refresh_from_db()
        assert (made.organization, made.number, made.valid_from, made.valid_until) == (acme, "2026/001", FIRST, LAST)
        assert (names(made), made.note, made.is_active) == (["PACS"], "Ligar para Rosa", True)

    def test_is_in_the_audit_trail(self, elisa, acme):
        made = actions.create(acme, by=elisa, at=NOON, **said(products=[make_product(name="PACS")]))

        entry = Entry.objects.latest("id")
        assert (entry.act, entry.actor, entry.subject_id) == ("contract.created", elisa, str(made.pk))
        assert entry.details["products"] == ["PACS"]

    @pytest.mark.parametrize(
        ("field", "changed"),
        [
            ("number", {"number": "  "}),
            ("number", {"number": "x" * 61}),
            ("valid_until", {"valid_until": date(2025, 12, 31)}),
            ("valid_until", {"valid_until": date(2260, 1, 1)}),
            ("valid_from", {"valid_from": date(26, 1, 1)}),
            ("note", {"note": "x" * 2001}),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, elisa, acme, field, changed):
        with pytest.raises(ContractRefused) as refused:
            actions.create(acme, by=elisa, at=NOON, **said(**changed))

        assert set(refused.value.fields) == {field}
        assert not Contract.objects.exists()

    def test_may_last_one_day(self, elisa, acme):
        assert actions.create(acme, by=elisa, at=NOON, **said(valid_until=FIRST)).pk

    def test_a_number_is_once_in_an_organisation_whatever_the_case(self, elisa, acme, bela):
        actions.create(acme, by=elisa, at=NOON, **said(number="Ouro 1"))
        actions.create(bela, by=elisa, at=NOON, **said(number="Ouro 1"))

        with pytest.raises(ContractRefused) as refused:
            actions.create(acme, by=elisa, at=NOON, **said(number=" OURO  1"))

        assert set(refused.value.fields) == {"number"}

    @pytest.mark.parametrize("who", ["ana", "bruno", "beatriz", "carla", "davi", "olga"])
    def test_is_for_administrators(self, who, request, acme):
        with pytest.raises(NotAllowed):
            actions.create(acme, by=request.getfixturevalue(who), at=NOON, **said())


@pytest.mark.django_db
class TestChange:
    def test_changes_all_of_it(self, elisa, acme):
        pacs, ris = make_product(name="PACS"), make_product(name="RIS")
        contract = make_contract(organization=acme, number="2025/001", products=[pacs])

        actions.change(contract, by=elisa, at=NOON, **said(products=[ris], valid_until=None, note="Nova"))

        contract.refresh_from_db()
        assert (contract.number, contract.valid_from, contract.valid_until) == ("2026/001", FIRST, None)
        assert (names(contract), contract.note) == (["RIS"], "Nova")

    def test_says_what_was_and_what_is(self, elisa, acme):
        contract = make_contract(organization=acme, products=[make_product(name="PACS")], valid_from=FIRST)

        actions.change(contract, by=elisa, at=NOON, **said(number=contract.number))

        details = Entry.objects.latest("id").details
        assert details["before"] == {"valid_until": "", "products": ["PACS"]}
        assert details["after"] == {"valid_until": "2026-12-31", "products": []}

    def test_nothing_changed_is_not_told(self, elisa, acme):
        contract = make_contract(organization=acme, number="2026/001", valid_from=FIRST, valid_until=LAST)
        before = Entry.objects.count()

        actions.change(contract, by=elisa, at=NOON, **said())

        assert Entry.objects.count() == before

    def test_the_number_of_another_is_refused_and_nothing_is_kept(self, elisa, acme):
        make_contract(organization=acme, number="2026/001")
        contract = make_contract(organization=acme, number="2026/002")

        with pytest.raises(ContractRefused):
            actions.change(contract, by=elisa, at=NOON, **said(note="Nova"))

        contract.refresh_from_db()
        assert (contract.number, contract.note) == ("2026/002", "")

    @pytest.mark.parametrize("who", ["ana", "beatriz", "davi", "olga"])
    def test_is_for_administrators(self, who, request, acme):
        contract = make_contract(organization=acme)

        with pytest.raises(NotAllowed):
            actions.change(contract, by=request.getfixturevalue(who), at=NOON, **said())


@pytest.mark.django_db
class TestEnd:
    def test_ends_once_and_opens_again_once(self, elisa, acme):
        contract = make_contract(organization=acme)

        actions.end(contract, by=elisa, at=NOON)
        with pytest.raises(ContractRefused):
            actions.end(contract, by=elisa, at=NOON)
        assert not Contract.objects.get(pk=contract.pk).is_active

        actions.reopen(contract, by=elisa, at=NOON)
        with pytest.raises(ContractRefused):
            actions.reopen(contract, by=elisa, at=NOON)
        assert Contract.objects.get(pk=contract.pk).is_active
        assert [one.act for one in Entry.objects.order_by("-id")[:2]] == ["contract.reopened", "contract.ended"]

    @pytest.mark.parametrize("who", ["ana", "beatriz", "davi", "olga"])
    def test_is_for_administrators(self, who, request, acme):
        contract = make_contract(organization=acme)

        for act in (actions.end, actions.reopen):
            with pytest.raises(NotAllowed):
                act(contract, by=request.getfixturevalue(who), at=NOON)


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_the_second_of_two_with_one_number_is_told(self):
        """Neither sees the row of the other: the database answers, in the same words."""
        by, organization = make_user(roles=["administrator"]), make_organization()
        found = []

        def slower():
            try:
                actions.create(organization, by=by, at=NOON, **said())
            except ContractRefused as refusal:
                found.append(refusal.fields)
            finally:
                connection.close()

        thread = threading.Thread(target=slower)
        with transaction.atomic():
            actions.create(organization, by=by, at=NOON, **said())
            thread.start()
            wait_for_a_lock()
        thread.join()

        assert [set(fields) for fields in found] == [{"number"}]
        assert Contract.objects.count() == 1
