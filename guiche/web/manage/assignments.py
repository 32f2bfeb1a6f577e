"""Giving an agreement to a contract, an organisation, a product or a type, changing that, and taking it away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guiche.core.errors import NotAllowed, Refused
from guiche.sla import effects as reckoning
from guiche.sla import places, rules
from guiche.sla.actions import assigning as actions
from guiche.sla.choosing import Said
from guiche.sla.clockwork import floored
from guiche.sla.models import Assignment
from guiche.sla.places import Place
from guiche.web import editing, typeahead
from guiche.web.editing import Kept
from guiche.web.http import Request, refuse
from guiche.web.manage import assignment_forms as forms
from guiche.web.manage import effects, policies
from guiche.web.manage.answers import address, posted, show
from guiche.web.manage.assignment_forms import SaidForm
from guiche.web.manage.policy_forms import NEW_AND_OPEN, NEW_ONLY

form_or_post = require_http_methods(["GET", "HEAD", "POST"])
SEE, SAVE = "ver", "salvar"  # what the two buttons of a form ask for
Act = Callable[[bool, datetime], Any]  # for_open and at; Any: what the action returns


@form_or_post
def new(request: Request, level: str) -> HttpResponse:
    """Give one to a place that has none. Links of other pages name it: `?organization=12`; that it has is changed."""
    if level not in forms.OF_LEVEL:
        raise Http404
    asked = {name: request.GET.get(name, "") for name in places.COLUMNS}
    preset = {name: value for name, value in asked.items() if value.isdecimal() and len(value) < 19}
    if request.method == "GET" and (known := _of_place(preset)):
        return redirect(address("assignment", known.pk))
    form = forms.OF_LEVEL[level](posted(request), initial=preset)
    whom = str(forms.LEVELS[level])
    title = _("Give an agreement to %(whom)s") % {"whom": whom[:1].lower() + whom[1:]}
    return _answer(request, form, None, title)


@form_or_post
def assignment(request: Request, pk: int) -> HttpResponse:
    row = _found(pk)
    form = SaidForm(posted(request), known=row, initial=forms.said_values(row))
    editing.watch(form)
    return _answer(request, form, row, places.of(row).name)


def _answer(request: Request, form: SaidForm, row: Assignment | None, title: str) -> HttpResponse:
    told, looked = None, ""
    if form.is_bound and form.is_valid():
        place = places.of(row) if row else form.place()
        chosen = Said(*_ids(form.said()))
        looked = " ".join(map(str, (*place.key, chosen.policy, chosen.calendar, chosen.joins_city)))
        # What is saved is what was looked at: another choice after that is looked at first.
        if request.POST.get("do") != SAVE or request.POST.get("looked", looked) != looked:
            told = _preview(request, place, chosen)
        elif to := _done(request, form, row, lambda for_open, at: _assign(request, form, row, place, for_open, at)):
            return redirect(to)
    return show(
        request,
        "manage/deadlines/assignment.html",
        title=title,
        text=_("What is left to the next level is looked for there."),
        crumbs=policies.crumbs(),
        form=form,
        row=row,
        told=told,
        looked=looked,
        audience=_audience(request),
        searches={name: address("assignment-options", name) for name in forms.SEARCHES},
        failed=form.is_bound and bool(form.errors),
        status=422 if form.errors else 200,
    )


def _ids(said: dict[str, Any]) -> tuple[int | None, int | None, bool | None]:  # Any: rows
    policy, calendar = (said[name].pk if said[name] else None for name in ("policy", "calendar"))
    return policy, calendar, said["joins_city"]


def _preview(request: Request, place: Place, said: Said | None) -> effects.Told:
    now = floored(timezone.now())
    supposed = rules.with_level(rules.current(), place.key, said)
    return effects.told(reckoning.of(supposed, at=now, chooses=True), request.user, now)


def _assign(
    request: Request, form: SaidForm, row: Assignment | None, place: Place, for_open: bool, at: datetime
) -> Assignment:
    def act(_cleaned: dict[str, Any] | None = None) -> Assignment:  # Any: what the form cleaned
        return actions.assign(place, known=row, for_open=for_open, by=request.user, at=at, **form.said())

    if row is None:
        return act()
    return editing.save(form, Kept(row=row, read=forms.said_values, acts=("agreement.assigned",)), act)


@form_or_post
def clear(request: Request, pk: int) -> HttpResponse:
    row, form = _found(pk), Form(posted(request))
    place = places.of(row)
    if form.is_bound and form.is_valid():
        act: Act = lambda for_open, at: actions.clear(row, for_open=for_open, by=request.user, at=at)  # noqa: E731  # one line
        if to := _done(request, form, row, act):
            return redirect(to)
    return show(
        request,
        "manage/deadlines/clear.html",
        title=_("Take away: %(name)s") % {"name": place.name},
        text=_("The next level that says something decides then."),
        crumbs=policies.crumbs(),
        form=form,
        row=row,
        told=_preview(request, place, None),
        audience=_audience(request),
        failed=form.is_bound,
        status=422 if form.errors else 200,
    )


def _done(request: Request, form: Form, row: Assignment | None, act: Act) -> str:
    """Do what was asked for, and return where to go on; blank when a rule said no, which `form` then says."""
    at, for_open = timezone.now(), _audience(request) == NEW_AND_OPEN
    try:
        act(for_open, at)
    except NotAllowed:
        raise
    except Refused as refusal:
        refuse(form, refusal)
        return ""
    open_too = _("Saved: it holds for new tickets, and the open ones get it now")
    messages.success(request, open_too if for_open else _("Saved: it holds for new tickets from now on"))
    return (effects.asked(request.user, at) if for_open else "") or address("deadlines") + "#quem"


def _audience(request: Request) -> str:
    return NEW_AND_OPEN if request.POST.get("audience") == NEW_AND_OPEN else NEW_ONLY


@require_GET
def options(request: Request, name: str) -> HttpResponse:
    """What the boxes that look for a contract, an organisation, a module or a service offer."""
    if name not in forms.SEARCHES:
        raise Http404
    return typeahead.answer(request, forms.SEARCHES[name](), name, _("Nothing with these words."))


def _of_place(preset: dict[str, str]) -> Assignment | None:
    """Return what the place has that a link names, all of it."""
    if not preset:
        return None
    keys = {f"{name}_id": int(preset[name]) if name in preset else None for name in places.COLUMNS}
    return Assignment.objects.filter(**keys).first()


def _found(pk: int) -> Assignment:
    return get_object_or_404(Assignment.objects.with_places(), pk=pk)
