"""What the program relies on: the seven stages every status maps to, and what each means."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    NEW = "new", _("New")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING_ON_CUSTOMER = "waiting_on_customer", _("Waiting on the customer")
    WAITING_ON_PROVIDER = "waiting_on_provider", _("Waiting on us")
    AWAITING_VALIDATION = "awaiting_validation", _("Awaiting validation")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


WAITS_FOR_CUSTOMER = frozenset({Stage.WAITING_ON_CUSTOMER, Stage.AWAITING_VALIDATION})
ENDED = frozenset({Stage.DONE, Stage.CANCELLED})


class Family(TextChoices):
    """Colour and glyph of a status, always together."""

    NEW = "new", _("New")
    WORK = "work", _("Work")
    PAUSE = "pause", _("Pause")
    VALIDATE = "validate", _("Validate")
    ON_THE_WAY = "on_the_way", _("On the way")
    END = "end", _("End")
    CANCELLED = "cancelled", _("Cancelled")


class Taker(TextChoices):
    """Who may take a transition."""

    CUSTOMER = "customer", _("Customer")
    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    BACK_OFFICE = "back_office", _("Back office")
    TECHNICIAN = "technician", _("Technician")
    SYSTEM = "system", _("By itself")


class Need(TextChoices):
    """What a transition asks for. Each is written as a comment of its kind."""

    COMMENT = "comment", _("a comment")
    REASON = "reason", _("a reason")
    SOLUTION = "solution", _("the text of the solution")
