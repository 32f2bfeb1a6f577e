"""The forms under a status and a transition, and the words around them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guiche.workflows.models import Workflow
from guiche.workflows.plan import Plan, PlannedStatus, PlannedStep, PlanRefused
from guiche.workflows.stages import WAITS_FOR_CUSTOMER, Family, Need, Stage, Taker

NEW = "novo"
_NAME = {"required": _("Write a name.")}


class StatusForm(forms.Form):
    name = forms.CharField(label=_("Name for the team"), max_length=60, error_messages=_NAME)
    customer_name = forms.CharField(label=_("Name for the customer"), max_length=60, required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=Stage.choices)
    code = forms.CharField(
        label=_("Letter"), max_length=1, required=False, help_text=_("Appears in printed lists and in searches.")
    )
    family = forms.ChoiceField(label=_("Colour and symbol"), choices=Family.choices, initial=Family.WORK)
    closes_after_days = forms.IntegerField(label=_("Closes by itself after"), required=False)
    warns_days_before = forms.IntegerField(label=_("Warn before"), required=False)
    pauses_clocks = forms.BooleanField(label=_("Pauses the deadlines"), required=False)

    def planned(self, plan: Plan, key: str) -> PlannedStatus:
        """Return what was filled in as a status of `plan`: the one called `key`, or a new one."""
        known = plan.new_key() if key == NEW else plan.status(key).key
        planned = PlannedStatus(key=known, **self.cleaned_data)
        if key == NEW and planned.stage in WAITS_FOR_CUSTOMER:
            return replace(planned, pauses_clocks=True)
        return planned


class StepForm(forms.Form):
    name = forms.CharField(
        label=_("Words on the button"), max_length=60, error_messages={"required": _("Write the words on the button.")}
    )
    origin = forms.ChoiceField(label=_("Begins at"))
    target = forms.ChoiceField(label=_("Leads to"))
    takers = forms.MultipleChoiceField(
        label=_("Who may take it"),
        choices=Taker.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who may take this transition.")},
    )
    asks = forms.MultipleChoiceField(
        label=_("What it asks for"), choices=Need.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *arguments: Any, plan: Plan, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        statuses = [(status.key, status.name) for status in plan.statuses]
        for name in ("origin", "target"):
            self.fields[name].choices = statuses  # type: ignore[attr-defined]  # of a ChoiceField

    def planned(self, plan: Plan, key: str) -> PlannedStep:
        """Return what was filled in as a transition of `plan`: the one called `key`, or a new one."""
        known = plan.new_key() if key == NEW else plan.step(key).key
        values = self.cleaned_data
        return PlannedStep(
            known, values["origin"], values["target"], values["name"], tuple(values["takers"]), tuple(values["asks"])
        )


class CopyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, error_messages=_NAME)
    original = forms.ModelChoiceField(label=_("Copy of"), queryset=Workflow.objects.all(), empty_label=None)


class RenameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, error_messages=_NAME)


def status_form(plan: Plan, key: str) -> StatusForm | None:
    """Return the form of the status `key`, an empty one for "novo", None when none is open."""
    if key == NEW:
        return StatusForm(prefix="status")
    try:
        status = plan.status(key)
    except PlanRefused:
        return None
    return StatusForm(prefix="status", initial={name: getattr(status, name) for name in StatusForm.base_fields})


def step_form(plan: Plan, key: str, *, origin: str = "") -> StepForm | None:
    """Return the form of the transition `key`, an empty one (from `origin`) for "novo", None when none is open."""
    if key == NEW:
        return StepForm(plan=plan, prefix="step", initial={"origin": origin})
    try:
        step = plan.step(key)
    except PlanRefused:
        return None
    names = ("name", "origin", "target", "takers", "asks")
    return StepForm(plan=plan, prefix="step", initial={name: getattr(step, name) for name in names})


def words() -> dict[str, Any]:  # Any: names and functions for a template
    """What the page of a workflow calls things."""
    return {
        "who": who,
        "asked": asked,
        "families": Family.choices,
        "clock": clock,
        "clock_icon": clock_icon,
    }


def who(step: PlannedStep) -> str:
    """Return who takes a step, as one line; that it also happens by itself is said beside its name."""
    people = [str(Taker(taker).label) for taker in step.takers if taker != Taker.SYSTEM]
    return ", ".join([*people[:1], *(one.lower() for one in people[1:])]) or gettext("Nobody")


def asked(step: PlannedStep) -> str:
    """Return what a step asks for, as one line."""
    words = {
        Need.COMMENT: gettext("Comment"),
        Need.REASON: gettext("Reason"),
        Need.SOLUTION: gettext("Text of the solution"),
    }
    needs = [words[Need(need)] for need in step.asks]
    return ", ".join([*needs[:1], *(one.lower() for one in needs[1:])]) or gettext("Nothing")


def clock(status: PlannedStatus) -> str:
    """Return what a status does to deadlines, and when it closes by itself."""
    if status.has_ended:
        return gettext("Deadline over")
    words = gettext("Deadline paused") if status.pauses_clocks else gettext("Deadline runs")
    return f"{words}, {term(status)}" if status.closes_after_days else words


def term(status: PlannedStatus) -> str:
    days = status.closes_after_days or 0
    return ngettext("closes in %(n)s business day", "closes in %(n)s business days", days) % {"n": days}


def clock_icon(status: PlannedStatus) -> str:
    if status.has_ended:
        return "check"
    return "pause" if status.pauses_clocks else "clock"
