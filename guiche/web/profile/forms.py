"""The forms of my own record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from guiche.accounts.actions.access import LONGEST_PASSWORD
from guiche.accounts.models import Language, Theme
from guiche.web import zones

if TYPE_CHECKING:
    from django.http import QueryDict

    from guiche.accounts.models import User


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write the full name")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's own
        chosen = str(self.initial.get("time_zone") or "")
        self.fields["time_zone"].choices = zones.choices(chosen, _("The organisation's"))  # type: ignore[attr-defined]


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, required=False)
    has_shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        help_text=_("On the desk: J and K walk the queue, R answers, ? shows them all."),
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        super().__init__(data, initial={"theme": user.theme, "has_shortcuts": user.has_shortcuts})
        if not user.at_the_desk:  # only the desk has them
            del self.fields["has_shortcuts"]


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP of up to 5 MB. It is cut to a square."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a picture"), "empty": _("This picture is empty. Choose it again.")},
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Write your password")},
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=_("At least 10 characters. A short sentence is worth more than symbols."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Write the new password")},
    )
