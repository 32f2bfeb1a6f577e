"""Contracts of an organisation, as administrators keep them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from guiche.assets.models import Contract
from guiche.catalog.models import Product
from tests.factories.assets import make_contract
from tests.factories.catalog import make_product
from tests.web.desk.conftest import text_of


@pytest.fixture
def page(acme):
    return f"/administracao/organizacoes/{acme.pk}/"


def sent(**changed):
    return {"number": "Ouro 2026/001", "valid_from": "2026-01-01", "valid_until": "", "note": ""} | changed


class TestPage:
    def test_says_how_each_stands(self, administration, acme, bela, page):
        today = timezone.localdate()
        make_contract(organization=acme, number="A-1", products=[make_product(name="PACS"), make_product(name="RIS")])
        make_contract(organization=acme, number="A-2", valid_from=today + timedelta(days=9))
        make_contract(organization=acme, number="A-3", valid_until=today - timedelta(days=9))
        make_contract(organization=acme, number="A-4", is_active=False)
        make_contract(organization=bela, number="B-1")

        said = text_of(administration.get(page)).partition("Contratos")[2]

        assert "A-1 desde 01/01/2025 · PACS, RIS Em vigor" in said
        assert f"A-2 a partir de {today + timedelta(days=9):%d/%m/%Y} · todos os produtos Ainda não começou" in said
        assert f"A-3 01/01/2025 a {today - timedelta(days=9):%d/%m/%Y} · todos os produtos Vencido" in said
        assert "A-4 desde 01/01/2025 · todos os produtos Encerrado" in said
        assert "B-1" not in said

    def test_without_any_says_so(self, administration, page):
        assert "Novo contrato" in text_of(administration.get(page))


class TestForm:
    def test_writes_a_contract_down(self, administration, acme, page):
        product = make_product(name="PACS")

        answer = administration.post(f"{page}contratos/novo/", sent(valid_until="2026-12-31", products=[product.pk]))

        contract = Contract.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"{page}#contratos")
        assert (contract.organization, contract.number) == (acme, "Ouro 2026/001")
        assert (contract.valid_from, contract.valid_until) == (date(2026, 1, 1), date(2026, 12, 31))
        assert list(contract.products.all()) == [product]

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"number": ""}, "Escreva o número do contrato"),
            ({"valid_from": ""}, "Escolha o primeiro dia"),
            ({"valid_from": "amanhã"}, "Escreva o dia assim: 25/11/2026"),
            ({"valid_from": "0026-01-01"}, "Confira o ano"),
            ({"valid_until": "2025-12-31"}, "O último dia vem antes do primeiro"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_the_rest(self, administration, page, changed, words):
        answer = administration.post(f"{page}contratos/novo/", sent(note="Ligar antes") | changed)

        assert answer.status_code == 422
        assert text_of(answer).count(words) == 2  # in the summary and beside the field
        assert "Ligar antes" in answer.text
        assert not Contract.objects.exists()

    def test_a_number_twice_is_refused(self, administration, acme, page):
        make_contract(organization=acme, number="Ouro 2026/001")

        answer = administration.post(f"{page}contratos/novo/", sent())

        assert answer.status_code == 422
        assert "Esta organização já tem um contrato com este número" in text_of(answer)

    def test_changes_one(self, administration, acme, page):
        contract = make_contract(organization=acme, number="Ouro 1")

        administration.post(f"{page}contratos/{contract.pk}/", sent(note="Renovado"))

        contract.refresh_from_db()
        assert (contract.number, contract.valid_from, contract.note) == ("Ouro 2026/001", date(2026, 1, 1), "Renovado")

    def test_keeps_a_named_product_that_is_out_of_use(self, administration, acme, page):
        product = make_product(name="Antigo")
        contract = make_contract(organization=acme, products=[product])
        Product.objects.filter(pk=product.pk).update(is_active=False)

        assert "Antigo" in administration.get(f"{page}contratos/{contract.pk}/").text
        assert "Antigo" not in administration.get(f"{page}contratos/novo/").text
        administration.post(f"{page}contratos/{contract.pk}/", sent(products=[product.pk]))
        assert list(contract.products.all()) == [product]

    def test_a_contract_of_another_organisation_is_not_there(self, administration, bela, page):
        contract = make_contract(organization=bela, number="B-1")

        assert administration.get(f"{page}contratos/{contract.pk}/").status_code == 404
        for part in ("", "encerrar/", "reabrir/"):
            assert administration.post(f"{page}contratos/{contract.pk}/{part}", sent()).status_code == 404
        assert Contract.objects.get().number == "B-1"


class TestButtons:
    def test_end_and_open_again(self, administration, acme, page):
        contract = make_contract(organization=acme)

        administration.post(f"{page}contratos/{contract.pk}/encerrar/")
        assert not Contract.objects.get().is_active

        administration.post(f"{page}contratos/{contract.pk}/reabrir/")
        assert Contract.objects.get().is_active

    def test_say_when_somebody_was_faster(self, administration, acme, page):
        contract = make_contract(organization=acme, number="Ouro 1", is_active=False)

        answer = administration.post(f"{page}contratos/{contract.pk}/encerrar/")

        assert answer.status_code == 422
        assert "O contrato Ouro 1 já foi encerrado." in text_of(answer)


class TestTrail:
    def test_tells_of_contracts_by_their_numbers(self, administration, acme, page):
        administration.post(f"{page}contratos/novo/", sent())
        contract = Contract.objects.get()
        administration.post(f"{page}contratos/{contract.pk}/", sent(valid_until="2026-12-31"))

        said = text_of(administration.get("/administracao/auditoria/"))

        assert "Contrato cadastrado" in said
        assert "Contrato alterado" in said
        assert "Ouro 2026/001 · Acme" in said
        assert "vale até 2026-12-31" in said
