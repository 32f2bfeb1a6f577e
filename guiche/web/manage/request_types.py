"""Request types: the list, what each is, and the lines of its form with a preview."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.catalog.actions import forms as form_actions
from guiche.catalog.actions import request_types as actions
from guiche.catalog.models import CustomField, FormField, RequestType, Section
from guiche.core.errors import Refused
from guiche.web.http import Request, refuse
from guiche.web.manage import catalog_forms as forms
from guiche.web.manage import form_lines as lines
from guiche.web.manage import trail
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show
from guiche.web.manage.ordering import places

form_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def request_types(request: Request) -> HttpResponse:
    rows = RequestType.objects.select_related("workflow", "default_team")
    by_section = [(label, [row for row in rows if row.section == key]) for key, label in Section.choices]
    return show(
        request,
        "manage/forms/request_types.html",
        title=_("Types and forms"),
        text=_("What customers can ask for. The shipped ones work as they are; change what does not fit."),
        crumbs=_crumbs()[:1],
        by_section=by_section,
    )


@form_or_post
def new(request: Request) -> HttpResponse:
    page = FormPage(
        title=_("New request type"),
        text=_("It begins with the short form: title, description, attachments and contact."),
        crumbs=_crumbs(),
        button=_("Make request type"),
        done=_("Request type made"),
        to=lambda made: address("request-type", made.slug),
    )
    return form_page(
        request,
        forms.RequestTypeForm(posted(request)),
        lambda cleaned: actions.create(by=request.user, at=timezone.now(), **cleaned),
        page,
    )


@form_or_post
def settings(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    names = ("name", "sentence", *actions.PLAIN)
    initial = {name: getattr(one, name) for name in names} | {"products": one.products.all()}
    page = FormPage(
        title=one.name,
        text=one.sentence,
        crumbs=_crumbs(),
        button=_("Save type"),
        done=_("Type saved. Open tickets keep what they were opened with"),
        to=address("request-type-settings", slug),
        template="manage/forms/settings.html",
        more={"tabs": _tabs(one, "settings"), "entries": list(trail.last_of("catalog.requesttype", one.pk))},
    )
    return form_page(
        request,
        forms.RequestTypeForm(posted(request), initial=initial),
        lambda cleaned: actions.change(one, by=request.user, at=timezone.now(), **cleaned),
        page,
    )


@require_POST
def move(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    order = list(RequestType.objects.filter(section=one.section).values_list("pk", flat=True))
    return press(
        request,
        lambda: actions.move(one, places(request, order.index(one.pk)), by=request.user, at=timezone.now()),
        done="",
        to=address("request-types"),
        back=request_types,
    )


@require_GET
def fields(request: Request, slug: str) -> HttpResponse:
    """The lines of the form; `?campo=` opens one for editing."""
    opened = request.GET.get("campo", "")
    return _fields(request, slug, opened=int(opened) if opened.isdecimal() and len(opened) < 19 else None)


def _fields(
    request: Request, slug: str, *, opened: int | None = None, form: forms.LineForm | None = None, status: int = 200
) -> HttpResponse:
    one = _found(slug)
    rows = list(one.form_fields.select_related("custom"))
    open_row = next((row for row in rows if row.pk == opened), None)
    if open_row and form is None:
        form = lines.form_of(open_row, rows)
    viewer = "equipe" if request.GET.get("ver") == "equipe" else "cliente"
    more = {} if status == 200 else {"status": status}
    return show(
        request,
        "manage/forms/fields.html",
        title=_("Form of %s") % one.name,
        text=_("%(sentence)s. Workflow %(workflow)s.") % {"sentence": one.sentence, "workflow": one.workflow.name},
        crumbs=_crumbs(),
        one=one,
        lines=lines.of(rows),
        open_row=open_row,
        form=form,
        failed=bool(form and form.is_bound),
        tabs=_tabs(one, "fields", len(rows)),
        preview=lines.preview(rows, for_staff=viewer == "equipe"),
        viewer=viewer,
        entry=trail.last_of("catalog.requesttype", one.pk, 1).first(),
        **more,
    )


@form_or_post
def field(request: Request, slug: str, pk: int) -> HttpResponse:
    """Change a line; a refused form stays open under its row."""
    row = _line(slug, pk)
    rows = list(row.request_type.form_fields.select_related("custom"))
    if request.method != "POST":
        return _fields(request, slug, opened=pk)
    form = lines.form_of(row, rows, data=request.POST)
    if form.is_valid():
        try:
            lines.save(row, form.cleaned_data, by=request.user, at=timezone.now())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Field saved"))
            return redirect(address("request-type", slug))
    return _fields(request, slug, opened=pk, form=form, status=422)


@require_POST
def field_move(request: Request, slug: str, pk: int) -> HttpResponse:
    row = _line(slug, pk)
    order = list(row.request_type.form_fields.values_list("pk", flat=True))
    return press(
        request,
        lambda: form_actions.move(row, places(request, order.index(pk)), by=request.user, at=timezone.now()),
        done="",
        to=address("request-type", slug),
        back=lambda again: _fields(again, slug),
    )


@require_POST
def field_remove(request: Request, slug: str, pk: int) -> HttpResponse:
    row = _line(slug, pk)
    return press(
        request,
        lambda: form_actions.remove(row, by=request.user, at=timezone.now()),
        done=_("Field removed. What was answered is kept"),
        to=address("request-type", slug),
        back=lambda again: _fields(again, slug, opened=pk),
    )


@form_or_post
def field_add(request: Request, slug: str) -> HttpResponse:
    """Choose a field that the form does not have yet, or make an own one."""
    one = _found(slug)
    if request.method == "POST" and (code := request.POST.get("code", "")):
        return press(
            request,
            lambda: _add(one, code, request),
            done=_("Field added at the end"),
            to=address("request-type", slug),
            back=lambda again: _fields(again, slug),
        )
    page = FormPage(
        title=_("Add field to %s") % one.name,
        crumbs=[*_crumbs(), (one.name, address("request-type", slug))],
        button=_("Make own field and add"),
        done=_("Field added at the end"),
        to=lambda made: f"{address('request-type', slug)}?campo={made.pk}",
        template="manage/forms/add.html",
        more={"offered": lines.offered(one)},
    )
    return form_page(
        request, forms.CustomFieldForm(posted(request)), lambda cleaned: _make(one, cleaned, request), page
    )


def _add(one: RequestType, code: str, request: Request) -> FormField:
    custom = None
    if code.startswith("custom-") and code[7:].isdecimal():
        custom = get_object_or_404(CustomField, pk=int(code[7:]), is_active=True)
    standard = "" if custom else code
    return form_actions.add(one, standard=standard, custom=custom, by=request.user, at=timezone.now())


def _make(one: RequestType, cleaned: dict[str, Any], request: Request) -> FormField:  # Any: what the form cleaned
    by, at = request.user, timezone.now()
    choices = cleaned.pop("choices").splitlines()
    custom = form_actions.create_custom(choices=choices, by=by, at=at, **cleaned)
    return form_actions.add(one, custom=custom, by=by, at=at)


def _tabs(one: RequestType, current: str, count: int | None = None) -> list[tuple[str, str, bool, int | None]]:
    return [
        (_("Fields"), address("request-type", one.slug), current == "fields", count),
        (_("Type, severity and what follows"), address("request-type-settings", one.slug), current == "settings", None),
    ]


def _found(slug: str) -> RequestType:
    return get_object_or_404(RequestType.objects.select_related("workflow", "default_team"), slug=slug)


def _line(slug: str, pk: int) -> FormField:
    rows = FormField.objects.select_related("request_type", "custom")
    return get_object_or_404(rows, request_type__slug=slug, pk=pk)


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Types and forms"), address("request-types"))]
