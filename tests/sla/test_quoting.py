"""What is promised before a ticket is opened is what it gets, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product as every
from typing import Any

import pytest

from guiche.accounts.models import User
from guiche.calendars.plan import WHOLE_WEEK
from guiche.catalog.models import Product, RequestType, Service, Severity
from guiche.organizations.models import Organization
from guiche.sla import quoting
from guiche.sla.models import Clock, SeverityCalendar
from guiche.tickets.models import Ticket
from guiche.workflows.models import Status
from tests.factories.assets import make_contract
from tests.factories.calendars import make_calendar, make_city_calendar, make_plan, week
from tests.factories.catalog import load_shipped, make_impact, make_module, make_product, make_service, severity
from tests.factories.organizations import make_membership, make_site
from tests.factories.promises import assign, make_policy
from tests.factories.tickets import make_ticket

BRASILIA = timedelta(hours=3)
# November 2025: a Wednesday's morning, half a second before closing, a Friday's evening, the eve of a holiday and that
# holiday, a Sunday.
MOMENTS = [
    datetime(2025, 11, 12, 9, 14, 7, tzinfo=UTC) + BRASILIA,
    datetime(2025, 11, 12, 17, 59, 59, 500_000, tzinfo=UTC) + BRASILIA,
    datetime(2025, 11, 14, 21, 30, tzinfo=UTC) + BRASILIA,
    datetime(2025, 11, 19, 16, 1, 2, tzinfo=UTC) + BRASILIA,
    datetime(2025, 11, 20, 10, tzinfo=UTC) + BRASILIA,
    datetime(2025, 11, 23, 3, tzinfo=UTC) + BRASILIA,
]


def quoted(requester: User, organization: Organization, kind: RequestType, at: datetime, **content: Any) -> Any:
    return quoting.quote(organization, kind, at=at, requester=requester, offered=Severity.objects.all(), **content)


def dues_of(ticket: Ticket) -> dict[str, tuple[int, datetime | None, int, int | None, int]]:
    found = Clock.objects.of(ticket).for_customers()
    return {
        clock.metric: (
            clock.target_seconds,
            clock.due_at,
            clock.calendar_id,
            clock.city_calendar_id,
            clock.policy_version_id,
        )
        for clock in found
    }


def dues_in(offer: quoting.Offer | None) -> dict[str, tuple[int, datetime | None, int, int | None, int]]:
    if offer is None:
        return {}
    return {
        one.metric: (one.target, one.due_at, offer.calendar, offer.city, offer.agreement.version.id)
        for one in offer.promises
    }


@pytest.fixture
def pacs(acme: Organization) -> Service:
    """A service of a product that a contract names, with rows in the table of services."""
    load_shipped()
    service = make_service(module=make_module(product=make_product(name="PACS")))
    make_impact(service=service, level=2, diagnosis_minutes=90, solution_minutes=480)
    make_impact(service=service, level=2, solution_minutes=300)
    make_impact(service=service, level=3)
    return service


@pytest.fixture
def conditions(acme: Organization, pacs: Service) -> Product:
    """Acme's conditions: a contract that names one product, calendars of a city, the worst severity at all hours."""
    named = make_product(name="RIS")
    contract = make_contract(organization=acme, products=[named])
    gold = make_policy({(1, "first_response"): 1, (1, "solution"): 3, (2, "diagnosis"): 5, (2, "solution"): 11})
    draft = gold.versions.create(number=2)
    SeverityCalendar.objects.create(
        version=draft, severity=severity(1), calendar=make_calendar(plan=make_plan(weekly=WHOLE_WEEK, country=""))
    )
    draft.targets.create(severity=severity(1), metric="first_response", minutes=61)
    draft.targets.create(severity=severity(2), metric="solution", minutes=11 * 60)
    draft.targets.create(metric="solution", minutes=7 * 60)
    draft.effective_from = draft.published_at = datetime(2025, 11, 14, 12, tzinfo=UTC)
    draft.save()
    assign(gold, contract=contract)
    assign(organization=acme, joins_city=True)
    late = make_calendar(plan=make_plan(zone="America/Manaus", weekly=week((7, 11), (13, 22), days=6)))
    assign(product=pacs.module.product, calendar=late)
    make_city_calendar(state="SC", city="Florianópolis")
    return named


@pytest.fixture
def sites(acme: Organization) -> list[User]:
    """People of Acme in a city whose holidays are kept, in another one, and of no site."""
    here = make_site(organization=acme, city="Florianopolis", state="SC")
    there = make_site(organization=acme, city="Campinas", state="SP")
    return [make_membership(organization=acme, site=site).user for site in (here, there, None)]


class TestQuote:
    def test_is_what_the_ticket_gets_when_it_is_opened_then(
        self, acme: Organization, conditions: Product, pacs: Service, sites: list[User]
    ) -> None:
        """Every type, severity, contract and city; some of it out of hours, and over a new version of the policy."""
        contents: list[dict[str, Any]] = [
            {},
            {"product": conditions},
            {"product": pacs.module.product, "module": pacs.module, "service": pacs},
        ]
        kinds = RequestType.objects.filter(is_active=True).select_related("workflow", "default_team", "fixed_severity")
        for moment, kind, content, requester in every(MOMENTS, list(kinds), contents, sites):
            quote = quoted(requester, acme, kind, moment, **content)
            chosen = [kind.fixed_severity] if kind.fixed_severity else [None]
            chosen = [None, *Severity.objects.all()] if kind.severity_source == "chosen" else chosen
            for one in chosen:
                ticket = make_ticket(requester=requester, at=moment, request_type=kind, severity=one, **content)
                offer = quote.offers.get(one.pk if one else None)
                assert dues_in(offer) == dues_of(ticket), (moment, kind.slug, content, requester, one)
                assert ticket.contract == quote.contract

    def test_says_when_counting_begins(self, acme: Organization, bruno: User) -> None:
        load_shipped()
        kind = RequestType.objects.get(slug="falha-tecnica")

        night, morning = (
            quoted(bruno, acme, kind, at, severity=severity(2)).present for at in (MOMENTS[2], MOMENTS[0])
        )

        assert night.counts_from == datetime(2025, 11, 17, 8, tzinfo=UTC) + BRASILIA
        assert morning.counts_from == MOMENTS[0]

    def test_offers_what_another_severity_would_give(self, acme: Organization, bruno: User) -> None:
        load_shipped()
        kind = RequestType.objects.get(slug="falha-tecnica")

        quote = quoted(bruno, acme, kind, MOMENTS[0], severity=severity(2))

        hours = {level: quote.offers[severity(level).pk].promise("solution").target // 3600 for level in (1, 2, 3, 4)}
        assert hours == {1: 4, 2: 12, 3: 40, 4: 56}
        assert quote.present == quote.offers[severity(2).pk]

    def test_promises_nothing_for_a_type_without_deadlines(self, acme: Organization, bruno: User) -> None:
        load_shipped()
        kind = RequestType.objects.get(slug="sugestao-de-melhoria")

        quote = quoted(bruno, acme, kind, MOMENTS[0])

        assert not quote.promises_something
        assert quote.offers == {}

    def test_names_no_day_where_tickets_begin_paused(self, acme: Organization, bruno: User) -> None:
        load_shipped()
        kind = RequestType.objects.get(slug="falha-tecnica")
        Status.objects.filter(workflow=kind.workflow, is_initial=True).update(pauses_clocks=True)

        offer = quoted(bruno, acme, kind, MOMENTS[0], severity=severity(2)).present
        ticket = make_ticket(requester=bruno, at=MOMENTS[0], request_type=kind, severity=severity(2))

        assert [one.due_at for one in offer.promises] == [None, None]
        assert dues_in(offer) == dues_of(ticket)

    def test_costs_one_query(self, acme: Organization, bruno: User, django_assert_num_queries: Any) -> None:
        load_shipped()
        kind = RequestType.objects.get(slug="falha-tecnica")
        offered = list(Severity.objects.all())

        def ask() -> None:
            quoting.quote(acme, kind, at=MOMENTS[0], requester=bruno, severity=offered[0], offered=offered)

        ask()
        with django_assert_num_queries(1):
            ask()
        make_city_calendar()
        ask()
        with django_assert_num_queries(1):
            ask()
