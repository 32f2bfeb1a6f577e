"""The demonstration: what a newcomer finds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guiche.accounts import system
from guiche.accounts.models import User
from guiche.operations import demo
from guiche.operations.demo import telling
from guiche.organizations.models import Group, Membership
from guiche.tickets.models import Activity, Attachment, Outcome, Ticket
from guiche.workflows.stages import Stage

pytestmark = pytest.mark.slow


@pytest.mark.django_db
def test_tells_ninety_days_of_two_hundred_tickets_with_an_account_for_each_role(monkeypatch):
    assert (telling.TICKETS, telling.DAYS) == (200, 90)
    monkeypatch.setattr(telling, "TICKETS", 90)  # enough for every ending; the rest is more of the same

    accounts = demo.load()

    assert Ticket.objects.count() == 90
    assert Attachment.objects.count() > 10
    assert set(Ticket.objects.values_list("status__stage", flat=True)) == {str(stage) for stage in Stage}
    outcomes = set(Ticket.objects.ended().values_list("outcome", flat=True))
    assert outcomes >= {Outcome.APPROVED, Outcome.CLOSED_BY_SILENCE, Outcome.CONCLUDED_BY_STAFF, Outcome.CANCELLED}
    for account in accounts:
        assert User.objects.get(email=account["email"]).check_password(account["password"])
    assert len({account["password"] for account in accounts}) == len(accounts)
    jonas = User.objects.get(email="jonas.prado@saobento.example")
    assert Membership.objects.filter(user=jonas, organization__group=Group.objects.get()).count() == 2
    assert out_of_hours() == []


def out_of_hours():
    """What people did at night or on a weekend, but for the last days, which end when they are told."""
    lines = Activity.objects.filter(at__lt=timezone.now() - timedelta(days=4)).exclude(actor=system.user())
    times = [timezone.localtime(at) for at in lines.values_list("at", flat=True)]
    return [at for at in times if at.weekday() > 4 or not telling.OPENS <= at.hour < telling.CLOSES]
