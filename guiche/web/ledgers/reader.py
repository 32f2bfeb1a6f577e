"""For whom a ledger is written: what it calls people, sides and statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from guiche.installation import models as installation

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.sla.ledger import Side
    from guiche.sla.statements import Act
    from guiche.tickets.models import Ticket
    from guiche.workflows.models import Status


@dataclass(frozen=True)
class Reader:
    """`is_member`: staff, or of the ticket's own organisation. Others read amounts alone, never who did what when.

    `may_judge`: the verdict on a solution is this person's to give.
    """

    user: User
    ticket: Ticket
    for_staff: bool
    is_member: bool
    may_judge: bool = False

    @property
    def is_asker(self) -> bool:
        """Whether the team waits for this very person."""
        return not self.for_staff and self.user.pk in (self.ticket.requester_id, self.ticket.opened_by_id)

    def name(self, act: Act) -> str:
        """Return what `act`'s person is called. A ticket may have been another customer's: those are not named."""
        if act.person == self.user.pk:
            return _("You")
        if act.is_system:
            return installation.current().name
        if self.for_staff or act.is_staff or act.is_member:
            return act.name.split(" ", 1)[0]
        return _("The customer")

    def side(self, side: Side) -> str:
        """Return whose side it is on: "Lume", "Você", "Calendário"."""
        if side == "provider":
            return installation.current().name
        if side == "customer":
            return _("You") if self.is_asker else self.ticket.organization.name
        return _("Calendar") if side == "calendar" else _("Nobody")

    def status_then(self, details: Mapping[str, Any]) -> str:
        """Return the status that a step led to, as it was called then; `details` are those of the step."""
        return str(details["to"] if self.for_staff else details.get("to_customer") or details["to"])

    def status(self, status: Status) -> str:
        return status.name if self.for_staff else status.shown_to_customer
