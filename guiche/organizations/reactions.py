"""What organisations do when something happens to people, and who is told what happens here."""

from guiche.accounts.events import PeopleMerged
from guiche.organizations import letters, tasks
from guiche.organizations.actions import merging
from guiche.organizations.events import JoinedByDomain, JoinRequestDecided, MembershipCreated, PeopleImportConfirmed


def move_memberships(event: PeopleMerged) -> None:
    merging.move_memberships(event.merged, event.subject)


def tell_added(event: MembershipCreated) -> None:
    """Who has a password already gets no invitation, so this says it."""
    if event.subject.user.has_usable_password():
        letters.send_added(event.subject, by=event.by, at=event.at)


def tell_somebody_joined(event: JoinedByDomain) -> None:
    letters.send_somebody_joined(event.subject, at=event.at)


def tell_request_refused(event: JoinRequestDecided) -> None:
    """An approval needs no letter of its own: the invitation is it."""
    if event.membership is None:
        letters.send_request_refused(event.subject, event.reason, at=event.at)


def apply_import_later(event: PeopleImportConfirmed) -> None:
    tasks.apply_people_import.defer(import_id=event.subject.pk)
