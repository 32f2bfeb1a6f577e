"""Putting a ticket in the right hands and under the right words: team, assignee, severity, fields, organisation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from guiche.accounts.models import Team
from guiche.assets import contracts
from guiche.catalog.models import Product
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.core.text import normalize
from guiche.organizations.models import Membership, Organization
from guiche.tickets import policies
from guiche.tickets.events import FieldsChanged, TeamChanged, TicketAssigned
from guiche.tickets.models import Participant, Ticket, TicketText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from guiche.accounts.models import User


class TriageRefused(Refused):
    """The change does not fit together."""


TRIAGED = ("title", "severity", "product", "module", "service", "failure", "request_type", "contract")
# Said to staff alone: of the contract customers read which one it is, as long as it is of their organisation.
INTERNAL = frozenset({"contract"})
# What a ticket that moves to another organisation is written with.
MOVED = ("organization", "requester", "opened_by", "site", "product", "module", "service", "failure", "contract")


@transaction.atomic
def assign(ticket: Ticket, to: User | None, *, by: User, at: datetime) -> Ticket:
    """Make `to` responsible for `ticket`; None leaves it to the team. Raises TriageRefused if `to` cannot see it."""
    ticket = _locked_for(ticket, by)
    if to is not None and not _can_work(to, ticket):
        raise TriageRefused(_("%s does not work this team's tickets.") % to.name)
    if ticket.assignee_id == (to.pk if to else None):
        return ticket
    previous, ticket.assignee = ticket.assignee_id, to
    ticket.save(update_fields=["assignee"])
    details = {"assignee": to.name if to else "", "assignee_id": to.pk if to else None, "previous_id": previous}
    happened(TicketAssigned(subject=ticket, by=by, at=at, details=details))
    return ticket


def _can_work(person: User, ticket: Ticket) -> bool:
    return person.is_active and person.at_the_desk and Team.objects.open_to(person).filter(pk=ticket.team_id).exists()


@transaction.atomic
def transfer(ticket: Ticket, to: Team, *, by: User, at: datetime, reason: str) -> Ticket:
    """Hand `ticket` to another team; an assignee who does not work there loses it. Raises TriageRefused."""
    ticket = _locked_for(ticket, by)
    _need_reason(reason)
    if not to.is_active:
        raise TriageRefused(_("The team %s is not active.") % to.name)
    if to.pk == ticket.team_id:
        return ticket
    left, ticket.team = ticket.team, to
    if ticket.assignee and not _can_work(ticket.assignee, ticket):
        ticket.assignee = None
    ticket.save(update_fields=["team", "assignee"])
    details = {"from": left.name, "to": to.name, "reason": reason.strip()}
    happened(TeamChanged(subject=ticket, by=by, at=at, details=details, internal=True))
    return ticket


@transaction.atomic
def change(ticket: Ticket, *, by: User, at: datetime, reason: str, **fields: Any) -> Ticket:
    """Change what `ticket` is about: any of TRIAGED, by keyword. The reason and both values go to the timeline."""
    if unknown := set(fields) - set(TRIAGED):
        raise TypeError(f"not triaged: {sorted(unknown)}")
    ticket = _locked_for(ticket, by)
    changes = _set(ticket, fields)
    if not changes:
        return ticket
    _need_reason(reason)
    _check_hangs_together(ticket)
    public = [one for one in changes if one["field"] not in INTERNAL]
    ticket.touched_at = at if public else ticket.touched_at
    ticket.save(update_fields=[*(change["field"] for change in changes), "touched_at"])
    if "title" in fields:
        words = normalize(f"{ticket.title} {ticket.description}")[:20_000]
        TicketText.objects.filter(ticket=ticket).update(words=words)
    for internal, told in ((False, public), (True, [one for one in changes if one not in public])):
        if told:
            details = {"changes": told, "reason": reason.strip()}
            happened(FieldsChanged(subject=ticket, by=by, at=at, details=details, internal=internal))
    return ticket


def _set(ticket: Ticket, fields: Mapping[str, Any]) -> list[dict[str, str]]:
    """Put what is new among `fields` on `ticket`, and return it in words."""
    changes = []
    for name, value in fields.items():
        old = getattr(ticket, name)
        if old != value:
            setattr(ticket, name, value)
            changes.append({"field": name, "from": str(old or ""), "to": str(value or "")})
    return changes


@transaction.atomic
def move_to_organization(
    ticket: Ticket, organization: Organization, requester: User, *, by: User, at: datetime, reason: str
) -> Ticket:
    """Put `ticket` under another organisation: site, contract and participants are checked again, strangers leave.

    Who answers for it at the old organisation is none of the new one's people: there it is the requester.
    """
    ticket = _locked_for(ticket, by)
    _need_reason(reason)
    member = Membership.objects.active().filter(organization=organization, user=requester).first()
    if member is None:
        raise TriageRefused(_("%s does not belong to %s.") % (requester.name, organization.name))
    changes = [{"field": "organization", "from": ticket.organization.name, "to": organization.name}]
    if requester.pk != ticket.requester_id:
        changes.append({"field": "requester", "from": ticket.requester.name, "to": requester.name})
    has_left = organization.pk != ticket.organization_id
    fields = [*MOVED, *(_contact_of(ticket, requester) if has_left else ())]
    ticket.organization, ticket.requester, ticket.site = organization, requester, member.site
    if not ticket.opened_by.works_here:
        ticket.opened_by = requester
    if ticket.product and not Product.objects.of(organization).filter(pk=ticket.product.pk).exists():
        ticket.product = ticket.module = ticket.service = ticket.failure = None
    changes += _contract_there(ticket) if has_left else []
    ticket.save(update_fields=fields)
    _drop_strangers(ticket)
    details = {"changes": changes, "reason": reason.strip()}
    happened(FieldsChanged(subject=ticket, by=by, at=at, details=details, internal=True))
    return ticket


def _contract_there(ticket: Ticket) -> list[dict[str, str]]:
    """Put `ticket` under the contract it would have had, had it been opened where it is now. Return what changed."""
    there = contracts.covering(ticket.organization, ticket.product, at=ticket.opened_at)
    return _set(ticket, {"contract": there})


def _contact_of(ticket: Ticket, person: User) -> Sequence[str]:
    """Let `person` answer for `ticket`. Return the fields to save."""
    ticket.contact_name, ticket.contact_phone = person.name[:120], person.phone[:40]
    ticket.contact_email, ticket.best_time = person.email or "", ""
    return ("contact_name", "contact_phone", "contact_email", "best_time")


def _drop_strangers(ticket: Ticket) -> None:
    belonging = Membership.objects.active().filter(organization_id=ticket.organization_id).values("user")
    Participant.objects.filter(ticket=ticket).exclude(user__in=belonging).delete()
    ticket.copies.all().delete()


def _locked_for(ticket: Ticket, by: User) -> Ticket:
    ticket = Ticket.objects.locked(ticket)
    if not policies.can_triage(by, ticket):
        raise NotAllowed(_("This is for the team to change."))
    return ticket


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise TriageRefused(_("Say the reason."), fields={"reason": _("Say the reason.")})


def _check_hangs_together(ticket: Ticket) -> None:
    wrong = (
        (ticket.module and ticket.module.product_id != ticket.product_id)
        or (ticket.service and ticket.service.module_id != ticket.module_id)
        or (ticket.failure and ticket.failure.product_id != ticket.product_id)
    )
    if wrong:
        raise TriageRefused(
            _("The module is not of this product. Choose it again."),
            fields={"module": _("The module is not of this product. Choose it again.")},
        )
    if ticket.contract and ticket.contract.organization_id != ticket.organization_id:
        message = _("This contract is of another organisation.")
        raise TriageRefused(message, fields={"contract": message})
    if ticket.request_type.workflow_id != ticket.status.workflow_id:
        raise TriageRefused(
            _("“%s” follows another workflow. Open a new ticket for it.") % ticket.request_type.name,
            fields={
                "request_type": _("“%s” follows another workflow. Open a new ticket for it.") % ticket.request_type
            },
        )
