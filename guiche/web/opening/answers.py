"""What every area answers while a form is filled in: searches, what a choice changed, the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext as _

from guiche.catalog.fields import StandardField
from guiche.catalog.models import Failure, Module, Service
from guiche.core import formatting
from guiche.core.errors import Refused
from guiche.drafts import actions as drafts
from guiche.drafts.models import Draft
from guiche.web import typeahead, uploads
from guiche.web.http import Request
from guiche.web.opening import fields
from guiche.web.opening.form import OpeningForm, people_of, products_of
from guiche.web.uploads import Gathered

if TYPE_CHECKING:
    from guiche.catalog.models import FormField
    from guiche.organizations.models import Organization

# Never part of a draft: they belong to one showing of the form.
NOT_TYPED = frozenset(
    {
        "csrfmiddlewaretoken",
        "once_key",
        "files",
        "files-new",
        "shown",
        "similar",
        "similar-for",
        "organization",
        "retype",
    }
)
BELOW = {
    "product": ("module", "service", "failure", "service_impact"),
    "module": ("service", "service_impact"),
    "service": ("service_impact",),
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a form asks while it is filled in. `similar` and `promise` may be blank.

    `is_live` is for whole parts that htmx puts on the page: drawn without what only serves without JavaScript.
    """

    fields: str
    products: str
    modules: str
    services: str
    failures: str
    people: str
    upload: str
    draft: str
    similar: str = ""
    promise: str = ""
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What a choice changed on the page: lines that come or go, and fields that have other choices now."""

    lines: list[FormField]
    fields: list[str]
    words: str  # for the live region


def changed(form: OpeningForm, request: Request) -> Changed:
    """Return what of `form`, made of what is `typed` now, differs from what stands on the page."""
    decider = (request.htmx.trigger or "").removeprefix("decides-")
    before = set(request.POST.getlist("shown"))
    lines = [
        line for line in form.sheet.lines if line.conditions and (line.code in form.shown) != (line.code in before)
    ]
    renewed = {name for line in lines for name in fields.NAMES.get(line.standard, ())}
    below = [name for name in BELOW.get(decider, ()) if name not in renewed and _has_place(form, name)]
    return Changed(lines, below, _words(form.cleared))


def _has_place(form: OpeningForm, name: str) -> bool:
    return name != "failure" or any(line.standard == StandardField.FAILURE for line in form.sheet.lines)


def _words(cleared: list[str]) -> str:
    return _("Choose again: %s.") % ", ".join(cleared) if cleared else ""


def search_modules(request: Request, organization: Organization | None) -> HttpResponse:
    field = fields.of_name("module")
    product = _one(products_of(organization), request.GET.get("product", ""))
    field.rows = Module.objects.filter(product=product, is_active=True) if product else Module.objects.none()
    return typeahead.answer(request, field, "module", empty="" if product else _("Choose the product first"))


def search_services(request: Request, organization: Organization | None) -> HttpResponse:
    field = fields.of_name("service")
    modules = Module.objects.filter(product__in=products_of(organization), is_active=True)
    module = _one(modules, request.GET.get("module", ""))
    field.rows = Service.objects.filter(module=module, is_active=True) if module else Service.objects.none()
    return typeahead.answer(request, field, "service", empty="" if module else _("Choose the module first"))


def search_failures(request: Request, organization: Organization | None) -> HttpResponse:
    field = fields.of_name("failure")
    product = _one(products_of(organization), request.GET.get("product", ""))
    field.rows = Failure.objects.filter(product=product, is_active=True) if product else Failure.objects.none()
    return typeahead.answer(request, field, "failure", empty="" if product else _("Choose the product first"))


def search_products(request: Request, organization: Organization | None) -> HttpResponse:
    field = fields.of_name("product")
    field.rows = products_of(organization)
    return typeahead.answer(request, field, "product")


def search_people(request: Request, organization: Organization | None, name: str) -> HttpResponse:
    """Answer a search among the people of `organization`. The caller has found that this person may see them."""
    field = fields.of_name("on_behalf_of")
    field.rows = people_of(organization)
    return typeahead.answer(request, field, name, empty=_("Nobody with these words. Register the person first."))


def _one(rows: typeahead.Rows, key: str) -> Any:  # Any: a row of whatever is looked among
    return rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None


def keep_draft(request: Request, place: str, *, at: datetime) -> HttpResponse:
    """Keep what was typed. Answers JSON: the time it was kept, or why not."""
    files = uploads.own_unattached(request, request.POST.getlist("files"))
    content: dict[str, str | list[str]] = {
        name: values if len(values) > 1 else values[0]
        for name, values in request.POST.lists()
        if name not in NOT_TYPED and values
    }
    try:
        drafts.save(request.user, place, content, files, at=at)
    except Refused as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    return JsonResponse({"time": formatting.clock(at)})


def typed_in(draft: Draft) -> QueryDict:
    """Return what a draft holds as the form that was typed."""
    typed = QueryDict(mutable=True)
    for name, value in draft.content.items():
        typed.setlist(name, value if isinstance(value, list) else [value])
    return typed


def files_in(draft: Draft) -> Gathered:
    return Gathered(sorted(draft.files.all(), key=lambda file: file.created_at), [])
