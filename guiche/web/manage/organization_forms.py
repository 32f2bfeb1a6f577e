"""The forms that administrators fill in about a customer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from guiche.organizations.models import Group, Membership, Organization, Reach, Site
from guiche.web import zones
from guiche.web.typeahead import TypeaheadField

FACTS = ("name", "legal_name", "cnpj", "group", "erp_code", "time_zone", "notes")
ADDRESS = ("name", "street", "district", "city", "state", "postal_code")


class OrganizationForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Write the name of the organisation")}
    )
    legal_name = forms.CharField(label=_("Legal name"), max_length=160, required=False)
    cnpj = forms.CharField(label="CNPJ", max_length=24, required=False)
    group = forms.ModelChoiceField(
        label=_("Business group"), queryset=Group.objects.all(), required=False, empty_label=_("No group")
    )
    erp_code = forms.CharField(label=_("ERP code"), max_length=40, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    notes = forms.CharField(
        label=_("Notes for the team"),
        required=False,
        widget=forms.Textarea,
        help_text=_("The customer never sees them."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self.fields["time_zone"].choices = [("", _("The installation's")), *zones.grouped()]  # type: ignore[attr-defined]  # of a ChoiceField


class SiteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, error_messages={"required": _("Write the name of the unit")})
    street = forms.CharField(label=_("Street and number"), max_length=160, required=False)
    district = forms.CharField(label=_("District"), max_length=80, required=False)
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    state = forms.CharField(
        label=_("State of the country"), max_length=2, required=False, help_text=_("Two letters: SP.")
    )
    postal_code = forms.RegexField(
        r"^\d{5}-?\d{3}$",
        label="CEP",
        required=False,
        error_messages={"invalid": _("A CEP has 8 digits. Example: 12345-678")},
    )
    departments = forms.CharField(
        label=_("Departments"), required=False, widget=forms.Textarea, help_text=_("One on each line.")
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class GroupForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, error_messages={"required": _("Write the name of the group")}
    )


class DomainForm(forms.Form):
    name = forms.CharField(
        label=_("Domain"),
        max_length=120,
        help_text=_("What comes after the @: saobento.example"),
        error_messages={"required": _("Write the domain")},
    )


class ProductsForm(forms.Form):
    """Which products an organisation has; those that everybody has are not asked."""

    def __init__(self, *arguments: Any, products: list[tuple[int, str]], **options: Any) -> None:
        # Any: as Django annotates forms.
        super().__init__(*arguments, **options)
        self.fields["products"] = forms.TypedMultipleChoiceField(
            label=_("Products"), choices=products, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
        )


class PlaceForm(forms.Form):
    """Somebody's place in an organisation."""

    reach = forms.ChoiceField(
        label=_("What this person can see"), choices=Reach.choices, widget=forms.RadioSelect, initial=Reach.OWN
    )
    site = forms.ModelChoiceField(label=_("Unit"), queryset=Site.objects.none(), required=False, empty_label=_("None"))
    is_portal_administrator = forms.BooleanField(
        label=_("Administers the portal"),
        required=False,
        help_text=_("Sees every ticket of the organisation and manages its people."),
    )

    def __init__(self, *arguments: Any, organization: Organization, **options: Any) -> None:
        # Any: as Django annotates forms.
        super().__init__(*arguments, **options)
        self.fields["site"].queryset = organization.sites.filter(is_active=True)  # type: ignore[attr-defined]  # of a ModelChoiceField


class InviteForm(PlaceForm):
    name = forms.CharField(label=_("Full name"), max_length=120, error_messages={"required": _("Write the full name")})
    email = forms.EmailField(
        label=_("Work e-mail"),
        required=False,
        help_text=_("Without one, the person is served by telephone only."),
        error_messages={"invalid": _("The @ is missing in the e-mail. Example: nome@hospital.com.br")},
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    field_order = ("name", "email", "phone", "reach", "site", "is_portal_administrator")


class ApproveForm(forms.Form):
    """To which organisation somebody who asked belongs."""

    reach = forms.ChoiceField(
        label=_("What this person can see"), choices=Reach.choices, widget=forms.RadioSelect, initial=Reach.OWN
    )
    field_order = ("organization", "reach")

    def __init__(self, *arguments: Any, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self.fields["organization"] = organization_field()
        self.order_fields(self.field_order)


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text=_("It goes in the letter. Empty: only that the request was not accepted."),
    )


def organization_field() -> TypeaheadField:
    """A box that looks for an active organisation."""
    return TypeaheadField(
        label=_("Organisation"),
        rows=Organization.objects.active(),
        search=lambda found, text: found.named_like(text).for_list(),  # type: ignore[attr-defined]  # an OrganizationQuerySet
        hint=lambda row: row.legal_name,
        error_messages={"required": _("Choose the organisation of this person.")},
    )


def site_values(site: Site) -> dict[str, object]:
    departments = "\n".join(site.departments.values_list("name", flat=True))
    return {name: getattr(site, name) for name in (*ADDRESS, "is_active")} | {"departments": departments}


def place_of(membership: Membership) -> dict[str, object]:
    return {
        "reach": membership.reach,
        "site": membership.site_id,
        "is_portal_administrator": membership.is_portal_administrator,
    }
