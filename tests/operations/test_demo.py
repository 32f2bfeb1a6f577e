"""The demonstration: what a newcomer finds."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from guiche.accounts import system
from guiche.accounts.models import User
from guiche.assets.models import Contract
from guiche.notifications import actions as notices
from guiche.notifications import bell
from guiche.notifications.models import BellItem
from guiche.operations import demo, tasks
from guiche.operations.demo import reading, telling
from guiche.organizations.models import Group, Membership
from guiche.tickets.actions import conversation
from guiche.tickets.models import Activity, Attachment, Outcome, Ticket
from guiche.workflows.stages import Stage
from tests.factories.tickets import make_ticket


@pytest.mark.slow
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
    assert set(Contract.objects.values_list("number", "is_active")) == {
        ("Prata 2022/007", False),
        ("Ouro 2025/014", True),
        ("Impressão 2026/031", True),
    }
    under = Ticket.objects.filter(contract__isnull=False).values_list("contract__number", "product__name").distinct()
    assert {number for number, _product in under} == {"Ouro 2025/014", "Impressão 2026/031"}
    assert {product for number, product in under if number.startswith("Impressão")} == {"Impressão gerenciada"}


@pytest.mark.django_db
def test_its_people_know_what_is_some_days_old_and_what_they_answered(bruno, ana):
    now = timezone.now()
    days = {"old": 9, "answered": 1, "new": 1}
    found = {name: make_ticket(requester=bruno, at=now - timedelta(days=age)) for name, age in days.items()}
    for ticket in found.values():
        conversation.comment(ticket, by=ana, at=ticket.opened_at + timedelta(hours=1), body="Estou vendo.")
    conversation.comment(found["answered"], by=bruno, at=now - timedelta(hours=1), body="Obrigado.")
    for line in Activity.objects.filter(actor=ana).select_related("actor", "comment", "ticket__organization"):
        notices.tell(line, at=line.at)
    assert bell.unread_count(bruno) == 3

    reading.read_old(at=now)

    unread = BellItem.objects.of(bruno).unread()
    assert [item.ticket for item in unread] == [found["new"]]


@pytest.mark.django_db
def test_waits_with_that_until_everybody_is_told(bruno):
    make_ticket(requester=bruno)

    tasks.read_old_news.func()

    assert not reading.all_are_told()  # the job of the ticket that was opened
    waiting = ProcrastinateJob.objects.filter(task_name=tasks.read_old_news.name)
    assert waiting.get().scheduled_at > timezone.now()


def out_of_hours():
    """What people did at night or on a weekend, but for the last days, which end when they are told."""
    lines = Activity.objects.filter(at__lt=timezone.now() - timedelta(days=4)).exclude(actor=system.user())
    times = [timezone.localtime(at) for at in lines.values_list("at", flat=True)]
    return [at for at in times if at.weekday() > 4 or not telling.OPENS <= at.hour < telling.CLOSES]
