"""Which products and request types: the named conditions, and who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.catalog.models import MatrixCell, Product, RequestType, Severity  # noqa: F401 - named in strings below
    from guiche.organizations.models import Organization


class ProductQuerySet(QuerySet["Product"]):
    def active(self) -> ProductQuerySet:
        return self.filter(is_active=True)

    def of(self, organization: Organization) -> ProductQuerySet:
        """The products that `organization` has."""
        return self.active().filter(Q(is_for_all=True) | Q(organizations=organization)).distinct()


class RequestTypeQuerySet(QuerySet["RequestType"]):
    def active(self) -> RequestTypeQuerySet:
        return self.filter(is_active=True)

    def offered_to(self, user: User, organization: Organization | None) -> RequestTypeQuerySet:
        """What `user` may open for `organization`: a type bound to products needs one that the organisation has."""
        found = self.active()
        if not user.works_here:
            found = found.filter(is_for_customers=True)
        if organization is not None:
            products = apps.get_model("catalog.Product")._default_manager
            bound = products.filter(request_types=OuterRef("pk"))
            had = products.of(organization).filter(request_types=OuterRef("pk"))
            found = found.filter(~Exists(bound) | Exists(had))
        return found


class MatrixQuerySet(QuerySet["MatrixCell"]):
    def as_matrix(self) -> dict[tuple[str, str], Severity]:
        """The severity of each pair of urgency and impact. One query."""
        return {(cell.urgency, cell.impact): cell.severity for cell in self.select_related("severity")}
