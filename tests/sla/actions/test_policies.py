"""Agreements and their versions, as administrators keep them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from guiche.audit.models import Entry
from guiche.core.errors import NotAllowed, Refused
from guiche.sla import effects, rules, terms
from guiche.sla.actions import bulk, policies, versions
from guiche.sla.actions.permission import ChangedMeanwhile
from guiche.sla.metrics import Metric
from guiche.sla.models import Clock, Policy, PolicyVersion, Retargeting
from guiche.sla.terms import Terms
from tests.factories.accounts import make_team
from tests.factories.calendars import make_calendar, make_city_calendar
from tests.factories.catalog import severity
from tests.factories.promises import SINCE, assign, make_policy
from tests.factories.tickets import make_ticket

NOON = datetime(2025, 11, 14, 15, tzinfo=UTC)
LATER = NOON + timedelta(days=10)


@pytest.fixture
def ouro(db):
    return make_policy({(2, "first_response"): 3, (2, "solution"): 12}, name="Ouro")


def key(level, metric=Metric.SOLUTION, team=None):
    return (severity(level).pk if level else None, metric, team)


def refused(act, **said):
    with pytest.raises(Refused) as refusal:
        act(**{"at": NOON, **said})
    return list(refusal.value.fields) or refusal.value.message


def published(policy, by, minutes=480, **said):
    draft = versions.begin(policy, by=by, at=said.get("at", NOON))
    here = terms.of(draft)
    versions.save_draft(policy, replace(here, targets={**here.targets, key(2): minutes}), by=by, at=NOON)
    return versions.publish(policy, by=by, **{"at": NOON, **said})


class TestCreate:
    def test_begins_with_an_empty_draft(self, elisa):
        made = policies.create(name="  Contrato  Ouro ", by=elisa, at=NOON)

        draft = made.versions.get()
        assert (made.name, made.slug, draft.number, draft.is_draft) == ("Contrato Ouro", "contrato-ouro", 1, True)
        assert terms.of(draft) == Terms()
        assert Entry.objects.get().act == "policy.created"

    def test_begins_with_what_another_says(self, elisa, ouro):
        made = policies.create(name="Prata", copy_of=ouro, by=elisa, at=NOON)

        assert terms.of(made.versions.get()) == terms.of(ouro.versions.get())

    @pytest.mark.parametrize(
        ("field", "said"),
        [
            ("name", {"name": " "}),
            ("name", {"name": "x" * 81}),
            ("name", {"name": "OURO"}),
            ("note", {"name": "Prata", "note": "x" * 201}),
        ],
    )
    def test_refuses_beside_the_field(self, elisa, ouro, field, said):
        assert refused(policies.create, **said, by=elisa) == [field]

    def test_is_for_administrators(self, ana, ouro):
        for act in (
            partial(policies.create, name="Prata"),
            partial(policies.rename, ouro, name="Prata", note=""),
            partial(policies.archive, ouro),
            partial(versions.begin, ouro),
            partial(versions.publish, ouro),
        ):
            with pytest.raises(NotAllowed):
                act(by=ana, at=NOON)


class TestArchive:
    def test_takes_it_out_of_use_and_brings_it_back(self, elisa, ouro):
        policies.archive(ouro, by=elisa, at=NOON)
        assert not Policy.objects.active().filter(pk=ouro.pk).exists()
        refused(versions.begin, policy=ouro, by=elisa)

        policies.restore(ouro, by=elisa, at=NOON)
        assert Policy.objects.active().filter(pk=ouro.pk).exists()
        assert [entry.act for entry in Entry.objects.all()] == ["policy.archived", "policy.restored"]

    def test_is_refused_while_it_is_made_with_somebody(self, elisa, ouro, acme):
        assign(ouro, organization=acme)

        refused(policies.archive, policy=ouro, by=elisa)

        assert Policy.objects.get(pk=ouro.pk).is_active


class TestDraft:
    def test_begins_with_the_last_version_and_stays_one(self, elisa, ouro):
        draft = versions.begin(ouro, by=elisa, at=NOON)

        assert (draft.number, terms.of(draft).targets) == (2, terms.of(ouro.versions.get(number=1)).targets)
        assert versions.begin(ouro, by=elisa, at=NOON) == draft

    def test_keeps_everything_it_is_told(self, elisa, ouro):
        team, nights = make_team(), make_calendar()
        said = Terms(
            targets={key(1): 90, key(None, Metric.FIRST_RESPONSE): 60, key(1, Metric.TEAM, team.pk): 30},
            calendar=nights.pk,
            severity_calendars={severity(1).pk: nights.pk},
            counts_delivery=True,
            at_risk_percent=60,
            note="Plantão",
        )
        draft = versions.begin(ouro, by=elisa, at=NOON)

        versions.save_draft(ouro, said, by=elisa, at=NOON)

        assert terms.of(PolicyVersion.objects.get(pk=draft.pk)) == said

    def test_says_in_the_trail_what_changed(self, elisa, ouro):
        versions.begin(ouro, by=elisa, at=NOON)
        versions.save_draft(ouro, Terms(targets={key(2): 480}, note="Mais cedo"), by=elisa, at=NOON)

        details = Entry.objects.latest("id").details
        assert (details["name"], details["version"]) == ("Ouro", 2)
        assert {"12 h", "3 h"} <= set(details["before"].values())
        assert {"8 h", "Mais cedo"} <= set(details["after"].values())

    @pytest.mark.parametrize(
        ("box", "said"),
        [
            ("solution", {"minutes": 0}),
            ("solution", {"minutes": 60 * 24 * 366 + 1}),
            ("at_risk_percent", {"at_risk_percent": 0}),
            ("at_risk_percent", {"at_risk_percent": 100}),
            ("note", {"note": "x" * 201}),
        ],
    )
    def test_refuses_beside_the_box(self, elisa, ouro, box, said):
        versions.begin(ouro, by=elisa, at=NOON)
        wanted = Terms(targets={key(2): said.pop("minutes", 60)}, **said)

        fields = refused(versions.save_draft, policy=ouro, terms=wanted, by=elisa)

        assert fields == [terms.box(key(2)) if box == "solution" else box]

    def test_refuses_a_calendar_that_is_not_in_use(self, elisa, ouro):
        versions.begin(ouro, by=elisa, at=NOON)
        closed = make_calendar(is_active=False)
        wanted = Terms(calendar=closed.pk, severity_calendars={severity(1).pk: make_city_calendar().pk})

        fields = refused(versions.save_draft, policy=ouro, terms=wanted, by=elisa)

        assert fields == ["calendar", terms.calendar_box(severity(1).pk)]

    def test_tells_the_slower_of_two(self, elisa, ouro):
        seen = terms.mark(terms.of(versions.begin(ouro, by=elisa, at=NOON)))
        versions.save_draft(ouro, Terms(targets={key(2): 60}), by=elisa, at=NOON)

        with pytest.raises(ChangedMeanwhile):
            versions.save_draft(ouro, Terms(targets={key(2): 90}), by=elisa, at=NOON, expected=seen)
        with pytest.raises(ChangedMeanwhile):
            versions.publish(ouro, by=elisa, at=NOON, expected=seen)

    def test_is_thrown_away(self, elisa, ouro):
        versions.begin(ouro, by=elisa, at=NOON)

        versions.discard(ouro, by=elisa, at=NOON)

        assert ouro.versions.count() == 1
        assert Entry.objects.latest("id").act == "policy.discarded"

    def test_stays_when_it_is_all_there_is(self, elisa):
        made = policies.create(name="Novo", by=elisa, at=NOON)

        refused(versions.discard, policy=made, by=elisa)

        assert made.versions.exists()


class TestHints:
    def test_say_that_the_solution_comes_first(self, db):
        wanted = Terms(targets={key(2): 60, key(2, Metric.FIRST_RESPONSE): 120, key(2, Metric.DIAGNOSIS): 90})

        assert [(hint.severity, hint.metric) for hint in terms.hints(wanted)] == [(severity(2).pk, "solution")] * 2

    def test_are_silent_where_all_is_in_order(self, ouro):
        assert terms.hints(terms.of(ouro.versions.get())) == []


class TestPublish:
    def test_is_in_force_from_now_on(self, elisa, ouro):
        version = published(ouro, elisa)

        known = rules.current()
        assert (version.effective_from, version.published_by) == (NOON, elisa)
        assert known.book.in_force(ouro.pk, NOON).number == 2
        assert known.book.in_force(ouro.pk, NOON - timedelta(seconds=1)).number == 1

    def test_waits_for_its_day(self, elisa, ouro):
        published(ouro, elisa, effective_from=LATER)

        known = rules.current()
        assert known.book.in_force(ouro.pk, NOON).number == 1
        assert known.book.in_force(ouro.pk, LATER).targets[key(2)] == 8 * 3600

    def test_never_changes_again(self, elisa, ouro):
        version = published(ouro, elisa, effective_from=LATER)

        for change in ({"note": "x"}, {"withdrawn_at": LATER}, {"withdrawn_at": NOON, "note": "x"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                PolicyVersion.objects.filter(pk=version.pk).update(**change)

    @pytest.mark.parametrize("since", [NOON - timedelta(seconds=1), datetime(2300, 1, 1, tzinfo=UTC)])
    def test_is_refused_for_a_moment_that_cannot_be(self, elisa, ouro, since):
        versions.begin(ouro, by=elisa, at=NOON)

        assert refused(versions.publish, policy=ouro, by=elisa, effective_from=since) == ["effective_from"]

    def test_is_refused_before_a_version_that_waits(self, elisa, ouro):
        published(ouro, elisa, effective_from=LATER)
        versions.begin(ouro, by=elisa, at=NOON)

        for since in (None, LATER):
            assert refused(versions.publish, policy=ouro, by=elisa, effective_from=since) == ["effective_from"]
        assert versions.publish(ouro, by=elisa, at=NOON, effective_from=LATER + timedelta(seconds=1)).number == 3

    def test_is_refused_without_any_target(self, elisa):
        made = policies.create(name="Vazio", by=elisa, at=NOON)

        assert isinstance(refused(versions.publish, policy=made, by=elisa), str)
        assert made.versions.get().is_draft

    def test_says_in_the_trail_what_changed_since_the_last(self, elisa, ouro):
        published(ouro, elisa)

        entry = Entry.objects.latest("id")
        assert (entry.act, list(entry.details["before"].values())) == ("policy.published", ["12 h"])
        assert list(entry.details["after"].values()) == ["8 h"]


class TestForOpen:
    def test_goes_through_the_open_ones_and_counts_what_the_preview_counted(self, elisa, ouro, acme, bruno, system):
        assign(ouro, organization=acme)
        moved = make_ticket(requester=bruno, severity=severity(2), at=NOON)
        kept = make_ticket(requester=bruno, severity=severity(1), at=NOON)
        make_ticket(requester=bruno, at=NOON)  # of no severity: nothing is promised to it
        draft = versions.begin(ouro, by=elisa, at=NOON)
        versions.save_draft(ouro, replace(terms.of(draft), targets={key(2): 480}), by=elisa, at=NOON)
        preview = effects.of(rules.with_version(rules.current(), draft, NOON), at=NOON, chooses=True, replaced=ouro.pk)

        version = versions.publish(ouro, by=elisa, at=NOON, for_open=True)
        asked = bulk.run(Retargeting.objects.get(policy_version=version), at=NOON, by=system)

        clock = Clock.objects.get(ticket=moved, metric="solution")
        assert (clock.target_seconds, clock.policy_version) == (8 * 3600, version)
        assert not Clock.objects.filter(ticket=kept).exists()
        assert (asked.state, preview.changed, asked.changed_count) == ("done", 1, 1)


class TestWithdraw:
    def test_lets_a_version_never_begin(self, elisa, ouro):
        version = published(ouro, elisa, effective_from=LATER)

        versions.withdraw(version, by=elisa, at=NOON)

        assert rules.current().book.in_force(ouro.pk, LATER).number == 1
        assert versions.begin(ouro, by=elisa, at=NOON).number == 3
        assert terms.of(versions.draft_of(ouro)).targets[key(2)] == 720

    def test_is_refused_once_it_has_begun_and_the_second_time(self, elisa, ouro):
        begun = ouro.versions.get()
        waiting = published(ouro, elisa, effective_from=LATER)

        refused(versions.withdraw, version=begun, by=elisa)
        refused(versions.withdraw, version=waiting, by=elisa, at=LATER)
        versions.withdraw(waiting, by=elisa, at=NOON)
        refused(versions.withdraw, version=waiting, by=elisa)

        assert begun.effective_from == SINCE
