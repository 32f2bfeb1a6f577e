"""Who is there when a story begins: run in the product's own settings, beside the product.

Says on its last line, as JSON, the ids that stories need.
"""

import json
from collections.abc import Callable
from datetime import timedelta

import django

django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from guiche.accounts.models import User  # noqa: E402
from guiche.accounts.roles import Role  # noqa: E402
from guiche.calendars import compiling  # noqa: E402
from guiche.calendars import plan as plans  # noqa: E402
from guiche.calendars.models import Calendar  # noqa: E402
from guiche.calendars.plan import MonthDay, OwnDay  # noqa: E402
from guiche.catalog.models import Product  # noqa: E402
from guiche.organizations.models import Membership, Organization, Reach  # noqa: E402
from guiche.tickets.actions import conversation, moving  # noqa: E402
from tests.factories.accounts import PASSWORD, make_team  # noqa: E402
from tests.factories.assets import make_contract  # noqa: E402
from tests.factories.calendars import make_calendar, make_plan, week  # noqa: E402
from tests.factories.catalog import default_team, severity  # noqa: E402
from tests.factories.tickets import make_ticket  # noqa: E402
from tests.factories.workflows import suporte  # noqa: E402


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
    found = {"acme": acme.pk, "ana": ana.pk, "bruno": bruno.pk, "place": place, "contract": contract.pk}
    return found | _calendars() | _past(person)


def _calendars() -> dict[str, int]:
    """A calendar with a draft, for the screens of both."""
    calendar = make_calendar(name="Plantão", plan=make_plan(own=(OwnDay("Padroeira", MonthDay(9, 8)),)))
    calendar.versions.create(number=2, plan=plans.dump(make_plan(weekly=week((7, 19)))), saved_at=timezone.now())
    return {"calendar": calendar.pk}


def _past(person: Callable[..., User]) -> dict[str, int]:
    """A ticket of some days ago, of people who are in no other story, and the day on which its time began to count."""
    cedro = Organization.objects.create(name="Cedro")
    celia = person("Célia Cedro", "celia@cedro.example", organization=cedro, reach=Reach.ALL)
    nilo = person("Nilo Noronha", "nilo@lume.example", roles=(Role.AGENT,))
    team = make_team(name="Noite", people=[nilo], is_restricted=True)
    business = compiling.stitched(Calendar.objects.default().versions.published())
    mornings = (timezone.localtime().replace(hour=9, minute=0) - timedelta(days=n) for n in range(5, 20))
    opened = next(morning for morning in mornings if business.is_open(morning))
    asked = {"requester": celia, "team": team, "severity": severity(4), "title": "Laudo da semana passada"}
    ticket = make_ticket(**asked, by=nilo, at=opened)
    for hours, step, words in ((1, suporte().start, {}), (2, suporte().ask, {"comment": "Qual sala?"})):
        moving.take(ticket, step, by=nilo, at=opened + timedelta(hours=hours), given=words)
    conversation.comment(ticket, by=celia, at=opened + timedelta(hours=3), body="A três.")
    return {"corrected": ticket.number, "forgotten": opened.date().toordinal()}


if __name__ == "__main__":
    print(json.dumps(build()))
