"""The forms that administrators fill in about products, request types and severities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import Team
from guiche.catalog.answer_words import MOST_OFFERED
from guiche.catalog.conditions import Condition
from guiche.catalog.fields import Kind
from guiche.catalog.models import Failure, Impact, Module, Product, Section, Service, Severity, Tone
from guiche.catalog.service_table import hours, minutes
from guiche.catalog.severity import SeveritySource
from guiche.organizations.models import Organization
from guiche.workflows.models import Workflow

ICONS = (
    ("bug", _("Failure")),
    ("ask", _("Question")),
    ("bulb", _("Idea")),
    ("laptop", _("Computer")),
    ("coin", _("Money")),
    ("hand", _("Handshake")),
    ("gear", _("Gear")),
    ("chat", _("Conversation")),
    ("file", _("Document")),
    ("wrench", _("Wrench")),
    ("box", _("Box")),
    ("printer", _("Printer")),
    ("grad", _("Class")),
    ("shield", _("Shield")),
    ("phone", _("Telephone")),
)
_NAME = {"required": _("Write a name.")}
IS, IS_NOT = "is", "is_not"

Pairs = Sequence[tuple[str, str]]  # value and words


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=300, error_messages=_NAME)


class RowForm(NameForm):
    is_active = forms.BooleanField(label=_("In the forms"), required=False)


def row_values(row: Module | Service | Failure) -> dict[str, object]:
    return {"name": row.name, "is_active": row.is_active}


class ProductForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, error_messages=_NAME)
    description = forms.CharField(label=_("Description"), max_length=200, required=False)
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.filter(is_active=True),
        required=False,
        empty_label=_("The one of the request type"),
        help_text=_("Where tickets about this product go."),
    )
    is_for_all = forms.BooleanField(label=_("Every organisation has it"), required=False)
    organizations = forms.ModelMultipleChoiceField(
        label=_("Organisations that have it"),
        queryset=Organization.objects.active().for_list(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_active = forms.BooleanField(label=_("In the forms"), required=False, initial=True)


def product_values(one: Product) -> dict[str, object]:
    names = ("name", "description", "is_for_all", "is_active", "team")
    return {name: getattr(one, name) for name in names} | {"organizations": one.organizations.all()}


class DurationField(forms.CharField):
    """Business hours as people write them, cleaned to minutes."""

    def to_python(self, value: Any) -> Any:  # Any: as Django annotates fields
        try:
            return minutes(str(super().to_python(value) or ""))
        except ValueError:
            raise forms.ValidationError(
                gettext("Write a time in business hours. Example: 2 h, 1h30, 90 min.")
            ) from None

    def validate(self, value: Any) -> None:  # Any: as Django annotates fields
        return

    def run_validators(self, value: Any) -> None:  # Any: as Django annotates fields
        return


class ImpactForm(forms.Form):
    description = forms.CharField(
        label=_("Impact"), max_length=200, error_messages={"required": _("Write what it does to the customer.")}
    )
    severity = forms.ModelChoiceField(
        label=_("Severity"),
        queryset=Severity.objects.all(),
        empty_label=None,
        error_messages={"required": _("Choose a severity.")},
    )
    diagnosis_minutes = DurationField(label=_("Diagnosis, in business hours"), required=False)
    solution_minutes = DurationField(label=_("Solution, in business hours"), required=False)


def impact_values(known: Impact | None) -> dict[str, object]:
    if known is None:
        return {}
    return {
        "description": known.description,
        "severity": known.severity_id,
        "diagnosis_minutes": hours(known.diagnosis_minutes),
        "solution_minutes": hours(known.solution_minutes),
    }


class TableForm(forms.Form):
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("CSV or XLSX. The first row names the columns."),
        error_messages={"required": _("Choose the spreadsheet."), "empty": _("The file is empty. Choose another one.")},
    )


class TypeForm(forms.Form):
    """What a request type is: the first tab of its page."""

    name = forms.CharField(label=_("Name"), max_length=60, error_messages=_NAME)
    sentence = forms.CharField(
        label=_("When to use it"),
        max_length=160,
        help_text=_("One line below the name, on the portal's home page."),
        error_messages={"required": _("Say in one line when to use it.")},
    )
    icon = forms.ChoiceField(label=_("Icon"), choices=ICONS)
    section = forms.ChoiceField(label=_("Place on the home page"), choices=Section.choices)
    workflow = forms.ModelChoiceField(
        label=_("Workflow"),
        queryset=Workflow.objects.filter(is_active=True),
        empty_label=_("Choose the workflow"),
        error_messages={"required": _("Choose the workflow.")},
    )
    default_team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.filter(is_active=True),
        empty_label=_("Choose the team"),
        error_messages={"required": _("Choose the team.")},
    )
    products = forms.ModelMultipleChoiceField(
        label=_("Only for these products"),
        queryset=Product.objects.active(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None marked: for everybody."),
    )
    is_for_customers = forms.BooleanField(label=_("Customers may use it"), required=False, initial=True)
    is_reserved = forms.BooleanField(
        label=_("Reserved"), required=False, help_text=_("Colleagues of the requester don't see these tickets.")
    )
    suggests_articles = forms.BooleanField(label=_("Suggests articles"), required=False, initial=True)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class TypeSeverityForm(forms.Form):
    """Where the tickets of a type get their severity."""

    severity_source = forms.ChoiceField(
        label=_("Severity"), choices=SeveritySource.choices, widget=forms.RadioSelect, initial=SeveritySource.NONE
    )
    fixed_severity = forms.ModelChoiceField(
        label=_("The severity that is always the same"),
        queryset=Severity.objects.all(),
        required=False,
        empty_label=_("None"),
    )


class TypeAfterForm(forms.Form):
    """What follows when a ticket of a type is open."""

    has_deadlines = forms.BooleanField(label=_("Has deadlines"), required=False)
    needs_validation = forms.BooleanField(label=_("The customer validates the solution"), required=False)
    has_survey = forms.BooleanField(label=_("A satisfaction survey follows"), required=False)


class RequestTypeForm(TypeAfterForm, TypeSeverityForm, TypeForm):
    """All of it at once, for a new type."""


class LineForm(forms.Form):
    """A line of a form, standard or own, with as many conditions as `rows` gives answers to choose from for."""

    help = forms.CharField(label=_("Help"), max_length=200, required=False)
    is_required = forms.BooleanField(label=_("Required"), required=False)
    conditions = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, askable: Pairs, rows: Sequence[Pairs], **options: Any) -> None:
        # Any: as Django annotates forms.
        super().__init__(*arguments, **options)
        for index, answers in enumerate(rows):
            self.fields[f"field_{index}"] = _choice(_("Field"), askable, _("Choose the field"))
            self.fields[f"comparison_{index}"] = forms.ChoiceField(
                label=_("Comparison"), choices=[(IS, _("is")), (IS_NOT, _("is not"))]
            )
            self.fields[f"value_{index}"] = _choice(
                _("Value"), answers, _("Choose the answer") if answers else _("Choose the field first")
            )
            if len(answers) >= MOST_OFFERED:
                self.fields[f"value_{index}"].help_text = _(
                    "Only the first are here. Choose the product or the module in another condition to see its own."
                )
        self.condition_count = len(rows)

    def rules(self) -> tuple[Condition, ...]:
        """Return the conditions of a valid form."""
        said = self.cleaned_data
        return tuple(
            Condition(said[f"field_{n}"], said[f"value_{n}"], said[f"comparison_{n}"] == IS)
            for n in range(self.condition_count)
        )


def _choice(label: Any, answers: Pairs, blank: Any) -> forms.ChoiceField:  # Any: lazy words
    wrong = {"required": blank, "invalid_choice": _("Choose the answer that this field waits for.")}
    return forms.ChoiceField(label=label, choices=[("", blank), *answers], error_messages=wrong)


class OwnLineForm(LineForm):
    """A line with a field of the provider's own: its words too."""

    name = forms.CharField(label=_("Name of the field"), max_length=80, error_messages=_NAME)
    choices = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea,
        help_text=_("One on each line, in the order in which they appear."),
    )
    is_for_customers = forms.BooleanField(label=_("The customer sees it"), required=False)


class NewLineForm(OwnLineForm):
    """A line with an own field that no ticket has answers of: its kind may still change."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)


class CustomFieldForm(forms.Form):
    name = forms.CharField(label=_("Name of the field"), max_length=80, error_messages=_NAME)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    choices = forms.CharField(
        label=_("Options"),
        required=False,
        widget=forms.Textarea,
        help_text=_("For choices only: one on each line, in the order in which they appear."),
    )
    is_for_customers = forms.BooleanField(label=_("The customer sees it"), required=False, initial=True)


class SeverityForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, error_messages=_NAME)
    description = forms.CharField(label=_("What it means to the operation"), max_length=200, required=False)
    tone = forms.ChoiceField(label=_("Colour"), choices=Tone.choices)
    asks_to_call = forms.BooleanField(label=_("Asks the customer to call too"), required=False)
