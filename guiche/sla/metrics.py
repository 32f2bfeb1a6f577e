"""What a promise is measured by, and the words of a clock. Pure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Metric(TextChoices):
    """What stops each: `clockwork.course`. A new one needs its line there."""

    FIRST_RESPONSE = "first_response", _("First response")
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    SOLUTION = "solution", _("Solution")
    TEAM = "team", _("Team")  # between teams, never shown to customers


FOR_CUSTOMERS = (Metric.FIRST_RESPONSE, Metric.DIAGNOSIS, Metric.SOLUTION)


class Motion(TextChoices):
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")


class Reason(TextChoices):
    """Why a clock counts or does not."""

    WORKING = "working", _("in progress")
    WAITING_ON_CUSTOMER = "waiting_on_customer", _("waiting on the customer")
    AWAITING_VALIDATION = "awaiting_validation", _("awaiting validation")
    ON_HOLD = "on_hold", _("on hold")  # a status of ours that pauses
    ELSEWHERE = "elsewhere", _("with another team")
    CLOSED = "closed", _("closed")
