"""What was answered in own fields: read on the ticket, and changed at the desk."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guiche.accounts.models import User
from guiche.catalog.conditions import Condition
from guiche.catalog.fields import Kind
from guiche.catalog.models import CustomField, RequestType
from guiche.core.errors import NotAllowed
from guiche.tickets.actions import answering
from guiche.tickets.actions.answering import AnswersRefused
from guiche.tickets.models import Activity, Ticket
from tests.factories import catalog as make
from tests.factories.tickets import make_ticket
from tests.web.desk.conftest import HTMX, text_of


@pytest.fixture
def kind(db: None) -> RequestType:
    return make.make_request_type()


@pytest.fixture
def ticket(bruno: User, kind: RequestType) -> Ticket:
    return make_ticket(requester=bruno, request_type=kind)


def own(form: RequestType, /, *when: Condition, **values: Any) -> CustomField:
    field = make.make_custom_field(**values)
    make.make_form_field(request_type=form, custom=field, when=when)
    return field


def page(client: Client, ticket: Ticket) -> str:
    return text_of(client.get(f"/mesa/chamados/{ticket.number}/"))


def dialog(ticket: Ticket) -> str:
    return f"/mesa/chamados/{ticket.number}/campos/"


class TestPage:
    @pytest.mark.parametrize(
        ("kind_of", "value", "words"),
        [
            (Kind.TEXT, "Sala 3", "Sala 3"),
            (Kind.LONG_TEXT, "Uma\nDuas", "Uma"),
            (Kind.NUMBER, Decimal("1200.5000"), "1.200,5"),
            (Kind.NUMBER, Decimal("100"), "100"),
            (Kind.DATE, date(2026, 11, 19), "19/11/2026"),
            (Kind.CHOICE, "A", "A"),
            (Kind.CHOICES, ["A", "B"], "A, B"),
            (Kind.CHECKBOX, True, "Sim"),
        ],
    )
    def test_says_every_kind(
        self, desk: Client, ticket: Ticket, kind: RequestType, kind_of: str, value: Any, words: str
    ) -> None:
        answering.keep(ticket, {own(kind, name="Campo próprio", kind=kind_of, choices=["A", "B"]): value})

        assert f"<dt>Campo próprio</dt><dd>{words}" in desk.get(f"/mesa/chamados/{ticket.number}/").content.decode()

    def test_names_a_person(self, desk: Client, ticket: Ticket, kind: RequestType, caio: User) -> None:
        answering.keep(ticket, {own(kind, name="Quem usa", kind=Kind.PERSON): caio})

        assert f"<dt>Quem usa</dt><dd>{caio.name}" in desk.get(f"/mesa/chamados/{ticket.number}/").content.decode()

    def test_keeps_what_was_answered_in_a_field_that_left_the_form(
        self, desk: Client, ticket: Ticket, kind: RequestType
    ) -> None:
        field = own(kind, name="Patrimônio")
        answering.keep(ticket, {field: "P-77"})

        kind.form_fields.filter(custom=field).delete()

        assert "P-77" in page(desk, ticket)

    def test_hides_from_customers_what_only_the_team_sees(
        self, client: Client, bruno: User, ticket: Ticket, kind: RequestType
    ) -> None:
        answering.keep(
            ticket,
            {own(kind, name="Sala"): "Sala 3", own(kind, name="Causa raiz", is_for_customers=False): "Segredo"},
        )
        client.force_login(bruno)

        for address in (f"/chamados/{ticket.number}/", f"/chamados/{ticket.number}/imprimir/"):
            seen = client.get(address).content.decode()
            assert "Sala 3" in seen
            assert "Segredo" not in seen
            assert "Causa raiz" not in seen


class TestChange:
    def test_writes_the_answers_and_says_so_with_the_reason(
        self, desk: Client, ticket: Ticket, kind: RequestType
    ) -> None:
        model, room = own(kind, name="Modelo", kind=Kind.CHOICE, choices=["A", "B"]), own(kind, name="Sala")
        answering.keep(ticket, {model: "A"})

        answer = desk.post(
            dialog(ticket),
            {f"custom-{model.pk}": "B", f"custom-{room.pk}": "3", "reason": "Conferido por telefone"},
            headers=HTMX,
        )

        assert answer.status_code == 200
        assert answering.words_of(ticket, [model, room]) == {model.pk: "B", room.pk: "3"}
        said = page(desk, ticket)
        assert "Modelo de A para B" in said
        assert "Conferido por telefone" in said

    def test_asks_for_the_reason_only_of_a_change(self, desk: Client, ticket: Ticket, kind: RequestType) -> None:
        room = own(kind, name="Sala")

        assert desk.post(dialog(ticket), {f"custom-{room.pk}": "3"}).status_code == 422
        assert not ticket.answers.exists()
        assert desk.post(dialog(ticket), {}).status_code == 302

    def test_tells_customers_nothing_of_what_only_the_team_sees(
        self, desk: Client, ticket: Ticket, kind: RequestType
    ) -> None:
        cause, room = own(kind, name="Causa", is_for_customers=False), own(kind, name="Sala")

        desk.post(dialog(ticket), {f"custom-{cause.pk}": "Cabo", f"custom-{room.pk}": "3", "reason": "Visita"})

        lines = {
            line.is_internal: line.details["changes"]
            for line in Activity.objects.filter(ticket=ticket, kind="ticket.fields_changed")
        }
        assert [one["field"] for one in lines[True]] == ["Causa"]
        assert [one["field"] for one in lines[False]] == ["Sala"]

    def test_drops_what_is_typed_where_the_field_does_not_appear(
        self, desk: Client, ticket: Ticket, kind: RequestType
    ) -> None:
        place = own(kind, name="Onde", kind=Kind.CHOICE, choices=["Casa", "Hospital"])
        room = own(kind, Condition(f"custom-{place.pk}", "Hospital"), name="Sala")
        sent = {f"custom-{room.pk}": "3", "reason": "Visita"}
        assert "Aparece quando Onde é Hospital" in text_of(desk.get(dialog(ticket)))

        desk.post(dialog(ticket), {f"custom-{place.pk}": "Casa", **sent})
        assert room.pk not in answering.words_of(ticket, [place, room])

        desk.post(dialog(ticket), {f"custom-{place.pk}": "Hospital", **sent})
        assert answering.words_of(ticket, [place, room])[room.pk] == "3"

    def test_asks_only_what_appears_with_what_the_ticket_says(
        self, desk: Client, ticket: Ticket, kind: RequestType
    ) -> None:
        make.make_form_field(request_type=kind, standard="product")
        product = make.make_product()
        room = own(kind, Condition("product", str(product.pk)), name="Sala do produto")
        other = own(kind, Condition("product", str(product.pk), is_equal=False), name="Sem o produto")

        before = text_of(desk.get(dialog(ticket)))
        Ticket.objects.filter(pk=ticket.pk).update(product=product)
        after = text_of(desk.get(dialog(ticket)))

        assert (room.name in before, other.name in before) == (False, True)
        assert (room.name in after, other.name in after) == (True, False)

    def test_keeps_an_answer_that_is_no_option_any_more(self, desk: Client, ticket: Ticket, kind: RequestType) -> None:
        model, room = own(kind, name="Modelo", kind=Kind.CHOICE, choices=["A", "B"]), own(kind, name="Sala")
        answering.keep(ticket, {model: "Antigo"})

        desk.post(dialog(ticket), {f"custom-{model.pk}": "Antigo", f"custom-{room.pk}": "3", "reason": "Visita"})

        assert answering.words_of(ticket, [model])[model.pk] == "Antigo"

    def test_is_for_who_works_the_ticket_and_of_its_form(
        self, ana: User, bruno: User, davi: User, ticket: Ticket, kind: RequestType
    ) -> None:
        room, foreign = own(kind, name="Sala"), make.make_custom_field()

        for person in (bruno, davi):
            with pytest.raises(NotAllowed):
                answering.change(ticket, {room: "3"}, by=person, at=timezone.now(), reason="x")
        with pytest.raises(AnswersRefused):
            answering.change(ticket, {foreign: "3"}, by=ana, at=timezone.now(), reason="x")
        assert not ticket.answers.exists()
