"""Which people: named conditions on users and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import BaseUserManager
from django.db.models import Q, QuerySet

from guiche.accounts.roles import DESK, Role
from guiche.core.text import normalize

if TYPE_CHECKING:
    from datetime import datetime

    from guiche.accounts.models import AccessLink, Session, Team, User  # noqa: F401  # named in strings below


class UserQuerySet(QuerySet["User"]):
    def locked(self, user: User) -> User:
        """Lock `user` and read it again."""
        return self.select_for_update(of=["self"]).get(pk=user.pk)

    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def staff(self) -> UserQuerySet:
        """People of the provider, the system left out."""
        return self.exclude(roles=[]).exclude(roles__contains=[Role.SYSTEM])

    def contacts(self) -> UserQuerySet:
        return self.filter(roles=[])

    def with_role(self, role: str) -> UserQuerySet:
        return self.filter(roles__contains=[role])

    def at_the_desk(self) -> UserQuerySet:
        """Those who may be responsible for a ticket."""
        return self.active().filter(roles__overlap=[str(role) for role in DESK])

    def named_like(self, words: str) -> UserQuerySet:
        """Whose name, e-mail or phone contains every word of `words`, without regard to accents and case."""
        found = self
        for word in words.split()[:6]:
            found = found.filter(Q(search_key__contains=normalize(word)))
        return found

    def for_list(self) -> UserQuerySet:
        return self.order_by("search_key", "id")


class UserManager(BaseUserManager["User"]):
    """What sign-in needs of the manager; the rest is on the queryset."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def active(self) -> UserQuerySet:
        return self.get_queryset().active()

    def staff(self) -> UserQuerySet:
        return self.get_queryset().staff()

    def contacts(self) -> UserQuerySet:
        return self.get_queryset().contacts()

    def with_role(self, role: str) -> UserQuerySet:
        return self.get_queryset().with_role(role)

    def at_the_desk(self) -> UserQuerySet:
        return self.get_queryset().at_the_desk()

    def named_like(self, words: str) -> UserQuerySet:
        return self.get_queryset().named_like(words)

    def locked(self, user: User) -> User:
        return self.get_queryset().locked(user)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class TeamQuerySet(QuerySet["Team"]):
    def of(self, user: User) -> TeamQuerySet:
        """The teams that `user` belongs to."""
        return self.filter(people=user)

    def open_to(self, user: User) -> TeamQuerySet:
        """The teams whose tickets `user`, who works at the desk, may see."""
        if user.has_role(Role.ADMINISTRATOR) and not user.at_the_desk:
            return self.none()
        return self.open_to_desk(user.pk)

    def open_to_desk(self, user_id: int) -> TeamQuerySet:
        """The same for somebody known to work at the desk."""
        return self.filter(Q(is_restricted=False) | Q(people=user_id)).distinct()


class SessionQuerySet(QuerySet["Session"]):
    def of(self, user: User) -> SessionQuerySet:
        return self.filter(user=user)

    def alive(self, at: datetime) -> SessionQuerySet:
        return self.filter(expire_date__gt=at)


class AccessLinkQuerySet(QuerySet["AccessLink"]):
    def unused(self) -> AccessLinkQuerySet:
        return self.filter(used_at__isnull=True, voided_at__isnull=True)

    def open(self, at: datetime) -> AccessLinkQuerySet:
        """Those that still open something."""
        return self.unused().filter(expires_at__gt=at)
