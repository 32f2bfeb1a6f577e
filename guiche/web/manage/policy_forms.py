"""The forms about agreements on deadlines: what one says, when it begins, whom it is for, and what would come of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import Team
from guiche.catalog.models import Severity
from guiche.catalog.service_table import hours, minutes
from guiche.sla import terms as said
from guiche.sla.choosing import TargetKey
from guiche.sla.metrics import FOR_CUSTOMERS, Metric
from guiche.sla.models import Policy
from guiche.sla.terms import Terms

LONGEST_TARGET = 20  # letters
NEW_ONLY, NEW_AND_OPEN = "new", "open"
AUDIENCES = ((NEW_ONLY, _("New tickets only")), (NEW_AND_OPEN, _("New and open ones")))
FIRST_YEAR, LAST_YEAR = 1970, 2199  # of a moment that somebody meant
_NAME = {"required": _("Write a name.")}


class PolicyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, error_messages=_NAME)
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("For administrators: when to use it.")
    )


def policy_values(one: Policy) -> dict[str, object]:
    return {"name": one.name, "note": one.note}


class NewPolicyForm(PolicyForm):
    copy_of = forms.ModelChoiceField(
        label=_("Begins with the targets of"),
        queryset=Policy.objects.active(),
        required=False,
        empty_label=_("None: it begins empty"),
    )


class TargetField(forms.CharField):
    """Business time as people write it, cleaned to minutes; None when empty."""

    def __init__(self, **options: Any) -> None:  # Any: as Django annotates fields
        super().__init__(required=False, max_length=LONGEST_TARGET, **options)

    def clean(self, value: Any) -> int | None:  # Any: as Django annotates fields
        text = str(super().clean(value) or "").strip()
        try:
            found = minutes(text)
        except ValueError:
            found = None
            if text.strip(" -."):
                raise forms.ValidationError(
                    gettext("Write a time in business hours. Example: 2 h, 1h30, 90 min.")
                ) from None
        found = 0 if found is None and any(sign.isdigit() for sign in text) else found
        if found is not None and (fault := said.target_fault(found)):
            raise forms.ValidationError(fault)
        return found


@dataclass(frozen=True)
class Offered:
    """What the boxes of a draft are about, and the calendars that may be chosen: read once for a page."""

    severities: Sequence[Severity]
    teams: Sequence[Team]
    calendars: Sequence[tuple[int, str]]


class TermsForm(forms.Form):
    """All that a draft says: a box for each severity and metric, and for each severity and team."""

    at_risk_percent = forms.IntegerField(
        label=_("At risk from, in percent used"),
        error_messages={"required": _("Write a share between 1 and 99."), "invalid": _("Write a whole number.")},
    )
    counts_delivery = forms.BooleanField(label=_("The delivery of the solution ends its deadline"), required=False)
    note = forms.CharField(label=_("What changed"), max_length=said.LONGEST_NOTE, required=False)

    def __init__(self, *arguments: Any, offered: Offered, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self.offered = offered
        self.fields["calendar"] = _calendar_field(
            gettext("Calendar of the agreement"),
            gettext("The default one"),
            offered,
            gettext("Counts where contract, organisation, product and type have none of their own."),
        )
        for severity in (*offered.severities, None):
            self._add_boxes(severity)

    def _add_boxes(self, severity: Severity | None) -> None:
        name, pk = (severity.name, severity.pk) if severity else (gettext("Without severity"), None)
        for metric in FOR_CUSTOMERS:
            self.fields[said.box((pk, str(metric), None))] = TargetField(label=f"{name}, {metric.label}")
        for team in self.offered.teams:
            self.fields[said.box((pk, str(Metric.TEAM), team.pk))] = TargetField(label=f"{team.name}, {name}")
        if pk is not None:
            words = gettext("Calendar of %(severity)s") % {"severity": name}
            field = _calendar_field(words, gettext("that of the agreement"), self.offered)
            self.fields[said.calendar_box(pk)] = field

    def terms(self) -> Terms:
        """Return what a valid form says."""
        cleaned = self.cleaned_data
        boxes = {key: cleaned.get(said.box(key)) for key in keys(self.offered)}
        calendars = {one.pk: cleaned[said.calendar_box(one.pk)] for one in self.offered.severities}
        return Terms(
            targets={key: value for key, value in boxes.items() if value is not None},
            calendar=cleaned["calendar"],
            severity_calendars={severity: pk for severity, pk in calendars.items() if pk},
            counts_delivery=cleaned["counts_delivery"],
            at_risk_percent=cleaned["at_risk_percent"],
            note=cleaned["note"],
        )


def _calendar_field(label: str, blank: str, offered: Offered, help_text: str = "") -> forms.TypedChoiceField:
    choices = [("", blank), *offered.calendars]
    return forms.TypedChoiceField(
        label=label, help_text=help_text, choices=choices, coerce=int, empty_value=None, required=False
    )


def terms_values(terms: Terms, offered: Offered) -> dict[str, object]:
    """Return what every box of a form about `terms` begins with, empty ones too."""
    values: dict[str, object] = {said.box(key): hours(terms.targets.get(key)) for key in keys(offered)}
    values |= {said.calendar_box(one.pk): terms.severity_calendars.get(one.pk) for one in offered.severities}
    return values | {
        "calendar": terms.calendar,
        "at_risk_percent": terms.at_risk_percent,
        "counts_delivery": terms.counts_delivery,
        "note": terms.note,
    }


def keys(offered: Offered) -> Iterator[TargetKey]:
    """Yield the key of every box of time."""
    for pk in (*(one.pk for one in offered.severities), None):
        yield from ((pk, str(metric), None) for metric in FOR_CUSTOMERS)
        yield from ((pk, str(Metric.TEAM), team.pk) for team in offered.teams)


@dataclass(frozen=True)
class Cell:
    """A box of the table of targets. `bound` is None on a version that cannot be changed: `text` stands there."""

    text: str
    was: str  # what the version before said, where it differs
    bound: BoundField | None = None


@dataclass(frozen=True)
class Line:
    severity: Severity | None
    cells: list[Cell]
    hints: list[str]
    calendar: BoundField | None
    calendar_name: str


def lines(
    severities: Iterable[Severity | None],
    terms: Terms,
    before: Terms | None,
    names: Mapping[int, str],
    form: TermsForm | None = None,
) -> list[Line]:
    """Return the rows of the table of targets; `before`: of the version that `terms` replace, if any."""
    hints = said.hints(terms)
    found = []
    for severity in severities:
        pk = severity.pk if severity else None
        keys = [(pk, str(metric), None) for metric in FOR_CUSTOMERS]
        box = said.calendar_box(severity.pk) if severity else ""
        found.append(
            Line(
                severity,
                [cell(key, terms, before, form) for key in keys],
                [hint.sentence for hint in hints if hint.severity == pk],
                form[box] if form and box else None,
                names.get(terms.severity_calendars.get(pk or 0, 0), ""),
            )
        )
    return found


def cell(key: TargetKey, terms: Terms, before: Terms | None, form: TermsForm | None = None) -> Cell:
    now, then = terms.targets.get(key), before.targets.get(key) if before else None
    was = "" if before is None or now == then else hours(then) or gettext("none")
    return Cell(hours(now), was, form[said.box(key)] if form else None)


class MomentField(forms.DateTimeField):
    """A date and a time of the clock where the person is."""

    def __init__(self, **options: Any) -> None:  # Any: as Django annotates fields
        wrong = {"invalid": _("Write the day and the time as in 25/11/2026 14:30.")}
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"]
        box = forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
        super().__init__(input_formats=formats, widget=box, error_messages=wrong | options.pop("errors", {}), **options)

    def to_python(self, value: Any) -> datetime | None:  # Any: as Django annotates fields
        try:
            found = super().to_python(value)
        except forms.ValidationError as refusal:
            if refusal.code != "ambiguous_timezone":
                raise
            sentence = gettext("The clocks change then: this time comes twice or never. Choose another one.")
            raise forms.ValidationError(sentence) from refusal
        if found is not None and not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise forms.ValidationError(gettext("Check the year"))
        return found

    def prepare_value(self, value: Any) -> Any:  # Any: as above
        return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}" if isinstance(value, datetime) else value


class PublishForm(forms.Form):
    effective_from = MomentField(
        label=_("In force from"), required=False, help_text=_("Empty: from now on. A later moment schedules it.")
    )
    audience = forms.ChoiceField(label=_("Whom it is for"), choices=AUDIENCES, initial=NEW_ONLY, required=False)
    expected = forms.CharField(widget=forms.HiddenInput, required=False)


class SimulatorForm(forms.Form):
    abertura = MomentField(label=_("A ticket opened on"), errors={"required": _("Choose the day and the time.")})
    gravidade = forms.TypedChoiceField(label=_("Severity"), coerce=int, empty_value=None, required=False)

    def __init__(self, *arguments: Any, severities: Iterable[Severity], **options: Any) -> None:
        # Any: as Django annotates forms.
        super().__init__(*arguments, **options)
        choices = [*((one.pk, one.name) for one in severities), ("", gettext("Without severity"))]
        self.fields["gravidade"].choices = choices  # type: ignore[attr-defined]  # of a choice
