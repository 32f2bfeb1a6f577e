"""The tree of products: modules, services, what a failure does, and the kinds of failure."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.catalog.actions import products as actions
from guiche.catalog.models import Failure, Impact, Module, Product, Service
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import catalog_forms as forms
from guiche.web.manage import table_promises, trail
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show
from guiche.web.manage.ordering import places

form_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def products(request: Request) -> HttpResponse:
    return _products(request)


def _products(request: Request) -> HttpResponse:
    rows = Product.objects.select_related("team").annotate(
        module_count=Count("modules", distinct=True), organization_count=Count("organizations", distinct=True)
    )
    return show(
        request,
        "manage/products/products.html",
        title=_("Products and modules"),
        text=_("What customers ask about. The order is the one of the forms."),
        crumbs=_crumbs()[:1],
        products=list(rows),
    )


@require_GET
def product(request: Request, slug: str) -> HttpResponse:
    return _product(request, slug)


def _product(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    impacts = Prefetch("impacts", Impact.objects.select_related("severity").order_by("severity__level", "pk"))
    services = Prefetch("services", Service.objects.annotate(impact_count=Count("impacts")).prefetch_related(impacts))
    modules = list(one.modules.prefetch_related(services))
    return show(
        request,
        "manage/products/product.html",
        title=one.name,
        text=one.description,
        crumbs=_crumbs(),
        one=one,
        modules=modules,
        promised={service.pk: table_promises.of(service) for module in modules for service in module.services.all()},
        failures=list(one.failures.all()),
        organizations=list(one.organizations.order_by("search_key", "id")[:50]),
        entries=list(trail.last_of("catalog.product", one.pk)),
    )


@form_or_post
def new(request: Request) -> HttpResponse:
    form = forms.ProductForm(posted(request))
    page = FormPage(
        title=_("New product"),
        text=_("Modules and services come on its page, or all at once with the service table."),
        crumbs=_crumbs(),
        button=_("Make product"),
        done=_("Product made"),
        to=lambda made: address("product", made.slug),
    )
    return form_page(request, form, lambda cleaned: _create(cleaned, request), page)


def _create(cleaned: dict[str, Any], request: Request) -> Product:  # Any: what the form cleaned
    cleaned.pop("is_active")
    return actions.create_product(by=request.user, at=timezone.now(), **cleaned)


@form_or_post
def edit(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    form = forms.ProductForm(posted(request), initial=forms.product_values(one))
    page = FormPage(
        title=_("Change product"),
        crumbs=_crumbs(one),
        button=_("Save product"),
        done=_("Product saved"),
        to=address("product", slug),
        kept=Kept(row=one, read=forms.product_values, acts=("product.changed",)),
    )
    return form_page(
        request, form, lambda cleaned: actions.change_product(one, by=request.user, at=timezone.now(), **cleaned), page
    )


@require_POST
def move(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    order = list(Product.objects.values_list("pk", flat=True))
    return press(
        request,
        lambda: actions.move_product(one, places(request, order.index(one.pk)), by=request.user, at=timezone.now()),
        done="",
        to=address("products"),
        back=_products,
    )


@require_POST
def remove(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    return press(
        request,
        lambda: actions.remove(one, by=request.user, at=timezone.now()),
        done=_("“%s” removed") % one.name,
        to=address("products"),
        back=lambda again: _product(again, slug),
    )


@form_or_post
def module_new(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    return _named(
        request,
        one,
        forms.NameForm(posted(request)),
        lambda cleaned: actions.add_module(one, name=cleaned["name"], by=request.user, at=timezone.now()),
        title=_("New module of %s") % one.name,
    )


@form_or_post
def module(request: Request, slug: str, pk: int) -> HttpResponse:
    one = _found(slug)
    row = get_object_or_404(one.modules, pk=pk)
    return _named(
        request,
        one,
        forms.RowForm(posted(request), initial=forms.row_values(row)),
        lambda cleaned: actions.change_module(row, by=request.user, at=timezone.now(), **cleaned),
        title=_("Change module"),
        kept=Kept(row=row, read=forms.row_values, acts=("module.changed",)),
        removal=address("product-row-remove", slug, "modulo", pk),
    )


@form_or_post
def service_new(request: Request, slug: str, module_id: int) -> HttpResponse:
    one = _found(slug)
    row = get_object_or_404(one.modules, pk=module_id)
    return _named(
        request,
        one,
        forms.NameForm(posted(request)),
        lambda cleaned: actions.add_service(row, name=cleaned["name"], by=request.user, at=timezone.now()),
        title=_("New service of %s") % row.name,
    )


@form_or_post
def service(request: Request, slug: str, pk: int) -> HttpResponse:
    one = _found(slug)
    row = get_object_or_404(_services(one), pk=pk)
    impacts = list(row.impacts.select_related("severity"))
    return _named(
        request,
        one,
        forms.RowForm(posted(request), initial=forms.row_values(row)),
        lambda cleaned: actions.change_service(row, by=request.user, at=timezone.now(), **cleaned),
        title=_("Change service"),
        kept=Kept(row=row, read=forms.row_values, acts=("service.changed",)),
        template="manage/products/service.html",
        removal=address("product-row-remove", slug, "servico", pk),
        row=row,
        impacts=impacts,
        times={
            impact.pk: table_promises.times(impact.diagnosis_minutes, impact.solution_minutes) for impact in impacts
        },
        slug=slug,
    )


@form_or_post
def impact_new(request: Request, slug: str, service_id: int) -> HttpResponse:
    return _impact(request, slug, get_object_or_404(_services(_found(slug)), pk=service_id), None)


@form_or_post
def impact(request: Request, slug: str, pk: int) -> HttpResponse:
    rows = Impact.objects.filter(service__module__product__slug=slug).select_related("service")
    row = get_object_or_404(rows, pk=pk)
    return _impact(request, slug, row.service, row)


def _impact(request: Request, slug: str, row: Service, known: Impact | None) -> HttpResponse:
    form = forms.ImpactForm(posted(request), initial=forms.impact_values(known))
    page = FormPage(
        title=_("Change impact") if known else _("New impact"),
        text=_("What a failure of “%s” does to the customer, and the severity that follows.") % row.name,
        crumbs=[*_crumbs(_found(slug)), (row.name, address("service", slug, row.pk))],
        button=_("Save impact"),
        done=_("Impact saved"),
        to=address("service", slug, row.pk),
        template="manage/products/row.html",
        more={"removal": address("product-row-remove", slug, "impacto", known.pk) if known else ""},
        kept=Kept(row=known, read=forms.impact_values, acts=("impact.changed",)) if known else None,
    )
    return form_page(
        request,
        form,
        lambda cleaned: actions.put_impact(row, impact=known, by=request.user, at=timezone.now(), **cleaned),
        page,
    )


@form_or_post
def failure_new(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    return _named(
        request,
        one,
        forms.NameForm(posted(request)),
        lambda cleaned: actions.add_failure(one, name=cleaned["name"], by=request.user, at=timezone.now()),
        title=_("New kind of failure of %s") % one.name,
    )


@form_or_post
def failure(request: Request, slug: str, pk: int) -> HttpResponse:
    one = _found(slug)
    row = get_object_or_404(one.failures, pk=pk)
    return _named(
        request,
        one,
        forms.RowForm(posted(request), initial=forms.row_values(row)),
        lambda cleaned: actions.change_failure(row, by=request.user, at=timezone.now(), **cleaned),
        title=_("Change kind of failure"),
        kept=Kept(row=row, read=forms.row_values, acts=("failure.changed",)),
        removal=address("product-row-remove", slug, "falha", pk),
    )


@require_POST
def row_remove(request: Request, slug: str, kind: str, pk: int) -> HttpResponse:
    """Remove a module, service, impact or kind of failure of this product."""
    one = _found(slug)
    rows: dict[str, Any] = {  # Any: rows of four models
        "modulo": Module.objects.filter(product=one),
        "servico": _services(one),
        "impacto": Impact.objects.filter(service__module__product=one),
        "falha": Failure.objects.filter(product=one),
    }
    if kind not in rows:
        raise Http404
    row = get_object_or_404(rows[kind], pk=pk)
    return press(
        request,
        lambda: actions.remove(row, by=request.user, at=timezone.now()),
        done=_("“%s” removed") % row,
        to=address("service", slug, row.service_id) if kind == "impacto" else address("product", slug),
        back=lambda again: _product(again, slug),
    )


def _named(
    request: Request,
    one: Product,
    form: BaseForm,
    act: Any,
    *,
    title: str,
    template: str = "",
    kept: Kept | None = None,
    **more: Any,
) -> HttpResponse:
    # Any: what the form cleaned goes in; words and rows for the template.
    page = FormPage(
        title=title,
        crumbs=_crumbs(one),
        button=_("Save"),
        done=_("Saved"),
        to=address("product", one.slug),
        template=template or "manage/products/row.html",
        more={"removal": "", **more},
        kept=kept,
    )
    return form_page(request, form, act, page)


def _services(one: Product) -> Any:  # Any: a queryset, which get_object_or_404 takes by whatever name
    return Service.objects.filter(module__product=one)


def _found(slug: str) -> Product:
    return get_object_or_404(Product.objects.select_related("team"), slug=slug)


def _crumbs(one: Product | None = None) -> Crumbs:
    way = [(_("Administration"), address("home")), (_("Products and modules"), address("products"))]
    return [*way, (one.name, address("product", one.slug))] if one else way
