"""Who belongs to an organisation: invited, given a reach, taken out, brought back; by staff or its administrators."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guiche.accounts import persons, sessions
from guiche.accounts.models import User
from guiche.accounts.policies import can_register_contacts
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.organizations import mail_domains, policies
from guiche.organizations.events import (
    JoinRequested,
    MembershipChanged,
    MembershipCreated,
    MembershipEnded,
    MembershipRestored,
)
from guiche.organizations.models import Department, Domain, JoinRequest, Membership, Organization, Reach, Site


class MembershipRefused(Refused):
    """This person cannot have this place."""


@transaction.atomic
def invite(
    organization: Organization,
    *,
    name: str,
    email: str = "",
    phone: str = "",
    reach: str = Reach.OWN,
    site: Site | None = None,
    is_portal_administrator: bool = False,
    by: User,
    at: datetime,
    is_invited: bool = True,
) -> Membership | JoinRequest:
    """Make somebody, new or known, a contact of `organization`, and send the letter that lets them in.

    A portal administrator may do so for addresses of the organisation's verified domains, or for new people where it
    has none; any other address becomes a request for staff to decide. Raises NotAllowed, MembershipRefused,
    PersonRefused.
    """
    if not policies.can_add_members(by, organization):
        raise NotAllowed(_("Only who administers the portal of %s adds people there.") % organization.name)
    address = persons.clean_email(email)
    known = User.objects.filter(email=address).first() if address else None
    _check_free(known, organization)
    _check_place(organization, reach, site)
    if not _may_link_at_once(by, organization, address, known):
        return _ask_staff(organization, name=name, email=address or "", by=by, at=at)
    _check_can_belong(known)
    user = known or persons.register(name=name, email=email, phone=phone, roles=[], by=by, at=at)
    membership = add(
        user, organization, reach=reach, site=site, is_portal_administrator=is_portal_administrator, by=by, at=at
    )
    if is_invited and user.email and not user.has_usable_password():
        persons.invite(user, by=by, at=at, organization=organization.name)
    return membership


def add(
    user: User,
    organization: Organization,
    *,
    reach: str,
    site: Site | None,
    is_portal_administrator: bool,
    by: User,
    at: datetime,
    event: type[MembershipCreated] = MembershipCreated,
) -> Membership:
    """Write a membership whose right to exist the caller has made sure of. Raises MembershipRefused for a second."""
    membership = Membership(
        user=user, organization=organization, reach=reach, site=site, is_portal_administrator=is_portal_administrator
    )
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise _refusal(_("%s is on the list already.") % user.name) from error
    happened(event(subject=membership, by=by, at=at, details=_facts(membership)))
    return membership


@transaction.atomic
def change(
    membership: Membership,
    *,
    reach: str,
    site: Site | None,
    is_portal_administrator: bool,
    department: Department | None = None,
    by: User,
    at: datetime,
) -> Membership:
    """Change how far somebody sees and whether they administer the portal. Raises NotAllowed, MembershipRefused."""
    membership = _allowed(membership, by)
    _check_place(membership.organization, reach, site)
    if department and (site is None or department.site_id != site.pk):
        message = _("Choose a department of that unit")
        raise MembershipRefused(message, fields={"department": message})
    before = _facts(membership)
    membership.reach, membership.site, membership.department = reach, site, department
    membership.is_portal_administrator = is_portal_administrator
    membership.save(update_fields=["reach", "site", "department", "is_portal_administrator"])
    if (after := _facts(membership)) != before:
        happened(MembershipChanged(subject=membership, by=by, at=at, details={"before": before, "after": after}))
    return membership


@transaction.atomic
def deactivate(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Take somebody out of the organisation: every session of theirs ends at once. Tickets stay."""
    membership = _allowed(membership, by)
    if not membership.is_active:
        raise MembershipRefused(_("%s has no access already.") % membership.user.name)
    membership.is_active = False
    membership.save(update_fields=["is_active"])
    sessions.end_all(membership.user)
    happened(MembershipEnded(subject=membership, by=by, at=at, details=_facts(membership)))
    return membership


@transaction.atomic
def reactivate(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Bring somebody back with the reach they had. Somebody whom staff closed stays closed: they decide."""
    membership = _allowed(membership, by)
    if membership.is_active:
        raise MembershipRefused(_("%s has access already.") % membership.user.name)
    if not membership.user.is_active:
        raise MembershipRefused(
            _("%s was closed by the support team. Ask them to open the record again.") % membership.user
        )
    membership.is_active = True
    membership.save(update_fields=["is_active"])
    happened(MembershipRestored(subject=membership, by=by, at=at, details=_facts(membership)))
    return membership


@transaction.atomic
def resend(membership: Membership, *, by: User, at: datetime) -> None:
    """Send the invitation again; the earlier link opens nothing any more. Raises NotAllowed, PersonRefused."""
    if not policies.can_change_person(by, membership):
        raise NotAllowed(_elsewhere(membership))
    persons.invite(membership.user, by=by, at=at, organization=membership.organization.name)


@transaction.atomic
def change_email(membership: Membership, email: str, *, by: User, at: datetime) -> Membership:
    """Give the person another address; both are told, sessions end. Raises NotAllowed, PersonRefused.

    A portal administrator gives only addresses of its organisation's domains, where it has verified ones.
    """
    if not policies.can_change_person(by, membership):
        raise NotAllowed(_elsewhere(membership))
    address = persons.clean_email(email)
    if not can_register_contacts(by) and not _is_of(membership.organization, address):
        message = _("This address is not of %s. Ask the support team to change it.") % membership.organization.name
        raise MembershipRefused(message, fields={"email": message})
    membership.user = persons.change_email(membership.user, email, by=by, at=at)
    return membership


@transaction.atomic
def make_current(membership: Membership, *, by: User, at: datetime) -> Membership:
    """Make this organisation the one that pages speak of. Raises NotAllowed for somebody else's membership."""
    if membership.user_id != by.pk or not Membership.objects.active().filter(pk=membership.pk).exists():
        raise NotAllowed(_("You do not belong to this organisation."))
    membership.used_at = at
    membership.save(update_fields=["used_at"])
    return membership


def _allowed(membership: Membership, by: User) -> Membership:
    membership = Membership.objects.locked(membership)
    if not policies.can_change_membership(by, membership):
        raise NotAllowed(
            _("Only who administers the portal of %s does this, and not for themselves.") % membership.organization.name
        )
    return membership


def _may_link_at_once(by: User, organization: Organization, address: str | None, known: User | None) -> bool:
    if can_register_contacts(by):
        return True
    verified = Domain.objects.filter(organization=organization, verified_at__isnull=False)
    if address and verified.filter(name=mail_domains.of(address)).exists():
        return not (known and known.works_here)
    return known is None and not verified.exists() and not _is_another_organizations(address)


def _is_another_organizations(address: str | None) -> bool:
    return bool(address) and Domain.objects.filter(name=mail_domains.of(address or "")).exists()


def _is_of(organization: Organization, address: str | None) -> bool:
    """Whether an address may be one of the organisation's people: of its domains, or of nobody's where it has none."""
    verified = Domain.objects.filter(organization=organization, verified_at__isnull=False)
    if verified.exists():
        return bool(address) and verified.filter(name=mail_domains.of(address or "")).exists()
    return not _is_another_organizations(address)


def _ask_staff(organization: Organization, *, name: str, email: str, by: User, at: datetime) -> JoinRequest:
    request = JoinRequest(
        name=persons.clean_name(name),
        email=email,
        company=organization.name,
        organization=organization,
        asked_by=by,
        created_at=at,
    )
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as error:
        raise _refusal(_("The support team has a request for this address already.")) from error
    happened(JoinRequested(subject=request, by=by, at=at, details={"email": email}))
    return request


def _check_free(known: User | None, organization: Organization) -> None:
    place = Membership.objects.filter(user=known, organization=organization).first() if known else None
    if known and place and place.is_active:
        raise _refusal(_("%s is on the list already. Nothing changes in their record.") % known.name)
    if known and place:
        raise _refusal(_("%s was on the list before. Give the access back on their page.") % known.name)


def _check_can_belong(known: User | None) -> None:
    if known and known.works_here:
        raise _refusal(_("This is the address of somebody of the support team."))
    if known and not known.is_active:
        raise _refusal(_("The record with this address is closed. An administrator can open it again."))


def _check_place(organization: Organization, reach: str, site: Site | None) -> None:
    if reach not in Reach.values:
        message = _("Choose what this person can see")
        raise MembershipRefused(message, fields={"reach": message})
    if site and (site.organization_id != organization.pk or not site.is_active):
        message = _("Choose a unit of %s") % organization.name
        raise MembershipRefused(message, fields={"site": message})
    if reach == Reach.UNIT and site is None:
        message = _("Choose the unit whose tickets this person sees")
        raise MembershipRefused(message, fields={"site": message})


def _refusal(message: str) -> MembershipRefused:
    return MembershipRefused(message, fields={"email": message})


def _elsewhere(membership: Membership) -> str:
    return _("%s belongs to another organisation too. Ask the support team to do this.") % membership.user.name


def _facts(membership: Membership) -> dict[str, object]:
    return {
        "person": membership.user_id,
        "organization": membership.organization_id,
        "reach": str(membership.reach),
        "site": membership.site_id,
        "is_portal_administrator": membership.is_portal_administrator,
    }
