"""The cast of every test. Acme is a customer with two sites; Bela is another one."""

from types import SimpleNamespace

import pytest

from guiche.accounts.models import Team, User
from guiche.accounts.roles import Role
from guiche.installation import models as installation
from guiche.organizations.models import Organization, Reach
from tests.factories.accounts import make_team, make_user
from tests.factories.organizations import make_membership, make_organization, make_site
from tests.factories.workflows import suporte as shipped_suporte


@pytest.fixture(autouse=True)
def fresh_brand() -> None:
    """The installation's row is remembered for a few seconds; not from one test to the next."""
    installation.forget()


@pytest.fixture
def acme(db: None) -> Organization:
    return make_organization(name="Acme")


@pytest.fixture
def bela(db: None) -> Organization:
    return make_organization(name="Bela")


@pytest.fixture
def ana(db: None) -> User:
    """An agent."""
    return make_user(name="Ana Analista", email="ana@lume.example", roles=[Role.AGENT])


@pytest.fixture
def bruno(acme: Organization) -> User:
    """A contact at Acme, of its first site, who reaches all of it."""
    user = make_user(name="Bruno Braga", email="bruno@acme.example")
    site = make_site(organization=acme, name="Matriz")
    make_membership(user=user, organization=acme, reach=Reach.ALL, site=site)
    return user


@pytest.fixture
def beatriz(acme: Organization) -> User:
    """The portal administrator of Acme."""
    user = make_user(name="Beatriz Barros", email="beatriz@acme.example")
    make_membership(user=user, organization=acme, reach=Reach.ALL, is_portal_administrator=True)
    return user


@pytest.fixture
def caio(acme: Organization) -> User:
    """A colleague at Acme who reaches only his own."""
    user = make_user(name="Caio Costa", email="caio@acme.example")
    make_membership(user=user, organization=acme, reach=Reach.OWN)
    return user


@pytest.fixture
def carla(bela: Organization) -> User:
    """A contact of another company, who reaches all of that one and administers it."""
    user = make_user(name="Carla Campos", email="carla@bela.example")
    make_membership(user=user, organization=bela, reach=Reach.ALL, is_portal_administrator=True)
    return user


@pytest.fixture
def davi(db: None) -> User:
    """A technician."""
    return make_user(name="Davi Dias", email="davi@lume.example", roles=[Role.TECHNICIAN])


@pytest.fixture
def elisa(db: None) -> User:
    """An administrator."""
    return make_user(name="Elisa Esteves", email="elisa@lume.example", roles=[Role.ADMINISTRATOR])


@pytest.fixture
def olga(db: None) -> User:
    """An integrity officer."""
    return make_user(name="Olga Oliveira", email="olga@lume.example", roles=[Role.INTEGRITY_OFFICER])


@pytest.fixture
def gustavo(restricted: Team) -> User:
    """An agent of the restricted team."""
    user = make_user(name="Gustavo Gomes", email="gustavo@lume.example", roles=[Role.AGENT])
    restricted.people.add(user)
    return user


@pytest.fixture
def restricted(db: None) -> Team:
    return make_team(name="Ouvidoria", slug="ouvidoria-restrita", is_restricted=True)


@pytest.fixture
def suporte(db: None) -> SimpleNamespace:
    """The shipped workflow Suporte, by English names: see tests.factories.workflows.suporte."""
    return shipped_suporte()


@pytest.fixture
def system(db: None) -> User:
    found = User.objects.with_role(Role.SYSTEM).first()
    return found or make_user(name="Sistema", email=None, roles=[Role.SYSTEM], password=None)
