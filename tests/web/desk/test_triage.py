"""Taking, moving, assigning, transferring, classifying, sharing: each through its dialog or its button."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from guiche.accounts.models import Team, User
from guiche.assets.models import Contract
from guiche.organizations.models import Membership, Organization
from guiche.tickets.actions import conversation, moving, triage
from guiche.tickets.models import Ticket
from tests.factories.accounts import make_team
from tests.factories.assets import make_contract
from tests.factories.catalog import make_module, make_product, make_service, severity
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import HTMX, text_of

NOW = timezone.now
DIALOG = {**HTMX, "HX-Target": "dialogo"}


@pytest.fixture
def ticket(bruno: User) -> Ticket:
    return make_ticket(requester=bruno)


def at(ticket: Ticket, part: str) -> str:
    return f"/mesa/chamados/{ticket.number}/{part}/"


class TestTake:
    def test_makes_one_responsible_and_begins_the_work(
        self, desk: Client, ana: User, ticket: Ticket, suporte: SimpleNamespace
    ) -> None:
        answer = desk.post(at(ticket, "assumir"), headers=HTMX)

        ticket.refresh_from_db()
        assert (ticket.assignee, ticket.status) == (ana, suporte.working)
        assert answer.status_code == 200
        assert answer["HX-Reswap"] == "none"
        assert "Em atendimento" in text_of(answer)

    def test_takes_over_from_whom_one_saw(
        self, desk: Client, ana: User, gustavo: User, bruno: User, suporte: SimpleNamespace
    ) -> None:
        ticket = make_ticket(requester=bruno, assignee=gustavo, status=suporte.working)

        desk.post(at(ticket, "assumir"), {"assignee": gustavo.pk})

        ticket.refresh_from_db()
        assert ticket.assignee == ana

    def test_the_second_of_two_is_told(
        self, desk: Client, gustavo: User, ticket: Ticket, suporte: SimpleNamespace
    ) -> None:
        moving.take(ticket, suporte.start, by=gustavo, at=NOW())

        refused = desk.post(at(ticket, "assumir"), {"assignee": ""})
        by_htmx = desk.post(at(ticket, "assumir"), {"assignee": ""}, headers=HTMX)

        assert (refused.status_code, by_htmx.status_code) == (409, 422)
        assert "Gustavo Gomes assumiu este chamado" in text_of(refused)
        assert "Gustavo Gomes assumiu este chamado" in text_of(by_htmx)
        assert Ticket.objects.get(pk=ticket.pk).assignee == gustavo


class TestMove:
    def test_cancels_with_a_reason(self, desk: Client, ticket: Ticket, suporte: SimpleNamespace) -> None:
        address = at(ticket, f"passos/{suporte.cancel.pk}")
        assert desk.get(address, headers=DIALOG).content.decode().lstrip().startswith("<header>")

        refused = desk.post(address, {"reason": " "}, headers=DIALOG)
        assert refused.status_code == 422
        assert "Diga o motivo" in text_of(refused)

        answer = desk.post(address, {"reason": "Aberto por engano"}, headers=DIALOG)

        ticket.refresh_from_db()
        assert ticket.status == suporte.cancelled
        assert "close-dialog" in answer["HX-Trigger"]

    def test_one_that_asks_nothing_is_a_button(self, desk: Client, bruno: User, suporte: SimpleNamespace) -> None:
        ticket = make_ticket(requester=bruno, status=suporte.waiting)
        assert "Retomar" in text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))

        desk.post(at(ticket, f"passos/{suporte.resume.pk}"))

        ticket.refresh_from_db()
        assert ticket.status == suporte.working

    def test_one_that_moved_on_says_where_the_ticket_is(
        self, desk: Client, gustavo: User, bruno: User, suporte: SimpleNamespace
    ) -> None:
        ticket = make_ticket(requester=bruno, status=suporte.waiting)
        moving.take(ticket, suporte.resume, by=gustavo, at=NOW())

        answer = desk.post(at(ticket, f"passos/{suporte.resume.pk}"))

        assert answer.status_code == 409
        assert "Em atendimento" in text_of(answer)

    def test_one_of_another_workflow_does_not_exist(self, desk: Client, bruno: User, suporte: SimpleNamespace) -> None:
        ticket = make_ticket(requester=bruno, type_slug="sugestao-de-melhoria")

        assert desk.get(at(ticket, f"passos/{suporte.cancel.pk}")).status_code == 404

    def test_one_for_others_is_refused(self, desk: Client, bruno: User, suporte: SimpleNamespace) -> None:
        ticket = make_ticket(requester=bruno, status=suporte.validating)

        assert desk.post(at(ticket, f"passos/{suporte.approve.pk}")).status_code == 409
        assert Ticket.objects.get(pk=ticket.pk).status == suporte.validating


class TestDialogs:
    @pytest.mark.parametrize(
        "part", ["responsavel", "transferir", "gravidade", "classificacao", "solicitante", "contato", "participantes"]
    )
    def test_each_is_a_page_too(self, desk: Client, ticket: Ticket, part: str) -> None:
        page, dialog = desk.get(at(ticket, part)), desk.get(at(ticket, part), headers=DIALOG)

        assert "<html" in page.content.decode()
        assert page.content.decode().count("<h1") == 1
        assert "<html" not in dialog.content.decode()
        assert 'id="dialogo-titulo"' in dialog.content.decode()

    def test_assigns_and_leaves_to_the_team(self, desk: Client, gustavo: User, ticket: Ticket) -> None:
        desk.post(at(ticket, "responsavel"), {"assignee": gustavo.pk})
        assert Ticket.objects.get(pk=ticket.pk).assignee == gustavo

        desk.post(at(ticket, "responsavel"), {"assignee": ""})
        assert Ticket.objects.get(pk=ticket.pk).assignee is None

    def test_says_when_nothing_was_changed(self, desk: Client, gustavo: User, ticket: Ticket) -> None:
        first, again = (desk.post(at(ticket, "responsavel"), {"assignee": gustavo.pk}, headers=DIALOG) for _i in "ab")

        assert "Responsável alterado" in first.content.decode()
        assert "Nada foi mudado" in again.content.decode()

    def test_renews_the_menu_of_steps(self, desk: Client, gustavo: User, ticket: Ticket) -> None:
        answer = desk.post(at(ticket, "responsavel"), {"assignee": gustavo.pk}, headers=DIALOG).content.decode()

        assert '<div class="pop" id="acoes" hx-swap-oob="true"' in answer

    def test_assigns_nobody_who_cannot_see_it(
        self, enter: Callable[[User], Client], ana: User, gustavo: User, bruno: User, restricted: Team
    ) -> None:
        ticket = make_ticket(requester=bruno, team=restricted)

        answer = enter(gustavo).post(at(ticket, "responsavel"), {"assignee": ana.pk})

        assert answer.status_code == 422
        assert Ticket.objects.get(pk=ticket.pk).assignee is None

    def test_transfers_with_a_reason(self, desk: Client, ticket: Ticket) -> None:
        team = make_team(name="Implantação")
        refused = desk.post(at(ticket, "transferir"), {"team": team.pk, "reason": ""})
        assert refused.status_code == 422

        desk.post(at(ticket, "transferir"), {"team": team.pk, "reason": "É de implantação"})

        assert Ticket.objects.get(pk=ticket.pk).team == team

    def test_says_at_once_all_that_a_transfer_lacks(self, desk: Client, ticket: Ticket) -> None:
        refused = text_of(desk.post(at(ticket, "transferir"), {"team": "", "reason": ""}, headers=DIALOG))

        assert "Falta corrigir 2 informações" in refused
        assert "Escolha a equipe" in refused
        assert "Diga o motivo" in refused

    def test_a_ticket_handed_out_of_sight_takes_one_home(self, desk: Client, ticket: Ticket, restricted: Team) -> None:
        answer = desk.post(at(ticket, "transferir"), {"team": restricted.pk, "reason": "Ouvidoria"}, headers=DIALOG)

        assert answer["HX-Redirect"] == "/mesa/"
        assert desk.get(f"/mesa/chamados/{ticket.number}/").status_code == 404

    def test_changes_the_severity_with_a_reason(self, desk: Client, ticket: Ticket) -> None:
        refused = desk.post(at(ticket, "gravidade"), {"severity": severity(1).pk, "reason": ""}, headers=DIALOG)
        assert refused.status_code == 422
        assert "Diga o motivo" in text_of(refused)

        desk.post(at(ticket, "gravidade"), {"severity": severity(1).pk, "reason": "Parou tudo"})

        assert Ticket.objects.get(pk=ticket.pk).severity == severity(1)

    def test_classifies_by_what_was_typed_without_javascript(self, desk: Client, ticket: Ticket) -> None:
        service = make_service(module=make_module(product=make_product(name="PACS"), name="Visualizador"), name="Abrir")
        asked = {
            "title": "Botão cinza",
            "request_type": ticket.request_type_id,
            "product": service.module.product_id,
            "module-text": "visualiz",
            "service-text": "abrir",
            "reason": "Faltava o módulo",
        }

        answer = desk.post(at(ticket, "classificacao"), asked)

        ticket.refresh_from_db()
        assert answer.status_code == 302
        assert (ticket.title, ticket.module, ticket.service) == ("Botão cinza", service.module, service)

    def test_offers_no_module_of_another_product(self, desk: Client, ticket: Ticket) -> None:
        module = make_module(product=make_product(name="RIS"), name="Laudos")
        asked = {
            "title": ticket.title,
            "request_type": ticket.request_type_id,
            "product": make_product(name="PACS").pk,
            "module": module.pk,
            "module-text": "Laudos",
            "reason": "x",
        }

        answer = desk.post(at(ticket, "classificacao"), asked)

        assert answer.status_code == 422
        assert Ticket.objects.get(pk=ticket.pk).module is None

    def test_puts_the_ticket_under_another_contract(self, desk: Client, bruno: User, acme: Organization) -> None:
        first = make_contract(organization=acme, number="Ouro 1")
        ticket = make_ticket(requester=bruno)
        second = make_contract(organization=acme, number="Prata 2", valid_until=date(2027, 3, 31))
        make_contract(organization=acme, number="Bronze 3", is_active=False)
        make_contract(number="De outra empresa")
        dialog = desk.get(at(ticket, "classificacao")).text
        assert [number in dialog for number in ("Ouro 1", "Prata 2", "Bronze 3", "De outra empresa")] == [
            *(True, True, False, False)
        ]
        assert f'value="{first.pk}" selected' in dialog

        asked = {"title": ticket.title, "request_type": ticket.request_type_id, "contract": second.pk, "reason": "x"}
        answer = desk.post(at(ticket, "classificacao"), asked)

        ticket.refresh_from_db()
        assert (answer.status_code, ticket.contract) == (302, second)
        page = text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))
        assert "Contrato Prata 2, até 31/03/2027" in page
        assert "Contrato de Ouro 1 para Prata 2" in page

    def test_keeps_a_contract_that_was_ended_meanwhile(self, desk: Client, bruno: User, acme: Organization) -> None:
        contract = make_contract(organization=acme, number="Ouro 1")
        ticket = make_ticket(requester=bruno)
        Contract.objects.filter(pk=contract.pk).update(is_active=False)

        asked = {"title": "Outro", "request_type": ticket.request_type_id, "contract": contract.pk, "reason": "x"}
        desk.post(at(ticket, "classificacao"), asked)

        ticket.refresh_from_db()
        assert (ticket.title, ticket.contract) == ("Outro", contract)

    def test_a_page_drawn_without_contracts_takes_none_away(
        self, desk: Client, bruno: User, acme: Organization
    ) -> None:
        contract = make_contract(organization=acme)
        ticket = make_ticket(requester=bruno)

        asked = {"title": "Outro", "request_type": ticket.request_type_id, "reason": "x"}
        desk.post(at(ticket, "classificacao"), asked)

        ticket.refresh_from_db()
        assert (ticket.title, ticket.contract) == ("Outro", contract)

    def test_asks_for_no_contract_where_there_is_none(self, desk: Client, ticket: Ticket) -> None:
        assert 'name="contract"' not in desk.get(at(ticket, "classificacao")).text

    def test_moves_to_another_requester_and_organization(self, desk: Client, carla: User, ticket: Ticket) -> None:
        member = Membership.objects.get(user=carla)

        desk.post(at(ticket, "solicitante"), {"member": member.pk, "reason": "Aberto na empresa errada"})

        ticket.refresh_from_db()
        assert (ticket.organization, ticket.requester) == (member.organization, carla)

    def test_after_a_move_the_head_says_who_opened_it_in_truth(
        self, desk: Client, bruno: User, carla: User, ticket: Ticket
    ) -> None:
        member = Membership.objects.get(user=carla)
        before = ticket.organization.name
        conversation.comment(ticket, by=bruno, at=NOW(), body="Ainda não abre.")
        desk.post(at(ticket, "solicitante"), {"member": member.pk, "reason": "Aberto na empresa errada"})
        conversation.comment(ticket, by=carla, at=NOW(), body="É nosso.")

        said = desk.get(f"/mesa/chamados/{ticket.number}/").text
        assert [re.search(r"<small>([^<]*)</small>", one)[1] for one in said.split('<li class="msg')[2:4]] == [
            before,
            member.organization.name,
        ]
        head = desk.get(f"/mesa/chamados/{ticket.number}/").text.split('id="cabecalho"')[1].split("</header>")[0]

        assert f"Aberto por {bruno.name} para {carla.name}" in head

    def test_changes_the_contact(self, desk: Client, ticket: Ticket) -> None:
        assert desk.post(at(ticket, "contato"), {"name": ""}).status_code == 422

        desk.post(at(ticket, "contato"), {"name": "Dalva", "phone": "(12) 3000-1000"})

        ticket.refresh_from_db()
        assert (ticket.contact_name, ticket.contact_phone) == ("Dalva", "(12) 3000-1000")

    def test_shares_and_takes_back(self, desk: Client, beatriz: User, ticket: Ticket) -> None:
        assert desk.post(at(ticket, "participantes"), {"address": "sem-arroba"}).status_code == 422

        desk.post(at(ticket, "participantes"), {"address": "beatriz@acme.example"})
        desk.post(at(ticket, "participantes"), {"address": "alguem@fora.example"})
        assert "alguem@fora.example" in text_of(desk.get(at(ticket, "participantes")))

        desk.post(at(ticket, "participantes/remover"), {"person": ticket.participants.get().pk})
        desk.post(at(ticket, "participantes/remover"), {"copy": ticket.copies.get().pk}, headers=HTMX)

        assert not ticket.participants.exists()
        assert not ticket.copies.exists()

    def test_a_change_leaves_what_is_being_typed_alone(self, desk: Client, gustavo: User, ticket: Ticket) -> None:
        answer = desk.post(at(ticket, "responsavel"), {"assignee": gustavo.pk}, headers=DIALOG)

        assert "<textarea" not in answer.content.decode()
        assert "queue-changed" in answer["HX-Trigger"]


class TestOptions:
    def test_finds_people_by_name_address_phone_and_organization(
        self, desk: Client, bruno: User, carla: User, acme: Organization
    ) -> None:
        User.objects.filter(pk=bruno.pk).update(phone="(12) 98800-1122")

        for words in ("bruno", "BRAGA acme", "bruno@acme", "98800"):
            shown = text_of(desk.get("/mesa/opcoes/pessoas/", {"member-text": words}))
            assert "Bruno Braga" in shown, words
            assert "Carla" not in shown, words
        assert "Bruno" not in text_of(desk.get("/mesa/opcoes/pessoas/", {"member-text": "bela"}))

    def test_modules_are_those_of_the_product(self, desk: Client) -> None:
        pacs, ris = make_product(name="PACS"), make_product(name="RIS")
        make_module(product=pacs, name="Visualizador")
        make_module(product=ris, name="Laudos")

        shown = text_of(desk.get("/mesa/opcoes/modulos/", {"product": pacs.pk}))

        assert "Visualizador" in shown
        assert "Laudos" not in shown
        assert "Escolha o produto primeiro" in text_of(desk.get("/mesa/opcoes/modulos/"))

    def test_are_for_the_desk_only(self, enter: Callable[[User], Client], bruno: User) -> None:
        for name in ("pessoas", "organizacoes", "modulos", "servicos"):
            assert enter(bruno).get(f"/mesa/opcoes/{name}/").status_code == 403


def test_triage_by_somebody_else_is_in_the_timeline(desk: Client, gustavo: User, ticket: Ticket) -> None:
    triage.assign(ticket, gustavo, by=gustavo, at=NOW())

    assert "Gustavo Gomes assumiu o chamado" in text_of(desk.get(f"/mesa/chamados/{ticket.number}/"))
