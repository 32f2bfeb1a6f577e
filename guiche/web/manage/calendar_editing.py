"""Changing the draft of a calendar: its hours, its holidays, days of its own, worked days, and a file of days."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guiche.calendars import compiling
from guiche.calendars.actions import importing, versions
from guiche.calendars.actions.permission import CalendarRefused
from guiche.calendars.ical import Reading
from guiche.calendars.models import Calendar, Kind
from guiche.calendars.plan import OwnDay, Plan, WorkedDay
from guiche.calendars.plan_check import PlanRefused
from guiche.core.errors import Refused
from guiche.web import editing
from guiche.web.editing import Kept
from guiche.web.http import Request, refuse
from guiche.web.manage import calendar_forms as forms
from guiche.web.manage import calendar_holidays as holidays
from guiche.web.manage import calendar_pages, calendars
from guiche.web.manage.answers import FormPage, address, form_page, posted, press, show
from guiche.web.manage.calendars import crumbs, form_or_post, found

Change = Callable[[Plan], Plan]
_ACTS = ("calendar.published",)


def plan_of(one: Calendar) -> Plan:
    """Return what a change of `one` begins from."""
    return compiling.plan_of(calendars.edited(one))


@form_or_post
def hours(request: Request, pk: int) -> HttpResponse:
    one = _with_hours(pk)
    form = forms.HoursForm(posted(request), initial=forms.hours_values(plan_of(one)))
    page = _form_page(
        one,
        title=_("Edit hours"),
        text=_("Several intervals on a day are written one after the other. An empty day is closed."),
        button=_("Save hours"),
        template="manage/calendars/hours.html",
        kept=Kept(row=one, read=lambda row: forms.hours_values(plan_of(row)), acts=_ACTS),
    )

    def change(plan: Plan) -> Plan:
        return replace(plan, zone=form.cleaned_data["zone"], weekly=form.weekly)

    return form_page(request, form, lambda _cleaned: save(request, one, change), page)


@form_or_post
def choose_holidays(request: Request, pk: int) -> HttpResponse:
    one = found(pk)
    plan, sent = plan_of(one), request.POST
    today = forms.local_day(plan.zone)
    drawn = str(sent.get("drawn", "")) if posted(request) else None
    if posted(request) and "show" in sent:
        return _redrawn(request, one)
    form = holidays.HolidaysForm(posted(request), today=today, initial=holidays.values(plan, today, drawn))
    page = _holidays_page(one, lambda row: holidays.values(plan_of(row), today, drawn))
    return form_page(request, form, lambda _cleaned: _save_holidays(request, one, form), page)


def _redrawn(request: Request, one: Calendar) -> HttpResponse:
    """Show the days of the state and city just chosen; nothing is saved."""
    plan = plan_of(one)
    today = forms.local_day(plan.zone)
    typed = holidays.redrawn(request.POST, today)
    form = holidays.HolidaysForm(today=today, initial=typed)
    editing.watch(form, holidays.values(plan, today, str(typed["drawn"])))
    page = _holidays_page(one, holidays.values)
    return show(
        request,
        page.template,
        title=page.title,
        text=page.text,
        crumbs=page.crumbs,
        form=form,
        button=page.button,
        lands=True,
    )


def _holidays_page(one: Calendar, read: Callable[..., editing.Values]) -> FormPage:
    return _form_page(
        one,
        title=_("Choose holidays"),
        text=_("A holiday closes its whole day, whatever the hours say."),
        button=_("Save holidays"),
        template="manage/calendars/holidays.html",
        kept=Kept(row=one, read=read, acts=_ACTS),
    )


def _save_holidays(request: Request, one: Calendar, form: holidays.HolidaysForm) -> bool:
    def fields(field: str, plan: Plan) -> str:
        name, _dash, place = field.partition("-")
        return form.field_of(int(place), plan) if name == "optional" else field

    return save(request, one, form.changed, fields)


# Days.


@form_or_post
def own_day_new(request: Request, pk: int) -> HttpResponse:
    one = found(pk)
    form = forms.OwnDayForm(posted(request))
    page = _form_page(
        one,
        title=_("Own day"),
        text=_("A municipal holiday, a bridge day, the eve of a holiday: closed all day or a part of it."),
        button=_("Add day"),
    )
    return form_page(
        request,
        form,
        lambda _cleaned: save(request, one, lambda plan: replace(plan, own=(*plan.own, form.own)), _own_field),
        page,
    )


@form_or_post
def own_day(request: Request, pk: int, day: str) -> HttpResponse:
    one = found(pk)
    plan = plan_of(one)
    today = forms.local_day(plan.zone)
    old = _own(plan, day)

    def read(row: Any) -> editing.Values:  # Any: the calendar, read again
        still = [own for own in plan_of(row).own if forms.key(own.day) == day]
        return forms.own_values(still[0], today) if still else {}

    form = forms.OwnDayForm(posted(request), initial=forms.own_values(old, today))
    page = _form_page(one, title=old.name, button=_("Save day"), kept=Kept(row=one, read=read, acts=_ACTS))

    def change(now: Plan) -> Plan:
        here = _own_or_gone(now, day)
        return replace(now, own=tuple(form.own if own == here else own for own in now.own))

    return form_page(request, form, lambda _cleaned: save(request, one, change, _own_field), page)


@require_POST
def own_day_remove(request: Request, pk: int, day: str) -> HttpResponse:
    def change(plan: Plan) -> Plan:
        here = _own_or_gone(plan, day)
        return replace(plan, own=tuple(own for own in plan.own if own != here))

    return _remove(request, pk, change)


@form_or_post
def worked_day_new(request: Request, pk: int) -> HttpResponse:
    one = _with_hours(pk)
    form = forms.WorkedDayForm(posted(request))
    page = _form_page(
        one,
        title=_("Worked day"),
        text=_("A Saturday that is worked, or a day with other hours than its weekday has."),
        button=_("Add day"),
    )
    return form_page(
        request,
        form,
        lambda _cleaned: save(
            request, one, lambda plan: replace(plan, worked=(*plan.worked, form.worked)), _worked_field
        ),
        page,
    )


@form_or_post
def worked_day(request: Request, pk: int, day: str) -> HttpResponse:
    one = _with_hours(pk)
    old = _worked(plan_of(one), day)

    def read(row: Any) -> editing.Values:  # Any: the calendar, read again
        still = [worked for worked in plan_of(row).worked if forms.key(worked.day) == day]
        return forms.worked_values(still[0]) if still else {}

    form = forms.WorkedDayForm(posted(request), initial=forms.worked_values(old))
    page = _form_page(one, title=old.name, button=_("Save day"), kept=Kept(row=one, read=read, acts=_ACTS))

    def change(now: Plan) -> Plan:
        here = _worked_or_gone(now, day)
        return replace(now, worked=tuple(form.worked if worked == here else worked for worked in now.worked))

    return form_page(request, form, lambda _cleaned: save(request, one, change, _worked_field), page)


@require_POST
def worked_day_remove(request: Request, pk: int, day: str) -> HttpResponse:
    def change(plan: Plan) -> Plan:
        here = _worked_or_gone(plan, day)
        return replace(plan, worked=tuple(worked for worked in plan.worked if worked != here))

    return _remove(request, pk, change)


def _remove(request: Request, pk: int, change: Change) -> HttpResponse:
    one = found(pk)
    return press(
        request,
        lambda: save(request, one, change),
        done=_("Taken out of the draft. It counts when you publish it."),
        to=address("calendar", pk),
        back=lambda again: calendar_pages.page(again, pk),
    )


# A file.


@form_or_post
def bring_in(request: Request, pk: int) -> HttpResponse:
    one = found(pk)
    form = forms.ImportForm(request.POST, request.FILES) if request.method == "POST" else forms.ImportForm()
    if form.is_bound and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            return _brought_in(request, one, importing.bring_in(one, content, by=request.user, at=timezone.now()))
        except Refused as refusal:
            refuse(form, Refused(refusal.message, fields={"file": refusal.message}))
    return show(
        request,
        "manage/form.html",
        title=_("Import days"),
        text=_("As a city hall or another calendar gives them. They come into the draft."),
        crumbs=crumbs(one),
        form=form,
        button=_("Import days"),
        searches={},
        failed=form.is_bound,
        status=422 if form.is_bound else 200,
    )


def _brought_in(request: Request, one: Calendar, reading: Reading) -> HttpResponse:
    return show(
        request,
        "manage/calendars/imported.html",
        title=_("Days of the file"),
        crumbs=crumbs(one),
        one=one,
        days=[calendar_pages.own_line(own) for own in reading.days],
        left_out=reading.left_out,
    )


# Saving.


def save(
    request: Request, one: Calendar, change: Change, field_of: Callable[[str, Plan], str] = lambda field, _plan: field
) -> bool:
    """Keep what `change` makes of the draft; return whether that is anything else than before.

    Raises what `versions.save_draft` does, with its fields named as the page's form has them.
    """
    begun = calendars.edited(one)
    before = compiling.plan_of(begun)
    plan = change(before)
    if plan == before:
        return False
    try:
        versions.save_draft(one, plan, by=request.user, at=timezone.now(), expected=versions.mark(begun))
    except PlanRefused as refused:
        said = dict(_beside(refused, plan, field_of))
        raise PlanRefused(refused.message, fields=said) from refused
    return True


def _beside(refused: PlanRefused, plan: Plan, field_of: Callable[[str, Plan], str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong by the fields of the page's form; what is about a day that it does not hold names the day."""
    for field, sentence in refused.fields.items():
        here = field_of(field, plan)
        kind, _dash, rest = here.partition("-")
        number = rest.partition("-")[0]
        days: dict[str, Sequence[OwnDay | WorkedDay]] = {"own": plan.own, "worked": plan.worked}
        rows = days.get(kind, ())
        about = f"{rows[int(number)].name}: " if number and rows else ""
        yield here, about + sentence


def _form_page(one: Calendar, **said: Any) -> FormPage:  # Any: what FormPage takes
    return FormPage(
        crumbs=crumbs(one),
        done=lambda changed: (
            _("Saved in the draft. It counts when you publish it.") if changed else _("Nothing was changed")
        ),
        to=address("calendar", one.pk),
        **said,
    )


def _own_field(field: str, _plan: Plan) -> str:
    last = field.rpartition("-")[2]
    return {"name": "name", "day": "day", "hours": "opens"}.get(last, field) if field.startswith("own-") else field


def _worked_field(field: str, _plan: Plan) -> str:
    return field.rpartition("-")[2] if field.startswith("worked-") else field


def _with_hours(pk: int) -> Calendar:
    one = found(pk)
    if one.kind != Kind.HOURS:
        raise Http404
    return one


def _own(plan: Plan, day: str) -> OwnDay:
    here = next((own for own in plan.own if forms.key(own.day) == day), None)
    if here is None:
        raise Http404
    return here


def _own_or_gone(plan: Plan, day: str) -> OwnDay:
    try:
        return _own(plan, day)
    except Http404:
        raise _gone() from None


def _worked(plan: Plan, day: str) -> WorkedDay:
    here = next((worked for worked in plan.worked if forms.key(worked.day) == day), None)
    if here is None:
        raise Http404
    return here


def _worked_or_gone(plan: Plan, day: str) -> WorkedDay:
    try:
        return _worked(plan, day)
    except Http404:
        raise _gone() from None


def _gone() -> CalendarRefused:
    return CalendarRefused(_("Somebody took this day out meanwhile. Load the calendar again."))
