"""Who counts by a calendar, and that it is not archived from under them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guiche.calendars.actions import keeping
from guiche.calendars.models import Calendar
from guiche.catalog.models import Severity
from guiche.core.errors import Refused
from guiche.sla import uses
from guiche.sla.metrics import Metric
from guiche.sla.models import Policy, SeverityCalendar
from tests.factories.assets import make_contract
from tests.factories.calendars import make_calendar
from tests.factories.promises import assign, make_policy, make_version

NOW = datetime(2025, 11, 12, 12, tzinfo=UTC)
LATER = datetime(2025, 12, 1, 3, tzinfo=UTC)
TARGETS = {(2, Metric.SOLUTION): 8}

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(acme) -> Calendar:
    return make_calendar(name="Noturno")


def who(calendar: Calendar) -> list[str]:
    return uses.of_calendars([calendar.pk], NOW).get(calendar.pk, [])


class TestUses:
    def test_are_none_at_first(self, night):
        assert who(night) == []

    def test_are_those_to_whom_it_was_given(self, night, acme):
        assign(calendar=night, organization=acme)
        assign(calendar=night, contract=make_contract(organization=acme, number="Ouro 1"))

        assert who(night) == ["Contrato Ouro 1 de Acme", "Acme"]

    def test_are_agreements_in_force_or_to_come(self, night):
        make_policy(TARGETS, name="Ouro", calendar=night)
        silver, bronze = make_policy(TARGETS, name="Prata"), make_policy(TARGETS, name="Bronze")
        make_version(silver, TARGETS, effective_from=LATER, calendar=night)
        make_version(bronze, TARGETS, effective_from=None, calendar=night)

        assert who(night) == ["acordo Ouro", "acordo Bronze", "acordo Prata"]

    def test_are_severities_of_agreements(self, night):
        version = make_version(make_policy(TARGETS, name="Ouro"), TARGETS, effective_from=None)
        worst = Severity.objects.order_by("level")[0]
        SeverityCalendar.objects.create(version=version, severity=worst, calendar=night)

        assert who(night) == [f"acordo Ouro, gravidade {worst.name}"]

    def test_are_not_what_was(self, night):
        policy = make_policy(TARGETS, name="Ouro", calendar=night)
        make_version(policy, TARGETS, effective_from=datetime(2025, 10, 1, tzinfo=UTC))
        Policy.objects.create(name="Velho", slug="velho", is_active=False).versions.create(number=1, calendar=night)

        assert who(night) == []


class TestArchive:
    def test_is_refused_while_in_use(self, night, acme, elisa):
        assign(calendar=night, organization=acme)

        with pytest.raises(Refused, match="em uso: Acme"):
            keeping.archive(night, by=elisa, at=NOW)

        night.refresh_from_db()
        assert night.is_active

    def test_is_done_once_nobody_counts_by_it(self, night, acme, elisa):
        given = assign(calendar=night, organization=acme)
        given.delete()

        keeping.archive(night, by=elisa, at=NOW)

        night.refresh_from_db()
        assert not night.is_active
