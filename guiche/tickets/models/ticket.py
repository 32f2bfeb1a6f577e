"""The ticket itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import Team
from guiche.assets.models import Contract
from guiche.catalog.models import Failure, Module, Product, RequestType, Service, Severity
from guiche.catalog.severity import Scale
from guiche.organizations.models import Organization, Site
from guiche.tickets.querysets import TicketQuerySet
from guiche.workflows.models import Status

if TYPE_CHECKING:
    from guiche.core.events import Event
    from guiche.tickets.models.activity import Activity


class Channel(models.TextChoices):
    PORTAL = "portal", _("portal")
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("telephone")
    CHAT = "chat", _("chat")
    API = "api", _("API")
    IMPORT = "import", _("import")


class Outcome(models.TextChoices):
    """How a ticket ended. Closing by silence is never counted as an approval."""

    APPROVED = "approved", _("Approved")
    APPROVED_WITH_RESERVATION = "reservation", _("Approved with reservation")
    CONCLUDED_BY_CUSTOMER = "by_customer", _("Concluded by the customer")
    CONCLUDED_BY_STAFF = "by_staff", _("Concluded by the team")
    CLOSED_BY_SILENCE = "silence", _("Closed by silence")
    CANCELLED = "cancelled", _("Cancelled")


class Ticket(models.Model):
    """One request, from the first word to the last.

    A foreign key has an index of its own only where something looks for it: every change of a ticket that moves it in
    a list is written into each of its indexes.
    """

    number = models.BigIntegerField(
        unique=True, editable=False, db_default=Func(Value("ticket_number"), function="nextval")
    )
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)  # light Markdown, as typed
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="tickets")
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="requested_tickets", db_index=False
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="opened_tickets", db_index=False
    )
    contact_name = models.CharField(max_length=120, blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_email = models.EmailField(blank=True)
    best_time = models.CharField(max_length=80, blank=True)

    request_type = models.ForeignKey(RequestType, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="tickets")
    module = models.ForeignKey(Module, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    failure = models.ForeignKey(Failure, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Of its organisation; null: under none. Its index is the one below, of open tickets only.
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    severity = models.ForeignKey(Severity, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    urgency = models.CharField(max_length=6, choices=Scale.choices, blank=True)
    impact = models.CharField(max_length=6, choices=Scale.choices, blank=True)

    status = models.ForeignKey(Status, on_delete=models.PROTECT, related_name="tickets")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="tickets")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="assigned_tickets", db_index=False
    )
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PORTAL)
    call_minutes = models.PositiveSmallIntegerField(null=True)
    external_number = models.CharField(max_length=40, blank=True)
    legacy_number = models.CharField(max_length=40, blank=True)
    legacy_url = models.URLField(blank=True)
    follow_up_of = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="follow_ups", db_index=False
    )
    solution = models.ForeignKey(
        "tickets.Comment", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    once_key = models.UUIDField(null=True, unique=True)  # of the form that opened it: the same form opens one ticket

    opened_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # the last thing that a customer could see
    customer_spoke_at = models.DateTimeField()  # silence is counted from the later of this and the status
    status_since = models.DateTimeField()
    next_due_at = models.DateTimeField(null=True)  # the nearest deadline; null when none runs
    closes_at = models.DateTimeField(null=True)  # when silence closes it; null when it does not
    warns_at = models.DateTimeField(null=True)  # when the customer is next reminded of that; null when no more
    ended_at = models.DateTimeField(null=True)  # null while it is open
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="ticket_number_is_positive", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="ticket_end_has_outcome",
                condition=Q(ended_at__isnull=True, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="ticket_ended_does_not_close", condition=Q(ended_at__isnull=True) | Q(closes_at__isnull=True)
            ),
        ]
        indexes = [
            # A team's queue: Ticket.objects.open().filter(team=…).for_queue().
            models.Index(
                name="ticket_queue", fields=["team", "next_due_at", "opened_at", "id"], condition=Q(ended_at=None)
            ),
            # An agent's own queue.
            models.Index(
                name="ticket_assigned",
                fields=["assignee", "next_due_at", "opened_at", "id"],
                condition=Q(ended_at=None),
            ),
            # Open tickets of a contract, whose deadlines follow what is said of it.
            models.Index(
                name="ticket_of_contract", fields=["contract"], condition=Q(ended_at=None, contract__isnull=False)
            ),
            # Lists of an organisation, last touched first.
            models.Index(name="ticket_of_organization", fields=["organization", "-touched_at", "-id"]),
            # "My tickets".
            models.Index(name="ticket_of_requester", fields=["requester", "-touched_at", "-id"]),
            models.Index(name="ticket_of_opener", fields=["opened_by", "-touched_at", "-id"]),
            # The desk's list of all tickets.
            models.Index(name="ticket_touched", fields=["-touched_at", "-id"]),
            # What continues a ticket.
            models.Index(name="ticket_follow_up", fields=["follow_up_of"], condition=Q(follow_up_of__isnull=False)),
            # What silence closes or warns of next.
            models.Index(name="ticket_closing", fields=["closes_at"], condition=Q(closes_at__isnull=False)),
            models.Index(name="ticket_warning", fields=["warns_at"], condition=Q(warns_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    def record(self, event: Event) -> Activity:
        """Write `event` in the timeline."""
        return self.timeline.create(
            kind=event.kind,
            actor=event.by,
            at=event.at,
            details=dict(event.details),
            comment=event.comment,
            is_internal=event.internal,
        )

    def announcement(self) -> dict[str, Any]:
        """Ids by which live pages are matched with who may see this ticket."""
        return {
            "ticket": self.number,
            "team": self.team_id,
            "organization": self.organization_id,
            "site": self.site_id,
            "reserved": self.request_type.is_reserved,
            "people": sorted({self.requester_id, self.opened_by_id, *([self.assignee_id] if self.assignee_id else [])}),
        }


class TicketText(models.Model):
    """The words of a ticket that searches look into, apart from the row that lists read."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE, related_name="text")
    words = models.TextField()  # core.text.normalize() of title and description

    class Meta:
        indexes = [
            # Search by words and similar tickets.
            GinIndex(name="ticket_text_words", fields=["words"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return str(self.ticket_id)
