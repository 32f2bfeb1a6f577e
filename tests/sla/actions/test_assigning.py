"""Whom an agreement is made with."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.utils import translation

from guiche.audit.models import Entry
from guiche.calendars.actions import keeping
from guiche.calendars.models import Calendar
from guiche.core.errors import NotAllowed, Refused
from guiche.sla import choosing, rules
from guiche.sla.actions import assigning, policies
from guiche.sla.actions.permission import PolicyRefused
from guiche.sla.choosing import Facts
from guiche.sla.models import Assignment
from guiche.sla.places import Place
from tests.factories.assets import make_contract
from tests.factories.calendars import make_calendar, make_city_calendar
from tests.factories.catalog import load_shipped, make_module, make_product, make_service, shipped_type
from tests.factories.organizations import make_organization
from tests.factories.promises import make_policy

NOON = datetime(2025, 11, 14, 15, tzinfo=UTC)


@pytest.fixture
def ouro(db):
    return make_policy({(2, "solution"): 12}, name="Ouro")


@pytest.fixture
def every_place(acme):
    product = make_product(name="PACS")
    module = make_module(product=product, name="Visualizador")
    return {
        "contract": Place(contract=make_contract(organization=acme, number="A-1")),
        "organization": Place(organization=acme),
        "service": Place(product=product, module=module, service=make_service(module=module, name="Imagens")),
        "module": Place(product=product, module=module),
        "product": Place(product=product),
        "request_type": Place(request_type=shipped_type("falha-tecnica")),
        "default": Place(),
    }


def refused(place, by, **said):
    with pytest.raises(Refused) as refusal:
        assigning.assign(place, by=by, at=NOON, **{"policy": None, **said})
    return list(refusal.value.fields) or refusal.value.message


class TestAssign:
    def test_every_level_has_one_and_the_most_specific_wins(self, elisa, every_place, acme):
        Assignment.objects.all().delete()
        wanted = {}
        for level, place in every_place.items():
            wanted[level] = make_policy({(2, "solution"): 1}, name=level)
            assigning.assign(place, policy=wanted[level], by=elisa, at=NOON)
        where = every_place["service"]
        facts = {
            "organization": acme.pk,
            "request_type": every_place["request_type"].request_type.pk,
            "contract": every_place["contract"].contract.pk,
            "product": where.product.pk,
            "module": where.module.pk,
            "service": where.service.pk,
        }

        for level in ("contract", "organization", "service", "module", "product", "request_type", "default"):
            found = choosing.choose(rules.current().book, Facts(**facts), NOON)
            assert (found.policy_level, found.version.policy) == (level, wanted[level].pk)
            assigning.clear(Assignment.objects.get(policy=wanted[level]), by=elisa, at=NOON)

        assert choosing.choose(rules.current().book, Facts(**facts), NOON) is None

    def test_is_told_in_the_trail_of_whom_it_is_of(self, elisa, ouro, acme):
        nights = make_calendar(name="Plantão")
        with translation.override("pt-br"):
            row = assigning.assign(
                Place(organization=acme), policy=ouro, calendar=nights, joins_city=True, by=elisa, at=NOON
            )
            assigning.clear(row, by=elisa, at=NOON)

        made, cleared = Entry.objects.order_by("id")
        said = {"agreement": "Ouro", "calendar": "Plantão", "joins_city": "sim"}
        assert (made.act, made.subject_kind, made.subject_id) == (
            "agreement.assigned",
            "organizations.organization",
            str(acme.pk),
        )
        assert (made.details["name"], made.details["after"], made.details["before"]) == ("Acme", said, {})
        assert (cleared.act, cleared.details["before"]) == ("agreement.cleared", said)

    def test_is_changed_knowingly_only(self, elisa, ouro, acme):
        prata = make_policy({(2, "solution"): 20}, name="Prata")
        place = Place(organization=acme)
        row = assigning.assign(place, policy=ouro, by=elisa, at=NOON)

        assert isinstance(refused(place, elisa, policy=prata), str)
        assigning.assign(place, policy=prata, known=row, by=elisa, at=NOON)

        assert Assignment.objects.get(organization=acme).policy == prata
        assert Assignment.objects.filter(organization=acme).count() == 1

    def test_is_refused_when_it_says_nothing(self, elisa, acme):
        assert isinstance(refused(Place(organization=acme), elisa), str)

    def test_is_refused_beside_what_cannot_be_chosen(self, elisa, ouro, acme):
        place = Place(organization=acme)
        unpublished = policies.create(name="Novo", by=elisa, at=NOON)
        policies.archive(archived := make_policy({}, name="Antigo"), by=elisa, at=NOON)

        assert refused(place, elisa, policy=unpublished) == ["policy"]
        assert refused(place, elisa, policy=archived) == ["policy"]
        assert refused(place, elisa, calendar=make_calendar(is_active=False)) == ["calendar"]
        assert refused(place, elisa, calendar=make_city_calendar()) == ["calendar"]

    def test_is_for_administrators(self, ana, elisa, ouro, acme):
        row = assigning.assign(Place(organization=acme), policy=ouro, by=elisa, at=NOON)

        with pytest.raises(NotAllowed):
            assigning.assign(Place(), policy=ouro, by=ana, at=NOON)
        with pytest.raises(NotAllowed):
            assigning.clear(row, by=ana, at=NOON)

    def test_case_209_what_is_taken_away_twice_is_told_once(self, elisa, ouro, acme):
        row = assigning.assign(Place(organization=acme), policy=ouro, by=elisa, at=NOON)
        assigning.clear(Assignment.objects.get(pk=row.pk), for_open=True, by=elisa, at=NOON)

        with pytest.raises(Refused):
            assigning.clear(row, for_open=True, by=elisa, at=NOON)
        assert Entry.objects.filter(act="agreement.cleared").count() == 1


class TestPlace:
    def test_has_a_name(self, every_place):
        with translation.override("pt-br"):
            assert [place.name for place in every_place.values()] == [
                "Contrato A-1 de Acme",
                "Acme",
                "PACS › Visualizador › Imagens",
                "PACS › Visualizador",
                "PACS",
                "Falha técnica",
                "Todos os demais",
            ]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_calendar_that_is_being_archived_is_given_to_nobody(elisa):
    load_shipped()
    calendar, organization = make_calendar(), make_organization(name="Acme")
    archived, may_commit = threading.Event(), threading.Event()
    refused = []

    def archive() -> None:
        with transaction.atomic():
            keeping.archive(calendar, by=elisa, at=NOON)
            archived.set()
            may_commit.wait(10)
        connection.close()

    def give() -> None:
        archived.wait(10)
        place = Place(organization=organization)
        try:
            assigning.assign(place, policy=None, calendar=Calendar.objects.get(pk=calendar.pk), by=elisa, at=NOON)
        except PolicyRefused as refusal:
            refused.append(list(refusal.fields))
        connection.close()

    threads = [threading.Thread(target=act) for act in (archive, give)]
    for thread in threads:
        thread.start()
    threads[1].join(1.0)
    may_commit.set()
    for thread in threads:
        thread.join(20)

    assert refused == [["calendar"]]
    assert not Assignment.objects.filter(calendar=calendar).exists()
