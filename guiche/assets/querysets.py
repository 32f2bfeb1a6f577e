"""Which contracts: the named conditions, and who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast

from guiche.organizations.models import Organization

if TYPE_CHECKING:
    from datetime import date

    from guiche.accounts.models import User
    from guiche.assets.models import Contract  # named in strings below


class ContractQuerySet(QuerySet["Contract"]):
    def visible_to(self, user: User) -> ContractQuerySet:
        """Of the organisations that `user` sees: desk and administrators all, a contact those it belongs to."""
        return self.filter(organization__in=Organization.objects.visible_to(user))

    def of(self, organization_id: int) -> ContractQuerySet:
        return self.filter(organization=organization_id)

    def in_force(self, day: date | str) -> ContractQuerySet:
        """Those that `day` falls into, the first and the last one included. A text is an ISO day."""
        on: Any = Cast(Value(day), DateField()) if isinstance(day, str) else day  # Any: an expression or a day
        begun = self.filter(is_active=True, valid_from__lte=on)
        return begun.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))

    def with_product_ids(self) -> ContractQuerySet:
        """Add `product_ids`, of the products that each names: none means all."""
        named = _rows("assets.CoveredProduct").filter(contract=OuterRef("pk")).order_by("product_id")
        ids: dict[str, Any] = {"product_ids": ArraySubquery(named.values("product_id"))}  # Any: declared by the model
        return self.annotate(**ids)

    def for_list(self) -> ContractQuerySet:
        """Those that were not ended first, and of each the newest; with `product_names`, of those that each names."""
        named = _rows("assets.CoveredProduct").filter(contract=OuterRef("pk")).order_by("product__position", "product")
        names: dict[str, Any] = {"product_names": ArraySubquery(named.values("product__name"))}  # Any: as above
        return self.annotate(**names).order_by("-is_active", "-valid_from", "-id")

    def locked(self, contract: Contract) -> Contract:
        """Lock `contract` and read it again. Tickets are opened under it meanwhile: its key does not change."""
        return self.select_for_update(of=["self"], no_key=True).get(pk=contract.pk)


def _rows(model: str) -> Any:
    """The rows of a model of this app, which is above this module: asked of the registry, not imported."""
    return apps.get_model(model)._default_manager.all()
