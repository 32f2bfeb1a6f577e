"""The forms of the portal administrator's people screen."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from guiche.organizations.models import Membership, Organization, Reach, Site

ROLES = [("", _("Opens and follows")), ("administrator", _("Administers the portal"))]


class PlaceForm(forms.Form):
    """What somebody sees, from where, and whether they administer."""

    site = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=_("None"),
        error_messages={"invalid_choice": _("Choose a unit of the list")},
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, required=False)
    reach = forms.ChoiceField(
        label=_("What this person can see"),
        choices=Reach.choices,
        initial=Reach.OWN,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what this person can see")},
    )

    def __init__(self, *args: object, organization: Organization, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's own
        sites = organization.sites.filter(is_active=True).order_by("name", "id")
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]  # a ModelChoiceField

    def place(self) -> dict[str, object]:
        """Return the values as the actions take them."""
        values = self.cleaned_data
        return {
            "reach": values["reach"],
            "site": values["site"],
            "is_portal_administrator": values["role"] == "administrator",
        }


def place_values(place: Membership) -> dict[str, object]:
    """Return what the form of a place begins with."""
    return {
        "site": place.site_id,
        "reach": place.reach,
        "role": "administrator" if place.is_portal_administrator else "",
    }


class InvitationForm(PlaceForm):
    name = forms.CharField(
        label=_("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write the full name")},
    )
    email = forms.CharField(
        label=_("Work e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocomplete": "off"}),
        error_messages={"required": _("Write the e-mail")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    field_order = ["name", "email", "phone", "site", "role", "reach"]


class EmailForm(forms.Form):
    email = forms.CharField(
        label=_("New e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocomplete": "off"}),
        error_messages={"required": _("Write the e-mail")},
    )


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, at most 2.000 people. The first line names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={
            "required": _("Choose the file with the list"),
            "empty": _("The file is empty. Choose another one."),
        },
    )
