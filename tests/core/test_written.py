"""A query that is written once still asks for the person and the rows of the moment."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from guiche.accounts.anybody import anybody
from guiche.accounts.models import User
from guiche.core import written
from guiche.organizations.models import Membership
from guiche.tickets.models import Ticket
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db


def places_of(user_id: int) -> QuerySet[Membership]:
    return Membership.objects.active().filter(user=user_id).select_related("organization")


def one_seen(user_id: int, ticket_id: int, *, roles: tuple[str, ...]) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(anybody(user_id, roles)).for_page().filter(pk=ticket_id)


def keys(user_id: int) -> Any:
    return Membership.objects.filter(user=user_id).values_list("pk", "organization__name")


def named(name: str, user_id: int) -> QuerySet[Membership]:
    return Membership.objects.filter(organization__name=name, user=user_id)


def everybody(user_id: int) -> QuerySet[User]:
    return User.objects.order_by("id")


class TestRows:
    def test_are_those_of_the_id_that_is_asked_for(self, bruno: User, carla: User) -> None:
        for person in (bruno, carla, bruno):
            assert written.rows(places_of, person.pk) == list(places_of(person.pk))

    def test_are_those_of_the_moment(self, bruno: User) -> None:
        assert len(written.rows(places_of, bruno.pk)) == 1

        Membership.objects.update(is_active=False)

        assert written.rows(places_of, bruno.pk) == []

    def test_cost_one_query_with_what_is_related(self, bruno: User) -> None:
        with CaptureQueriesContext(connection) as asked:
            names = [place.organization.name for place in written.rows(places_of, bruno.pk)]

        assert names == ["Acme"]
        assert len(asked) == 1

    def test_may_be_values(self, bruno: User) -> None:
        assert written.rows(keys, bruno.pk) == list(keys(bruno.pk))

    def test_are_those_of_the_words_that_are_looked_for(self, bruno: User) -> None:
        assert len(written.rows(named, "Acme", bruno.pk)) == 1
        assert written.rows(named, "' OR 1=1 --", bruno.pk) == []

    def test_are_none_for_a_number_beyond_any_id(self, bruno: User) -> None:
        assert written.rows(places_of, 10**30) == []
        assert written.rows(places_of, -(2**62)) == []

    def test_of_a_query_that_forgets_the_id_are_refused(self, bruno: User) -> None:
        with pytest.raises(AssertionError, match="leaves out what it was given"):
            written.rows(everybody, bruno.pk)


class TestSight:
    """What somebody sees through a written query is what `visible_to` says, for each of the cast."""

    def test_is_the_same(self, bruno: User, carla: User, caio: User, ana: User, elisa: User, davi: User) -> None:
        tickets = [make_ticket(requester=bruno), make_ticket(requester=carla), make_ticket(requester=caio)]
        for person in (bruno, carla, caio, ana, elisa, davi) * 2:
            for ticket in tickets:
                found = written.rows(one_seen, person.pk, ticket.pk, roles=tuple(person.roles))

                assert found == list(Ticket.objects.visible_to(person).filter(pk=ticket.pk)), person

    def test_keeps_nothing_of_whoever_asked_first(self, bruno: User, carla: User) -> None:
        ticket = make_ticket(requester=bruno)

        assert written.rows(one_seen, bruno.pk, ticket.pk, roles=()) == [ticket]
        assert written.rows(one_seen, carla.pk, ticket.pk, roles=()) == []
