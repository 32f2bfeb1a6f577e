"""Coming in without an invitation: by a verified domain at once, otherwise by a request that staff decide."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guiche.accounts import first_access, persons, system
from guiche.accounts.actions import access
from guiche.accounts.models import AccessLink, LinkPurpose, User
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.organizations import joining, policies
from guiche.organizations.actions import memberships
from guiche.organizations.events import JoinedByDomain, JoinRequestDecided, JoinRequested
from guiche.organizations.models import JoinRequest, Membership, Organization, Reach, Site


class JoinRefused(Refused):
    """This cannot be decided so."""


@transaction.atomic
def confirm(link: AccessLink, *, password: str, at: datetime) -> User | JoinRequest:
    """Spend the link that proved an address: who has a verified domain becomes a contact, who has not asks staff.

    The name and company that were typed are kept as words and link nobody. Raises LinkRefused, PasswordRefused.
    """
    if link.purpose != LinkPurpose.CONFIRM_ADDRESS:
        raise first_access.LinkRefused(_("This link is for something else."))
    organization = joining.organization_of(link.address)
    if organization is None:
        first_access.spend(link, at=at)
        return _request(link, at=at)
    by = system.user()
    user = persons.register(name=link.details["name"], email=link.address, phone="", roles=[], by=by, at=at)
    access.check_password(password, user)
    first_access.spend(link, at=at)
    user.set_password(password)
    user.password_changed_at = at
    user.save(update_fields=["password", "password_changed_at"])
    memberships.add(
        user,
        organization,
        reach=Reach.OWN,
        site=None,
        is_portal_administrator=False,
        by=by,
        at=at,
        event=JoinedByDomain,
    )
    return user


@transaction.atomic
def approve(
    request: JoinRequest,
    *,
    organization: Organization,
    reach: str = Reach.OWN,
    site: Site | None = None,
    by: User,
    at: datetime,
) -> Membership:
    """Let somebody in, with the letter to choose a password. Raises NotAllowed, JoinRefused, MembershipRefused."""
    request = _waiting(request, by)
    membership = memberships.invite(
        organization, name=request.name, email=request.email, reach=reach, site=site, by=by, at=at
    )
    if not isinstance(membership, Membership):
        raise JoinRefused(_("This person cannot be added now."))
    request.membership, request.organization = membership, organization
    _decide(request, by=by, at=at, reason="")
    return membership


@transaction.atomic
def refuse(request: JoinRequest, *, reason: str = "", by: User, at: datetime) -> JoinRequest:
    """Say no, with the reason in a letter. Raises NotAllowed, JoinRefused."""
    request = _waiting(request, by)
    _decide(request, by=by, at=at, reason=reason.strip())
    return request


def _request(link: AccessLink, *, at: datetime) -> JoinRequest:
    values = {name: str(link.details.get(name, "")) for name in ("name", "company", "message")}
    request = JoinRequest(**values, email=link.address, created_at=at, confirmed_at=at)
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        # Somebody asked for the same address before: it is proven now, and waits as it did.
        JoinRequest.objects.filter(email=link.address, decided_at__isnull=True).update(confirmed_at=at)
        return JoinRequest.objects.get(email=link.address, decided_at__isnull=True)
    happened(JoinRequested(subject=request, by=system.user(), at=at, details={"email": link.address}))
    return request


def _waiting(request: JoinRequest, by: User) -> JoinRequest:
    if not policies.can_decide_requests(by):
        raise NotAllowed(_("Requests are for the support team to decide."))
    request = JoinRequest.objects.select_for_update().get(pk=request.pk)
    if request.decided_at:
        raise JoinRefused(_("Somebody decided this request already."))
    return request


def _decide(request: JoinRequest, *, by: User, at: datetime, reason: str) -> None:
    request.decided_at, request.decided_by = at, by
    request.save(update_fields=["decided_at", "decided_by", "membership", "organization"])
    details = {"approved": request.membership_id is not None, "reason": reason}
    event = JoinRequestDecided(
        subject=request, by=by, at=at, membership=request.membership, reason=reason, details=details
    )
    happened(event)
