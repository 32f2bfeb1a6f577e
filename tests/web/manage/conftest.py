"""Administration as Elisa sees it, with a little of everything in it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from guiche.accounts import sessions
from guiche.accounts.models import User
from guiche.calendars.actions import versions as drafts
from guiche.calendars.hours import Window
from guiche.calendars.models import Calendar
from guiche.calendars.plan import OwnDay, WorkedDay
from guiche.organizations.models import JoinRequest
from guiche.sla.actions import bulk, versions
from guiche.sla.models import Escalation
from tests.factories.assets import make_contract
from tests.factories.calendars import make_calendar, make_plan, week
from tests.factories.catalog import (
    load_shipped,
    make_custom_field,
    make_failure,
    make_form_field,
    make_impact,
    make_module,
    make_product,
    make_service,
    shipped_type,
)
from tests.factories.organizations import make_domain, make_site
from tests.factories.promises import assign, make_policy

NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)


@pytest.fixture
def administration(client: Client, elisa: User) -> Client:
    load_shipped()
    client.force_login(elisa)
    session = client.session
    sessions.start(session, elisa, device="Chrome", address=None, at=timezone.now())
    session.save()
    return client


def _calendar(elisa: User) -> Calendar:
    """A calendar with a day of its own, a worked one, and a draft that says otherwise."""
    own = OwnDay("Véspera de Natal", date(2026, 12, 24), closes=12 * 3600)
    worked = WorkedDay(date(2026, 12, 12), "Implantação", (Window(8 * 3600, 12 * 3600),))
    plan = make_plan(own=(own,), worked=(worked,))
    calendar = make_calendar(name="Plantão da casa", plan=plan)
    drafts.save_draft(calendar, replace(plan, weekly=week((7, 19))), by=elisa, at=NOON)
    return calendar


@pytest.fixture
def things(administration, acme, bruno, ana, elisa, suporte) -> SimpleNamespace:
    """One row of each kind, by name."""
    product = make_product(name="PACS", organizations=[acme])
    module = make_module(product=product, name="Visualizador")
    service = make_service(module=module, name="Imagens não abrem")
    request_type = shipped_type()
    policy = make_policy({(2, "solution"): 8}, name="Cobre")
    versions.begin(policy, by=elisa, at=NOON)
    return SimpleNamespace(
        policy=policy,
        assignment=assign(policy, request_type=request_type),
        retargeting=bulk.begin(by=elisa, at=NOON),
        escalation=Escalation.objects.order_by("pk").first(),
        calendar=_calendar(elisa),
        product=product,
        module=module,
        service=service,
        impact=make_impact(service=service),
        failure=make_failure(product=product),
        request_type=request_type,
        line=make_form_field(request_type=request_type, custom=make_custom_field(kind="choice", choices=["A", "B"])),
        workflow=suporte.workflow,
        status=suporte.waiting,
        step=suporte.offer,
        site=make_site(organization=acme),
        contract=make_contract(organization=acme, number="Ouro 2025/014"),
        domain=make_domain(organization=acme, verified=False),
        membership=bruno.memberships.get(),
        asked=JoinRequest.objects.create(
            name="Rita Reis", email="rita@nova.example", company="Nova", created_at=NOON, confirmed_at=NOON
        ),
    )
