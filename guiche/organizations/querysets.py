"""Which organisations and memberships: the named conditions, and who may see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from guiche.accounts.roles import DESK, Role
from guiche.core.fields import SortKey
from guiche.core.text import normalize

if TYPE_CHECKING:
    from datetime import datetime

    from guiche.accounts.models import User
    from guiche.organizations.models import Domain, JoinRequest, Membership, Organization, PeopleImport, Site  # noqa: F401  # named in strings below


_LIKE_A_CNPJ = re.compile(r"\w\.\w{3}|\w/\w{4}|\d{4}-\d")
_WITHOUT_SIGNS = str.maketrans("", "", "./-")


class OrganizationQuerySet(QuerySet["Organization"]):
    def active(self) -> OrganizationQuerySet:
        return self.filter(is_active=True)

    def visible_to(self, user: User) -> OrganizationQuerySet:
        """Desk and administrators: all. A contact: those it belongs to, while both live."""
        if user.has_role(*DESK, Role.ADMINISTRATOR, Role.SYSTEM):
            return self
        return self.active().filter(
            Exists(_rows("organizations.Membership").active().filter(user=user, organization=OuterRef("pk")))
        )

    def called(self, name: str) -> OrganizationQuerySet:
        """Those of this name, without regard to accents and case."""
        return self.annotate(name_key=SortKey("name")).filter(name_key=normalize(name))

    def locked(self, organization: Organization) -> Organization:
        """Lock `organization` and read it again."""
        return self.select_for_update(of=["self"]).get(pk=organization.pk)

    def named_like(self, words: str) -> OrganizationQuerySet:
        found = self
        for word in words.split()[:6]:
            key = normalize(word)
            # A CNPJ is kept without its signs and may be asked for with them.
            bare = key.translate(_WITHOUT_SIGNS) if _LIKE_A_CNPJ.search(key) else key
            found = found.filter(Q(search_key__contains=key) | Q(search_key__contains=bare))
        return found

    def for_list(self) -> OrganizationQuerySet:
        return self.order_by("search_key", "id")


class MembershipQuerySet(QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        """Those that still give something: membership, person and organisation alive."""
        return self.filter(is_active=True, organization__is_active=True, user__is_active=True)

    def administering(self) -> MembershipQuerySet:
        return self.filter(is_portal_administrator=True)

    def visible_to(self, user: User) -> MembershipQuerySet:
        """Staff of desk and administration: all. A portal administrator: those of its organisations. Others: own."""
        if user.has_role(*DESK, Role.ADMINISTRATOR, Role.SYSTEM):
            return self
        administered = _rows("organizations.Membership").active().administering().filter(user=user)
        return self.filter(Exists(administered.filter(organization=OuterRef("organization")))) | self.filter(user=user)

    def for_list(self) -> MembershipQuerySet:
        return self.select_related("user", "site", "organization").order_by("user__search_key", "id")

    def with_invitation(self, at: datetime) -> MembershipQuerySet:
        """With `invited_until`: when the open invitation of who has no password yet ends."""
        links = _rows("accounts.AccessLink").open(at).filter(user=OuterRef("user"), purpose="invitation")
        return self.annotate(invited_until=Subquery(links.order_by("-expires_at").values("expires_at")[:1]))

    def in_state(self, state: str) -> MembershipQuerySet:
        """`active`, `invited` (no password yet) or `suspended`; anything else is everybody."""
        alive = Q(is_active=True, user__is_active=True)
        invited = Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        conditions = {"active": alive & ~invited, "invited": alive & invited, "suspended": ~alive}
        return self.filter(conditions[state]) if state in conditions else self

    def locked(self, membership: Membership) -> Membership:
        """Lock `membership` and read it again with its person and place: two queries, see TicketQuerySet.locked."""
        self.select_for_update().values_list("pk").get(pk=membership.pk)
        return self.select_related("user", "organization", "site").get(pk=membership.pk)


class SiteQuerySet(QuerySet["Site"]):
    def visible_to(self, user: User) -> SiteQuerySet:
        return self.filter(organization__in=_rows("organizations.Organization").visible_to(user))


class JoinRequestQuerySet(QuerySet["JoinRequest"]):
    def waiting(self) -> JoinRequestQuerySet:
        """Those that staff have to decide: the address was proven, or a portal administrator asked."""
        return self.filter(decided_at__isnull=True).filter(Q(confirmed_at__isnull=False) | Q(asked_by__isnull=False))

    def visible_to(self, user: User) -> JoinRequestQuerySet:
        """Staff who manage people: all. A portal administrator: what was asked for its organisations."""
        if user.has_role(Role.ADMINISTRATOR, Role.SYSTEM):
            return self
        administered = _rows("organizations.Membership").active().administering().filter(user=user)
        return self.filter(Exists(administered.filter(organization=OuterRef("organization"))))


class PeopleImportQuerySet(QuerySet["PeopleImport"]):
    def visible_to(self, user: User) -> PeopleImportQuerySet:
        """Whoever made it, while it administers the portal there."""
        administered = _rows("organizations.Membership").active().administering().filter(user=user)
        return self.filter(made_by=user).filter(Exists(administered.filter(organization=OuterRef("organization"))))


def _rows(model: str) -> Any:
    """The rows of a model of this app, which is above this module: asked of the registry, not imported."""
    return apps.get_model(model)._default_manager.all()
