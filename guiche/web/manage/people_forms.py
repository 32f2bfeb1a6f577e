"""The forms that administrators fill in about a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guiche.accounts.models import Language, User
from guiche.accounts.querysets import UserQuerySet
from guiche.accounts.roles import GRANTABLE
from guiche.web.typeahead import TypeaheadField

AnyForm = forms.BaseForm
Act = Callable[[dict[str, Any]], object]  # Any: what a form cleaned

_NAME_MISSING = {"required": _("Write the full name")}
_EMAIL_WRONG = {
    "required": _("Write the e-mail"),
    "invalid": _("The @ is missing in the e-mail. Example: nome@hospital.com.br"),
}


def contact_field(but: int | None = None) -> TypeaheadField:
    """A box that looks for a contact, the one with the key `but` left out."""
    rows = User.objects.contacts().filter(merged_into=None)
    if but is not None:
        rows = rows.exclude(pk=but)
    return TypeaheadField(
        label=_("The other record"),
        rows=rows,
        search=lambda found, text: found.named_like(text).for_list(),  # type: ignore[attr-defined]  # a UserQuerySet
        hint=lambda row: row.email or row.phone,
        error_messages={"required": _("Choose the other record of this person.")},
    )


class StaffForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=120, error_messages=_NAME_MISSING)
    email = forms.EmailField(label=_("Work e-mail"), error_messages=_EMAIL_WRONG)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, role.label) for role in GRANTABLE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role")},
    )


class PersonForm(forms.Form):
    name = forms.CharField(label=_("Full name"), max_length=120, error_messages=_NAME_MISSING)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, role.label) for role in GRANTABLE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role")},
    )


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("New e-mail"), error_messages=_EMAIL_WRONG)


class DeactivateForm(forms.Form):
    """Who works at the desk leaves open tickets behind: to whom they go is asked."""

    successor = forms.ModelChoiceField(
        label=_("Who takes over the open tickets"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: they wait in the queue of their team"),
    )

    def __init__(self, *arguments: Any, person: User, waiting: int, **options: Any) -> None:
        # Any: as Django annotates forms. `waiting`: how many open tickets are in the person's name.
        super().__init__(*arguments, **options)
        if not person.at_the_desk:
            del self.fields["successor"]
            return
        others: UserQuerySet = User.objects.at_the_desk().exclude(pk=person.pk).for_list()
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]  # of a ModelChoiceField
        self.fields["successor"].help_text = ngettext(
            "%(n)s ticket is open in this name.", "%(n)s tickets are open in this name.", waiting
        ) % {"n": waiting}


class MergeForm(forms.Form):
    def __init__(self, *arguments: Any, person: User, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self.fields["other"] = contact_field(but=person.pk)
