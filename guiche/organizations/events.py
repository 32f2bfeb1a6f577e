"""What can happen to customers and to who belongs to them."""

from dataclasses import dataclass
from typing import Any

from guiche.core.events import Event


class OrganizationCreated(Event):
    kind = "organization.created"


class OrganizationChanged(Event):
    kind = "organization.changed"


class OrganizationDeactivated(Event):
    kind = "organization.deactivated"


class OrganizationReactivated(Event):
    kind = "organization.reactivated"


class GroupChanged(Event):
    kind = "group.changed"


class SiteChanged(Event):
    kind = "site.changed"


class DomainAdded(Event):
    kind = "domain.added"


class DomainVerified(Event):
    kind = "domain.verified"


class DomainRemoved(Event):
    kind = "domain.removed"


class MembershipCreated(Event):
    kind = "membership.created"


class MembershipChanged(Event):
    kind = "membership.changed"


class MembershipEnded(Event):
    kind = "membership.ended"


class MembershipRestored(Event):
    kind = "membership.restored"


class JoinedByDomain(MembershipCreated):
    """Nobody invited this person: the verified domain did. The portal administrators are told."""

    kind = "membership.joined_by_domain"


class JoinRequested(Event):
    kind = "join_request.made"


@dataclass(kw_only=True)
class JoinRequestDecided(Event):
    """`membership` when it was approved; `reason` when it was not."""

    kind = "join_request.decided"
    membership: Any = None
    reason: str = ""


class PeopleImportConfirmed(Event):
    kind = "people_import.confirmed"


class PeopleImported(Event):
    kind = "people_import.applied"
