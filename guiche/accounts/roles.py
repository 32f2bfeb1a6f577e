"""What the provider's people may be, in code because rules rely on it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    BACK_OFFICE = "back_office", _("Back office")
    TECHNICIAN = "technician", _("Technician")
    EDITOR = "editor", _("Knowledge editor")
    INTEGRITY_OFFICER = "integrity_officer", _("Integrity officer")
    ADMINISTRATOR = "administrator", _("Administrator")
    SYSTEM = "system", _("System")


# Who works tickets at the desk.
DESK = frozenset({Role.AGENT, Role.SUPERVISOR, Role.BACK_OFFICE})
# What an administrator may give to somebody; the system is made by a migration, never by a person.
GRANTABLE = tuple(role for role in Role if role != Role.SYSTEM)
