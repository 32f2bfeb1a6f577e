"""Who may do what to organisations and their people. A portal administrator: contacts, inside the own, never itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guiche.accounts.policies import can_manage_people, can_register_contacts
from guiche.organizations.models import Membership

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.organizations.models import Organization


def can_manage_organizations(by: User) -> bool:
    """Organisations, groups, sites, domains: administrators."""
    return can_manage_people(by)


def administers(by: User, organization: Organization) -> bool:
    """Whether `by` is a portal administrator there. One query."""
    own = Membership.objects.active().administering()
    return not by.works_here and own.filter(user=by, organization=organization).exists()


def can_add_members(by: User, organization: Organization) -> bool:
    return can_register_contacts(by) or administers(by, organization)


def can_change_membership(by: User, membership: Membership) -> bool:
    """Staff; or a portal administrator of that organisation, but not its own place nor one of somebody of staff."""
    if can_register_contacts(by):
        return True
    is_contact = not membership.user.works_here
    return is_contact and by != membership.user and administers(by, membership.organization)


def can_change_person(by: User, membership: Membership) -> bool:
    """Change the address of the person behind `membership`, or invite it again.

    A portal administrator only where it administers every organisation that the person belongs to: an address is a
    key, and must not be taken from somebody of another company.
    """
    if can_register_contacts(by):
        return not membership.user.works_here or can_manage_people(by)
    if not can_change_membership(by, membership):
        return False
    own = Membership.objects.active().administering().filter(user=by).values("organization")
    return not Membership.objects.filter(user=membership.user).exclude(organization__in=own).exists()


def can_decide_requests(by: User) -> bool:
    return can_register_contacts(by)
