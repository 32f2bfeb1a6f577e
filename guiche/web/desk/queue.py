"""The queue, alone or with a ticket open beside it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guiche.web import chips
from guiche.web.deadlines import Form
from guiche.web.desk import pane, queues
from guiche.web.http import Request

LAST = "desk_queue"  # of the session: the queue one was last in


@require_safe
def home(request: Request) -> HttpResponse:
    """Where one left off."""
    slug = request.session.get(LAST) or queues.MINE
    return redirect("desk:queue", slug if queues.find(slug, request.user) else queues.MINE)


@require_safe
def menu(request: Request) -> HttpResponse:
    """The queues to choose from, with how many tickets each has: a popover, or a page."""
    current = request.session.get(LAST) or queues.MINE
    context = {"queues": queues.offered(request.user), "current": current}
    return render(request, "desk/queue/menu.html", context)


@require_safe
def queue(request: Request, slug: str) -> HttpResponse:
    found = _found(request, slug)
    here = reverse("desk:queue", args=[slug])
    context = _context(request, found, here) | {"here": here}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "desk/queue/_rows.html", context)
    return render(request, "desk/queue/queue.html", context)


@require_safe
def ticket(request: Request, slug: str, number: int) -> HttpResponse:
    """A ticket beside its queue; to htmx, only the pane and the rows."""
    found, here = _found(request, slug), reverse("desk:ticket-in-queue", args=[slug, number])
    asked = pane.found(request, number)
    context = _context(request, found, here) | pane.context(request, asked, here=here)
    back = reverse("desk:queue", args=[slug])
    context |= {"current": number, "section": "home", "back": back, "back_name": found.name}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "desk/queue/chosen.html", context)
    return render(request, "desk/queue/ticket.html", context)


def _found(request: Request, slug: str) -> queues.Queue:
    found = queues.find(slug, request.user)
    if found is None:
        raise Http404
    if request.session.get(LAST) != slug:
        request.session[LAST] = slug
    return found


def _context(request: Request, found: queues.Queue, here: str) -> dict[str, Any]:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    current = request.GET.get("atual", "")
    shown, now = queues.shown(found, words=words, after=request.GET.get("apos", "")), timezone.now()
    return {
        "queue": found,
        "shown": shown,
        "chips": chips.of_rows(shown.rows, now, Form.BRIEF, for_staff=True),
        "next_due": queues.next_due(request.user) if not shown.rows and not words else None,
        "words": words,
        "is_continued": bool(request.GET.get("apos")),
        "current": int(current) if current.isdecimal() and len(current) < 16 else 0,
        "section": "home",
    }
