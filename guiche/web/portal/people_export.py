"""The people of my organisation as a spreadsheet: exactly those that the list shows under its filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiche.organizations.models import Membership
from guiche.web import downloads
from guiche.web.http import Request
from guiche.web.portal import people

MOST_EXPORTED = 10_000


@require_safe
@people.administrators_only
def export(request: Request) -> HttpResponse:
    """All pages of the list as one CSV, by name; past its limit, its last row says so."""
    rows = people.found(request).order_by("user__search_key", "pk")
    places = list(rows[: MOST_EXPORTED + 1])
    table = [_header(), *(list(_cells(place)) for place in places[:MOST_EXPORTED])]
    if len(places) > MOST_EXPORTED:
        table.append(
            [_("There is more: this file takes the first %d people. Choose narrower filters.") % MOST_EXPORTED]
        )
    return downloads.spreadsheet(table, name=f"pessoas-{timezone.localdate():%Y-%m-%d}.csv")


def _header() -> list[str]:
    about = [_("Person"), _("E-mail"), _("Phone"), _("Unit"), _("Reach"), _("Role")]
    return [*about, _("Situation"), _("Last access"), _("Invitation valid until")]


def _cells(place: Membership) -> Iterator[str]:
    user = place.user
    yield from (user.name, user.email or "", user.phone)
    yield place.site.name if place.site else ""
    yield place.get_reach_display()
    yield people.role_of(place)
    label, family = people.state_of(place)
    yield label
    yield _written(user.last_login)
    invited = place.invited_until if family == people.INVITED else None  # type: ignore[attr-defined]  # of found()
    yield _written(invited)


def _written(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
