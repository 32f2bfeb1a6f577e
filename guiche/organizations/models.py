"""The customers: groups, organisations, their sites and domains, and who belongs to them with which reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from guiche.audit import record
from guiche.core.fields import SortKey
from guiche.organizations.querysets import (
    JoinRequestQuerySet,
    MembershipQuerySet,
    OrganizationQuerySet,
    PeopleImportQuerySet,
    SiteQuerySet,
)

if TYPE_CHECKING:
    from guiche.audit.models import Entry
    from guiche.core.events import Event


class Recorded(models.Model):
    """A row whose timeline is the audit record."""

    class Meta:
        abstract = True

    def record(self, event: Event) -> Entry:
        return record.write(event.kind, by=event.by, at=event.at, subject=self, **event.details)

    def announcement(self) -> dict[str, Any]:
        return {"organization": getattr(self, "organization_id", None), "person": getattr(self, "user_id", None)}


class Group(Recorded):
    """A business group: the parent of organisations."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Organization(Recorded):
    """A customer of the provider."""

    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=160, blank=True)
    cnpj = models.CharField("CNPJ", max_length=14, blank=True)  # compact, letters upper case; checked by actions
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="organizations")
    erp_code = models.CharField(_("ERP code"), max_length=40, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)  # blank: the installation's
    notes = models.TextField(_("notes for staff"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    search_key = models.GeneratedField(
        expression=SortKey(
            Concat(
                "name",
                Value(" "),
                "legal_name",
                Value(" "),
                "cnpj",
                Value(" "),
                "erp_code",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(SortKey("name"), name="organization_name_once"),
            models.UniqueConstraint(name="organization_cnpj_once", fields=["cnpj"], condition=~Q(cnpj="")),
            models.UniqueConstraint(name="organization_erp_code_once", fields=["erp_code"], condition=~Q(erp_code="")),
        ]
        indexes = [
            # Lists of organisations by name.
            models.Index(name="organization_by_name", fields=["search_key", "id"]),
            # named_like(): part of a name, code or CNPJ.
            GinIndex(name="organization_search", fields=["search_key"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def written_cnpj(self) -> str:
        """The CNPJ with its signs, "" without one."""
        kept = self.cnpj
        return f"{kept[:2]}.{kept[2:5]}.{kept[5:8]}/{kept[8:12]}-{kept[12:]}" if kept else ""


class Site(Recorded):
    """A unit of an organisation, with its address."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=80)
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    district = models.CharField(_("district"), max_length=80, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    postal_code = models.CharField("CEP", max_length=9, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(name="site_name_once", fields=["organization", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department of a site."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(name="department_name_once", fields=["site", "name"])]

    def __str__(self) -> str:
        return self.name


class Domain(Recorded):
    """An e-mail domain of an organisation. It links nobody before staff have verified it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="domains")
    name = models.CharField(_("domain"), max_length=120, unique=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="domain_is_lower_case", condition=Q(name=Lower("name")) & ~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Reach(models.TextChoices):
    OWN = "own", _("Only their own")
    UNIT = "unit", _("Their unit")
    ALL = "all", _("The whole organisation")


class Membership(Recorded):
    """A person's place in an organisation: how far it sees, and whether it administers the portal there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    reach = models.CharField(_("reach"), max_length=4, choices=Reach.choices, default=Reach.OWN)
    is_portal_administrator = models.BooleanField(_("administers the portal"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)  # when it was last made the current one

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="membership_once", fields=["user", "organization"]),
        ]
        indexes = [
            # Whose tickets a contact reaches: Ticket.objects.visible_to().
            models.Index(name="membership_reach", fields=["organization", "user", "reach"]),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organization_id}"

    @property
    def sees_all(self) -> bool:
        return self.is_portal_administrator or self.reach == Reach.ALL


class JoinRequest(Recorded):
    """Somebody whose e-mail domain says nothing asks to come in; staff decide."""

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    company = models.CharField(_("company"), max_length=120)  # as typed: never used to link anybody
    message = models.CharField(_("message"), max_length=500, blank=True)
    # Set when a portal administrator asked: for which organisation. Staff still decide.
    organization = models.ForeignKey(Organization, null=True, on_delete=models.CASCADE, related_name="join_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)  # when the address was proven
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="join_request_once", fields=["email"], condition=Q(decided_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.email


class PeopleImport(Recorded):
    """A list of people as it was read from a file, kept between its preview and its report."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="people_imports")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    lines = models.JSONField(default=list)  # as people_import.Line
    is_invited = models.BooleanField(default=True)  # whether each person gets the invitation at once
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)  # how many were added and refused

    objects = PeopleImportQuerySet.as_manager()

    def __str__(self) -> str:
        return self.file_name
