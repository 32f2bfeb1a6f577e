"""The audit trail: who did what, newest first, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guiche.audit import record
from guiche.audit.models import Entry
from guiche.grids import paging
from guiche.web.http import Request
from guiche.web.manage import acts
from guiche.web.manage.answers import address, show
from guiche.web.manage.detail_words import named, said

SIZE = 50
GROUPS = ("person", "membership", "organization", "workflow", "request_type", "form", "installation")


@require_GET
def trail(request: Request) -> HttpResponse:
    about = request.GET.get("sobre", "")
    rows = Entry.objects.select_related("actor")
    if about in GROUPS:
        rows = rows.filter(act__startswith=f"{about}.")
    page = paging.page(rows, request.GET.get("p", ""), size=SIZE, key="pk")
    return show(
        request,
        "manage/trail/trail.html",
        title=_("Audit trail"),
        text=_("Who did what, and when. Nobody can change or remove a line; each one seals the one before it."),
        crumbs=[(_("Administration"), address("home"))],
        page=page,
        lines=[(entry, acts.words(entry.act), details(entry)) for entry in page.rows],
        about=about,
        tabs=_tabs(about),
    )


@require_GET
def check(request: Request) -> HttpResponse:
    """Read the whole trail and say whether anybody rewrote it."""
    broken = record.first_broken()
    return show(
        request,
        "manage/trail/check.html",
        title=_("Check of the audit trail"),
        crumbs=[(_("Administration"), address("home")), (_("Audit trail"), address("trail"))],
        broken=broken,
        count=Entry.objects.count(),
    )


def last_of(kind: str, key: object, count: int = 5) -> QuerySet[Entry]:
    """Return the last entries about one thing, with who acted."""
    rows = Entry.objects.filter(subject_kind=kind, subject_id=str(key)).select_related("actor")
    return rows.order_by("-id")[:count]


def details(entry: Entry) -> str:
    """Return what an entry says beside its act, as one line."""
    return "; ".join(
        f"{named(key)}: {_one(value)}" for key, value in entry.details.items() if value not in ("", None, [], {})
    )


def _one(value: Any) -> str:  # Any: whatever JSON holds
    if isinstance(value, Mapping):
        return ", ".join(f"{named(key)} {_one(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_one(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return said(str(value))


def _tabs(about: str) -> list[tuple[str, str, bool, None]]:
    names = {
        "": _("Everything"),
        "person": _("People"),
        "membership": _("Memberships"),
        "organization": _("Organisations"),
        "workflow": _("Workflows"),
        "request_type": _("Types"),
        "form": _("Forms"),
        "installation": _("Portal"),
    }
    return [(label, f"?sobre={key}" if key else "?", key == about, None) for key, label in names.items()]
