"""Tickets for tests, opened through the action and moved through their steps."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import Any

from guiche.accounts.models import User
from guiche.organizations.models import Membership, Organization
from guiche.tickets.actions import opening
from guiche.tickets.models import Ticket
from guiche.workflows.models import Status
from tests.factories.catalog import shipped_type
from tests.factories.organizations import make_membership

# A Wednesday in São Paulo, 9h.
MORNING = datetime(2026, 11, 18, 12, tzinfo=UTC)
NOON = datetime(2026, 11, 18, 15, tzinfo=UTC)

_numbers = count(1)


def make_ticket(
    *,
    requester: User | None = None,
    organization: Organization | None = None,
    status: Status | None = None,
    assignee: User | None = None,
    at: datetime = MORNING,
    by: User | None = None,
    type_slug: str = "falha-tecnica",
    **asked: Any,
) -> Ticket:
    """A ticket of `requester`, opened at `at`; put straight into `status` for tests that begin there."""
    requester = requester or make_membership(organization=organization).user if requester is None else requester
    organization = organization or Membership.objects.filter(user=requester).order_by("pk").first().organization
    asked.setdefault("title", f"Imagens demoram a abrir {next(_numbers)}")
    asked.setdefault("description", "Desde segunda as imagens levam mais de 40 segundos.")
    request_type = asked.pop("request_type", None) or shipped_type(type_slug)
    content = opening.Asked(request_type=request_type, organization=organization, requester=requester, **asked)
    ticket = opening.open_ticket(content, by=by or requester, at=at)
    changes: dict[str, Any] = {}
    if assignee is not None:
        changes["assignee"] = assignee
    if status is not None:
        changes["status"] = status
        if status.has_ended:
            changes |= {"ended_at": at, "outcome": "by_staff"}
    if changes:
        Ticket.objects.filter(pk=ticket.pk).update(**changes)
    return Ticket.objects.select_related("status", "request_type", "organization").get(pk=ticket.pk)
