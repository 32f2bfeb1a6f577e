"""Which tickets, and who may see them: the one place where that is decided."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, JSONObject

from guiche.accounts.models import Team
from guiche.accounts.roles import DESK, Role
from guiche.core.sql import AmongRows, RowsOfOne
from guiche.core.text import normalize
from guiche.organizations.models import Membership, Reach
from guiche.workflows.stages import WAITS_FOR_CUSTOMER, Stage

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.organizations.models import Organization
    from guiche.tickets.models import Activity, Attachment, Comment, Ticket  # noqa: F401  # named in strings below


# What rows of queues and lists show: reading every column of nine tables would cost half the page.
ROW = (
    *("number", "title", "opened_at", "touched_at", "next_due_at", "closes_at", "organization__name"),
    *("status__name", "status__customer_name", "status__family", "status__stage"),
    *("severity__level", "severity__name", "severity__tone"),
)
# Columns of a contract that no page of a ticket shows: it says the number and the last day.
CONTRACT_LEFT_OUT = ("organization", "valid_from", "note", "is_active", "created_at")
LIST_ROW = ("outcome", "requester__name", "assignee__name", "product__name", "module__name", "request_type__name")


class TicketQuerySet(QuerySet["Ticket"]):
    def visible_to(self, user: User) -> TicketQuerySet:
        """The only door to a ticket. Desk by team; contacts only while their membership lives."""
        if user.has_role(Role.SYSTEM):
            return self
        if user.has_role(*DESK):
            return self.filter(AmongRows("team_id", RowsOfOne(_teams_open_to, user.pk)))
        if user.works_here:
            return self.none()
        return self.filter(self._taking_part(user) | self._own_while_member(user) | self._within_reach(user))

    @staticmethod
    def _taking_part(user: User) -> Q:
        return Q(AmongRows("id", RowsOfOne(_shared_with, user.pk)))

    @staticmethod
    def _own_while_member(user: User) -> Q:
        member_of = AmongRows("organization_id", RowsOfOne(_organizations_of, user.pk))
        return Q(member_of) & (Q(requester=user) | Q(opened_by=user))

    @staticmethod
    def _within_reach(user: User) -> Q:
        """What colleagues opened, as far as the membership reaches; never what is reserved."""
        organizations = AmongRows("organization_id", RowsOfOne(_organizations_reached, user.pk))
        sites = AmongRows("site_id", RowsOfOne(_sites_reached, user.pk))
        return (Q(organizations) | Q(sites)) & Q(request_type__is_reserved=False)

    def locked(self, ticket: Ticket) -> Ticket:
        """Lock `ticket` and read it again: two people may press the button at the same second.

        Two queries on purpose. With the joins in the locking one, whoever waited would be checked against the status
        row of before: PostgreSQL then finds no row at all instead of the one that has moved on.
        """
        self.select_for_update().values_list("pk").get(pk=ticket.pk)
        return self.select_related("status", "request_type").get(pk=ticket.pk)

    def open(self) -> TicketQuerySet:
        return self.filter(ended_at__isnull=True)

    def ended(self) -> TicketQuerySet:
        return self.filter(ended_at__isnull=False)

    def waiting_on_customer(self) -> TicketQuerySet:
        """Those that only the customer can move: a question or a solution waits."""
        return self.open().filter(status__stage__in=[str(stage) for stage in WAITS_FOR_CUSTOMER])

    def awaiting_validation(self) -> TicketQuerySet:
        return self.open().filter(status__stage=Stage.AWAITING_VALIDATION)

    def mine(self, user: User) -> TicketQuerySet:
        """Asked or opened by `user`."""
        return self.filter(Q(requester=user) | Q(opened_by=user))

    def judged_by(self, user: User) -> TicketQuerySet:
        """Of what a contact sees, those whose verdict is theirs to give: `Rights.may_judge` of policies, as rows."""
        organizations = AmongRows("organization_id", RowsOfOne(_organizations_reached, user.pk))
        reached = Q(organizations) & Q(request_type__is_reserved=False)
        return self.filter(self._own_while_member(user) | reached)

    def ended_as(self, outcome: str) -> TicketQuerySet:
        return self.filter(outcome=outcome)

    def of(self, organization: Organization) -> TicketQuerySet:
        return self.filter(organization=organization)

    def due_to_close(self, at: datetime) -> TicketQuerySet:
        return self.open().filter(closes_at__lte=at)

    def due_to_warn(self, at: datetime) -> TicketQuerySet:
        return self.open().filter(warns_at__lte=at)

    def worded_like(self, words: str) -> TicketQuerySet:
        """Whose title or description contains every word of `words`, without regard to accents and case."""
        found = self
        for word in normalize(words).split()[:6]:
            found = found.filter(text__words__contains=word)
        return found

    def for_queue(self) -> TicketQuerySet:
        """What a queue row shows: what waits on us first, then deadline, then severity, then age."""
        waits = Case(When(status__stage__in=[str(s) for s in WAITS_FOR_CUSTOMER], then=Value(1)), default=Value(0))
        return (
            self.select_related("organization", "status", "severity")
            .only(*ROW)
            .annotate(waits_on_customer=waits, level=Coalesce("severity__level", Value(5)))
            .order_by("waits_on_customer", F("next_due_at").asc(nulls_last=True), "level", "opened_at", "id")
        )

    def for_list(self) -> TicketQuerySet:
        """What a row of a list shows, last touched first. Only the columns of ROW and LIST_ROW are read."""
        related = ("requester", "assignee", "product", "module", "request_type")
        rows = self.select_related("organization", "status", "severity", *related).only(*ROW, *LIST_ROW)
        return rows.order_by("-touched_at", "-id")

    def for_page(self) -> TicketQuerySet:
        """What the page of one ticket shows."""
        return self.select_related(
            "organization",
            "site",
            "status__workflow",
            "severity",
            "requester",
            "opened_by",
            "assignee",
            "team",
            "product",
            "module",
            "service",
            "failure",
            "request_type",
            "follow_up_of",
            "contract",
        ).defer(*(f"contract__{name}" for name in CONTRACT_LEFT_OUT))

    def with_answers(self) -> TicketQuerySet:
        """Add what was answered in own fields, of the form or gone from it, as JSON; and whether the form has any."""
        answers = _rows("tickets.Answer").filter(ticket=OuterRef("pk")).order_by("field__name", "pk")
        row = JSONObject(
            name="field__name",
            kind="field__kind",
            is_for_customers="field__is_for_customers",
            text="text",
            number=Cast("number", TextField()),
            day=Cast("day", TextField()),
            choices="choices",
            is_checked="is_checked",
            person="person__name",
        )
        own = _rows("catalog.FormField").filter(request_type=OuterRef("request_type"), custom__is_active=True)
        return self.annotate(answered=ArraySubquery(answers.values(one=row)), has_own_fields=Exists(own))


class CommentQuerySet(QuerySet["Comment"]):
    def visible_to(self, user: User) -> CommentQuerySet:
        """Of tickets that `user` may see: staff all; customers no notes, outsiders since they were added."""
        if user.works_here:
            return self
        return self.filter(is_internal=False).filter(_since_added(user, "ticket", "at"))

    def locked(self, comment: Comment) -> Comment:
        return self.select_for_update(of=["self"]).get(pk=comment.pk)


class ActivityQuerySet(QuerySet["Activity"]):
    def visible_to(self, user: User) -> ActivityQuerySet:
        """Of tickets that `user` may see: staff every line; customers none that is internal."""
        if user.works_here:
            return self
        return self.filter(is_internal=False).filter(_since_added(user, "ticket", "at"))

    def for_page(self) -> ActivityQuerySet:
        return self.select_related("actor", "comment").prefetch_related("comment__attachments__file").order_by("id")


class AttachmentQuerySet(QuerySet["Attachment"]):
    def visible_to(self, user: User) -> AttachmentQuerySet:
        """Files of tickets that `user` may see, by the comment that brought them."""
        found = self.filter(ticket__in=_rows("tickets.Ticket").visible_to(user))
        if user.works_here:
            return found
        public = found.filter(Q(comment__isnull=True) | Q(comment__is_internal=False))
        return public.annotate(said_at=Coalesce("comment__at", "ticket__opened_at")).filter(
            _since_added(user, "ticket", "said_at")
        )


def _teams_open_to(user_id: int) -> Any:
    return Team.objects.open_to_desk(user_id).order_by().values("pk")


def _shared_with(user_id: int) -> Any:
    """Tickets shared with a person; not those of an organisation that it was a member of and is no more."""
    former = Membership.objects.filter(user=user_id, is_active=False).values("organization")
    part = _rows("tickets.Participant").filter(user=user_id, ticket__organization__is_active=True)
    return part.exclude(ticket__organization__in=former).values("ticket")


def _organizations_of(user_id: int) -> Any:
    return Membership.objects.active().filter(user=user_id).values("organization")


def _organizations_reached(user_id: int) -> Any:
    active = Membership.objects.active().filter(user=user_id)
    return active.filter(Q(reach=Reach.ALL) | Q(is_portal_administrator=True)).values("organization")


def _sites_reached(user_id: int) -> Any:
    active = Membership.objects.active().filter(user=user_id)
    return active.filter(reach=Reach.UNIT, site__isnull=False).values("site")


def _rows(model: str) -> Any:
    """The rows of a model of this app, which is above this module: asked of the registry, not imported."""
    return apps.get_model(model)._default_manager.all()


def _since_added(user: User, ticket: str, at: str) -> Q:
    """The part of a ticket that a contact may read: all for its own organisation, since they were added for others."""
    member = AmongRows(f"{ticket}__organization_id", RowsOfOne(_organizations_of, user.pk))
    added = _rows("tickets.Participant").filter(user=user, ticket=OuterRef(ticket))
    return Q(member) | Q(Exists(added.filter(Q(sees_from__isnull=True) | Q(sees_from__lte=OuterRef(at)))))
