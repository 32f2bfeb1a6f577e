"""Which lines of whose bell and digest, and which words are in use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.notifications.models import BellItem, DigestLine, Wording  # noqa: F401  # named by the base classes
    from guiche.tickets.models import Ticket


class BellItemQuerySet(QuerySet["BellItem"]):
    def visible_to(self, user: User) -> BellItemQuerySet:
        """One's own, of what one may still see: a right that was lost takes its lines along."""
        tickets = _rows("tickets.Ticket").visible_to(user)
        own = self.filter(user=user).filter(Q(ticket__isnull=True) | Q(ticket__in=tickets))
        return own if user.at_the_desk else own.filter(Q(activity__isnull=True) | Q(activity__is_internal=False))

    def of(self, user: User) -> BellItemQuerySet:
        return self.filter(user=user)

    def unread(self) -> BellItemQuerySet:
        return self.filter(read_at__isnull=True)

    def about(self, ticket: Ticket) -> BellItemQuerySet:
        return self.filter(ticket=ticket)

    def before(self, item_id: int) -> BellItemQuerySet:
        """Older ones than `item_id`: the next page of a list."""
        return self.filter(pk__lt=item_id)

    def for_list(self) -> BellItemQuerySet:
        """What a line shows, newest first."""
        return self.select_related("ticket", "activity__actor").order_by("-id")


class DigestLineQuerySet(QuerySet["DigestLine"]):
    def waiting(self) -> DigestLineQuerySet:
        """What is in no digest yet."""
        return self.filter(digest__isnull=True, dropped_at__isnull=True)

    def due(self, *, at: datetime) -> DigestLineQuerySet:
        """What waits and should have left by `at`."""
        return self.waiting().filter(due_at__lte=at)

    def of(self, user: User) -> DigestLineQuerySet:
        return self.filter(user=user)

    def visible_to(self, user: User) -> DigestLineQuerySet:
        """One's own, of what one may still see."""
        tickets = _rows("tickets.Ticket").visible_to(user)
        activities = _rows("tickets.Activity").visible_to(user)
        own = self.filter(user=user, activity__in=activities, activity__ticket__in=tickets)
        return own if user.at_the_desk else own.filter(activity__is_internal=False)

    def for_letter(self) -> DigestLineQuerySet:
        """What a digest says of each, in the order of the events."""
        return self.select_related("activity__actor", "activity__ticket__organization").order_by("activity_id")


class WordingQuerySet(QuerySet["Wording"]):
    def in_use(self) -> WordingQuerySet:
        return self.filter(in_use=True)

    def of_letters(self, codes: Iterable[str]) -> WordingQuerySet:
        return self.filter(letter__in=list(codes))


def _rows(model: str) -> Any:
    """The rows of a model that is above this module: asked of the registry, not imported."""
    return apps.get_model(model)._default_manager.all()
