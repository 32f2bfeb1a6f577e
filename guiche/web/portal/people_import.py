"""A list of people for my organisation: the file, its preview with what stays out, and the report."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guiche.core.errors import NotAllowed, Refused
from guiche.organizations import people_import
from guiche.organizations.actions import importing
from guiche.organizations.models import PeopleImport, Reach
from guiche.web import downloads
from guiche.web.http import Request, visible_or_404
from guiche.web.portal.people import administrators_only
from guiche.web.portal.people_forms import ListForm

SHOWN = 100  # lines of each kind on the page; the file has them all
LARGEST = 2 * 1024 * 1024
HEADER = ["nome", "e-mail", "telefone", "unidade", "alcance", "papel"]
EXAMPLE = ["Sônia Teles", "sonia.teles@empresa.example", "(11) 4000-0000", "", "somente os próprios", ""]


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def upload(request: Request) -> HttpResponse:
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("portal:people-import-preview", _read(request, form.cleaned_data["file"]).pk)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error("file", refusal.message)
    context = {"form": form, "failed": bool(form.errors)}
    return render(request, "portal/people/import.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def preview(request: Request, pk: int) -> HttpResponse:
    """What comes in and what stays out and why; POST brings the good lines in. Afterwards it is the report."""
    wanted = _wanted(request, pk)
    if request.method == "POST":
        try:
            importing.confirm(wanted, is_invited="invite" in request.POST, by=request.user, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            return render(request, "portal/people/preview.html", _page(wanted, refusal.message), status=422)
        return redirect("portal:people-import-preview", pk)
    return render(request, "portal/people/preview.html", _page(wanted))


@require_safe
@administrators_only
def refused(request: Request, pk: int) -> HttpResponse:
    """The lines that stay out, with why, as a CSV to correct and send again."""
    lines = people_import.from_json(_wanted(request, pk).lines)
    rows = [_as_sent(line) for line in lines if line.refusal]
    return downloads.spreadsheet([[*HEADER, _("why it stays out")], *rows], name="recusadas.csv")


def _as_sent(line: people_import.Line) -> list[str]:
    """Return the cells of a line that stays out, so that corrected it says what it said, and why it stays out."""
    reach = str(Reach(line.reach).label) if line.reach in Reach.values else line.reach
    role = _("Administers the portal") if line.is_portal_administrator else ""
    return [line.name, line.email, line.phone, line.site, reach, role, line.refusal]


@require_safe
@administrators_only
def template(request: Request) -> HttpResponse:
    """A list to fill in."""
    return downloads.spreadsheet([HEADER, EXAMPLE], name="pessoas.csv")


def _read(request: Request, given: Any) -> PeopleImport:  # Any: Django's uploaded file
    if given.size > LARGEST:
        raise importing.ImportRefused(_("The file is larger than 2 MB. Split it in two."))
    assert request.organization is not None  # administrators_only has asked
    return importing.read(request.organization, given.read(), file_name=given.name, by=request.user, at=timezone.now())


def _wanted(request: Request, pk: int) -> PeopleImport:
    rows = PeopleImport.objects.filter(organization=request.organization).select_related("organization")
    return visible_or_404(rows, request.user, pk=pk)


def _page(wanted: PeopleImport, refusal: str = "") -> dict[str, Any]:
    lines = people_import.from_json(wanted.lines)
    out = [line for line in lines if line.refusal]
    good = [line for line in lines if not line.refusal]
    reaches = {str(value): label for value, label in Reach.choices}
    return {
        "wanted": wanted,
        "total": len(lines),
        "out": out[:SHOWN],
        "out_count": len(out),
        "good": good[:SHOWN],
        "good_count": len(good),
        "added": sum(line.done for line in lines),
        "reaches": reaches,
        "refusal": refusal,
        "step": 3 if wanted.confirmed_at else 1,
    }
