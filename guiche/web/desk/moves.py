"""Taking a ticket, and the steps that have a button of their own."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guiche.core.errors import Conflict, Refused
from guiche.tickets.actions import moving, triage
from guiche.tickets.models import Ticket
from guiche.web.desk import dialogs, pane
from guiche.web.desk.forms import MoveForm
from guiche.web.http import Request, safe_next, visible_or_404
from guiche.workflows.models import Transition

if TYPE_CHECKING:
    from guiche.accounts.models import User


class TakenByAnother(Conflict):
    """Somebody else took the ticket while one was looking at it."""


@require_POST
def take(request: Request, number: int) -> HttpResponse:
    """Become responsible, and leave the status where tickets begin; one wins when two press at once."""
    ticket = visible_or_404(Ticket.objects, request.user, number=number)
    held = request.POST.get("assignee", "")
    try:
        _take(
            ticket, by=request.user, at=timezone.now(), held=int(held) if held.isdecimal() and len(held) < 18 else None
        )
    except Refused as refusal:
        return refused(request, number, refusal)
    return pane.changed(request, number, _("You are responsible for this ticket"))


@transaction.atomic
def _take(ticket: Ticket, *, by: User, at: datetime, held: int | None) -> None:
    """`held`: who was responsible on the screen. The row stays locked until both changes are made."""
    ticket = Ticket.objects.locked(ticket)
    if ticket.assignee_id not in (held, by.pk) and ticket.assignee is not None:
        raise TakenByAnother(_("%s took this ticket a moment ago.") % ticket.assignee.name)
    step = pane.steps(by, ticket).take
    if step is not None:
        ticket = moving.take(ticket, step, by=by, at=at)
    triage.assign(ticket, by, by=by, at=at)


def refused(request: Request, number: int, refusal: Refused) -> HttpResponse:
    """Show the ticket as it is now, with what happened said on top of the composer."""
    here = safe_next(request, reverse("desk:ticket", args=[number]))
    shown = pane.context(request, pane.found(request, number), here=here, conflict=refusal.message)
    shown |= {"failed": True, "oob": bool(request.htmx), "renews_composer": False}
    if request.htmx:
        response = render(request, "desk/tickets/changed.html", shown, status=422)
        response["HX-Reswap"] = "none"
        return response
    return pane.whole(request, shown, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, number: int, pk: int) -> HttpResponse:
    """A step of its own: asked in a dialog or on this page; one that asks nothing is a button that posts here."""
    ticket = visible_or_404(Ticket.objects.select_related("status"), request.user, number=number)
    step = _step(ticket, pk)
    initial = {"once_key": uuid.uuid4(), "seen": request.GET.get("desde", "")}
    form = MoveForm(request.POST if request.method == "POST" else None, step=step, initial=initial)
    if request.method == "POST" and not step.asks:
        return _moved_at_once(request, ticket, step)
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/move.html",
        lambda: moving.take(
            ticket,
            step,
            by=request.user,
            at=timezone.now(),
            given=form.given(),
            seen=form.cleaned_data["seen"],
            once_key=form.cleaned_data["once_key"],
        ),
        said=_("Status: %(status)s") % {"status": step.target.name},
        step=step,
    )


def _moved_at_once(request: Request, ticket: Ticket, step: Transition) -> HttpResponse:
    try:
        moving.take(ticket, step, by=request.user, at=timezone.now())
    except Refused as refusal:
        return refused(request, ticket.number, refusal)
    return pane.changed(request, ticket.number, _("Status: %(status)s") % {"status": step.target.name})


def _step(ticket: Ticket, pk: int) -> Transition:
    step = get_object_or_404(Transition.objects.select_related("target", "origin"), pk=pk)
    if step.origin.workflow_id != ticket.status.workflow_id:
        raise Http404
    return step
