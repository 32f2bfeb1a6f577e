"""Which organisation an address speaks of: only a verified domain of an active one, never a name that was typed."""

from guiche.organizations import mail_domains
from guiche.organizations.models import Organization


def organization_of(address: str) -> Organization | None:
    """Return the organisation that people with this proven address belong to; None when its domain says nothing."""
    name = mail_domains.of(address)
    if not name or mail_domains.is_public(name):
        return None
    return Organization.objects.active().filter(domains__name=name, domains__verified_at__isnull=False).first()
