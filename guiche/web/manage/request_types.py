"""Request types: the list, and what each is. Its form has an editor of its own."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.catalog.actions import request_types as actions
from guiche.catalog.models import RequestType, Section
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import catalog_forms as forms
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
        crumbs=crumbs()[:1],
        by_section=by_section,
    )


@form_or_post
def new(request: Request) -> HttpResponse:
    page = FormPage(
        title=_("New request type"),
        text=_("It begins with the short form: title, description, attachments and contact."),
        crumbs=crumbs(),
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
    one = found(slug)
    return _part(request, one, "settings", forms.TypeForm(posted(request), initial=_values(one, forms.TypeForm)))


@form_or_post
def severity(request: Request, slug: str) -> HttpResponse:
    one = found(slug)
    form = forms.TypeSeverityForm(posted(request), initial=_values(one, forms.TypeSeverityForm))
    return _part(request, one, "severity", form)


@form_or_post
def after(request: Request, slug: str) -> HttpResponse:
    one = found(slug)
    return _part(request, one, "after", forms.TypeAfterForm(posted(request), initial=_values(one, forms.TypeAfterForm)))


def _values(one: RequestType, form: type[Form]) -> dict[str, object]:
    """Return what a form of a type begins with: its fields are called as the columns."""
    values = {name: getattr(one, name) for name in form.base_fields}
    return values | {"products": one.products.all()} if "products" in values else values


def _part(request: Request, one: RequestType, part: str, form: Form) -> HttpResponse:
    """One tab of the page of a type: a form with some of its settings."""
    page = FormPage(
        title=one.name,
        text=one.sentence,
        crumbs=crumbs(),
        button=_("Save type"),
        done=_("Type saved. Open tickets keep what they were opened with"),
        to=address(f"request-type-{part}", one.slug),
        template="manage/forms/settings.html",
        more={
            "tabs": tabs(one, part, one.form_fields.count()),
            "entries": list(trail.last_of("catalog.requesttype", one.pk)),
        },
        kept=Kept(row=one, read=lambda row: _values(row, type(form)), acts=("request_type.changed",)),
    )
    return form_page(
        request, form, lambda cleaned: actions.change(one, by=request.user, at=timezone.now(), **cleaned), page
    )


@require_POST
def move(request: Request, slug: str) -> HttpResponse:
    one = found(slug)
    order = list(RequestType.objects.filter(section=one.section).values_list("pk", flat=True))
    return press(
        request,
        lambda: actions.move(one, places(request, order.index(one.pk)), by=request.user, at=timezone.now()),
        done="",
        to=address("request-types"),
        back=request_types,
    )


def tabs(one: RequestType, current: str, count: int) -> list[tuple[str, str, bool, int | None]]:
    """Return the tabs of the pages of a type: words, address, whether it is this one, how many."""
    return [
        (_("Type"), address("request-type-settings", one.slug), current == "settings", None),
        (_("Fields"), address("request-type", one.slug), current == "fields", count),
        (_("Severity"), address("request-type-severity", one.slug), current == "severity", None),
        (_("After opening"), address("request-type-after", one.slug), current == "after", None),
    ]


def found(slug: str) -> RequestType:
    return get_object_or_404(RequestType.objects.select_related("workflow", "default_team"), slug=slug)


def crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Types and forms"), address("request-types"))]
