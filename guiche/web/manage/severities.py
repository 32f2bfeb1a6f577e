"""The four severities and the matrix of urgency and impact."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.catalog.actions import severities as actions
from guiche.catalog.models import MatrixCell, Severity
from guiche.catalog.severity import Scale
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import catalog_forms as forms
from guiche.web.manage import trail
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show


@require_GET
def severities(request: Request) -> HttpResponse:
    return _severities(request)


def _severities(request: Request) -> HttpResponse:
    levels = list(Severity.objects.order_by("level"))
    matrix = MatrixCell.objects.as_matrix()
    return show(
        request,
        "manage/severities/severities.html",
        title=_("Severities"),
        text=_("Four levels; where a ticket's comes from is set on each request type."),
        crumbs=_crumbs()[:1],
        severities=levels,
        scale=list(reversed(Scale.choices)),
        matrix={f"{urgency}-{impact}": severity.pk for (urgency, impact), severity in matrix.items()},
        entries=list(trail.last_of("catalog.severity", levels[0].pk if levels else 0)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def severity(request: Request, level: int) -> HttpResponse:
    one = get_object_or_404(Severity, level=level)
    page = FormPage(
        title=_("Severity %d") % level,
        crumbs=_crumbs(),
        button=_("Save severity"),
        done=_("Severity saved"),
        to=address("severities"),
        kept=Kept(row=one, read=_values, acts=("severity.changed",)),
    )
    return form_page(
        request,
        forms.SeverityForm(posted(request), initial=_values(one)),
        lambda cleaned: actions.change(one, by=request.user, at=timezone.now(), **cleaned),
        page,
    )


def _values(one: Severity) -> dict[str, object]:
    return {name: getattr(one, name) for name in ("name", "description", "tone", "asks_to_call")}


@require_POST
def matrix(request: Request) -> HttpResponse:
    by_key = {str(row.pk): row for row in Severity.objects.all()}
    cells = {
        (urgency, impact): by_key[chosen]
        for urgency in Scale.values
        for impact in Scale.values
        if (chosen := request.POST.get(f"{urgency}-{impact}", "")) in by_key
    }
    return press(
        request,
        lambda: actions.set_matrix(cells, by=request.user, at=timezone.now()),
        done=_("Matrix saved"),
        to=address("severities"),
        back=_severities,
    )


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Severities"), address("severities"))]
