"""A ticket opened at the desk, for somebody known or registered on the spot."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from guiche.accounts.models import User
from guiche.catalog.fields import StandardField as F
from guiche.drafts.models import Draft
from guiche.organizations.models import Membership, Organization
from guiche.tickets.actions.opening import Asked, open_ticket
from guiche.tickets.models import Ticket
from tests.factories.accounts import make_team
from tests.factories.catalog import (
    make_custom_field,
    make_failure,
    make_form_field,
    make_module,
    make_product,
    make_request_type,
    make_service,
    severity,
    shipped_type,
)
from tests.factories.organizations import make_membership
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import HTMX, text_of

NEW = "/mesa/chamados/novo/"


@pytest.fixture
def asked(bruno: User) -> dict[str, Any]:
    return {
        "member": Membership.objects.get(user=bruno).pk,
        "request_type": shipped_type("falha-tecnica").slug,
        "title": "Caiu a impressão",
        "description": "Ligou dizendo que parou",
        "channel": "phone",
        "call_minutes": "7",
        "severity": severity(2).pk,
        "contact_phone": "(12) 3000-1000",
        "once_key": str(uuid.uuid4()),
    }


class TestNew:
    def test_opens_it_in_the_name_of_who_called(
        self, desk: Client, ana: User, bruno: User, asked: dict[str, Any]
    ) -> None:
        module = make_module(product=make_product(name="PACS"), name="Impressão")
        about = {"product": module.product_id, "module": module.pk}

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
        new = {"member": "", "new_organization": acme.pk, "new_name": "Nina Nova", "new_phone": "(12) 3000-1000"}

        desk.post(NEW, asked | new)

        ticket = Ticket.objects.get()
        assert (ticket.requester.name, ticket.requester.email) == ("Nina Nova", None)
        assert ticket.contact_phone == "(12) 3000-1000"
        assert Membership.objects.filter(user=ticket.requester, organization=acme).exists()

    def test_registers_nobody_when_the_ticket_is_refused(
        self, desk: Client, acme: Organization, asked: dict[str, Any]
    ) -> None:
        new = {"member": "", "new_organization": acme.pk, "new_name": "Nina Nova", "title": ""}

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
        new = {"member": "", "new_organization": acme.pk, "new_name": "Outro Bruno", "new_email": "bruno@acme.example"}

        answer = desk.post(NEW, asked | new)

        assert answer.status_code == 422
        assert 'id="id_new_email-error"' in answer.content.decode() or "já" in text_of(answer)
        assert not Ticket.objects.exists()

    def test_the_same_form_opens_one(self, desk: Client, acme: Organization, asked: dict[str, Any]) -> None:
        new = {"member": "", "new_organization": acme.pk, "new_name": "Nina Nova"}

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

    def test_hears_of_what_is_wrong_in_both_parts_at_once(self, desk: Client, asked: dict[str, Any]) -> None:
        answer = text_of(desk.post(NEW, asked | {"member": "", "title": ""}))

        assert "Escolha quem pediu ou cadastre a pessoa" in answer
        assert "Diga em poucas palavras o que está acontecendo." in answer
        assert "Falta corrigir 3 informações" in answer  # the name of the contact is not known either

    def test_chooses_the_team(self, desk: Client, ana: User, asked: dict[str, Any]) -> None:
        team = make_team(name="Plantão")

        desk.post(NEW, asked | {"team": team.pk})

        assert Ticket.objects.get().team == team

    def test_notes_minutes_of_a_call_only(self, desk: Client, asked: dict[str, Any]) -> None:
        desk.post(NEW, asked | {"channel": "email"})

        assert (Ticket.objects.get().channel, Ticket.objects.get().call_minutes) == ("email", None)

    def test_asks_what_the_type_asks_with_the_fields_of_staff(self, desk: Client, asked: dict[str, Any]) -> None:
        kind = make_request_type()
        secret = make_custom_field(name="Custo", is_for_customers=False)
        make_form_field(request_type=kind, custom=secret, is_required=True)
        form = asked | {"request_type": kind.slug}

        refused = desk.post(NEW, form)
        desk.post(NEW, form | {f"custom-{secret.pk}": "R$ 10"})

        assert "Responda “Custo”." in text_of(refused)
        assert Ticket.objects.get().answers.get().field == secret

    def test_takes_the_severity_from_urgency_and_impact(self, desk: Client, asked: dict[str, Any]) -> None:
        kind = make_request_type(form=((F.TITLE, True), (F.URGENCY, True)), severity_source="matrix")
        form = asked | {"request_type": kind.slug, "severity": ""}

        refused = desk.post(NEW, form)
        desk.post(NEW, form | {"urgency": "high", "impact": "high"})

        assert refused.status_code == 422
        assert (Ticket.objects.get().urgency, Ticket.objects.get().impact) == ("high", "high")

    def test_keeps_copies(self, desk: Client, asked: dict[str, Any]) -> None:
        kind = make_request_type(form=((F.TITLE, True), (F.COPIES, False)))

        desk.post(NEW, asked | {"request_type": kind.slug, "copies": "chefe@acme.example"})

        assert [copy.address for copy in Ticket.objects.get().copies.all()] == ["chefe@acme.example"]

    def test_refuses_a_type_that_the_organisation_does_not_have_and_keeps_what_was_typed(
        self, desk: Client, bela: Organization, asked: dict[str, Any]
    ) -> None:
        kind = make_request_type()
        kind.products.add(make_product(organizations=[bela]))

        answer = desk.post(NEW, asked | {"request_type": kind.slug})

        assert answer.status_code == 422
        assert "não está disponível para esta organização" in text_of(answer)
        assert "Caiu a impressão" in answer.content.decode()
        assert not Ticket.objects.exists()

    def test_takes_no_product_of_another_organisation(
        self, desk: Client, bela: Organization, asked: dict[str, Any]
    ) -> None:
        foreign = make_product(organizations=[bela])
        make_product()

        assert desk.post(NEW, asked | {"product": foreign.pk}).status_code == 422
        assert not Ticket.objects.exists()

    def test_the_key_of_somebody_else_is_nothing(
        self, desk: Client, bruno: User, ana: User, asked: dict[str, Any]
    ) -> None:
        other = Membership.objects.get(user=bruno).organization
        content = Asked(request_type=shipped_type(), organization=other, requester=bruno, title="Outra coisa")
        open_ticket(content, by=bruno, at=timezone.now(), once_key=uuid.UUID(asked["once_key"]))

        assert desk.post(NEW, asked).status_code == 302
        assert Ticket.objects.filter(opened_by=ana).exists()


class TestSimilar:
    def test_is_shown_before_another_is_opened(self, desk: Client, bruno: User, asked: dict[str, Any]) -> None:
        there = make_ticket(requester=bruno, title="Caiu a impressão")

        shown = desk.post(NEW, asked)
        opened = desk.post(NEW, asked | {"similar": there.number})

        assert shown.status_code == 422
        assert f'href="/mesa/chamados/{there.number}/"' in shown.content.decode()
        assert opened.status_code == 302

    def test_looks_into_the_chosen_organisation_only(
        self, desk: Client, bruno: User, acme: Organization, bela: Organization
    ) -> None:
        there = make_ticket(requester=bruno, title="Caiu a impressão")
        address = f"{NEW}semelhantes/?title=Caiu+a+impressao"

        pages = [desk.get(f"{address}{tail}") for tail in (f"&organization={acme.pk}", f"&organization={bela.pk}", "")]

        assert [f"/mesa/chamados/{there.number}/" in page.content.decode() for page in pages] == [True, False, False]
        assert desk.get(f"{address}&organization=x").status_code == 404


class TestSteps:
    """What the page asks follows from what was chosen, with JavaScript and without."""

    def test_asks_first_for_person_and_type(self, desk: Client) -> None:
        page = desk.get(NEW).content.decode()

        assert 'name="member-text"' in page
        assert 'name="request_type"' in page
        assert 'name="title"' not in page

    def test_updates_without_javascript(self, desk: Client, bruno: User, asked: dict[str, Any]) -> None:
        product = make_product(name="PACS")
        module = make_module(product=product, name="Laudos")
        make_module(product=product, name="Agenda")
        first = {"member-text": "bruno", "request_type": "falha-tecnica", "once_key": asked["once_key"]}

        drawn = desk.post(f"{NEW}campos/", first)
        chosen = desk.post(f"{NEW}campos/", first | {"title": "Parou", "product": product.pk})

        page = drawn.content.decode()
        assert drawn.status_code == chosen.status_code == 200
        assert 'name="contact_name" id="id_contact_name" value="Bruno Braga"' in page
        assert asked["once_key"] in page
        assert "Erro:" not in page
        assert f'<option value="{module.pk}">Laudos' in chosen.content.decode()
        assert 'value="Parou"' in chosen.content.decode()

    def test_answers_htmx_with_the_part_that_hangs_on_the_person(
        self, desk: Client, bruno: User, asked: dict[str, Any]
    ) -> None:
        part = desk.post(f"{NEW}campos/", asked, headers=HTMX).content.decode()

        assert "<html" not in part
        assert 'value="Caiu a impressão"' in part
        assert "noscript" not in part

    def test_answers_htmx_with_what_a_choice_changed(self, desk: Client, asked: dict[str, Any]) -> None:
        module = make_module(product=make_product(name="PACS"), name="Impressão")
        make_module(product=module.product)
        headers = HTMX | {"HX-Trigger": "decides-product"}

        part = desk.post(f"{NEW}campos/", asked | {"product": module.product_id}, headers=headers).content.decode()

        assert 'id="slot-module" hx-swap-oob="true"' in part
        assert 'name="title"' not in part

    def test_the_contact_follows_the_person_unless_another_was_typed(
        self, desk: Client, bruno: User, caio: User, asked: dict[str, Any]
    ) -> None:
        before, now = (Membership.objects.get(user=user).pk for user in (bruno, caio))
        moved = asked | {"member": now, "drawn_for": before}

        kept = desk.post(f"{NEW}campos/", moved | {"contact_name": "Doutora Vera"}, headers=HTMX).content.decode()
        followed = desk.post(f"{NEW}campos/", moved | {"contact_name": "Bruno Braga"}, headers=HTMX).content.decode()

        assert 'value="Doutora Vera"' in kept
        assert 'id="id_contact_name" value="Caio Costa"' in followed

    def test_asks_for_which_organisation_when_the_person_has_several(
        self, desk: Client, bruno: User, bela: Organization, asked: dict[str, Any]
    ) -> None:
        other = make_membership(user=bruno, organization=bela)

        part = desk.post(f"{NEW}campos/", asked, headers=HTMX).content.decode()
        desk.post(NEW, asked | {"drawn_for": asked["member"], "belongs": other.pk})

        assert 'name="belongs"' in part
        assert Ticket.objects.get().organization == bela

    def test_a_choice_that_was_drawn_for_somebody_else_counts_no_more(
        self, desk: Client, bruno: User, carla: User, acme: Organization, asked: dict[str, Any]
    ) -> None:
        foreign = Membership.objects.get(user=carla)

        desk.post(NEW, asked | {"drawn_for": asked["member"], "belongs": foreign.pk})

        assert Ticket.objects.get().organization == acme

    def test_offers_the_types_again_on_request(self, desk: Client, asked: dict[str, Any]) -> None:
        drawn = desk.post(f"{NEW}campos/", asked, headers=HTMX).content.decode()
        again = desk.post(f"{NEW}campos/", asked | {"retype": "1"}, headers=HTMX).content.decode()

        assert '<select class="select" name="request_type"' not in drawn
        assert '<select class="select" name="request_type"' in again
        assert 'value="Caiu a impressão"' in again

    def test_enter_opens_without_javascript(self, desk: Client) -> None:
        page = desk.get(NEW).content.decode()

        ours = [tag for tag in re.findall(r"<button[^>]*>", page[page.index("<once-submit") :]) if "type=" not in tag]

        assert 'form="abertura"' in ours[0]
        assert "formaction" not in ours[0]
        assert any("formaction" in tag for tag in ours[1:])


class TestDraft:
    def test_comes_back_with_the_person_the_type_and_the_text(
        self, desk: Client, bruno: User, asked: dict[str, Any]
    ) -> None:
        kept = desk.post(f"{NEW}rascunho/", asked)

        page = desk.get(NEW).content.decode()

        assert kept.status_code == 200
        assert 'value="Bruno Braga"' in page
        assert 'value="Caiu a impressão"' in page
        assert "voltou" in page

    def test_goes_when_the_ticket_is_opened_and_late_news_bring_it_back_no_more(
        self, desk: Client, asked: dict[str, Any]
    ) -> None:
        desk.post(f"{NEW}rascunho/", asked)
        desk.post(NEW, asked)
        desk.post(f"{NEW}rascunho/", asked)

        assert Ticket.objects.count() == 1
        assert not Draft.objects.exists()

    def test_is_discarded(self, desk: Client, asked: dict[str, Any]) -> None:
        desk.post(f"{NEW}rascunho/", asked)

        answer = desk.post(f"{NEW}rascunho/", asked | {"discard": "1"})

        assert answer.url == NEW
        assert not Draft.objects.exists()

    def test_of_one_person_is_not_put_under_another(
        self, desk: Client, bruno: User, caio: User, asked: dict[str, Any]
    ) -> None:
        desk.post(f"{NEW}rascunho/", asked)

        page = desk.get(f"{NEW}?pessoa={Membership.objects.get(user=caio).pk}").content.decode()

        assert "Caiu a impressão" not in page
        assert "Continuar o chamado deixado" in page


class TestSearches:
    def test_answer_inside_the_organisation(
        self, desk: Client, bruno: User, carla: User, acme: Organization, bela: Organization
    ) -> None:
        make_product(name="PACS", organizations=[acme])
        make_product(name="PABX", organizations=[bela])

        products = desk.get(f"{NEW}produtos/?product-text=&organization={acme.pk}").content.decode()
        people = desk.get(f"{NEW}pessoas/?custom-1-text=&organization={acme.pk}").content.decode()

        assert "PACS" in products
        assert "PABX" not in products
        assert "Bruno" in people
        assert "Carla" not in people

    def test_find_nothing_without_an_organisation(self, desk: Client, bruno: User) -> None:
        make_product(name="PACS")
        tails = ("produtos", "falhas", "pessoas")

        assert not any("data-value" in desk.get(f"{NEW}{tail}/").content.decode() for tail in tails)
        assert {desk.get(f"{NEW}{tail}/?organization=x").status_code for tail in tails} == {404}


class TestCosts:
    @pytest.mark.parametrize("many", [1, 40])
    def test_at_most_twelve_queries(
        self, desk: Client, bruno: User, bela: Organization, many: int, django_assert_max_num_queries: Any
    ) -> None:
        """The whole form, with a draft that fills all of it in."""
        make_membership(user=bruno, organization=bela)
        kind = make_request_type(
            form=((F.TITLE, True), (F.PRODUCT, True), (F.FAILURE, False), (F.SEVERITY, True), (F.DESCRIPTION, True)),
            severity_source="chosen",
        )
        product = make_product()
        for number in range(many):
            make_failure(product=product)
            make_product()
            module = make_module(product=product)
            for _service in range(many if number == many - 1 else 1):
                service = make_service(module=module)
        member = Membership.objects.filter(user=bruno).first()
        typed = {"title": "t", "product": product.pk, "module": module.pk, "service": service.pk}
        team = {"team": make_team(name="Plantão").pk, "team-text": "Plantão"}
        desk.post(f"{NEW}rascunho/", {"member": member.pk, "request_type": kind.slug, **typed, **team})
        desk.get("/mesa/chamados/")  # the brand is read once for many pages

        with django_assert_max_num_queries(12):
            page = desk.get(NEW).content.decode()

        assert 'value="t"' in page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestTogether:
    """Abuse case 208: twice the same form at the same moment, with a person who is registered on the spot."""

    @pytest.mark.parametrize("email", ["", "nina@acme.example"])
    def test_208_makes_one_person_and_one_ticket(
        self, enter: Callable[[User], Client], ana: User, acme: Organization, email: str
    ) -> None:
        new = {"new_organization": acme.pk, "new_name": "Nina Nova", "new_email": email, "channel": "phone"}
        kind = make_request_type(form=((F.TITLE, True),))
        form = new | {"request_type": kind.slug, "title": "Caiu a impressão", "once_key": str(uuid.uuid4())}
        clients, together = [enter(ana) for _ in range(8)], Barrier(8)

        def press(client: Client) -> tuple[int, str]:
            together.wait(timeout=30)
            try:
                answer = client.post(NEW, form)
                return answer.status_code, answer.headers.get("Location", "")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(press, clients))

        assert {status for status, _address in answers} == {302}
        assert len(answers) == Ticket.objects.count() == 1
        assert User.objects.filter(name="Nina Nova").count() == 1
