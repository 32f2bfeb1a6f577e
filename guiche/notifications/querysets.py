"""Which lines of whose bell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.notifications.models import BellItem  # noqa: F401  # named by the base class
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


def _rows(model: str) -> Any:
    """The rows of a model that is above this module: asked of the registry, not imported."""
    return apps.get_model(model)._default_manager.all()
