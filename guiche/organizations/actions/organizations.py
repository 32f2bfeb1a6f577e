"""What administrators do with organisations, groups, sites and departments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from stdnum.br import cnpj as cnpj_rules

from guiche.accounts import persons
from guiche.accounts.models import User
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.core.text import typed
from guiche.organizations import policies
from guiche.organizations.events import (
    GroupChanged,
    OrganizationChanged,
    OrganizationCreated,
    OrganizationDeactivated,
    OrganizationReactivated,
    SiteChanged,
)
from guiche.organizations.models import Department, Group, Organization, Site

LONGEST = {"name": 120, "legal_name": 160, "erp_code": 40}
SITE_FIELDS = {"name": 80, "street": 160, "district": 80, "city": 80, "state": 2, "postal_code": 9}


class OrganizationRefused(Refused):
    """This cannot be written on an organisation, group or site."""


@transaction.atomic
def create(
    *,
    name: str,
    legal_name: str = "",
    cnpj: str = "",
    group: Group | None = None,
    erp_code: str = "",
    time_zone: str = "",
    notes: str = "",
    by: User,
    at: datetime,
) -> Organization:
    """Make a customer. `cnpj` may be written with or without signs, with letters too.

    Raises NotAllowed; OrganizationRefused for a missing name, a wrong CNPJ, or a name, CNPJ or ERP code of another.
    """
    _check(by)
    organization = Organization(group=group)
    _write(
        organization, name=name, legal_name=legal_name, cnpj=cnpj, erp_code=erp_code, time_zone=time_zone, notes=notes
    )
    _check_name(organization)
    _save(organization)
    happened(OrganizationCreated(subject=organization, by=by, at=at, details={"name": organization.name}))
    return organization


@transaction.atomic
def change(
    organization: Organization,
    *,
    name: str,
    legal_name: str,
    cnpj: str,
    group: Group | None,
    erp_code: str,
    time_zone: str,
    notes: str,
    by: User,
    at: datetime,
) -> Organization:
    """Change all of an organisation. Raises NotAllowed, OrganizationRefused."""
    _check(by)
    organization = Organization.objects.locked(organization)
    before = _facts(organization)
    organization.group = group
    _write(
        organization, name=name, legal_name=legal_name, cnpj=cnpj, erp_code=erp_code, time_zone=time_zone, notes=notes
    )
    if organization.name != before["name"]:
        _check_name(organization)
    _save(organization)
    changed = [field for field, value in _facts(organization).items() if before[field] != value]
    if changed:
        happened(OrganizationChanged(subject=organization, by=by, at=at, details={"fields": changed}))
    return organization


@transaction.atomic
def deactivate(organization: Organization, *, by: User, at: datetime) -> Organization:
    """Close a customer: its people lose what they had there at once; tickets stay."""
    _check(by)
    organization = Organization.objects.locked(organization)
    if not organization.is_active:
        raise OrganizationRefused(_("%s is closed already.") % organization.name)
    organization.is_active = False
    organization.save(update_fields=["is_active"])
    happened(OrganizationDeactivated(subject=organization, by=by, at=at))
    return organization


@transaction.atomic
def reactivate(organization: Organization, *, by: User, at: datetime) -> Organization:
    _check(by)
    organization = Organization.objects.locked(organization)
    if organization.is_active:
        raise OrganizationRefused(_("%s is open already.") % organization.name)
    organization.is_active = True
    organization.save(update_fields=["is_active"])
    happened(OrganizationReactivated(subject=organization, by=by, at=at))
    return organization


@transaction.atomic
def create_group(*, name: str, by: User, at: datetime) -> Group:
    """Make a business group. Raises NotAllowed, OrganizationRefused."""
    _check(by)
    group = Group(name=_line("name", name, 120))
    _save_named(group, taken=_("There is a group with this name already"))
    happened(GroupChanged(subject=group, by=by, at=at, details={"name": group.name}))
    return group


@transaction.atomic
def rename_group(group: Group, *, name: str, by: User, at: datetime) -> Group:
    _check(by)
    group.name = _line("name", name, 120)
    _save_named(group, taken=_("There is a group with this name already"))
    happened(GroupChanged(subject=group, by=by, at=at, details={"name": group.name}))
    return group


@transaction.atomic
def add_site(organization: Organization, *, by: User, at: datetime, **values: str) -> Site:
    """Add a unit: name, street, district, city, state, postal_code. Raises NotAllowed, OrganizationRefused."""
    _check(by)
    site = Site(organization=organization)
    return _save_site(site, values, is_active=True, by=by, at=at)


@transaction.atomic
def change_site(site: Site, *, is_active: bool = True, by: User, at: datetime, **values: str) -> Site:
    """Change a unit, or close it. Raises NotAllowed, OrganizationRefused."""
    _check(by)
    return _save_site(site, values, is_active=is_active, by=by, at=at)


@transaction.atomic
def set_departments(site: Site, names: list[str], *, by: User, at: datetime) -> None:
    """Give a unit exactly these departments. Raises NotAllowed, OrganizationRefused."""
    _check(by)
    wanted = [_line("departments", name, 80) for name in dict.fromkeys(names) if name.strip()]
    site.departments.exclude(name__in=wanted).delete()
    known = set(site.departments.values_list("name", flat=True))
    Department.objects.bulk_create(Department(site=site, name=name) for name in wanted if name not in known)
    happened(SiteChanged(subject=site, by=by, at=at, details={"departments": wanted}))


def clean_cnpj(number: str) -> str:
    """Return a CNPJ as it is kept: 14 signs, letters upper case; "" for none. Raises OrganizationRefused."""
    compact = "".join(sign for sign in typed(number).upper() if sign.isascii() and sign.isalnum())
    if compact and not cnpj_rules.is_valid(compact):
        message = _("Check the CNPJ: its last two digits do not match the others")
        raise OrganizationRefused(message, fields={"cnpj": message})
    if not compact and number.strip():
        message = _("A CNPJ has 14 letters and numbers")
        raise OrganizationRefused(message, fields={"cnpj": message})
    return compact


def _facts(organization: Organization) -> dict[str, Any]:
    names = ("name", "legal_name", "cnpj", "group_id", "erp_code", "time_zone", "notes")
    return {name: getattr(organization, name) for name in names}


def _write(organization: Organization, *, cnpj: str, time_zone: str, notes: str, **lines: str) -> None:
    for field, value in lines.items():
        setattr(organization, field, _line(field, value, LONGEST[field], needed=field == "name"))
    organization.cnpj = clean_cnpj(cnpj)
    organization.time_zone = persons.clean_time_zone(time_zone)
    organization.notes = typed(notes)


def _check_name(organization: Organization) -> None:
    """Refuse the name of another organisation: lists would not tell them apart, and one sent twice is made once.

    The database refuses it too, to whoever is as fast: `_save`. Here invisible signs count as nothing as well.
    """
    if Organization.objects.called(organization.name).exclude(pk=organization.pk).exists():
        raise _taken("name")


def _save(organization: Organization) -> None:
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError as error:
        field = next((field for field in ("name", "cnpj") if f"organization_{field}_once" in str(error)), "erp_code")
        raise _taken(field) from error


def _taken(field: str) -> OrganizationRefused:
    messages = {
        "name": _("Another organisation has this name. Add what tells them apart, such as the city"),
        "cnpj": _("Another organisation has this CNPJ"),
        "erp_code": _("Another organisation has this code"),
    }
    return OrganizationRefused(messages[field], fields={field: messages[field]})


def _save_site(site: Site, values: dict[str, str], *, is_active: bool, by: User, at: datetime) -> Site:
    for field, value in values.items():
        setattr(site, field, _line(field, value, SITE_FIELDS[field], needed=field == "name"))
    site.state, site.is_active = site.state.upper(), is_active
    _save_named(site, taken=_("This organisation has a unit with this name already"))
    happened(SiteChanged(subject=site, by=by, at=at, details={"name": site.name, "is_active": is_active}))
    return site


def _save_named(row: Group | Site, *, taken: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise OrganizationRefused(taken, fields={"name": taken}) from error


def _line(field: str, value: str, longest: int, *, needed: bool = True) -> str:
    try:
        value = persons.clean_line(value, longest)
    except persons.PersonRefused as refusal:
        raise OrganizationRefused(refusal.message, fields={field: refusal.message}) from None
    if needed and not value:
        message = _("Write the name")
        raise OrganizationRefused(message, fields={field: message})
    return value


def _check(by: User) -> None:
    if not policies.can_manage_organizations(by):
        raise NotAllowed(_("This is for administrators to do. Ask one of them."))
