"""One ticket at the desk: its page, what is new on it, what was read, the draft of the answer."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from guiche.core import formatting
from guiche.core.errors import Refused
from guiche.drafts import actions as drafts
from guiche.notifications import bell
from guiche.tickets.actions import sharing
from guiche.tickets.models import Comment, Ticket
from guiche.web import timeline, uploads
from guiche.web.desk import pane
from guiche.web.desk.forms import ReplyForm
from guiche.web.http import Request, visible_or_404


@require_safe
def ticket(request: Request, number: int) -> HttpResponse:
    return pane.whole(request, pane.context(request, pane.found(request, number)))


@require_safe
def middle(request: Request, number: int) -> HttpResponse:
    """What a long timeline folds, as the lines that take the fold's place; without htmx, the page unfolded."""
    found = pane.found(request, number)
    shown = pane.context(request, found)
    if request.htmx:
        return render(request, "desk/tickets/_middle.html", shown)
    whole = timeline.entries(found, request.user)
    return pane.whole(request, shown | {"timeline": (whole, [], [])})


@require_safe
def news(request: Request, number: int) -> HttpResponse:
    """Whether others added something after the line `desde`: a button, so that the page never moves by itself."""
    found = visible_or_404(Ticket.objects, request.user, number=number)
    since = _line(request.GET.get("desde", ""))
    newer = found.timeline.visible_to(request.user).filter(pk__gt=since).exclude(actor=request.user)
    kinds = list(newer.order_by("id").values_list("comment_id", flat=True)[:100])
    said = sum(comment is not None for comment in kinds)
    return render(
        request, "desk/tickets/_news.html", {"ticket": found, "seen": since, "count": len(kinds), "said": said}
    )


@require_safe
def renewed(request: Request, number: int) -> HttpResponse:
    """The parts of the pane that others changed; what is being typed is not among them."""
    found = pane.found(request, number)
    since = _line(request.GET.get("desde", ""))
    shown = pane.context(request, found, here=request.GET.get("next", ""), since=since)
    if not request.htmx:
        return pane.whole(request, shown)
    return render(request, "desk/tickets/changed.html", shown | {"oob": True, "renews_composer": False})


def _line(written: str) -> int:
    return int(written) if written.isdecimal() and len(written) < 19 else 0


@require_POST
def read(request: Request, number: int) -> HttpResponse:
    """The person has the ticket before them: asked by the page itself, so that opening a link changes nothing."""
    found = visible_or_404(Ticket.objects, request.user, number=number)
    if seen := _line(request.POST.get("seen", "")):
        sharing.mark_read(found, by=request.user, activity_id=seen)
    bell.mark_ticket_read(request.user, found, at=timezone.now())
    return HttpResponse(status=204)


@require_POST
def draft(request: Request, number: int) -> HttpResponse:
    """Keep what is being typed; an empty box forgets it. Words that were sent meanwhile are not kept again."""
    found, now = visible_or_404(Ticket.objects, request.user, number=number), timezone.now()
    form = ReplyForm(request.POST)
    form.is_valid()
    place, key = f"reply:{number}", form.cleaned_data.get("once_key")
    if key and Comment.objects.filter(ticket=found, author=request.user, once_key=key).exists():
        return JsonResponse({"time": formatting.clock(now)})
    files = uploads.own_unattached(request, request.POST.getlist("files"))
    body = request.POST.get("body", "")
    if not body.strip() and not files:
        drafts.discard(request.user, place)
        return JsonResponse({"time": formatting.clock(now)})
    try:
        drafts.save(request.user, place, {"body": body, "mode": request.POST.get("mode", "")}, files, at=now)
    except Refused as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return JsonResponse({"time": formatting.clock(now)})
