"""Publishing the draft of a calendar: from when it counts, then what it does to the open tickets, then the button."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from guiche.calendars import changes, compiling, words
from guiche.calendars.actions import versions
from guiche.calendars.models import Calendar, CalendarVersion
from guiche.core import formatting
from guiche.core.errors import NotAllowed, Refused
from guiche.sla import effects as reckoning
from guiche.sla import rules
from guiche.web.http import Request, refuse
from guiche.web.manage import calendars, effects
from guiche.web.manage.answers import address, posted, show
from guiche.web.manage.calendar_forms import NOW, PublishForm
from guiche.web.manage.calendars import form_or_post


@form_or_post
def publish(request: Request, pk: int) -> HttpResponse:
    """Two steps on one page: what was chosen is looked at before it is published, whoever sends it without looking."""
    one = calendars.found(pk)
    draft = one.versions.drafts().first()
    if draft is None:
        messages.info(request, _("There is no draft to publish."))
        return redirect(address("calendar", pk))
    form = PublishForm(posted(request), zone=compiling.plan_of(draft).zone, initial={"expected": versions.mark(draft)})
    if not form.is_bound or not form.is_valid():
        return _page(request, one, draft, form)
    if "publish" in request.POST and form.cleaned_data["looked"] == form.choice:
        to = _published(request, one, form)
        return redirect(to) if to else _page(request, one, draft, form)
    return _page(request, one, draft, form, _looked(request, one, form))


def _published(request: Request, one: Calendar, form: PublishForm) -> str:
    """Publish, and return where to go on; blank when a rule said no, which `form` then says."""
    at = timezone.now()
    was_published = one.versions.published().exists()
    try:
        made = versions.publish(
            one,
            by=request.user,
            at=at,
            effective_from=form.since,
            corrects_past=form.corrects_past,
            note=form.cleaned_data["note"],
            expected=form.cleaned_data["expected"],
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        _refuse(form, refusal, one)
        return ""
    scheduled = made.effective_from is not None and made.effective_from > at
    said = _("Version %(number)s scheduled") if scheduled else _("Version %(number)s published")
    messages.success(request, said % {"number": made.number})
    return (effects.asked(request.user, at) if was_published else "") or address("calendar", one.pk)


def _looked(request: Request, one: Calendar, form: PublishForm) -> effects.Told | None:
    """Return what would become of the open tickets; None when a rule says no, which `form` then says."""
    now = timezone.now()
    since = form.since or now.replace(microsecond=0)
    try:
        versions.compared(one, form.cleaned_data["expected"])
        draft = versions.ready(one, since=since, at=now.replace(microsecond=0), corrects_past=form.corrects_past)
    except Refused as refusal:
        _refuse(form, refusal, one)
        return None
    supposed = rules.with_calendar(rules.current(), draft, since)
    counts = reckoning.of(supposed, at=now, since=since if form.corrects_past else None)
    return effects.told(counts, request.user, now)


def _refuse(form: PublishForm, refusal: Refused, one: Calendar) -> None:
    """Say it beside the day; after a change by others the page carries what there is now, to be looked at again."""
    fields = {{"effective_from": "day"}.get(field, field): sentence for field, sentence in refusal.fields.items()}
    if "day" in fields and form.cleaned_data["when"] == NOW:
        fields = {"when": fields["day"]}
    refuse(form, Refused(refusal.message, fields=fields))
    data: Any = form.data  # a QueryDict, of which a copy may be written
    form.data = data = data.copy()
    data["expected"] = versions.mark(versions.edited(one))


def _page(
    request: Request, one: Calendar, draft: CalendarVersion, form: PublishForm, told: effects.Told | None = None
) -> HttpResponse:
    failed = form.is_bound and bool(form.errors)
    plan, now = compiling.plan_of(draft), timezone.now()
    published = list(one.versions.published().order_by("number"))
    turns = compiling.in_turn(published)
    return show(
        request,
        "manage/calendars/publish.html",
        title=_("Publish version %(number)s") % {"number": draft.number},
        text=_("Nothing changes until you publish it. A published version never changes again."),
        crumbs=calendars.crumbs(one),
        one=one,
        draft=draft,
        form=form,
        told=None if failed else told,
        choice=form.choice if told and not failed else "",
        sentence=_sentence(form) if told and not failed else "",
        changes=changes.changes(compiling.plan_of(turns[-1][1]), plan) if turns else [],
        is_first=not turns,
        earliest=_earliest(published, now),
        zone=words.zone(plan.zone),
        failed=failed,
        status=422 if failed else 200,
    )


def _earliest(published: list[CalendarVersion], now: datetime) -> str:
    """Return how far a correction may reach back, in words."""
    if not published:
        return ""
    version = compiling.in_force(published, now)
    if version.published_by_id is None:  # shipped: it counts since before anything was counted
        return ""
    zone = ZoneInfo(compiling.plan_of(version).zone)
    return formatting.said(version.effective_from, now, zone) if version.effective_from else ""


def _sentence(form: PublishForm) -> str:
    if form.since is None:
        return _("It would count from now on.")
    said = formatting.said(form.since, zone=form.since.tzinfo)
    if form.corrects_past:
        return _("Open tickets would be counted again since %s.") % said
    return _("It would count from %s on.") % said
