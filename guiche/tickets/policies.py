"""Who may do what on a ticket that they may see. Seeing is Ticket.objects.visible_to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guiche.accounts.roles import DESK, Role
from guiche.core import written
from guiche.organizations.models import Membership
from guiche.workflows.stages import Stage, Taker

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from guiche.accounts.models import User
    from guiche.organizations.models import Organization
    from guiche.tickets.models import Comment, Ticket
    from guiche.workflows.models import Transition


@dataclass(frozen=True)
class Rights:
    """What one person may do on one ticket; worked out once per page or action."""

    works_it: bool  # at the desk: notes, triage, steps of staff
    is_system: bool
    owns_it: bool  # requester or opener, still a member
    may_judge: bool  # verdict, reopening: the owner, a portal administrator, a contact who reaches all
    may_arrange: bool  # contact, participants and copies
    is_member: bool  # of the ticket's organisation


def rights(user: User, ticket: Ticket) -> Rights:
    """Return what `user` may do on `ticket`, which was seen through visible_to. At most one query."""
    if user.works_here:
        at_desk, system = user.has_role(*DESK), user.has_role(Role.SYSTEM)
        return Rights(at_desk or system, system, False, False, at_desk or system, False)
    places = written.rows(_places_at, ticket.organization_id, user.pk)
    return rights_of_member(user, ticket, places[0] if places else None)


def rights_of_member(user: User, ticket: Ticket, member: Membership | None) -> Rights:
    """Return what a contact may do on `ticket`, given its active membership there, if any. No query."""
    owns = member is not None and user.pk in (ticket.requester_id, ticket.opened_by_id)
    administers = member is not None and member.is_portal_administrator
    reaches = member is not None and member.sees_all and not ticket.request_type.is_reserved
    return Rights(
        works_it=False,
        is_system=False,
        owns_it=owns,
        may_judge=owns or reaches,
        may_arrange=owns or (administers and reaches),
        is_member=member is not None,
    )


def can_open_for(user: User, organization: Organization, requester: User) -> bool:
    """Whether `user` may open a ticket of `organization` in the name of `requester`, who must be an active member."""
    if not written.rows(_places_at, organization.pk, requester.pk):
        return False
    if user.has_role(*DESK, Role.SYSTEM) or user == requester:
        return True
    return any(place.is_portal_administrator for place in written.rows(_places_at, organization.pk, user.pk))


def _places_at(organization_id: int, user_id: int) -> QuerySet[Membership]:
    return Membership.objects.active().filter(organization=organization_id, user=user_id)


def can_comment(user: User, ticket: Ticket, has: Rights | None = None) -> bool:
    """All who see an open ticket; on one that has ended, staff only (customers reopen it or open another)."""
    has = has or rights(user, ticket)
    return has.works_it or (ticket.is_open and not user.works_here)


def can_note(user: User, ticket: Ticket) -> bool:
    return rights(user, ticket).works_it


def can_diagnose(user: User, ticket: Ticket, has: Rights | None = None) -> bool:
    """People of the desk, while the ticket is open."""
    has = has or rights(user, ticket)
    return has.works_it and not has.is_system and ticket.is_open


def can_triage(user: User, ticket: Ticket) -> bool:
    """Team, assignee, severity, fields, organisation."""
    return rights(user, ticket).works_it


def can_arrange(user: User, ticket: Ticket) -> bool:
    """Contact, participants, copies."""
    return rights(user, ticket).may_arrange


def can_edit(user: User, comment: Comment) -> bool:
    """Only the author; for how long is the action's rule."""
    return comment.author_id == user.pk and comment.redacted_at is None


def can_redact(user: User) -> bool:
    return user.has_role(Role.ADMINISTRATOR)


def can_take(user: User, ticket: Ticket, transition: Transition, has: Rights | None = None) -> bool:
    """Whether `transition` is for `user` to take on `ticket`."""
    has = has or rights(user, ticket)
    if has.is_system:
        return Taker.SYSTEM in transition.takers
    if has.works_it:
        return any(role in transition.takers for role in user.roles)
    if Taker.CUSTOMER not in transition.takers:
        return False
    if transition.target.stage == Stage.CANCELLED:
        return has.owns_it
    return has.may_judge
