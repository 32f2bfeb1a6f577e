"""The bell, its list, and what a person wants to hear of."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiche.notifications import actions, bell
from guiche.notifications.groups import AT_ONCE, NO_BELL, NO_EMAIL, Channels, Group, offered_to
from guiche.notifications.messages.bell import lines
from guiche.notifications.models import BellItem
from guiche.notifications.mornings import HOUR
from guiche.web.http import Request, safe_next, visible_or_404

UNREAD = "nao-lidas"
# When the letters of a group come.
NOW, DAILY, NEVER = "now", "daily", "never"


@require_safe
def notifications(request: Request) -> HttpResponse:
    """The list, newest first: all of it, or what is unread."""
    bell.drop_out_of_sight(request.user, at=timezone.now())
    only_unread = request.GET.get("mostrar") == UNREAD
    items, more = bell.page(request.user, before=_before(request), only_unread=only_unread)
    address = reverse("profile:notifications")
    context = {
        "lines": lines(items, at_the_desk=request.user.at_the_desk),
        "only_unread": only_unread,
        "tabs": [
            (_("All notifications"), address, not only_unread, None),
            (_("Unread"), f"{address}?mostrar={UNREAD}", only_unread, None),
        ],
        "following": f"?{f'mostrar={UNREAD}&' if only_unread else ''}antes={more}" if more else "",
        "first": address if request.GET.get("antes") else "",
        "unread": bell.unread_count(request.user),
    }
    return render(request, "profile/notices/notifications.html", context)


@require_safe
def popover(request: Request) -> HttpResponse:
    """What floats under the bell; opened without JavaScript, it is the whole list."""
    if not request.htmx:
        return redirect("profile:notifications")
    bell.drop_out_of_sight(request.user, at=timezone.now())
    return _shown(request)


def _shown(request: Request) -> HttpResponse:
    context = {
        "lines": lines(bell.latest(request.user), at_the_desk=request.user.at_the_desk),
        "unread": bell.unread_count(request.user),
    }
    return render(request, "profile/notices/popover.html", context)


@require_safe
def count(request: Request) -> HttpResponse:
    """The number on the bell."""
    return render(request, "profile/notices/count.html", {"unread": bell.unread_count(request.user)})


@require_safe
def notification(request: Request, item_id: int) -> HttpResponse:
    """Mark one line as read, and lead to what it is about."""
    item = visible_or_404(BellItem.objects.select_related("ticket"), request.user, pk=item_id)
    bell.mark_read(request.user, item, at=timezone.now())
    if item.ticket is None:
        return redirect("profile:notifications")
    return redirect("desk:ticket" if request.user.at_the_desk else "portal:ticket", item.ticket.number)


@require_POST
def read_all(request: Request) -> HttpResponse:
    bell.mark_all_read(request.user, at=timezone.now())
    if request.htmx:
        return _shown(request)
    return redirect(safe_next(request, reverse("profile:notifications")))


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Request) -> HttpResponse:
    """What reaches the person by letter and in the bell, by kind of event."""
    if request.method == "POST":
        chosen = {group: _ticked(request, group) for group in offered_to(works_here=request.user.works_here)}
        actions.prefer(chosen, by=request.user)
        messages.success(request, _("Your choices are kept."))
        return redirect("profile:notification-settings")
    preferences = actions.preferences_of(request.user)
    rows = [_row(group, channels) for group, channels in preferences.items()]
    return render(request, "profile/notices/settings.html", {"rows": rows, "hour": HOUR})


def _row(group: Group, channels: Channels) -> dict[str, Any]:
    """Return a line of the table; `paces`: (value, words, whether it is the choice), none without letters."""
    chosen = (DAILY if channels.daily else NOW) if channels.by_email else NEVER
    paces = [(NOW, _("At once")), *([] if group in AT_ONCE else [(DAILY, _("In the daily digest"))]), (NEVER, _("No"))]
    return {
        "group": group,
        "on": channels,
        "paces": [] if group in NO_EMAIL else [(value, words, value == chosen) for value, words in paces],
        "has_bell": group not in NO_BELL,
    }


def _ticked(request: Request, group: Group) -> Channels:
    """Return what was chosen for a group. `digest`: the button that puts all letters that can wait into the digest."""
    pace = request.POST.get(f"{group}-email", NEVER)
    daily = pace == DAILY or "digest" in request.POST
    return Channels(by_email=pace not in {"", NEVER}, in_bell=f"{group}-bell" in request.POST, daily=daily)


def _before(request: Request) -> int | None:
    """Return where this page of the list begins; whatever is no number begins at the top."""
    given = request.GET.get("antes", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None
