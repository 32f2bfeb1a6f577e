"""People, teams, sessions and the single-use links that open the first door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Concat, Lower
from django.utils.translation import gettext_lazy as _

from guiche.accounts.querysets import AccessLinkQuerySet, SessionQuerySet, TeamQuerySet, UserManager
from guiche.accounts.roles import DESK, Role
from guiche.audit import record
from guiche.core.fields import SortKey

if TYPE_CHECKING:
    from guiche.audit.models import Entry
    from guiche.core.events import Event


class Language(models.TextChoices):
    PORTUGUESE = "pt-br", "Português"
    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class Theme(models.TextChoices):
    SYSTEM = "", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractBaseUser):
    """One person, of a customer or of the provider. Without roles: a contact. Without e-mail: by telephone only."""

    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)  # normalised: trimmed, lower case
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    photo = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=Language.choices, default=Language.PORTUGUESE)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)  # blank: the organisation's
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, blank=True)
    has_shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    last_area = models.CharField(max_length=20, blank=True)  # where "/" takes somebody with several
    created_at = models.DateTimeField(auto_now_add=True)
    deactivated_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    # Name, e-mail and phone without accents and case: lists sort by it, searches look inside it.
    search_key = models.GeneratedField(
        expression=SortKey(
            Concat(
                "name",
                Value(" "),
                Coalesce(F("email"), Value("")),
                Value(" "),
                "phone",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_email_is_normalised",
                condition=Q(email__isnull=True) | Q(email=Lower("email")) & ~Q(email=""),
            ),
        ]
        indexes = [
            # Lists of people by name.
            models.Index(name="user_by_name", fields=["search_key", "id"]),
            # named_like(): part of a name, e-mail or phone.
            GinIndex(name="user_search", fields=["search_key"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def works_here(self) -> bool:
        """Whether this is somebody of the provider (the system too)."""
        return bool(self.roles)

    @property
    def at_the_desk(self) -> bool:
        return any(role in DESK for role in self.roles)

    @property
    def is_system(self) -> bool:
        return Role.SYSTEM in self.roles

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def is_staff(self) -> bool:
        """What libraries call staff. Django's admin is not installed."""
        return self.works_here

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)

    def record(self, event: Event) -> Entry:
        """A person's timeline is the audit record."""
        return record.write(event.kind, by=event.by, at=event.at, subject=self, **event.details)

    def announcement(self) -> dict[str, Any]:
        return {"person": self.pk}

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.first_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Always no: what somebody may do is asked of the policies."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Team(models.Model):
    """People of the provider who share a queue. A restricted one is seen by its people only."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    is_restricted = models.BooleanField(_("restricted"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    people = models.ManyToManyField(User, related_name="teams", blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Session(AbstractBaseSession):
    """One signed-in browser: whose, since when, on what, from where."""

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=120, blank=True)  # as people say it: Chrome, Windows
    address = models.GenericIPAddressField(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment,misc]  # Django's manager adds nothing we use

    class Meta:
        indexes = [
            # A person's sessions, last used first.
            models.Index(name="session_of_user", fields=["user", "-seen_at"]),
        ]

    @classmethod
    def get_session_store_class(cls) -> Any:
        from guiche.accounts.sessions import SessionStore

        return SessionStore


class KnownDevice(models.Model):
    """A browser in which a person signed in before: a first time in a new one is told by letter."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_devices")
    mark_hash = models.CharField(max_length=64)  # SHA-256 of a cookie that the browser keeps
    name = models.CharField(max_length=120, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="known_device_once", fields=["user", "mark_hash"])]

    def __str__(self) -> str:
        return self.name


class RememberedDevice(models.Model):
    """A browser on which a person passed the second step and asked not to be asked again for some time."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="remembered_devices")
    token_hash = models.CharField(max_length=64, unique=True)  # of a cookie that the browser keeps
    name = models.CharField(max_length=120, blank=True)  # as people say it: Chrome, Windows
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            # A person's own, newest first: the page of sessions, and whatever forgets them all.
            models.Index(name="remembered_device_of_user", fields=["user", "-created_at"]),
        ]

    def __str__(self) -> str:
        return self.name


class Attempt(models.Model):
    """One try at something limited: a password, a link by letter. Counted under a lock, so that races don't pass."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=300)  # whose: an address in its compared form, or a network
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # How many in the last minutes: attempts.take().
            models.Index(name="attempt_recent", fields=["kind", "key", "at"]),
            # The daily removal of old ones.
            models.Index(name="attempt_by_age", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class LinkPurpose(models.TextChoices):
    SETUP = "setup", _("First administrator")
    INVITATION = "invitation", _("Invitation")
    FIRST_ACCESS = "first_access", _("First access")
    NEW_PASSWORD = "new_password", _("New password")  # a purpose, not a secret
    CONFIRM_ADDRESS = "confirm_address", _("Confirmation of an address")


class AccessLink(models.Model):
    """A single-use link that lets somebody set a password or prove an address. Only the token's hash is kept."""

    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="access_links")
    address = models.EmailField(blank=True)  # where it was sent: it is void once the person's e-mail differs
    token_hash = models.CharField(max_length=64, unique=True)
    details = models.JSONField(default=dict)  # what a self-registration asked for
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    objects = AccessLinkQuerySet.as_manager()

    class Meta:
        indexes = [
            # The links of a person that a newer one voids.
            models.Index(name="access_link_of_user", fields=["user", "purpose"]),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class AccessRequest(models.Model):
    """Somebody typed an address and asked for a letter. Whether anybody has that address is looked up by a job."""

    purpose = models.CharField(max_length=20, choices=LinkPurpose.choices)
    address = models.EmailField()
    details = models.JSONField(default=dict)  # what a self-registration filled in
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    def record(self, event: Event) -> AccessRequest:
        """It is its own entry."""
        return self

    def announcement(self) -> dict[str, Any]:
        return {}
