"""The forms about whom an agreement is made with, one for each level, and about which one would hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiche.assets.models import Contract
from guiche.calendars.models import Calendar
from guiche.catalog.models import Module, Product, RequestType, Service, Severity
from guiche.core.text import normalize
from guiche.organizations.models import Organization, Site
from guiche.sla.models import Assignment, Policy
from guiche.sla.places import Place
from guiche.web.typeahead import Rows, TypeaheadField

CONTRACT, ORGANIZATION, PRODUCT, REQUEST_TYPE, EVERYBODY = "contrato", "organizacao", "produto", "tipo", "todos"
LEVELS = {
    CONTRACT: _("A contract"),
    ORGANIZATION: _("An organisation"),
    PRODUCT: _("A product"),
    REQUEST_TYPE: _("A request type"),
    EVERYBODY: _("Everybody else"),
}
YES, NO = "sim", "nao"
_JOINS = ((YES, _("Yes: it stands still there too")), (NO, _("No")))


def organizations(**options: Any) -> TypeaheadField:  # Any: as Django annotates fields
    return TypeaheadField(
        label=_("Organisation"),
        rows=Organization.objects.active(),
        search=lambda found, text: found.named_like(text).for_list(),  # type: ignore[attr-defined]  # an OrganizationQuerySet
        hint=lambda row: row.legal_name,
        error_messages={"required": _("Choose the organisation.")},
        **options,
    )


def contracts() -> TypeaheadField:
    return TypeaheadField(
        label=_("Contract"),
        rows=Contract.objects.filter(is_active=True).select_related("organization"),
        search=_contract_search,
        hint=lambda row: row.organization.name,
        error_messages={"required": _("Choose the contract.")},
    )


def _contract_search(rows: Rows, text: str) -> Rows:
    for word in text.split()[:6]:
        rows = rows.filter(Q(number__icontains=word) | Q(organization__search_key__contains=normalize(word)))
    return rows.order_by("number", "pk")


def parts() -> TypeaheadField:
    """Modules of every product, and the services inside: what the text names."""
    return TypeaheadField(
        label=_("Module"),
        rows=Module.objects.select_related("product"),
        search=_by_name,
        hint=lambda row: row.product.name,
        required=False,
    )


def services() -> TypeaheadField:
    return TypeaheadField(
        label=_("Service"),
        rows=Service.objects.select_related("module__product"),
        search=_by_name,
        hint=lambda row: f"{row.module.product.name} › {row.module.name}",
        required=False,
    )


def _by_name(rows: Rows, text: str) -> Rows:
    for word in normalize(text).split()[:6]:
        rows = rows.filter(search_key__contains=word)
    return rows.order_by("search_key", "pk")


SEARCHES = {"organization": organizations, "contract": contracts, "module": parts, "service": services}


class SaidForm(forms.Form):
    """What a place is given; the fields that say which place come before, in the forms below."""

    policy = forms.ModelChoiceField(
        label=_("Agreement"),
        queryset=Policy.objects.none(),
        required=False,
        empty_label=_("That of the next level"),
    )
    calendar = forms.ModelChoiceField(
        label=_("Calendar"),
        queryset=Calendar.objects.none(),
        required=False,
        empty_label=_("That of the next level"),
    )
    joins_city = forms.ChoiceField(
        label=_("Closed on the holidays of the customer's city"),
        choices=[("", _("As the next level says")), *_JOINS],
        required=False,
        help_text=_("Needs a calendar of the city, and the city in the unit of the ticket."),
    )

    def __init__(self, *arguments: Any, known: Assignment | None = None, **options: Any) -> None:
        # Any: as Django annotates forms.
        super().__init__(*arguments, **options)
        policy, calendar = (known.policy_id, known.calendar_id) if known else (None, None)
        given = Policy.objects.filter(Q(is_active=True) | Q(pk=policy))
        hours = Calendar.objects.filter(Q(pk__in=Calendar.objects.active().of_hours()) | Q(pk=calendar))
        self.fields["policy"].queryset = given  # type: ignore[attr-defined]  # a choice of models
        self.fields["calendar"].queryset = hours  # type: ignore[attr-defined]  # the same

    def said(self) -> dict[str, Any]:  # Any: rows, and yes or no
        cleaned = self.cleaned_data
        joins = {YES: True, NO: False}.get(cleaned["joins_city"])
        return {"policy": cleaned["policy"], "calendar": cleaned["calendar"], "joins_city": joins}

    def place(self) -> Place:
        """Return which place a valid form names."""
        return Place()


class ContractForm(SaidForm):
    field_order = ["contract"]
    contract = contracts()

    def place(self) -> Place:
        return Place(contract=self.cleaned_data["contract"])


class OrganizationForm(SaidForm):
    field_order = ["organization"]
    organization = organizations()

    def place(self) -> Place:
        return Place(organization=self.cleaned_data["organization"])


class ProductForm(SaidForm):
    """A product, or one of its modules, or a service of it."""

    field_order = ["product", "module", "service"]
    product = forms.ModelChoiceField(
        label=_("Product"),
        queryset=Product.objects.order_by("position", "name", "id"),
        empty_label=_("Choose the product"),
        error_messages={"required": _("Choose the product.")},
    )
    module = parts()
    service = services()

    def clean(self) -> dict[str, Any]:  # Any: as Django annotates forms
        cleaned = super().clean() or self.cleaned_data
        product, module, service = (cleaned.get(name) for name in ("product", "module", "service"))
        if product and module and module.product_id != product.pk:
            self.add_error("module", _("This module is of another product. Choose one of this product."))
        if product and service and service.module.product_id != product.pk:
            self.add_error("service", _("This service is of another product. Choose one of this product."))
        elif module and service and service.module_id != module.pk:
            self.add_error("service", _("This service is of another module. Choose one of this module."))
        return cleaned

    def place(self) -> Place:
        cleaned = self.cleaned_data
        service = cleaned["service"]
        return Place(
            product=cleaned["product"],
            module=service.module if service else cleaned["module"],
            service=service,
        )


class RequestTypeForm(SaidForm):
    field_order = ["request_type"]
    request_type = forms.ModelChoiceField(
        label=_("Request type"),
        queryset=RequestType.objects.order_by("section", "position", "id"),
        empty_label=_("Choose the request type"),
        error_messages={"required": _("Choose the request type.")},
    )

    def place(self) -> Place:
        return Place(request_type=self.cleaned_data["request_type"])


OF_LEVEL: Mapping[str, type[SaidForm]] = {
    CONTRACT: ContractForm,
    ORGANIZATION: OrganizationForm,
    PRODUCT: ProductForm,
    REQUEST_TYPE: RequestTypeForm,
    EVERYBODY: SaidForm,
}


def said_values(row: Assignment) -> dict[str, object]:
    joins = {True: YES, False: NO, None: ""}[row.joins_city]
    return {"policy": row.policy_id, "calendar": row.calendar_id, "joins_city": joins}


class WhichForm(forms.Form):
    """A ticket as it might be: whoever is chosen first narrows what comes after, when the page is asked for again."""

    organization = organizations(required=False)
    contract = forms.ModelChoiceField(
        label=_("Contract"), queryset=Contract.objects.none(), required=False, empty_label=_("Under no contract")
    )
    site = forms.ModelChoiceField(
        label=_("Unit"), queryset=Site.objects.none(), required=False, empty_label=_("Not said")
    )
    request_type = forms.ModelChoiceField(
        label=_("Request type"),
        queryset=RequestType.objects.active().order_by("section", "position", "id"),
        required=False,
        empty_label=_("Any with deadlines"),
    )
    product = forms.ModelChoiceField(
        label=_("Product"),
        queryset=Product.objects.active().order_by("position", "name", "id"),
        required=False,
        empty_label=_("Without product"),
    )
    module = parts()
    service = services()
    severity = forms.ModelChoiceField(
        label=_("Severity"),
        queryset=Severity.objects.order_by("level"),
        required=False,
        empty_label=_("Without severity"),
    )

    def narrow(self, organization: Organization | None) -> None:
        """Offer the contracts and units of `organization`."""
        own = organization.pk if organization else 0
        self.fields["contract"].queryset = Contract.objects.filter(organization=own).order_by("number")  # type: ignore[attr-defined]
        self.fields["site"].queryset = Site.objects.filter(organization=own).order_by("name", "id")  # type: ignore[attr-defined]
