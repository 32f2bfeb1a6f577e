"""Opening a ticket, by whatever door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guiche.accounts.anybody import anybody
from guiche.accounts.models import Team
from guiche.assets import contracts
from guiche.catalog import severity
from guiche.catalog.models import (
    CustomField,
    Failure,
    Impact,
    MatrixCell,
    Module,
    Product,
    RequestType,
    Service,
    Severity,
)
from guiche.catalog.severity import SeveritySource
from guiche.core import written
from guiche.core.errors import NotAllowed, Refused
from guiche.core.events import happened
from guiche.core.fields import SortKey
from guiche.core.text import normalize
from guiche.files.models import StoredFile
from guiche.organizations.actions import memberships
from guiche.organizations.models import Membership, Organization
from guiche.tickets import policies
from guiche.tickets.actions import answering, sharing, writing
from guiche.tickets.events import FollowUpOpened, TicketOpened
from guiche.tickets.models import Channel, Ticket, TicketText
from guiche.tickets.querysets import TicketQuerySet
from guiche.workflows.models import Status

if TYPE_CHECKING:
    from guiche.accounts.models import User


class OpeningRefused(Refused):
    """The ticket cannot be opened as it was asked."""


@dataclass(kw_only=True)
class Asked:
    """What somebody asks for: the content of an opening form, resolved to rows by the door that read it."""

    request_type: RequestType
    organization: Organization
    requester: User
    title: str
    description: str = ""
    product: Product | None = None
    module: Module | None = None
    service: Service | None = None
    failure: Failure | None = None
    severity: Severity | None = None  # as chosen by the customer, where the type lets them choose
    service_impact: Impact | None = None
    urgency: str = ""
    impact: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    best_time: str = ""
    copies: Sequence[str] = ()
    answers: Mapping[CustomField, Any] = field(default_factory=dict)
    files: Sequence[StoredFile] = ()
    follow_up_of: Ticket | None = None
    team: Team | None = None  # staff may choose it
    channel: str = Channel.PORTAL
    call_minutes: int | None = None


def open_ticket(asked: Asked, *, by: User, at: datetime, once_key: UUID | None = None) -> Ticket:
    """Open a ticket and return it; the same `once_key` by the same person returns the one it opened.

    Raises NotAllowed when `by` may not open it for that organisation and requester, OpeningRefused when what was asked
    does not fit together.
    """
    try:
        with transaction.atomic():
            return _opened_before(once_key, by) or _open(asked, by=by, at=at, once_key=once_key)
    except IntegrityError:
        opened = _opened_before(once_key, by)
        if opened is None:
            raise
        return opened


def open_for_newcomer(asked: Asked, *, by: User, at: datetime, once_key: UUID | None = None) -> Ticket:
    """Register `asked.requester`, who has no row yet, as a contact of the organisation and open the ticket.

    Both are done or neither; the same `once_key` by the same person registers nobody again. Raises what `open_ticket`
    and `memberships.invite` raise, and OpeningRefused for a person who has to be approved first.
    """
    try:
        with transaction.atomic():
            if opened := _opened_before(once_key, by):
                return opened
            requester = _registered(asked, by=by, at=at)
            return _open(replace(asked, requester=requester), by=by, at=at, once_key=once_key)
    except (IntegrityError, Refused):
        # The other half of a double click was faster: what was written here is undone, its ticket stands.
        opened = _opened_before(once_key, by)
        if opened is None:
            raise
        return opened


def _registered(asked: Asked, *, by: User, at: datetime) -> User:
    new = asked.requester
    made = memberships.invite(asked.organization, name=new.name, email=new.email or "", phone=new.phone, by=by, at=at)
    if not isinstance(made, Membership):
        raise OpeningRefused(_("This person has to be approved first. Open the ticket in the name of a colleague."))
    return made.user


def _opened_before(once_key: UUID | None, by: User) -> Ticket | None:
    return Ticket.objects.filter(once_key=once_key, opened_by=by).first() if once_key else None


def _open(asked: Asked, *, by: User, at: datetime, once_key: UUID | None) -> Ticket:
    _check(asked, by)
    ticket = _create(asked, by=by, at=at, once_key=once_key)
    TicketText.objects.create(ticket=ticket, words=normalize(f"{ticket.title} {ticket.description}")[:20_000])
    writing.attach(ticket, asked.files)
    answering.keep(ticket, asked.answers)
    happened(TicketOpened(subject=ticket, by=by, at=at))
    for address in asked.copies:
        sharing.let_follow(ticket, address, by=by, at=at)
    if asked.follow_up_of is not None:
        details = {"number": ticket.number}
        happened(FollowUpOpened(subject=asked.follow_up_of, by=by, at=at, details=details))
    return ticket


def _check(asked: Asked, by: User) -> None:
    if not policies.can_open_for(by, asked.organization, asked.requester):
        raise NotAllowed(_("You cannot open tickets of this organisation for this person."))
    if not written.rows(_offered, asked.request_type.pk, asked.organization.pk, roles=tuple(by.roles)):
        raise NotAllowed(_("This kind of request is not available for this organisation."))
    if not asked.title.strip():
        raise OpeningRefused(_("Give it a title."), fields={"title": _("Give it a title.")})
    _check_product(asked)
    if asked.follow_up_of is not None and asked.follow_up_of.organization_id != asked.organization.pk:
        raise OpeningRefused(_("The related ticket is of another organisation."))


def _offered(kind_id: int, organization_id: int, *, roles: tuple[str, ...]) -> Any:  # Any: an id instead of a row
    offered = RequestType.objects.offered_to(anybody(0, roles), Organization(pk=organization_id))
    return offered.filter(pk=kind_id).order_by().values_list("pk")


def _had(organization_id: int, product_id: int) -> Any:  # Any: an id instead of a row
    return Product.objects.of(Organization(pk=organization_id)).filter(pk=product_id).values_list("pk")


def _check_product(asked: Asked) -> None:
    """Product, module, service and failure hang together, and the organisation has the product."""
    product = asked.product
    if product and not written.rows(_had, asked.organization.pk, product.pk):
        raise OpeningRefused(
            _("This organisation does not have this product."),
            fields={"product": _("This organisation does not have this product.")},
        )
    hangs = (
        (asked.module is None or asked.module.product_id == getattr(product, "pk", None))
        and (asked.service is None or asked.service.module_id == getattr(asked.module, "pk", None))
        and (asked.failure is None or asked.failure.product_id == getattr(product, "pk", None))
        and (asked.service_impact is None or asked.service_impact.service_id == getattr(asked.service, "pk", None))
    )
    if not hangs:
        raise OpeningRefused(
            _("The module is not of this product. Choose it again."),
            fields={"module": _("The module is not of this product. Choose it again.")},
        )


def _create(asked: Asked, *, by: User, at: datetime, once_key: UUID | None) -> Ticket:
    kind = asked.request_type
    status = written.rows(_initial, kind.workflow_id)[0]
    site = written.rows(_site_of, asked.requester.pk, asked.organization.pk)
    team = asked.team or (asked.product.team if asked.product else None) or kind.default_team
    return Ticket.objects.create(
        title=" ".join(asked.title.replace("\x00", "").split())[:200],
        description=writing.checked(asked.description),
        organization=asked.organization,
        site_id=site[0][0] if site else None,
        requester=asked.requester,
        opened_by=by,
        contact_name=asked.contact_name.strip()[:120],
        contact_phone=asked.contact_phone.strip()[:40],
        contact_email=asked.contact_email.strip().lower(),
        best_time=asked.best_time.strip()[:80],
        request_type=kind,
        product=asked.product,
        module=asked.module,
        service=asked.service,
        failure=asked.failure,
        contract=contracts.covering(asked.organization, asked.product, at=at),
        severity=_severity(asked),
        urgency=asked.urgency,
        impact=asked.impact,
        status=status,
        team=team,
        channel=asked.channel,
        call_minutes=asked.call_minutes,
        follow_up_of=asked.follow_up_of,
        once_key=once_key,
        opened_at=at,
        touched_at=at,
        customer_spoke_at=at,
        status_since=at,
    )


def _initial(workflow_id: int) -> QuerySet[Status]:
    return Status.objects.filter(workflow=workflow_id, is_initial=True).select_related("workflow")


def _site_of(requester_id: int, organization_id: int) -> Any:  # Any: an id instead of a row
    places = Membership.objects.filter(user=requester_id, organization=organization_id)
    return places.order_by("pk").values_list("site")


def _severity(asked: Asked) -> Severity | None:
    return severity.derive(
        asked.request_type,
        chosen=asked.severity,
        service_impact=asked.service_impact,
        urgency=asked.urgency,
        impact=asked.impact,
        matrix=MatrixCell.objects.as_matrix() if asked.request_type.severity_source == SeveritySource.MATRIX else None,
    )


def similar_open(user: User, organization: Organization, title: str) -> list[Ticket]:
    """Return up to three open tickets of `organization` that `user` may see and whose title says nearly the same."""
    words = normalize(title)
    if len(words) < 8:
        return []
    return written.rows(_worded_like, user.pk, organization.pk, words, roles=tuple(user.roles))


def _worded_like(user_id: int, organization_id: int, words: str, *, roles: tuple[str, ...]) -> TicketQuerySet:
    seen = Ticket.objects.visible_to(anybody(user_id, roles)).open().filter(organization=organization_id)
    alike = seen.annotate(likeness=TrigramSimilarity(SortKey("title"), words)).filter(likeness__gte=0.45)
    return alike.select_related("requester", "status").order_by("-likeness", "-id")[:3]
