"""A list of people: read and checked, shown, then brought in line by line by a job."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.accounts.models import User
from guiche.accounts.policies import can_register_contacts
from guiche.core import spreadsheets, text
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.core.text import normalize
from guiche.organizations import mail_domains, people_import, policies
from guiche.organizations.actions import memberships
from guiche.organizations.events import PeopleImportConfirmed, PeopleImported
from guiche.organizations.models import Domain, Membership, Organization, PeopleImport, Site
from guiche.organizations.people_import import Known, Line

KEPT_FOR = timedelta(days=7)
SAVED_EVERY = 25  # lines


class ImportRefused(Refused):
    """This list cannot be brought in."""


@transaction.atomic
def read(organization: Organization, content: bytes, *, file_name: str, by: User, at: datetime) -> PeopleImport:
    """Read a CSV or XLSX and keep its lines, checked; nobody is registered yet.

    Raises NotAllowed, SheetRefused, ListRefused.
    """
    _check(by, organization)
    lines = people_import.read(spreadsheets.read(content))
    checked = people_import.check(lines, _known(organization, [line.email for line in lines], by))
    return PeopleImport.objects.create(
        organization=organization,
        made_by=by,
        file_name=text.clean_name(file_name, empty=_("list")),
        lines=people_import.as_json(checked),
        created_at=at,
    )


@transaction.atomic
def confirm(wanted: PeopleImport, *, is_invited: bool, by: User, at: datetime) -> PeopleImport:
    """Let a job bring the good lines in. Raises NotAllowed, ImportRefused for a second time or no good line."""
    wanted = PeopleImport.objects.select_for_update(of=["self"]).select_related("organization").get(pk=wanted.pk)
    _check(by, wanted.organization)
    if wanted.confirmed_at:
        raise ImportRefused(_("This list is being brought in already."))
    if not any(not line["refusal"] for line in wanted.lines):
        raise ImportRefused(_("No line of this list can come in. Correct the file and send it again."))
    wanted.confirmed_at, wanted.is_invited = at, is_invited
    wanted.save(update_fields=["confirmed_at", "is_invited"])
    happened(PeopleImportConfirmed(subject=wanted, by=by, at=at))
    return wanted


def apply(wanted: PeopleImport, *, at: datetime) -> None:
    """Bring the good lines in, each on its own: one that is refused now says why. Started again, it goes on."""
    lines = people_import.from_json(wanted.lines)
    sites = {site.pk: site for site in Site.objects.filter(organization=wanted.organization)}
    for place, line in enumerate(lines):
        if line.done or line.refusal:
            continue
        lines[place] = _bring_in(wanted, line, sites.get(line.site_id or 0), at=at)
        if place % SAVED_EVERY == 0:
            _save(wanted, lines)
    _save(wanted, lines)
    _finish(wanted, lines, at=at)


def forget_old(*, at: datetime) -> int:
    """Remove lists, which hold names and addresses, a week after they were read. Return how many."""
    return PeopleImport.objects.filter(created_at__lt=at - KEPT_FOR).delete()[0]


def _bring_in(wanted: PeopleImport, line: Line, site: Site | None, *, at: datetime) -> Line:
    try:
        with transaction.atomic():
            made = memberships.invite(
                wanted.organization,
                name=line.name,
                email=line.email,
                phone=line.phone,
                reach=line.reach,
                site=site,
                is_portal_administrator=line.is_portal_administrator,
                by=wanted.made_by,
                at=at,
                is_invited=wanted.is_invited,
            )
    except Refused as refusal:
        return replace(line, refusal=refusal.message)
    if isinstance(made, Membership):
        return replace(line, done=True)
    return replace(line, refusal=_("This address goes to the support team, which decides."))


def _save(wanted: PeopleImport, lines: list[Line]) -> None:
    PeopleImport.objects.filter(pk=wanted.pk).update(lines=people_import.as_json(lines))


@transaction.atomic
def _finish(wanted: PeopleImport, lines: list[Line], *, at: datetime) -> None:
    done = sum(line.done for line in lines)
    report = {"added": done, "refused": len(lines) - done}
    if PeopleImport.objects.filter(pk=wanted.pk, applied_at=None).update(applied_at=at, report=report):
        happened(PeopleImported(subject=wanted, by=wanted.made_by, at=at, details=report))


def _known(organization: Organization, addresses: list[str], by: User) -> Known:
    """What the lines are checked against, in five queries however long the list."""
    places = Membership.objects.filter(organization=organization, user__email__in=addresses)
    members = {email or "": name for email, name in places.values_list("user__email", "user__name")}
    registered = User.objects.contacts().filter(email__in=addresses).values_list("email", flat=True)
    staff = User.objects.staff().filter(email__in=addresses).values_list("email", flat=True)
    asked = {mail_domains.of(address) for address in addresses}
    domains = list(Domain.objects.filter(name__in=asked).values_list("name", "organization_id", "verified_at"))
    own = Domain.objects.filter(organization=organization, verified_at__isnull=False)
    sites = organization.sites.filter(is_active=True).values_list("name", "id")
    return Known(
        organization=organization.name,
        sites={normalize(name): pk for name, pk in sites},
        domains=frozenset(own.values_list("name", flat=True)),
        members=members,
        others=frozenset(address for address in (*registered, *staff) if address) - members.keys(),
        other_domains=frozenset(name for name, owner, _verified in domains if owner != organization.pk),
        by_staff=can_register_contacts(by),
    )


def _check(by: User, organization: Organization) -> None:
    if not policies.can_add_members(by, organization):
        raise NotAllowed(_("Only who administers the portal of %s adds people there.") % organization.name)
