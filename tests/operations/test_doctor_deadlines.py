"""`guiche doctor --sla` finds a deadline that does not follow from what happened."""

import pytest

from guiche.operations.doctor import deadlines
from guiche.operations.doctor.findings import Level
from guiche.sla.models import Clock, Interval
from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import Ticket
from tests.sla.actions.test_keeping import at, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(ana, bruno, suporte) -> Ticket:
    ticket = opened(bruno, at(12, 9))
    moving.take(ticket, suporte.start, by=ana, at=at(12, 10))
    moving.take(ticket, suporte.ask, by=ana, at=at(12, 11), given={"comment": "Qual servidor?"})
    conversation.comment(ticket, by=bruno, at=at(12, 13), body="O de laudos.")
    return ticket


def found() -> list[tuple[Level, str]]:
    return [(one.level, one.text) for one in deadlines.examine()]


def test_is_content_with_what_the_actions_wrote(ticket):
    assert [level for level, _text in found()] == [Level.WELL]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda: Ticket.objects.update(next_due_at=at(20, 9)), "next_due_at"),
        (lambda: Clock.objects.filter(motion="running").update(due_at=at(20, 9)), "due"),
        (lambda: Clock.objects.filter(metric="solution").update(elapsed_seconds=1), "elapsed"),
        (lambda: Interval.objects.filter(counts=True).update(counted_seconds=1), "counted"),
        (lambda: Interval.objects.filter(counts=False).update(start=at(12, 11, 30)), "a hole"),
        (lambda: Interval.objects.filter(counts=False).update(reason="awaiting_validation"), "course"),
    ],
)
def test_finds_what_does_not_follow(ticket, change, word):
    change()

    assert any(level == Level.WRONG and word in text for level, text in found())


def test_names_a_few_and_counts_the_rest(bruno, monkeypatch):
    monkeypatch.setattr(deadlines, "NAMED", 2)
    for n in range(5):
        opened(bruno, at(12, 9, n))
    Ticket.objects.update(next_due_at=None)

    assert len(found()) == 3
    assert "3" in found()[-1][1]
