"""What tickets do when something happens to people."""

from guiche.accounts.events import PeopleMerged, PersonDeactivated
from guiche.tickets.actions import succeeding


def hand_over(event: PersonDeactivated) -> None:
    if event.subject.works_here:
        succeeding.hand_over(event.subject, event.successor, by=event.by, at=event.at)


def join_records(event: PeopleMerged) -> None:
    succeeding.join_records(event.merged, event.subject)
