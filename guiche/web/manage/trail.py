"""The audit trail: who did what, newest first, in words; filtered, and taken along as a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guiche.audit import record
from guiche.audit.models import Entry
from guiche.grids import paging
from guiche.web import downloads
from guiche.web.http import Request
from guiche.web.manage import acts, trail_subjects
from guiche.web.manage.answers import address, show
from guiche.web.manage.detail_words import named, said
from guiche.web.manage.trail_filters import TrailForm, filtered
from guiche.web.manage.trail_subjects import Key, Subject

SIZE = 50
MOST_EXPORTED = 10_000
NONE: Mapping[Key, Subject] = {}


@require_GET
def trail(request: Request) -> HttpResponse:
    return _trail(request, TrailForm(request.GET))


def _trail(request: Request, form: TrailForm) -> HttpResponse:
    wrong = not form.is_valid()
    rows = filtered(Entry.objects.select_related("actor"), {} if wrong else form.cleaned_data)
    page = paging.page(rows, request.GET.get("p", ""), size=SIZE, key="pk")
    subjects = trail_subjects.found(page.rows)
    count = paging.counted(rows, MOST_EXPORTED)
    return show(
        request,
        "manage/trail/trail.html",
        title=_("Audit trail"),
        text=_("Who did what, and when. Nobody can change or remove a line; each one seals the one before it."),
        crumbs=[(_("Administration"), address("home"))],
        page=page,
        lines=[_line(entry, subjects) for entry in page.rows],
        form=form,
        failed=wrong,
        count=count,
        most=MOST_EXPORTED,
        status=422 if wrong else 200,
    )


@require_GET
def export(request: Request) -> HttpResponse:
    """The lines that the filters let through, newest first, as a CSV; past its limit, its last row says so."""
    form = TrailForm(request.GET)
    if not form.is_valid():
        return _trail(request, form)
    rows = filtered(Entry.objects.select_related("actor"), form.cleaned_data).order_by("-pk")
    entries = list(rows[: MOST_EXPORTED + 1])
    table = [_header(), *_cells(entries[:MOST_EXPORTED])]
    if len(entries) > MOST_EXPORTED:
        said_at_the_end = _("There is more: this file takes the newest %d lines. Choose a shorter period.")
        table.append([said_at_the_end % MOST_EXPORTED])
    return downloads.spreadsheet(table, name=f"auditoria-{timezone.localdate():%Y-%m-%d}.csv")


def _header() -> list[str]:
    return [_("Line"), _("When"), _("Who"), _("E-mail"), _("What"), _("About"), _("Details"), _("Code"), _("Seal")]


def _cells(entries: list[Entry]) -> Iterator[list[str]]:
    subjects = trail_subjects.found(entries)
    for entry in entries:
        _entry, words, subject, said_of_it = _line(entry, subjects)
        yield [
            str(entry.pk),
            f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            entry.actor.name if entry.actor else _("System"),
            (entry.actor.email or "") if entry.actor else "",
            words,
            subject.name if subject else "",
            said_of_it,
            entry.act,
            entry.hash,
        ]


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


def _line(entry: Entry, subjects: Mapping[Key, Subject]) -> tuple[Entry, str, Subject | None, str]:
    """Return an entry with its act, what it is about, and its details, in words."""
    about = subjects.get((entry.subject_kind, entry.subject_id))
    told = about.name if about else ""
    return entry, acts.words(entry.act), about, details(entry, subjects, but=told)


def details(entry: Entry, subjects: Mapping[Key, Subject] = NONE, *, but: str = "") -> str:
    """Return what an entry says beside its act, as one line: ids as the names in `subjects`, without the name `but`."""
    return "; ".join(
        f"{named(key)}: {_one(value, subjects, key)}"
        for key, value in entry.details.items()
        if value not in ("", None, [], {}) and not (key == "name" and value == but)
    )


def _one(value: Any, subjects: Mapping[Key, Subject], name: str = "") -> str:  # Any: whatever JSON holds
    if isinstance(value, Mapping):
        return ", ".join(f"{named(key)} {_one(one, subjects, key)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(_one(one, subjects, name).removesuffix(".") for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    pointed = trail_subjects.pointed_at(name, value)
    known = subjects.get(pointed) if pointed else None
    return known.name if known else said(str(value))
