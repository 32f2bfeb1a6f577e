"""What customers have: contracts, with what they cover and for how long."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guiche.assets.querysets import ContractQuerySet
from guiche.catalog.models import Product
from guiche.core.fields import SortKey
from guiche.organizations.models import Organization, Recorded


class Contract(Recorded):
    """What an organisation agreed with the provider. Tickets opened while it is in force are under it."""

    number = models.CharField(_("number"), max_length=60)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="contracts")
    products = models.ManyToManyField(
        Product, through="assets.CoveredProduct", related_name="contracts", blank=True
    )  # none: all
    valid_from = models.DateField(_("valid from"))  # first and last day, where the organisation is
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # null: until it is ended
    note = models.TextField(_("notes for staff"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)  # false: it was ended, whatever its days say
    created_at = models.DateTimeField(auto_now_add=True)

    product_ids: list[int]  # only where ContractQuerySet.with_product_ids() gave it
    product_names: list[str]  # only where for_list() did

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("organization", SortKey("number"), name="contract_number_once"),
            models.CheckConstraint(
                name="contract_days_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CoveredProduct(models.Model):
    """A product that a contract names. A row of its own, so that no product is removed under a contract's feet.

    A contract that lost the last one it names would cover all.
    """

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="covered")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="covered_product_once", fields=["contract", "product"])]

    def __str__(self) -> str:
        return f"{self.product_id} under {self.contract_id}"
