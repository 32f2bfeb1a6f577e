"""Calendars: the list, making and naming one, and the buttons on its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.calendars import compiling, words
from guiche.calendars.actions import keeping, versions
from guiche.calendars.models import Calendar, CalendarVersion, Kind
from guiche.core import formatting
from guiche.sla import uses
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import calendar_forms as forms
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show

form_or_post = require_http_methods(["GET", "HEAD", "POST"])
MOST_NAMED = 3  # of those who count by a calendar, in the list


@dataclass(frozen=True)
class Line:
    """A calendar in the list: what it says, how it stands, and who counts by it."""

    calendar: Calendar
    hours: str
    kind: str
    state: str
    uses: str


@require_GET
def calendars(request: Request) -> HttpResponse:
    return page(request)


def page(request: Request) -> HttpResponse:
    rows, now = list(Calendar.objects.order_by("-is_default", "name", "id")), timezone.now()
    lines = _lines(rows, now)
    return show(
        request,
        "manage/calendars/calendars.html",
        title=_("Calendars"),
        text=_("When the team works, and when customers stand still. Each is changed in versions."),
        crumbs=_crumbs()[:1],
        lines=[one for one in lines if one.calendar.is_active],
        archived=[one for one in lines if not one.calendar.is_active],
    )


def _lines(rows: Sequence[Calendar], now: datetime) -> list[Line]:
    by_calendar: dict[int, list[CalendarVersion]] = {}
    for version in CalendarVersion.objects.filter(withdrawn_at=None).order_by("number"):
        by_calendar.setdefault(version.calendar_id, []).append(version)
    who = uses.of_calendars([row.pk for row in rows], now)
    return [_line(row, by_calendar.get(row.pk, []), who, now) for row in rows]


def _line(row: Calendar, of: Sequence[CalendarVersion], who: Mapping[int, list[str]], now: datetime) -> Line:
    published = [one for one in of if not one.is_draft]
    shown = compiling.in_force(published, now) if published else of[-1]
    return Line(row, said(row, shown), kind(row), _state(of, now), used_by(row, who.get(row.pk, []), MOST_NAMED))


def said(row: Calendar, version: CalendarVersion) -> str:
    """Return what a version says in a line: "Segunda a sexta, 8h às 18h, horário de Brasília"."""
    plan = compiling.plan_of(version)
    if row.kind == Kind.CITY:
        return _("Closed on the holidays of %(city)s (%(state)s)") % {"city": row.city, "state": row.state}
    return f"{words.weekly(plan.weekly)}, {words.zone(plan.zone)}"


def kind(row: Calendar) -> str:
    return _("City") if row.kind == Kind.CITY else _("Hours")


def used_by(row: Calendar, who: Sequence[str], most: int) -> str:
    """Return who counts by a calendar, the first `most` by name."""
    named = list(who[:most])
    if more := len(who) - len(named):
        named.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
    first = [_("whoever has no other")] if row.is_default else []
    return ", ".join([*first, *named]) or (_("customers of the city") if row.kind == Kind.CITY else _("nobody"))


def _state(of: Sequence[CalendarVersion], now: datetime) -> str:
    published = [one for one in of if not one.is_draft]
    said = []
    if not published:
        said.append(_("never published"))
    for since, one in compiling.in_turn(published):
        if since > now:
            words_of = {"number": one.number, "when": formatting.moment_text(since)}
            said.append(_("version %(number)s from %(when)s on") % words_of)
    if published and len(of) > len(published):
        said.append(_("a draft"))
    return " · ".join(said)


@form_or_post
def new(request: Request) -> HttpResponse:
    page_said = FormPage(
        title=_("New calendar"),
        text=_("It begins as a draft. Nothing is counted by it until it is published and somebody has it."),
        crumbs=_crumbs(),
        button=_("Make calendar"),
        done=_("Calendar made: look through its draft, then publish it"),
        to=lambda made: address("calendar", made.pk),
    )
    return form_page(
        request,
        forms.NewCalendarForm(posted(request)),
        lambda cleaned: keeping.create(by=request.user, at=timezone.now(), **cleaned),
        page_said,
    )


@form_or_post
def rename(request: Request, pk: int) -> HttpResponse:
    one = found(pk)
    page_said = FormPage(
        title=_("Rename calendar"),
        crumbs=crumbs(one),
        button=_("Save name"),
        done=_("Calendar renamed"),
        to=address("calendar", pk),
        kept=Kept(row=one, read=_values, acts=("calendar.renamed",)),
    )
    return form_page(
        request,
        forms.NameForm(posted(request), initial=_values(one)),
        lambda cleaned: keeping.rename(one, cleaned["name"], by=request.user, at=timezone.now()),
        page_said,
    )


def _values(one: Calendar) -> dict[str, object]:
    return {"name": one.name}


# Buttons.


@require_POST
def make_default(request: Request, pk: int) -> HttpResponse:
    return _press(
        request,
        pk,
        keeping.make_default,
        _("This calendar counts now where no other is named. Open tickets keep theirs."),
    )


@require_POST
def archive(request: Request, pk: int) -> HttpResponse:
    return _press(request, pk, keeping.archive, _("Calendar archived"))


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    return _press(request, pk, keeping.restore, _("Calendar brought back"))


@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    return _press(request, pk, lambda one, by, at: versions.discard_draft(one, by=by), _("Draft discarded"))


@require_POST
def withdraw(request: Request, pk: int, number: int) -> HttpResponse:
    version = get_object_or_404(
        CalendarVersion.objects.published().select_related("calendar"), calendar=pk, number=number
    )
    done = _("Version %d withdrawn: it never counts") % number
    return _press(request, pk, lambda _one, by, at: versions.withdraw(version, by=by, at=at), done)


def _press(request: Request, pk: int, act: Callable[..., object], done: str) -> HttpResponse:
    from guiche.web.manage import calendar_pages  # it shows these buttons

    one = found(pk)
    return press(
        request,
        lambda: act(one, by=request.user, at=timezone.now()),
        done=done,
        to=address("calendar", pk),
        back=lambda again: calendar_pages.page(again, pk),
    )


def found(pk: int) -> Calendar:
    return get_object_or_404(Calendar, pk=pk)


def edited(one: Calendar) -> CalendarVersion:
    """Return what a change of `one` begins from."""
    version = versions.edited(one)
    if version is None:
        raise Http404
    return version


def crumbs(one: Calendar | None = None) -> Crumbs:
    way = _crumbs()
    return [*way, (one.name, address("calendar", one.pk))] if one else way


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Calendars"), address("calendars"))]
