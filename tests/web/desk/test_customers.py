"""The customers as the desk knows them."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from guiche.accounts.models import Team, User
from guiche.organizations.models import Organization
from tests.factories.assets import make_contract
from tests.factories.catalog import make_product
from tests.factories.organizations import make_membership, make_organization, make_site
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import text_of
from tests.web.desk.test_queue import queries_of


class TestCustomers:
    def test_lists_and_finds(self, desk: Client, acme: Organization, bela: Organization) -> None:
        everybody, found = text_of(desk.get("/mesa/clientes/")), text_of(desk.get("/mesa/clientes/?q=acm"))

        assert "Acme" in everybody
        assert "Bela" in everybody
        assert "Bela" not in found

    def test_25_rows_cost_what_one_costs(self, desk: Client, acme: Organization) -> None:
        with_one = queries_of(desk, "/mesa/clientes/")

        for _ in range(24):
            make_organization()

        assert queries_of(desk, "/mesa/clientes/") == with_one <= 12


class TestCustomer:
    def test_shows_people_sites_products_notes_and_tickets(
        self, desk: Client, bruno: User, acme: Organization, bela: Organization
    ) -> None:
        Organization.objects.filter(pk=acme.pk).update(notes="Só pela **VPN**", cnpj="12345678000195")
        make_product(name="PACS", organizations=[acme])
        make_product(name="RIS", organizations=[bela])
        make_ticket(requester=bruno, title="Está aberto")

        shown = text_of(desk.get(f"/mesa/clientes/{acme.pk}/"))

        for words in ("Bruno Braga", "Matriz", "PACS", "Só pela VPN", "Está aberto"):
            assert words in shown, words
        assert "RIS" not in shown

    def test_shows_the_contracts_with_their_notes(self, desk: Client, acme: Organization, bela: Organization) -> None:
        make_contract(organization=acme, number="Ouro 2025/014", note="Só com **Rosa**")
        make_contract(organization=bela, number="De outra empresa")

        shown = text_of(desk.get(f"/mesa/clientes/{acme.pk}/"))

        assert "Ouro 2025/014 Em vigor desde 01/01/2025 · todos os produtos Só com Rosa" in shown
        assert "De outra empresa" not in shown

    def test_shows_no_ticket_that_one_may_not_see(
        self, desk: Client, bruno: User, acme: Organization, restricted: Team
    ) -> None:
        make_ticket(requester=bruno, title="Assunto reservado", team=restricted)

        for address in (f"/mesa/clientes/{acme.pk}/", f"/mesa/pessoas/{bruno.pk}/"):
            assert "Assunto reservado" not in text_of(desk.get(address))

    def test_costs_the_same_with_many(self, desk: Client, bruno: User, acme: Organization) -> None:
        make_ticket(requester=bruno)
        addresses = (f"/mesa/clientes/{acme.pk}/", f"/mesa/pessoas/{bruno.pk}/")
        before = [queries_of(desk, address) for address in addresses]

        for _ in range(24):
            make_membership(organization=acme, site=make_site(organization=acme))
            make_contract(organization=acme, products=[make_product()])
            make_ticket(requester=bruno)

        assert [queries_of(desk, address) for address in addresses] == before
        assert max(before) <= 12

    def test_missing_ones_are_not_found(self, desk: Client, ana: User) -> None:
        assert desk.get("/mesa/clientes/987654/").status_code == 404
        assert desk.get("/mesa/pessoas/987654/").status_code == 404
        assert desk.get(f"/mesa/pessoas/{ana.pk}/").status_code == 404  # staff are no customers

    def test_is_for_the_desk_only(self, enter: Callable[[User], Client], bruno: User, acme: Organization) -> None:
        assert enter(bruno).get(f"/mesa/clientes/{acme.pk}/").status_code == 403


class TestPerson:
    def test_shows_how_to_reach_them_and_what_they_asked(self, desk: Client, bruno: User) -> None:
        make_ticket(requester=bruno, title="Pediu isto")

        shown = text_of(desk.get(f"/mesa/pessoas/{bruno.pk}/"))

        for words in ("Bruno Braga", "bruno@acme.example", "Acme", "Pediu isto"):
            assert words in shown, words
