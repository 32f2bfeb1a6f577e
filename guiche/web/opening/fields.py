"""The form fields of one line: a standard one by its name, a custom one by its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.accounts.models import User
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.models import Failure as FailureRow
from guiche.catalog.models import FormField, Module, Product, Service
from guiche.catalog.severity import Scale
from guiche.core.text import normalize
from guiche.web.opening.pickers import PickerField, by_name, by_person, by_plain_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MOST_COPIES = 20
LONGEST_TEXT = 500  # characters of a custom text of one line
LONGEST_WORDS = 20_000  # of a custom text of many
LONGEST_DESCRIPTION = 50_000

Fields = dict[str, forms.Field]

# The fields that each standard line brings, in the order of the page.
NAMES: dict[str, tuple[str, ...]] = {
    StandardField.ON_BEHALF_OF: ("on_behalf_of",),
    StandardField.TITLE: ("title",),
    StandardField.PRODUCT: ("product", "module", "service"),
    StandardField.FAILURE: ("failure",),
    StandardField.SEVERITY: ("severity",),
    StandardField.URGENCY: ("urgency", "impact"),
    StandardField.DESCRIPTION: ("description",),
    StandardField.ATTACHMENTS: ("files",),
    StandardField.CONTACT: ("contact_name", "contact_phone"),
    StandardField.CONTACT_EMAIL: ("contact_email",),
    StandardField.BEST_TIME: ("best_time",),
    StandardField.COPIES: ("copies",),
}


class CopiesField(forms.CharField):
    """E-mail addresses, apart by commas, spaces or lines. The answer is a list of them, each once."""

    def clean(self, value: Any) -> list[str]:
        words = super().clean(value)
        addresses = list(dict.fromkeys(word.lower() for word in re.split(r"[\s,;]+", words) if word))
        for address in addresses:
            check_address(address)
        if len(addresses) > MOST_COPIES:
            raise ValidationError(_("At most %s e-mails in copy. Add others on the ticket's page.") % MOST_COPIES)
        return addresses


class AddressField(forms.CharField):
    """One e-mail address, said to be wrong in words that help."""

    def clean(self, value: Any) -> str:
        address: str = super().clean(value).lower()
        if address:
            check_address(address)
        return address


def check_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise ValidationError(_("“%s” is not an e-mail address. Example: name@hospital.com.br") % address) from None


def of(line: FormField) -> Fields:
    """Return the fields of a line, by name, in order. Pickers have no rows yet; lists come from the form."""
    if line.custom is not None:
        made = CUSTOM[Kind(line.custom.kind)](line)
        made.label, made.required = line.custom.name, line.is_required
        made.error_messages["required"] = _("Answer “%s”.") % line.custom.name
        made.help_text = line.help
        return {line.code: made}
    fields = STANDARD[StandardField(line.standard)](line.is_required)
    for field in list(fields.values())[:1]:  # the severity has none yet: the form adds it
        field.help_text = line.help or field.help_text
    return fields


def of_name(name: str) -> PickerField:
    """Return the picker of a standard field alone, to be searched."""
    line = next(line for line, names in NAMES.items() if name in names)
    found = STANDARD[StandardField(line)](False)[name]
    assert isinstance(found, PickerField)  # callers name pickers only
    return found


def _text(
    label: _StrPromise,
    missing: _StrPromise,
    *,
    required: bool,
    longest: int,
    help_text: _StrPromise | str = "",
    attrs: dict[str, str] | None = None,
    of: type[forms.CharField] = forms.CharField,
) -> forms.CharField:
    long_words = gettext_lazy("This is longer than %(limit_value)s characters: it has %(show_value)s.")
    return of(
        label=label,
        required=required,
        max_length=longest,
        help_text=help_text,
        widget=forms.TextInput(attrs or {}),
        error_messages={"required": missing, "max_length": long_words},
    )


def _title(required: bool) -> Fields:
    missing = gettext_lazy("Say in a few words what is happening.")
    advice = gettext_lazy("Name the screen and what happens.")
    return {"title": _text(gettext_lazy("Title"), missing, required=True, longest=200, help_text=advice)}


def _description(required: bool) -> Fields:
    made = _text(
        gettext_lazy("Description"),
        gettext_lazy("Describe what happened."),
        required=required,
        longest=LONGEST_DESCRIPTION,
        help_text=gettext_lazy(
            "Who is affected, what appears on the screen, where, since when and why it gets in the way."
        ),
    )
    made.widget = forms.Textarea()
    made.strip = True
    return {"description": made}


def _contact(required: bool) -> Fields:
    name = _text(
        gettext_lazy("Name"),
        gettext_lazy("Say whom we should talk to."),
        required=required,
        longest=120,
        attrs={"autocomplete": "name"},
    )
    phone = _text(
        gettext_lazy("Phone"),
        gettext_lazy("Give a phone number at which we find you."),
        required=required,
        longest=40,
        attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"},
    )
    return {"contact_name": name, "contact_phone": phone}


def _contact_email(required: bool) -> Fields:
    made = _text(
        gettext_lazy("E-mail"),
        gettext_lazy("Give the e-mail of the contact."),
        required=required,
        longest=254,
        attrs={"type": "email", "inputmode": "email", "autocomplete": "email"},
        of=AddressField,
    )
    return {"contact_email": made}


def _best_time(required: bool) -> Fields:
    missing = gettext_lazy("Say when we may call.")
    attrs = {"placeholder": str(_("From 1pm to 5pm"))}
    return {"best_time": _text(gettext_lazy("Best time to call"), missing, required=required, longest=80, attrs=attrs)}


def _copies(required: bool) -> Fields:
    missing = gettext_lazy("Give an e-mail to keep in copy.")
    attrs = {"inputmode": "email", "placeholder": str(_("name@hospital.com.br"))}
    label = gettext_lazy("E-mails in copy")
    return {"copies": _text(label, missing, required=required, longest=2000, attrs=attrs, of=CopiesField)}


def _picker(
    label: _StrPromise,
    missing: _StrPromise,
    rows: Any,  # Any: a manager or queryset of whatever is picked
    search: Callable[..., Any],
    *,
    required: bool,
    **options: Any,
) -> PickerField:
    return PickerField(
        label=label,
        required=required,
        rows=rows.none(),
        search=search,
        error_messages={"required": missing},
        **options,
    )


def _product(required: bool) -> Fields:
    """Product, module and service; whether the last two are asked is known once the one before is."""
    product = _picker(
        gettext_lazy("Product"),
        gettext_lazy("Choose the product."),
        Product.objects,
        by_plain_name,
        required=required,
        place=lambda row: (row.position, normalize(row.name)),
    )
    module = _picker(
        gettext_lazy("Module"), gettext_lazy("Choose the module."), Module.objects, by_name, required=required
    )
    service = _picker(
        gettext_lazy("Service"), gettext_lazy("Choose the service."), Service.objects, by_name, required=False
    )
    return {"product": product, "module": module, "service": service}


def _failure(required: bool) -> Fields:
    missing = gettext_lazy("Say what failed.")
    label = gettext_lazy("What failed")
    return {"failure": _picker(label, missing, FailureRow.objects, by_plain_name, required=required)}


def _on_behalf_of(required: bool) -> Fields:
    made = _picker(
        gettext_lazy("On behalf of"),
        gettext_lazy("Choose for whom you open it."),
        User.objects.none(),
        by_person,
        required=required,
        hint=lambda person: person.email or "",
    )
    return {"on_behalf_of": made}


def _urgency(required: bool) -> Fields:
    def scale(label: _StrPromise, missing: _StrPromise) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=label,
            required=required,
            choices=Scale.choices,
            widget=forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": missing},
        )

    return {
        "urgency": scale(gettext_lazy("Urgency"), gettext_lazy("Say how urgent it is.")),
        "impact": scale(gettext_lazy("Impact"), gettext_lazy("Say how much of the operation it affects.")),
    }


def _files(required: bool) -> Fields:
    """Only a place for what is said about the files: they come by themselves, see `uploads.gathered`."""
    return {"files": forms.Field(label=gettext_lazy("Attachments"), required=False)}


def _chosen_severity(required: bool) -> Fields:
    return {}  # the form makes it: its cards are rows


STANDARD: dict[StandardField, Callable[[bool], Fields]] = {
    StandardField.ON_BEHALF_OF: _on_behalf_of,
    StandardField.TITLE: _title,
    StandardField.PRODUCT: _product,
    StandardField.FAILURE: _failure,
    StandardField.SEVERITY: _chosen_severity,
    StandardField.URGENCY: _urgency,
    StandardField.DESCRIPTION: _description,
    StandardField.ATTACHMENTS: _files,
    StandardField.CONTACT: _contact,
    StandardField.CONTACT_EMAIL: _contact_email,
    StandardField.BEST_TIME: _best_time,
    StandardField.COPIES: _copies,
}


def _custom_choice(line: FormField) -> forms.Field:
    choices = [(one, one) for one in line.custom.choices] if line.custom else []
    wrong = {"invalid_choice": gettext_lazy("This choice is no longer here. Choose again.")}
    if line.custom and line.custom.kind == Kind.CHOICES:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, error_messages=wrong)
    return forms.ChoiceField(choices=[("", _("Choose") if line.is_required else ""), *choices], error_messages=wrong)


def _custom_text(line: FormField) -> forms.Field:
    long_words = gettext_lazy("This is longer than %(limit_value)s characters: it has %(show_value)s.")
    if line.custom and line.custom.kind == Kind.LONG_TEXT:
        return forms.CharField(
            max_length=LONGEST_WORDS, widget=forms.Textarea, error_messages={"max_length": long_words}
        )
    return forms.CharField(max_length=LONGEST_TEXT, error_messages={"max_length": long_words})


def _custom_number(line: FormField) -> forms.Field:
    wrong = gettext_lazy("Write a number. Example: 12.5")
    return forms.DecimalField(
        max_digits=18,
        decimal_places=4,
        localize=True,
        widget=forms.TextInput({"inputmode": "decimal"}),
        error_messages=dict.fromkeys(("invalid", "max_digits", "max_decimal_places", "max_whole_digits"), wrong),
    )


def _custom_date(line: FormField) -> forms.Field:
    wrong = gettext_lazy("Write a date. Example: 11/19/2026")
    return forms.DateField(
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), error_messages={"invalid": wrong}
    )


def _custom_person(line: FormField) -> forms.Field:
    return _picker(
        gettext_lazy("Person"),
        gettext_lazy("Choose the person."),
        User.objects.none(),
        by_person,
        required=line.is_required,
        hint=lambda person: person.email or "",
    )


CUSTOM: dict[Kind, Callable[[FormField], forms.Field]] = {
    Kind.TEXT: _custom_text,
    Kind.LONG_TEXT: _custom_text,
    Kind.NUMBER: _custom_number,
    Kind.DATE: _custom_date,
    Kind.CHOICE: _custom_choice,
    Kind.CHOICES: _custom_choice,
    Kind.CHECKBOX: lambda line: forms.BooleanField(),
    Kind.PERSON: _custom_person,
}
