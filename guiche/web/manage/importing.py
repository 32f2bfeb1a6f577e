"""The service table from a spreadsheet: sent, looked at line by line, then written."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guiche.catalog import service_table
from guiche.catalog.actions import importing as actions
from guiche.catalog.service_table import Table
from guiche.core import spreadsheets
from guiche.core.errors import Refused
from guiche.drafts import actions as drafts
from guiche.files import actions as files
from guiche.files import storing
from guiche.files.models import StoredFile
from guiche.web.http import Request
from guiche.web.manage import catalog_forms as forms
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, press, show

PLACE = "import:service-table"
SHOWN = 300
form_or_post = require_http_methods(["GET", "HEAD", "POST"])


@form_or_post
def upload(request: Request) -> HttpResponse:
    form = forms.TableForm(request.POST, request.FILES) if request.method == "POST" else forms.TableForm()
    page = FormPage(
        title=_("Import the service table"),
        text=_("Products, modules, services, impacts and times of a spreadsheet. You see what changes before it does."),
        crumbs=_crumbs(),
        button=_("Check the file"),
        done="",
        to=address("service-table-check"),
        template="manage/products/import.html",
    )
    return form_page(request, form, lambda cleaned: _keep(request, cleaned["file"]), page)


def _keep(request: Request, sent: ContentFile[bytes]) -> None:
    """Keep the file of this person until it is written or forgotten. Raises what cannot be read beside the field."""
    content = sent.read()
    try:
        _parsed(content)
    except Refused as refusal:
        raise Refused(refusal.message, fields={"file": refusal.message}) from refusal
    kept = files.keep(ContentFile(content, name=sent.name), by=request.user, at=timezone.now())
    drafts.save(request.user, PLACE, {}, [kept], at=timezone.now())


@form_or_post
def check(request: Request) -> HttpResponse:
    kept = _kept(request)
    if kept is None:
        return redirect(address("service-table"))
    table = _parsed(storing.path_of(kept.checksum).read_bytes())
    if request.method == "POST":
        return press(
            request,
            lambda: _write(request, table),
            done=_("Service table written"),
            to=address("products"),
            back=lambda again: _preview(again, kept, table),
        )
    return _preview(request, kept, table)


def _preview(request: Request, kept: StoredFile, table: Table) -> HttpResponse:
    compared = actions.compare(table.lines)
    effects = [one.effect for one in compared]
    return show(
        request,
        "manage/products/import_check.html",
        title=_("Check of %s") % kept.name,
        crumbs=[*_crumbs(), (_("Import the service table"), address("service-table"))],
        unreadable=table.unreadable,
        compared=compared[:SHOWN],
        hidden=max(0, len(compared) - SHOWN),
        counts={effect.value: effects.count(effect) for effect in actions.Effect},
        hours=service_table.hours,
        form=Form(),
    )


def _write(request: Request, table: Table) -> None:
    for_all = request.POST.get("new_products_for_all") == "on"
    actions.write(table.lines, new_products_for_all=for_all, by=request.user, at=timezone.now())
    drafts.discard(request.user, PLACE)


def _parsed(content: bytes) -> Table:
    return service_table.parse(spreadsheets.read(content), actions.severity_names())


def _kept(request: Request) -> StoredFile | None:
    draft = drafts.find(request.user, PLACE)
    return draft.files.first() if draft else None


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Products and modules"), address("products"))]
