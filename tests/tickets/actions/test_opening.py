"""Opening a ticket."""

import threading
import uuid

import pytest
from django.db import connection, transaction

from guiche.accounts.models import User
from guiche.core.errors import NotAllowed, Refused
from guiche.organizations.models import Membership
from guiche.tickets.actions import opening
from guiche.tickets.models import Ticket
from tests.factories.catalog import (
    make_custom_field,
    make_failure,
    make_module,
    make_product,
    make_request_type,
    severity,
    shipped_type,
)
from tests.factories.organizations import make_membership
from tests.factories.tickets import NOON, make_ticket


def asked(requester, organization=None, **values):
    organization = organization or Membership.objects.filter(user=requester).first().organization
    values.setdefault("request_type", shipped_type())
    return opening.Asked(organization=organization, requester=requester, **{"title": "Parou", **values})


class TestOpen:
    def test_begins_where_the_workflow_begins_in_the_hands_of_the_team(self, bruno, suporte):
        ticket = opening.open_ticket(asked(bruno, severity=severity(2)), by=bruno, at=NOON)

        assert (ticket.status, ticket.team.slug, ticket.severity.level) == (suporte.new, "suporte", 2)
        assert ticket.site.name == "Matriz"
        assert ticket.timeline.get().kind == "ticket.opened"

    def test_numbers_follow_one_another(self, bruno):
        first, second = make_ticket(requester=bruno), make_ticket(requester=bruno)

        assert second.number > first.number > 0

    def test_case_215_numbers_are_never_used_again(self, bruno):
        with transaction.atomic():
            lost = make_ticket(requester=bruno).number
            transaction.set_rollback(True)

        assert make_ticket(requester=bruno).number > lost

    def test_goes_to_the_team_of_the_product(self, bruno, restricted):
        product = make_product(team=restricted)

        assert opening.open_ticket(asked(bruno, product=product), by=bruno, at=NOON).team == restricted

    def test_a_fixed_severity_is_not_chosen(self, bruno):
        question = asked(bruno, request_type=shipped_type("duvida"), severity=severity(1))

        assert opening.open_ticket(question, by=bruno, at=NOON).severity.level == 4

    def test_keeps_what_was_answered(self, bruno):
        model, count = make_custom_field(name="Modelo"), make_custom_field(name="Quantas", kind="number")

        ticket = opening.open_ticket(asked(bruno, answers={model: "Drystar", count: 3}), by=bruno, at=NOON)

        assert {(row.field.name, row.text, row.number) for row in ticket.answers.all()} == {
            ("Modelo", "Drystar", None),
            ("Quantas", "", 3),
        }

    def test_lets_colleagues_follow_and_copies_strangers(self, bruno, caio):
        ticket = opening.open_ticket(asked(bruno, copies=[caio.email, "ti@outra.example"]), by=bruno, at=NOON)

        assert [row.user for row in ticket.participants.all()] == [caio]
        assert [row.address for row in ticket.copies.all()] == ["ti@outra.example"]


class TestWhoMay:
    def test_a_colleague_does_not_open_in_the_name_of_another(self, bruno, caio):
        with pytest.raises(NotAllowed):
            opening.open_ticket(asked(caio), by=bruno, at=NOON)

    @pytest.mark.parametrize("who", ["beatriz", "ana"])
    def test_the_portal_administrator_and_staff_do(self, who, request, caio):
        ticket = opening.open_ticket(asked(caio), by=request.getfixturevalue(who), at=NOON)

        assert (ticket.requester, ticket.opened_by) == (caio, request.getfixturevalue(who))

    def test_case_47_nobody_opens_in_another_organisation(self, bruno, carla, acme, bela):
        with pytest.raises(NotAllowed):
            opening.open_ticket(asked(bruno, organization=bela), by=bruno, at=NOON)
        with pytest.raises(NotAllowed):
            opening.open_ticket(asked(bruno, organization=acme), by=carla, at=NOON)

    def test_nor_without_a_living_membership(self, bruno):
        question = asked(bruno)
        Membership.objects.update(is_active=False)

        with pytest.raises(NotAllowed):
            opening.open_ticket(question, by=bruno, at=NOON)

    def test_a_type_of_staff_is_not_for_customers(self, bruno, ana):
        kind = make_request_type(is_for_customers=False)

        with pytest.raises(NotAllowed):
            opening.open_ticket(asked(bruno, request_type=kind), by=bruno, at=NOON)
        assert opening.open_ticket(asked(bruno, request_type=kind), by=ana, at=NOON)


class TestWhatFits:
    def test_case_47_a_product_that_the_organisation_lacks(self, bruno, bela):
        with pytest.raises(Refused) as refusal:
            opening.open_ticket(asked(bruno, product=make_product(organizations=[bela])), by=bruno, at=NOON)

        assert "product" in refusal.value.fields

    def test_parts_of_another_product(self, bruno):
        product = make_product()

        for wrong in ({"module": make_module()}, {"failure": make_failure()}):
            with pytest.raises(Refused):
                opening.open_ticket(asked(bruno, product=product, **wrong), by=bruno, at=NOON)

    def test_a_title_of_blanks(self, bruno):
        with pytest.raises(Refused) as refusal:
            opening.open_ticket(asked(bruno, title=" \n"), by=bruno, at=NOON)

        assert "title" in refusal.value.fields

    def test_a_follow_up_stays_in_its_organisation(self, bruno, carla):
        other = make_ticket(requester=carla)

        with pytest.raises(Refused):
            opening.open_ticket(asked(bruno, follow_up_of=other), by=bruno, at=NOON)

    def test_hostile_words_are_kept_as_words(self, bruno):
        words = "<script>alert(1)</script> \x00 {{7*7}} ' OR 1=1 -- 😀" + "é" * 300

        ticket = opening.open_ticket(asked(bruno, title=words, description=words * 20), by=bruno, at=NOON)

        assert ticket.title.startswith("<script>alert(1)</script> {{7*7}}")
        assert len(ticket.title) == 200


class TestSimilar:
    def test_shows_open_ones_that_one_may_see(self, bruno, caio, carla):
        mine = make_ticket(requester=bruno, title="Impressora do PACS não imprime")
        make_ticket(requester=carla, title="Impressora do PACS não imprime")
        words = "impressora do pacs nao imprime nada"

        assert opening.similar_open(bruno, mine.organization, words) == [mine]
        assert opening.similar_open(caio, mine.organization, words) == []
        assert opening.similar_open(bruno, mine.organization, "Agenda sem SMS hoje") == []


@pytest.mark.django_db(transaction=True)
class TestOnce:
    def open_together(self, bruno, key, count=8):
        question, barrier, found = asked(bruno), threading.Barrier(count), []

        def run():
            barrier.wait()
            try:
                found.append(opening.open_ticket(question, by=bruno, at=NOON, once_key=key).pk)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def test_case_208_a_double_click_opens_one_ticket(self, bruno):
        for _ in range(5):
            found = self.open_together(bruno, uuid.uuid4())

            assert len(found) == 8
            assert len(set(found)) == 1

    def test_several_open_without_the_key(self, bruno):
        """The twin: without the form's key, every click is a ticket."""
        self.open_together(bruno, None)

        assert Ticket.objects.count() == 8

    def test_a_key_of_another_person_gives_nothing_away(self, bruno, beatriz):
        key = uuid.uuid4()
        opening.open_ticket(asked(bruno), by=bruno, at=NOON, once_key=key)

        with pytest.raises(Exception, match="once_key"):
            opening.open_ticket(asked(beatriz), by=beatriz, at=NOON, once_key=key)


class TestOpenForNewcomer:
    def newcomer(self, organization, **values):
        new = User(**{"name": "Nina Nova", "email": "nina@acme.example", **values})
        return asked(new, organization)

    def test_registers_who_asks_and_opens_in_their_name(self, ana, acme):
        ticket = opening.open_for_newcomer(self.newcomer(acme, phone="(12) 3000-1000"), by=ana, at=NOON)

        assert (ticket.requester.name, ticket.requester.phone) == ("Nina Nova", "(12) 3000-1000")
        assert Membership.objects.filter(user=ticket.requester, organization=acme).exists()

    def test_registers_nobody_when_the_ticket_is_refused(self, ana, acme):
        question = self.newcomer(acme)
        question.title = " "

        with pytest.raises(Refused, match="título"):
            opening.open_for_newcomer(question, by=ana, at=NOON)

        assert not User.objects.filter(name="Nina Nova").exists()

    def test_registers_nobody_again_with_the_same_key(self, ana, acme):
        key = uuid.uuid4()

        found = [opening.open_for_newcomer(self.newcomer(acme), by=ana, at=NOON, once_key=key) for _ in range(2)]

        assert found[0] == found[1]
        assert User.objects.filter(name="Nina Nova").count() == 1

    def test_is_not_for_contacts(self, bruno, bela):
        with pytest.raises(NotAllowed):
            opening.open_for_newcomer(self.newcomer(bela), by=bruno, at=NOON)


@pytest.mark.django_db(transaction=True)
class TestNewcomersTogether:
    """Abuse case 208, with a person who is registered on the spot: with and without an address that is unique."""

    def open_together(self, ana, acme, key, email, count=6):
        shipped_type()
        barrier, found = threading.Barrier(count), []

        def run():
            question = asked(User(name="Nina Nova", email=email), acme)
            barrier.wait()
            try:
                found.append(opening.open_for_newcomer(question, by=ana, at=NOON, once_key=key).pk)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    @pytest.mark.parametrize("email", ["nina@acme.example", None])
    def test_208_makes_one_person_and_one_ticket(self, ana, acme, email):
        found = self.open_together(ana, acme, uuid.uuid4(), email)

        assert (len(found), len(set(found))) == (6, 1)
        assert Ticket.objects.count() == 1
        assert User.objects.filter(name="Nina Nova").count() == 1

    def test_208_makes_several_without_the_key(self, ana, acme):
        """The twin: without the form's key, every press is a person and a ticket."""
        self.open_together(ana, acme, None, None)

        assert Ticket.objects.count() == User.objects.filter(name="Nina Nova").count() == 6


class TestCosts:
    def test_opening_costs_few_queries(self, bruno, django_assert_max_num_queries):
        question = asked(bruno, product=make_product(), severity=severity(3))

        with django_assert_max_num_queries(19):
            opening.open_ticket(question, by=bruno, at=NOON)

    def test_whoever_else_is_there(self, bruno, django_assert_max_num_queries):
        for _ in range(20):
            make_membership(organization=Membership.objects.get(user=bruno).organization)
        question = asked(bruno)

        with django_assert_max_num_queries(17):
            opening.open_ticket(question, by=bruno, at=NOON)
