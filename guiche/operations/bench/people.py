"""The provider and the customers of the measured installation."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from django.contrib.auth.hashers import make_password

from guiche.accounts.models import Team, User
from guiche.accounts.roles import Role
from guiche.catalog.models import Failure, Module, Product, Service
from guiche.operations.bench import words
from guiche.operations.bench.sizes import Size
from guiche.organizations.models import Membership, Organization, Reach, Site

PRODUCTS = ("PACS", "RIS", "Laudos", "Faturamento", "Portal do médico", "Impressão", "Agenda", "Estoque")
PER_ORGANIZATION = 3  # sites
MODULES, SERVICES, FAILURES = 6, 8, 5  # of each product, module, product
LARGE_SHARE = 0.2  # of the people and tickets are of the first organisation


@dataclass
class House:
    """Everybody and everything that a ticket may name, as ids."""

    organizations: list[int] = field(default_factory=list)
    sites: dict[int, list[int]] = field(default_factory=dict)  # of an organisation
    contacts: dict[int, list[tuple[int, int]]] = field(default_factory=dict)  # of an organisation: person, site
    teams: list[int] = field(default_factory=list)  # the last one is restricted, for a single ticket
    agents: dict[int, list[int]] = field(default_factory=dict)  # of a team
    measured_agent: int = 0  # has exactly 25 open tickets, and reaches the restricted team
    products: list[int] = field(default_factory=list)
    modules: dict[int, list[int]] = field(default_factory=dict)
    services: dict[int, list[int]] = field(default_factory=dict)
    failures: dict[int, list[int]] = field(default_factory=dict)


def build(size: Size, chance: Random) -> House:
    """Make teams, people, organisations and products; return their ids."""
    house, nobody = House(), make_password(None)
    _make_staff(house, size, chance, nobody)
    _make_products(house)
    _make_customers(house, size, chance, nobody)
    return house


def _make_staff(house: House, size: Size, chance: Random, password: str) -> None:
    teams = list(Team.objects.order_by("id")[:1])
    count = size.teams - len(teams)
    teams += Team.objects.bulk_create(
        Team(name=f"Equipe {n}", slug=f"equipe-{n}", is_restricted=n == count) for n in range(1, count + 1)
    )
    agents = User.objects.bulk_create(
        User(name=words.person(chance), email=f"agente{n}@lume.example", roles=[Role.AGENT], password=password)
        for n in range(size.agents)
    )
    pairs = {(chance.choice(teams[:-1]).pk, agent.pk) for agent in agents for _again in range(2)}
    pairs |= {(team.pk, agents[0].pk) for team in teams}
    Team.people.through.objects.bulk_create(
        Team.people.through(team_id=team, user_id=agent) for team, agent in sorted(pairs)
    )
    house.teams = [team.pk for team in teams]
    house.agents = {team.pk: sorted(agent for of, agent in pairs if of == team.pk) for team in teams}
    house.measured_agent = agents[0].pk


def _make_products(house: House) -> None:
    for position, name in enumerate(PRODUCTS):
        product = Product.objects.create(name=name, slug=f"produto-{position}", is_for_all=True, position=position)
        modules = Module.objects.bulk_create(
            Module(product=product, name=f"{name}, módulo {n}") for n in range(1, MODULES + 1)
        )
        for module in modules:
            services = Service.objects.bulk_create(
                Service(module=module, name=f"Função {n}") for n in range(1, SERVICES + 1)
            )
            house.services[module.pk] = [service.pk for service in services]
        failures = Failure.objects.bulk_create(
            Failure(product=product, name=f"Tipo de falha {n}") for n in range(1, FAILURES + 1)
        )
        house.products.append(product.pk)
        house.modules[product.pk] = [module.pk for module in modules]
        house.failures[product.pk] = [failure.pk for failure in failures]


def _make_customers(house: House, size: Size, chance: Random, password: str) -> None:
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Cliente {n:03} de {chance.choice(words.LAST)}") for n in range(size.organizations)
    )
    sites = Site.objects.bulk_create(
        Site(organization=organization, name=f"Unidade {n}", city="São José", state="SP")
        for organization in organizations
        for n in range(PER_ORGANIZATION)
    )
    for site in sites:
        house.sites.setdefault(site.organization_id, []).append(site.pk)
    house.organizations = [organization.pk for organization in organizations]
    people = User.objects.bulk_create(
        User(name=words.person(chance), email=f"pessoa{n}@cliente.example", phone="(12) 98800-1122", password=password)
        for n in range(size.people)
    )
    _make_members(house, people, chance)


def _make_members(house: House, people: list[User], chance: Random) -> None:
    """The first person of each organisation sees all of it and administers its portal; the second sees all."""
    large = int(len(people) * LARGE_SHARE)
    rows = []
    for n, person in enumerate(people):
        others = house.organizations[1:]
        organization = house.organizations[0] if n < large else others[(n - large) % len(others)]
        place = len(house.contacts.setdefault(organization, []))
        site = chance.choice(house.sites[organization])
        reach = Reach.ALL if place < 2 else chance.choice((Reach.OWN, Reach.UNIT, Reach.ALL))
        house.contacts[organization].append((person.pk, site))
        rows.append(
            Membership(
                user=person,
                organization_id=organization,
                site_id=site,
                reach=reach,
                is_portal_administrator=place == 0,
            )
        )
    Membership.objects.bulk_create(rows)
