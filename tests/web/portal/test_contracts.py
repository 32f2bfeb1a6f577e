"""Which contract a ticket is under, as its customers read it."""

from __future__ import annotations

import pytest

from guiche.assets.models import Contract
from guiche.tickets.actions import sharing, triage
from guiche.web.sheets import tickets as sheets_of
from tests.factories.assets import make_contract
from tests.factories.tickets import NOON, make_ticket


@pytest.fixture
def ticket(bruno, acme):
    make_contract(organization=acme, number="Ouro 2025/014", note="CANARY-NOTE")
    return make_ticket(requester=bruno)


def shown(client, user, ticket):
    """Return what `user` reads of `ticket`, on its page and on paper."""
    client.force_login(user)
    pages = (client.get(f"/chamados/{ticket.number}/"), client.get(f"/chamados/{ticket.number}/imprimir/"))
    assert [page.status_code for page in pages] == [200, 200]
    return [page.text for page in pages]


class TestTicket:
    def test_names_the_contract_to_the_own_organisation(self, client, bruno, beatriz, ticket):
        for user in (bruno, beatriz):
            for page in shown(client, user, ticket):
                assert "Ouro 2025/014" in page
                assert "CANARY-NOTE" not in page

    def test_does_not_name_it_to_somebody_of_another_company(self, client, ana, carla, ticket):
        sharing.share(ticket, carla.email, by=ana, at=NOON)

        assert not [page for page in shown(client, carla, ticket) if "Ouro 2025/014" in page]
        assert ("Contrato", "Ouro 2025/014") not in sheets_of.facts(ticket, carla)

    def test_does_not_name_it_once_the_ticket_is_of_another_organisation(self, client, ana, carla, acme, bela, ticket):
        other = make_contract(organization=acme, number="Prata 2026/002")
        triage.change(ticket, by=ana, at=NOON, reason="Renovado", contract=other)
        triage.move_to_organization(ticket, bela, carla, by=ana, at=NOON, reason="Aberto na empresa errada")

        assert not [page for page in shown(client, carla, ticket) for one in ("Ouro", "Prata 2026") if one in page]

    def test_says_nothing_where_there_is_none(self, client, ana, bruno, ticket):
        triage.change(ticket, by=ana, at=NOON, reason="Avulso", contract=None)
        assert Contract.objects.exists()

        assert not [page for page in shown(client, bruno, ticket) if "<dt>Contrato</dt>" in page]
