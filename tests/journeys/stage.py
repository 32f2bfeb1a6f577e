"""Who is there when a story begins: run in the product's own settings, beside the product.

Says on its last line, as JSON, the ids that stories need.
"""

import json

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402

from guiche.accounts.models import User  # noqa: E402
from guiche.accounts.roles import Role  # noqa: E402
from guiche.catalog.models import Product  # noqa: E402
from guiche.organizations.models import Membership, Organization, Reach  # noqa: E402
from tests.factories.accounts import PASSWORD  # noqa: E402
from tests.factories.assets import make_contract  # noqa: E402
from tests.factories.catalog import default_team  # noqa: E402


@transaction.atomic
def build() -> dict[str, int]:
    acme = Organization.objects.create(name="Acme")
    bela = Organization.objects.create(name="Bela")
    hashed = make_password(PASSWORD)

    def person(name: str, email: str, *, roles: tuple[str, ...] = (), **place: object) -> User:
        user = User.objects.create(name=name, email=email, roles=list(roles), password=hashed)
        if place:
            Membership.objects.create(user=user, **place)
        return user

    ana = person("Ana Analista", "ana@lume.example", roles=(Role.AGENT,))
    person("Ivo Ibarra", "ivo@lume.example", roles=(Role.AGENT,))
    default_team().people.set(User.objects.filter(roles__contains=[Role.AGENT]))
    bruno = person("Bruno Braga", "bruno@acme.example", organization=acme, reach=Reach.ALL)
    person("Beatriz Barros", "beatriz@acme.example", organization=acme, reach=Reach.ALL, is_portal_administrator=True)
    caio = person("Caio Costa", "caio@acme.example", organization=acme, reach=Reach.OWN)
    person("Carla Campos", "carla@bela.example", organization=bela, reach=Reach.ALL)
    Product.objects.create(name="Visor", slug="visor", is_for_all=True)
    contract = make_contract(organization=acme, number="Ouro 2025/014")
    place = Membership.objects.get(user=caio).pk
    return {"acme": acme.pk, "ana": ana.pk, "bruno": bruno.pk, "place": place, "contract": contract.pk}


if __name__ == "__main__":
    print(json.dumps(build()))
