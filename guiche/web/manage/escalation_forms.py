"""The form of a warning of deadlines: when, who is told, what is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy

from guiche.accounts.models import Team, User
from guiche.catalog.models import Severity
from guiche.sla.actions.escalating import Said
from guiche.sla.escalations import Remedy
from guiche.sla.metrics import Metric
from guiche.sla.models import Escalation

METRICS = [
    ("", gettext_lazy("Each one that customers see")),
    (Metric.FIRST_RESPONSE, Metric.FIRST_RESPONSE.label),
    (Metric.DIAGNOSIS, Metric.DIAGNOSIS.label),
    (Metric.SOLUTION, Metric.SOLUTION.label),
    (Metric.TEAM, gettext_lazy("Between teams")),
]
TELLS = [
    ("assignee", gettext_lazy("Whoever is responsible; the team when nobody is")),
    ("supervisors", gettext_lazy("The supervisors of the team; all of them when it has none")),
    ("team", gettext_lazy("The whole team")),
]
REMEDIES = [("", gettext_lazy("Nothing")), *Remedy.choices]
PARTS = (
    (gettext_lazy("When"), ("metric", "percent", "severity", "team")),
    (gettext_lazy("Who is told"), ("tells", "people", "email")),
    (gettext_lazy("What is done"), ("remedy", "to_person", "to_team")),
)


class EscalationForm(forms.Form):
    metric = forms.ChoiceField(label=gettext_lazy("Deadline"), choices=METRICS, required=False)
    percent = forms.IntegerField(
        label=gettext_lazy("At how many percent of the time"),
        help_text=gettext_lazy("Such as 50, 75 or 90. 100: when it has run out."),
        error_messages={
            "required": gettext_lazy("Write a share from 1 to 100"),
            "invalid": gettext_lazy("Write a share from 1 to 100"),
        },
    )
    severity = forms.ModelChoiceField(
        label=gettext_lazy("Of tickets of the severity"),
        queryset=Severity.objects.order_by("level"),
        required=False,
        empty_label=gettext_lazy("Any, or none"),
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("Of tickets of the team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("Any"),
    )
    tells = forms.MultipleChoiceField(
        label=gettext_lazy("By their part in the ticket"),
        choices=TELLS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("In the bell and by letter, as each has chosen. Customers are told of none of this."),
    )
    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("By name"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    email = forms.CharField(
        label=gettext_lazy("An e-mail address too"),
        required=False,
        max_length=254,
        help_text=gettext_lazy(
            "Needs no account, such as that of who is on call. Its letters have no link to the ticket."
        ),
        widget=forms.TextInput({"inputmode": "email", "autocomplete": "off"}),
    )
    remedy = forms.ChoiceField(
        label=gettext_lazy("To the ticket"),
        choices=REMEDIES,
        required=False,
        help_text=gettext_lazy("Once for each deadline. What cannot be done is told to the supervisors."),
    )
    to_person = forms.ModelChoiceField(
        label=gettext_lazy("The person that it is handed to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody"),
    )
    to_team = forms.ModelChoiceField(
        label=gettext_lazy("The team that it moves to"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("None"),
    )

    def __init__(self, *arguments: Any, one: Escalation | None = None, **options: Any) -> None:
        # Any: as Django annotates forms.
        super().__init__(*arguments, **options)
        people = User.objects.at_the_desk()
        teams = Team.objects.filter(is_active=True)
        if one is not None:  # what it names stays to be seen, though it could not be chosen any more
            people = User.objects.filter(
                Q(pk__in=people.values("pk")) | Q(pk=one.to_person_id) | Q(pk__in=one.people.all())
            )  # type: ignore[assignment]  # the manager's query set is the same
            teams = Team.objects.filter(Q(is_active=True) | Q(pk__in=[one.team_id, one.to_team_id]))
        for name, rows in (("people", people), ("to_person", people)):
            self.fields[name].queryset = rows.order_by("search_key", "id")  # type: ignore[attr-defined]  # of a ModelChoiceField
        for name in ("team", "to_team"):
            self.fields[name].queryset = teams.order_by("name", "id")  # type: ignore[attr-defined]  # the same

    def parts(self) -> Iterable[tuple[str, list[BoundField]]]:
        """Yield the parts of the page, each with its fields."""
        for title, names in PARTS:
            yield str(title), [self[name] for name in names]


def said(cleaned: dict[str, Any]) -> Said:  # Any: what the form cleaned
    tells = cleaned.pop("tells")
    return Said(**cleaned | {f"tells_{part}": part in tells for part, _label in TELLS})


def values(one: Escalation) -> dict[str, object]:
    """Return what the form begins with."""
    names = ("metric", "percent", "severity", "team", "email", "remedy", "to_person", "to_team")
    return {
        **{name: getattr(one, name) for name in names},
        "people": list(one.people.order_by("pk")),
        "tells": [part for part, _label in TELLS if getattr(one, f"tells_{part}")],
    }
