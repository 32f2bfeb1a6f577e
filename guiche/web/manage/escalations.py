"""Warnings and escalations of deadlines: who is told, and what is done, when most of the time is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.calendars import words as calendar_words
from guiche.sla.actions import escalating as actions
from guiche.sla.clockwork import ALL_USED
from guiche.sla.escalations import Remedy
from guiche.sla.metrics import Metric
from guiche.sla.models import Escalation
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import trail
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show
from guiche.web.manage.escalation_forms import EscalationForm, said, values

form_or_post = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Line:
    """A warning in the list: when, of which tickets, who is told, what is done."""

    row: Escalation
    title: str
    scope: str
    told: str
    done: str


@require_GET
def escalations(request: Request) -> HttpResponse:
    return _page(request)


def _page(request: Request) -> HttpResponse:
    return show(
        request,
        "manage/escalations/escalations.html",
        title=_("Warnings of deadlines"),
        text=_("Who is told, and what is done, when a ticket has used part of its time. Customers are told of none."),
        crumbs=_crumbs()[:2],
        lines=[_line(row) for row in Escalation.objects.for_list()],
    )


@form_or_post
def new(request: Request) -> HttpResponse:
    page = FormPage(
        title=_("New warning"),
        text=_("It counts for what deadlines use from now on."),
        crumbs=_crumbs(),
        button=_("Make warning"),
        done=_("Warning made"),
        to=address("escalations"),
        template="manage/escalations/escalation.html",
    )
    form = EscalationForm(posted(request), initial={"tells": ["assignee"]})
    return form_page(
        request, form, lambda cleaned: actions.create(said(cleaned), by=request.user, at=timezone.now()), page
    )


@form_or_post
def escalation(request: Request, pk: int) -> HttpResponse:
    one = get_object_or_404(Escalation, pk=pk)
    page = FormPage(
        title=_title(one),
        crumbs=_crumbs(),
        button=_("Save warning"),
        done=_("Warning saved"),
        to=address("escalations"),
        template="manage/escalations/escalation.html",
        more={"entries": list(trail.last_of("sla.escalation", one.pk))},
        kept=Kept(row=one, read=values, acts=("escalation.changed",)),
    )
    return form_page(
        request,
        EscalationForm(posted(request), one=one, initial=values(one)),
        lambda cleaned: actions.change(one, said(cleaned), by=request.user, at=timezone.now()),
        page,
    )


@require_POST
def switch_off(request: Request, pk: int) -> HttpResponse:
    return _switch(request, pk, actions.switch_off, _("Warning switched off"))


@require_POST
def switch_on(request: Request, pk: int) -> HttpResponse:
    return _switch(request, pk, actions.switch_on, _("Warning switched on"))


def _switch(request: Request, pk: int, act: Callable[..., Any], done: str) -> HttpResponse:  # Any: the row
    one = get_object_or_404(Escalation, pk=pk)
    return press(
        request,
        lambda: act(one, by=request.user, at=timezone.now()),
        done=done,
        to=address("escalations"),
        back=_page,
    )


def _line(row: Escalation) -> Line:
    return Line(row, _title(row), _scope(row), _told(row), _done(row))


def _title(row: Escalation) -> str:
    """Return "75 % · Solução", "Vencido · Cada prazo"."""
    when = _("Run out") if row.percent == ALL_USED else f"{row.percent} %"
    return f"{when} · {_metric(row.metric)}"


def _metric(metric: str) -> str:
    if not metric:
        return _("each deadline of the customer")
    return _("deadline between teams") if metric == Metric.TEAM else str(Metric(metric).label)


def _scope(row: Escalation) -> str:
    found = []
    if row.severity:
        found.append(_("Severity: %s") % row.severity.name)
    if row.team:
        found.append(_("Team: %s") % row.team.name)
    return " · ".join(found) or _("All tickets")


def _told(row: Escalation) -> str:
    found = [
        _("whoever is responsible") if row.tells_assignee else "",
        _("supervisors") if row.tells_supervisors else "",
        _("the whole team") if row.tells_team else "",
        *sorted(person.name for person in row.people.all()),
        row.email,
    ]
    names = calendar_words.listed([one for one in found if one])
    return _("Tells %s") % names if names else _("Tells nobody")


def _done(row: Escalation) -> str:
    if row.remedy == Remedy.REASSIGN and row.to_person:
        return _("Hands the ticket to %s") % row.to_person.name
    if row.remedy == Remedy.TRANSFER and row.to_team:
        return _("Moves the ticket to %s") % row.to_team.name
    return _("Raises the severity by one level") if row.remedy == Remedy.RAISE else ""


def _crumbs() -> Crumbs:
    return [
        (_("Administration"), address("home")),
        (_("Deadlines (SLA)"), address("deadlines")),
        (_("Warnings of deadlines"), address("escalations")),
    ]
