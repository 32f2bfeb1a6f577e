"""Tickets that live at random, through the tickets' own actions: what is stored follows from their events.

`HISTORIES=10000 make histories` does the many that the specification asks for; tests do a few hundred.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest

from guiche.accounts.models import Team, User
from guiche.calendars.models import Calendar
from guiche.catalog.models import Severity
from guiche.core.errors import Refused
from guiche.organizations.models import Membership, Organization
from guiche.sla import examination
from guiche.sla.actions import bulk
from guiche.sla.models import Clock, Retargeting
from guiche.tickets.actions import conversation, moving, triage
from guiche.tickets.models import Ticket
from guiche.workflows.models import Transition
from guiche.workflows.stages import Taker
from tests.factories.accounts import make_team
from tests.factories.calendars import make_city_calendar, make_plan, make_version, week
from tests.factories.promises import assign, make_policy
from tests.factories.promises import make_version as make_policy_version
from tests.factories.tickets import make_ticket
from tests.sla.actions.test_keeping import at

COUNT = int(os.environ.get("HISTORIES", "").strip() or 120)
LONGEST = 9  # events of one history
STEPS = (1, 59, 3600, 5 * 3600, 13 * 3600, 30 * 3600, 90 * 3600)  # seconds that may pass before the next


class Life:
    """One ticket and the moments that pass. Whatever an action refuses just did not happen."""

    def __init__(self, chance: Random, cast: SimpleNamespace) -> None:
        self.chance, self.cast = chance, cast
        self.now = at(3, 7) + timedelta(seconds=chance.randrange(20 * 86_400))
        self.severities = list(Severity.objects.all())
        self.ticket = make_ticket(
            requester=cast.bruno, at=self.now, severity=chance.choice(self.severities), organization=cast.acme
        )

    def live(self) -> None:
        for _event in range(self.chance.randrange(1, LONGEST)):
            self.now += timedelta(seconds=self.chance.randrange(self.chance.choice(STEPS) + 1))
            act = self.chance.choice((self._step, self._step, self._step, self._speak, self._answer, self._triage))
            try:
                act()
            except Refused:
                continue

    def _step(self) -> None:
        ticket = Ticket.objects.select_related("status").get(pk=self.ticket.pk)
        steps = list(Transition.objects.filter(origin=ticket.status).exclude(takers=[Taker.SYSTEM]))
        if steps:
            step = self.chance.choice(steps)
            by = self.cast.bruno if Taker.CUSTOMER in step.takers else self.cast.ana
            moving.take(ticket, step, by=by, at=self.now, given=dict.fromkeys(step.asks, "Assim."))

    def _speak(self) -> None:
        conversation.comment(self.ticket, by=self.cast.bruno, at=self.now, body="E então?")

    def _answer(self) -> None:
        act = self.chance.choice((conversation.comment, conversation.diagnose, conversation.note))
        act(self.ticket, by=self.cast.ana, at=self.now, body="Estamos vendo.")

    def _triage(self) -> None:
        if self.chance.random() < 0.4:
            triage.transfer(
                self.ticket, self.chance.choice(self.cast.teams), by=self.cast.ana, at=self.now, reason="É deles."
            )
        else:
            severity = self.chance.choice(self.severities)
            triage.change(self.ticket, by=self.cast.ana, at=self.now, reason="Vimos melhor.", severity=severity)


@pytest.fixture
def cast(ana: User, bruno: User, acme: Organization, elisa: User, system: User, suporte: object) -> SimpleNamespace:
    teams = [Team.objects.get(slug="suporte"), make_team(name="Desenvolvimento")]
    return SimpleNamespace(ana=ana, bruno=bruno, acme=acme, elisa=elisa, system=system, teams=teams)


def differences(moment: datetime) -> list[examination.Difference]:
    return list(examination.differences(at=moment))


def many(seed: int, cast: SimpleNamespace, count: int = COUNT) -> None:
    chance = Random(seed)
    for _history in range(count):
        Life(chance, cast).live()


@pytest.mark.django_db
class TestHistories:
    def test_stand_as_their_events_say(self, cast):
        many(1, cast)

        assert not differences(at(30, 12))
        assert Clock.objects.exclude(breached_at=None).exists()
        assert Clock.objects.exclude(met_at=None).exists()
        assert Ticket.objects.exclude(next_due_at=None).exists()

    def test_in_the_city_of_the_customer(self, cast):
        site = Membership.objects.get(user=cast.bruno).site
        assert site is not None
        type(site).objects.filter(pk=site.pk).update(city="Florianópolis", state="SC")
        make_city_calendar()
        assign(organization=cast.acme, joins_city=True)
        many(2, cast, COUNT // 3)

        assert Clock.objects.exclude(city_calendar=None).exists()
        assert not differences(at(30, 12))

    def test_through_versions_of_calendars_and_agreements(self, cast):
        """Some live before a change, and go on after the pass through all."""
        policy = make_policy({(n, metric): n * 3 for n in (1, 2, 3, 4) for metric in ("first_response", "solution")})
        assign(policy)
        many(3, cast, COUNT // 3)
        make_version(
            Calendar.objects.default(), plan=make_plan(weekly=week((7, 12), (13, 20), days=6)), since=at(12, 9)
        )
        targets = {(n, metric): n * 2 for n in (1, 2, 3, 4) for metric in ("first_response", "diagnosis", "solution")}
        version = make_policy_version(policy, targets, effective_from=at(13, 9))
        moment = at(28, 9)
        calendar_version = Calendar.objects.default().versions.latest("number")
        bulk.begin(by=cast.elisa, at=moment, calendar_version=calendar_version)
        bulk.begin(by=cast.elisa, at=moment, policy_version=version)
        for asked in Retargeting.objects.to_do(moment):
            bulk.run(asked, at=moment, by=cast.system)

        assert Clock.objects.filter(policy_version=version).exists()
        assert not differences(at(30, 12))
