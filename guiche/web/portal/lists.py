"""Lists of tickets at the portal: all, what waits for a verdict, and what a search finds."""

from __future__ import annotations

import re

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from guiche.grids import paging
from guiche.tickets.models import Ticket
from guiche.tickets.querysets import TicketQuerySet
from guiche.web import chips
from guiche.web.deadlines import Form
from guiche.web.http import Request
from guiche.workflows.models import Transition
from guiche.workflows.stages import Stage, Taker

SIZE = 25
# "*+" gives no space back: a long run of them is read once, not once for each place where it could be parted.
NUMBER = re.compile(r"^\s*+(?:[A-Za-z]{1,8}\s*+-?\s*+|#\s*+)?(\d{1,15})\s*+$")
VIEWS = ("abertos", "esperando", "concluidos", "todos")


@require_safe
def tickets(request: Request) -> HttpResponse:
    view = request.GET.get("ver", "abertos")
    view = view if view in VIEWS else "abertos"
    whose = "mim" if request.GET.get("de") == "mim" else "todos"
    found = _of_view(Ticket.objects.visible_to(request.user), view)
    if whose == "mim":
        found = found.mine(request.user)
    page = paging.page(found.for_list(), request.GET.get("p", ""), size=SIZE, key="touched_at")
    context = {"page": page, "chips": _chips(page.rows), "view": view, "whose": whose, "tabs": _tabs(view, whose)}
    return render(request, "portal/lists/tickets.html", context)


def _chips(rows: list[Ticket]) -> dict[int, Markup]:
    return chips.of_rows(rows, timezone.now(), Form.WORD, for_staff=False)


def _of_view(rows: TicketQuerySet, view: str) -> TicketQuerySet:
    if view == "abertos":
        return rows.open()
    if view == "esperando":
        return rows.waiting_on_customer()
    return rows.ended() if view == "concluidos" else rows


def _tabs(view: str, whose: str) -> list[tuple[str, str, bool, None]]:
    words = {
        "abertos": _("Not concluded"),
        "esperando": _("Waiting for you"),
        "concluidos": _("Concluded"),
        "todos": _("All"),
    }
    own = "&de=mim" if whose == "mim" else ""
    return [(words[key], f"?ver={key}{own}", key == view, None) for key in VIEWS]


@require_safe
def validate(request: Request) -> HttpResponse:
    """Every ticket whose solution waits for this person's verdict, with the steps that give it."""
    judged = Ticket.objects.visible_to(request.user).judged_by(request.user).awaiting_validation()
    page = paging.page(judged.for_page(), request.GET.get("p", ""), size=SIZE, key="touched_at")
    steps = _verdicts({ticket.status_id for ticket in page.rows})
    rows = [(ticket, steps.get(ticket.status_id, ())) for ticket in page.rows]
    return render(request, "portal/lists/validate.html", {"page": page, "rows": rows})


def _verdicts(statuses: set[int]) -> dict[int, list[Transition]]:
    found: dict[int, list[Transition]] = {}
    steps = Transition.objects.filter(origin__in=statuses, takers__contains=[Taker.CUSTOMER])
    for step in steps.exclude(target__stage=Stage.CANCELLED).select_related("target").order_by("position", "id"):
        found.setdefault(step.origin_id, []).append(step)
    return found


@require_safe
def search(request: Request) -> HttpResponse:
    """A number goes straight to its ticket; words look into titles and descriptions."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    seen = Ticket.objects.visible_to(request.user)
    if match := NUMBER.match(words):
        digits = match.group(1)
        found = seen.filter(Q(number=int(digits)) | Q(external_number=digits) | Q(legacy_number=digits)).first()
        if found is not None:
            return redirect("portal:ticket", found.number)
    rows = seen.worded_like(words).for_list() if len(words) >= 2 else seen.none()
    page = paging.page(rows, request.GET.get("p", ""), size=SIZE, key="touched_at")
    return render(request, "portal/lists/search.html", {"page": page, "chips": _chips(page.rows), "words": words})
