"""A ticket opened at the desk, for somebody known or registered on the spot."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guiche.accounts.models import User
from guiche.organizations.models import Membership, Organization
from guiche.tickets.models import Ticket
from tests.factories.catalog import make_module, make_product, severity, shipped_type
from tests.factories.organizations import make_membership
from tests.web.desk.conftest import text_of

NEW = "/mesa/chamados/novo/"


@pytest.fixture
def asked(bruno: User) -> dict[str, Any]:
    return {
        "member": Membership.objects.get(user=bruno).pk,
        "request_type": shipped_type("falha-tecnica").pk,
        "title": "Caiu a impressão",
        "description": "Ligou dizendo que parou",
        "channel": "phone",
        "call_minutes": "7",
        "once_key": str(uuid.uuid4()),
    }


class TestNew:
    def test_opens_it_in_the_name_of_who_called(
        self, desk: Client, ana: User, bruno: User, asked: dict[str, Any]
    ) -> None:
        module = make_module(product=make_product(name="PACS"), name="Impressão")
        about = {"product": module.product_id, "module": module.pk, "severity": severity(2).pk}

        answer = desk.post(NEW, asked | about)

        ticket = Ticket.objects.get()
        assert answer.url == f"/mesa/chamados/{ticket.number}/"
        assert (ticket.requester, ticket.opened_by, ticket.channel, ticket.call_minutes) == (bruno, ana, "phone", 7)
        assert (ticket.module, ticket.severity) == (module, severity(2))
        assert "Aberto por Ana Analista para Bruno Braga" in text_of(desk.get(answer.url))

    def test_finds_the_person_by_what_was_typed(self, desk: Client, bruno: User, asked: dict[str, Any]) -> None:
        desk.post(NEW, asked | {"member": "", "member-text": "braga acme"})

        assert Ticket.objects.get().requester == bruno

    def test_offers_a_choice_when_several_fit(
        self, desk: Client, bruno: User, bela: Organization, asked: dict[str, Any]
    ) -> None:
        other = make_membership(user=bruno, organization=bela)

        answer = desk.post(NEW, asked | {"member": "", "member-text": "bruno"})

        assert answer.status_code == 422
        assert f'name="member" value="{other.pk}"' in answer.content.decode()
        desk.post(NEW, asked | {"member": other.pk, "member-text": "bruno"})
        assert Ticket.objects.get().organization == bela

    def test_registers_somebody_new(self, desk: Client, acme: Organization, asked: dict[str, Any]) -> None:
        new = {"member": "", "organization": acme.pk, "new_name": "Nina Nova", "new_phone": "(12) 3000-1000"}

        desk.post(NEW, asked | new)

        ticket = Ticket.objects.get()
        assert (ticket.requester.name, ticket.requester.email) == ("Nina Nova", None)
        assert ticket.contact_phone == "(12) 3000-1000"
        assert Membership.objects.filter(user=ticket.requester, organization=acme).exists()

    def test_registers_nobody_when_the_ticket_is_refused(
        self, desk: Client, acme: Organization, asked: dict[str, Any]
    ) -> None:
        new = {"member": "", "organization": acme.pk, "new_name": "Nina Nova", "title": ""}

        answer = desk.post(NEW, asked | new)

        assert answer.status_code == 422
        assert not User.objects.filter(name="Nina Nova").exists()
        assert "Nina Nova" in answer.content.decode()

    def test_says_who_is_missing(self, desk: Client, asked: dict[str, Any]) -> None:
        nobody = desk.post(NEW, asked | {"member": ""})
        nowhere = desk.post(NEW, asked | {"member": "", "new_name": "Nina Nova"})

        assert "Escolha quem pediu ou cadastre a pessoa" in text_of(nobody)
        assert "Escolha a organização da nova pessoa" in text_of(nowhere)

    def test_an_address_that_is_taken_is_said_beside_its_box(
        self, desk: Client, acme: Organization, asked: dict[str, Any]
    ) -> None:
        new = {"member": "", "organization": acme.pk, "new_name": "Outro Bruno", "new_email": "bruno@acme.example"}

        answer = desk.post(NEW, asked | new)

        assert answer.status_code == 422
        assert 'id="id_new_email-error"' in answer.content.decode() or "já" in text_of(answer)
        assert not Ticket.objects.exists()

    def test_the_same_form_opens_one(self, desk: Client, acme: Organization, asked: dict[str, Any]) -> None:
        new = {"member": "", "organization": acme.pk, "new_name": "Nina Nova"}

        addresses = {desk.post(NEW, asked | new).url for _ in range(2)}

        assert len(addresses) == Ticket.objects.count() == 1
        assert User.objects.filter(name="Nina Nova").count() == 1

    def test_a_refused_form_keeps_all_that_was_typed(self, desk: Client, asked: dict[str, Any]) -> None:
        file = SimpleUploadedFile("tela.txt", b"tela")

        answer = desk.post(NEW, asked | {"title": "", "files-new": file})

        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Erro:" in page
        assert "Ligou dizendo que parou" in page
        assert "Bruno Braga" in page
        assert "tela.txt" in page

    def test_begins_with_the_person_whose_page_one_came_from(self, desk: Client, bruno: User) -> None:
        member = Membership.objects.get(user=bruno)

        assert 'value="Bruno Braga"' in desk.get(f"{NEW}?pessoa={member.pk}").content.decode()
        assert desk.get(f"{NEW}?pessoa=xyz").status_code == 200

    def test_is_for_the_desk_only(
        self, enter: Callable[[User], Client], bruno: User, davi: User, asked: dict[str, Any]
    ) -> None:
        assert [enter(user).post(NEW, asked).status_code for user in (bruno, davi)] == [403, 403]
        assert not Ticket.objects.exists()
