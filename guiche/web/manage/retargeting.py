"""A pass through the open tickets: how far it is, what it changed, and the button that stops it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from guiche.core import formatting
from guiche.sla.actions import bulk
from guiche.sla.models import Retargeting
from guiche.web.http import Request
from guiche.web.manage.answers import Crumbs, address, press, show

State = Retargeting.State
UNDER_WAY = (State.WAITING, State.RUNNING)


@require_GET
def retargeting(request: Request, pk: int) -> HttpResponse:
    return page(request, pk)


@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    asked = _found(pk)
    return press(
        request,
        lambda: bulk.cancel(asked, by=request.user, at=timezone.now()),
        done=_("Interrupted: tickets that were done keep what they got"),
        to=address("retargeting", pk),
        back=lambda again: page(again, pk),
    )


def page(request: Request, pk: int) -> HttpResponse:
    """The page, or to htmx, which asks every few seconds, only how far it is."""
    asked = _found(pk)
    renews = request.htmx.target == "andamento"
    return show(
        request,
        "manage/deadlines/_retargeting.html" if renews else "manage/deadlines/retargeting.html",
        title=_("Deadlines of open tickets"),
        text=_cause(asked),
        crumbs=_crumbs(asked),
        asked=asked,
        renews=renews,
        is_under_way=asked.state in UNDER_WAY,
        sentence=sentence(asked, timezone.now()),
        result=_result(asked),
    )


def latest_of(calendar_pk: int) -> Retargeting | None:
    """Return the pass that the last change of a calendar asked for."""
    return Retargeting.objects.filter(calendar_version__calendar=calendar_pk).order_by("-id").first()


def sentence(asked: Retargeting, now: datetime) -> str:
    """Return "1.200 de 5.000 chamados", "Começa em instantes"."""
    if asked.state == State.WAITING and asked.starts_at > now:
        return _("Begins %s.") % formatting.said(asked.starts_at, now)
    if asked.state == State.WAITING:
        return _("Begins in a moment.")
    if asked.began_at is None:
        return _("Interrupted before it began.")
    said = {"done": formatting.number(asked.done_count), "total": formatting.number(asked.total_count)}
    counted = ngettext("%(done)s of %(total)s ticket", "%(done)s of %(total)s tickets", asked.total_count) % said
    words = {State.RUNNING: _("Under way: %s."), State.DONE: _("Finished: %s."), State.CANCELLED: _("Interrupted: %s.")}
    return words[State(asked.state)] % counted


def _result(asked: Retargeting) -> str:
    if asked.state == State.WAITING:
        return ""
    words = ngettext(
        "%(n)s changed: its deadline, or the day on which silence closes it.",
        "%(n)s changed: their deadline, or the day on which silence closes them.",
        asked.changed_count,
    )
    return words % {"n": formatting.number(asked.changed_count)}


def _cause(asked: Retargeting) -> str:
    who = {"who": asked.asked_by.name, "when": formatting.moment_text(asked.asked_at)}
    if asked.calendar_version:
        said = _("Version %(number)s of the calendar %(name)s, %(who)s, %(when)s.")
        version = asked.calendar_version
        return said % {**who, "number": version.number, "name": version.calendar.name}
    if asked.policy_version:
        said = _("Version %(number)s of the agreement %(name)s, %(who)s, %(when)s.")
        return said % {**who, "number": asked.policy_version.number, "name": asked.policy_version.policy.name}
    return _("Who has which agreement, %(who)s, %(when)s.") % who


def _crumbs(asked: Retargeting) -> Crumbs:
    way = [(_("Administration"), address("home"))]
    if asked.calendar_version:
        calendar = asked.calendar_version.calendar
        way += [(_("Calendars"), address("calendars")), (calendar.name, address("calendar", calendar.pk))]
    return way


def _found(pk: int) -> Retargeting:
    related = ("asked_by", "calendar_version__calendar", "policy_version__policy")
    return get_object_or_404(Retargeting.objects.select_related(*related), pk=pk)
