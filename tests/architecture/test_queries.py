"""What pages ask of the database: as much with one row as with many, and never more than twelve times."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guiche.calendars.models import Calendar
from guiche.notifications import actions as notifications
from guiche.organizations.models import JoinRequest, Organization
from guiche.tickets.actions import moving
from tests.architecture import walk as walking
from tests.architecture.gates import GATES
from tests.architecture.walk import Walk
from tests.architecture.world import World, passing_world
from tests.factories.accounts import make_team, make_user
from tests.factories.assets import make_contract
from tests.factories.calendars import make_calendar, make_version
from tests.factories.catalog import make_failure, make_module, make_product, make_service
from tests.factories.organizations import make_domain, make_membership, make_organization, make_site
from tests.factories.promises import assign, make_escalation, make_policy
from tests.factories.tickets import make_ticket
from tests.factories.workflows import make_workflow, suporte

pytestmark = pytest.mark.django_db

MOST = 12
MANY = 30  # more than a page of any list

# Pages that show lists, or one thing with lists in it, and who opens them.
LISTS = {
    "bruno": """
        portal:home portal:tickets portal:validate portal:new portal:similar portal:ticket portal:print
        profile:notifications profile:ticket-files profile:sessions portal:deadlines
    """,
    "beatriz": """
        portal:people portal:people-requests portal:people-domains portal:person-new portal:opening-people
        portal:people-export
        portal:opening-products
    """,
    "ana": """
        desk:queues desk:queue desk:tickets desk:ticket desk:ticket-in-queue desk:customers desk:customer desk:person
        desk:member-options desk:organization-options desk:new
        desk:customer-deadlines
    """,
    "elisa": """
        manage:home manage:people manage:person manage:teams manage:team manage:organizations manage:organization
        manage:groups manage:join-requests manage:products manage:product manage:service manage:severities
        manage:request-types manage:request-type manage:workflows manage:workflow manage:mail manage:trail
        manage:trail-export manage:deadlines manage:policy manage:policy-version manage:which-agreement
        manage:assignment manage:escalations manage:calendars manage:calendar
        manage:person-options manage:organization-options manage:organization-products manage:organization-invite
    """,
}


class TestMost:
    def test_is_twelve_a_page(self, walk: Walk) -> None:
        wrong = {
            f"{one.gate.route}: {len(one.queries)}"
            for one in walk.of("GET")
            if one.status == 200 and len(one.queries) > MOST
        }
        assert not wrong, "\n".join(sorted(wrong))


class TestLists:
    def test_cost_the_same_with_many_rows(self) -> None:
        with passing_world() as world:
            few = counted(world)
            grow(world)
            many = counted(world)

        more = {key: (few[key], many[key]) for key in few if few[key] != many[key]}
        assert not more, "\n".join(f"{key}: {one} and {other}" for key, (one, other) in sorted(more.items()))

    def test_grew(self) -> None:
        """The twin: the pages hold more than before, so that the test above compares what it says."""
        with passing_world() as world:
            few = sizes(world)
            grow(world)
            many = sizes(world)

        assert [key for key in few if many[key] < few[key] + 500 and key not in NEVER_LONG.split()] == []


# Of one ticket, one person or one form, or a list that does not grow here.
NEVER_LONG = """
    portal:ticket portal:print portal:similar portal:person-new portal:new portal:home portal:people-requests
    profile:sessions profile:ticket-files desk:person desk:ticket desk:new desk:customer
    manage:home manage:person manage:severities manage:workflow manage:request-type manage:request-types manage:service
    manage:policy-version manage:which-agreement manage:assignment manage:calendar
    manage:organization-invite manage:trail manage:trail-export manage:groups manage:team manage:person-options
"""


def counted(world: World) -> dict[str, int]:
    return {answer.gate.route: len(answer.queries) for answer in opened(world)}


def sizes(world: World) -> dict[str, int]:
    return {answer.gate.route: len(answer.body) for answer in opened(world)}


def opened(world: World) -> list[walking.Answer]:
    """Open each list twice, and return the second answer: the first one may have marked something as read."""
    gates = {gate.route: gate for gate in GATES}
    found = []
    for who, routes in LISTS.items():
        client = walking.browser(world.people[who])
        for route in routes.split():
            for _time in range(2):
                answer = walking.ask(client, gates[route], world, who=who)
            assert answer.status == 200, answer
            found.append(answer)
    return found


def grow(world: World) -> None:
    """Add many of everything that a list shows."""
    acme = Organization.objects.get(pk=world.names["acme"])
    for number in range(MANY):
        make_membership(user=make_user(name=f"Contato {number}"), organization=acme)
        make_membership(organization=make_organization(name=f"Empresa {number}"))
        make_site(organization=acme, name=f"Filial {number}")
        make_domain(organization=acme, name=f"acme{number}.example")
        make_team(name=f"Equipe de plantão {number}", people=[world.people["ana"]])
        make_user(name=f"Colega {number}", email=f"colega{number}@lume.example", roles=["agent"])
        make_product(organizations=[acme])
        make_contract(organization=acme, products=[make_product()])
        make_escalation(percent=1 + number, people=[world.people["ana"]])
        assign(make_policy({(2, "solution"): 4}), organization=make_organization(name=f"Rede {number}"))
        make_version(make_calendar(), since=timezone.now() - timedelta(days=number))
        assign(calendar=Calendar.objects.get(pk=world.names["calendar"]), contract=make_contract(organization=acme))
        make_failure(product=world.names["_product"])
        make_service(module=make_module(product=world.names["_product"]))
        make_workflow()
        JoinRequest.objects.create(
            name=f"Rosa {number}",
            email=f"rosa{number}@acme.example",
            organization=acme,
            asked_by=world.people["beatriz"],
            created_at=timezone.now(),
        )
    _grow_tickets(world)


def _grow_tickets(world: World) -> None:
    bruno, ana, steps, now = world.people["bruno"], world.people["ana"], suporte(), timezone.now()
    for number in range(MANY):
        at = now - timedelta(hours=number + 3)
        opened_one = make_ticket(requester=bruno, product=world.names["_product"], at=at, assignee=ana)
        waiting = make_ticket(requester=bruno, at=at)
        moving.take(waiting, steps.start, by=ana, at=at)
        moving.take(waiting, steps.offer, by=ana, at=at, given={"solution": "Reinicie."})
        for ticket in (opened_one, waiting):
            for activity in ticket.timeline.all():
                notifications.tell(activity, at=now)
