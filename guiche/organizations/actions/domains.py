"""What administrators do with the e-mail domains of an organisation. A domain links nobody before it is verified."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guiche.accounts.models import User
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.organizations import mail_domains, policies
from guiche.organizations.events import DomainAdded, DomainRemoved, DomainVerified
from guiche.organizations.models import Domain, Organization


class DomainRefused(Refused):
    """This cannot be a domain of that organisation."""


@transaction.atomic
def add(organization: Organization, name: str, *, by: User, at: datetime) -> Domain:
    """Note that addresses of `name` are of `organization`; verify() makes it count.

    Raises NotAllowed; DomainRefused for what is no domain, a public mail provider's, or another organisation's.
    """
    _check(by)
    domain = Domain(organization=organization, name=_clean(name))
    try:
        with transaction.atomic():
            domain.save()
    except IntegrityError as error:
        other = Domain.objects.select_related("organization").get(name=domain.name).organization
        raise _refusal(_("%(domain)s belongs to %(name)s already.") % {"domain": name, "name": other.name}) from error
    happened(DomainAdded(subject=domain, by=by, at=at, details={"name": domain.name}))
    return domain


@transaction.atomic
def verify(domain: Domain, *, by: User, at: datetime) -> Domain:
    """Note that staff made sure the domain is the organisation's: from now on its addresses become contacts."""
    _check(by)
    domain = Domain.objects.select_for_update().get(pk=domain.pk)
    if domain.verified_at:
        raise DomainRefused(_("%s is verified already.") % domain.name)
    domain.verified_at, domain.verified_by = at, by
    domain.save(update_fields=["verified_at", "verified_by"])
    happened(DomainVerified(subject=domain, by=by, at=at, details={"name": domain.name}))
    return domain


@transaction.atomic
def remove(domain: Domain, *, by: User, at: datetime) -> None:
    """Forget a domain with effect at once: new addresses of it link nobody; who came in by it stays."""
    _check(by)
    happened(DomainRemoved(subject=domain, by=by, at=at, details={"name": domain.name}))
    domain.delete()


def _clean(name: str) -> str:
    cleaned = mail_domains.clean(name)
    if cleaned is None:
        raise _refusal(_("Write only what comes after the @. Example: company.com"))
    if mail_domains.is_public(cleaned):
        raise _refusal(_("%s is open to anybody, so it cannot say where somebody works.") % cleaned)
    return cleaned


def _refusal(message: str) -> DomainRefused:
    return DomainRefused(message, fields={"name": message})


def _check(by: User) -> None:
    if not policies.can_manage_organizations(by):
        raise NotAllowed(_("This is for administrators to do. Ask one of them."))
