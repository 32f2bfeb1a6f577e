"""The forms in front of the gate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from guiche.accounts.actions.access import LONGEST_PASSWORD

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_CURRENT = {"autocomplete": "current-password"}
_NEW = {"autocomplete": "new-password"}
RULES = _("At least 10 characters. A short sentence is worth more than symbols.")


def _full_name() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "name"})
    missing = _("Write the full name")
    return forms.CharField(label=_("Full name"), max_length=120, widget=widget, error_messages={"required": missing})


def _email(autocomplete: str, missing: _StrPromise) -> forms.CharField:
    """A text field: what is wrong with an address is said by our rules, in our words."""
    widget = forms.TextInput(attrs={"type": "email", "inputmode": "email", "autocomplete": autocomplete})
    return forms.CharField(label=_("E-mail"), max_length=254, widget=widget, error_messages={"required": missing})


def _password(
    label: _StrPromise, attrs: dict[str, str], missing: _StrPromise, help_text: _StrPromise | str = ""
) -> forms.CharField:
    """A password as typed: spaces count."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=help_text,
        widget=forms.PasswordInput(attrs=attrs),
        error_messages={"required": missing},
    )


class SignInForm(forms.Form):
    email = _email("username", _("Write your e-mail"))
    password = _password(_("Password"), _CURRENT, _("Write your password"))
    remember = forms.BooleanField(label=_("Keep me signed in on this device"), required=False, initial=True)


class AddressForm(forms.Form):
    email = _email("email", _("Write your e-mail"))


class NewPasswordForm(forms.Form):
    password = _password(_("New password"), _NEW, _("Write the new password"), help_text=RULES)


class RegistrationForm(forms.Form):
    name = _full_name()
    email = _email("email", _("Write your e-mail"))
    company = forms.CharField(
        label=_("Company"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Write the name of your company")},
    )
    message = forms.CharField(
        label=_("Message to the support team"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SetUpForm(forms.Form):
    name = _full_name()
    email = _email("email", _("Write your e-mail"))
    password = _password(_("Password"), _NEW, _("Write the new password"), help_text=RULES)
