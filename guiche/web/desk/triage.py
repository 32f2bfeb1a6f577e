"""Putting a ticket in the right hands and under the right words, each in a dialog that is also a page."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guiche.tickets.actions import triage
from guiche.tickets.models import Ticket
from guiche.web import typeahead
from guiche.web.desk import dialogs, forms
from guiche.web.http import Request, visible_or_404

ASKED = ["GET", "HEAD", "POST"]


def _ticket(request: Request, number: int) -> Ticket:
    return visible_or_404(Ticket.objects.for_page(), request.user, number=number)


@require_http_methods(ASKED)
def assign(request: Request, number: int) -> HttpResponse:
    ticket = _ticket(request, number)
    initial = {"assignee": ticket.assignee_id}
    form = forms.AssignForm(_posted(request), ticket=ticket, initial=initial)
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/assign.html",
        lambda: triage.assign(ticket, form.cleaned_data["assignee"], by=request.user, at=timezone.now()),
        said=_("Responsible person changed"),
    )


@require_http_methods(ASKED)
def transfer(request: Request, number: int) -> HttpResponse:
    ticket = _ticket(request, number)
    form = forms.TransferForm(_posted(request), ticket=ticket)
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/transfer.html",
        lambda: triage.transfer(
            ticket,
            form.cleaned_data["team"],
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        ),
        said=_("Ticket transferred"),
    )


@require_http_methods(ASKED)
def severity(request: Request, number: int) -> HttpResponse:
    ticket = _ticket(request, number)
    form = forms.SeverityForm(_posted(request), initial={"severity": ticket.severity_id})
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/severity.html",
        lambda: triage.change(
            ticket,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            severity=form.cleaned_data["severity"],
        ),
        said=_("Severity changed"),
    )


CLASSIFIED = ("title", "request_type", "product", "module", "service", "failure", "contract")


@require_http_methods(ASKED)
def classify(request: Request, number: int) -> HttpResponse:
    ticket = _ticket(request, number)
    initial = {name: getattr(ticket, name) for name in CLASSIFIED}
    form = forms.ClassifyForm(_posted(request), ticket=ticket, initial=initial)
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/classify.html",
        lambda: triage.change(
            ticket,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
            **{name: form.cleaned_data[name] for name in CLASSIFIED if name in form.cleaned_data},
        ),
        said=_("Classification changed"),
    )


@require_http_methods(ASKED)
def organization(request: Request, number: int) -> HttpResponse:
    """Another requester, of this organisation or of another one."""
    ticket = _ticket(request, number)
    form = forms.OrganizationForm(_posted(request))
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/organization.html",
        lambda: triage.move_to_organization(
            ticket,
            form.cleaned_data["member"].organization,
            form.cleaned_data["member"].user,
            by=request.user,
            at=timezone.now(),
            reason=form.cleaned_data["reason"],
        ),
        said=_("Requester changed"),
    )


@require_safe
def members(request: Request) -> HttpResponse:
    """Answer the search of whoever asks for something: by name, e-mail, phone or organisation."""
    empty = _("Nobody with these words. Register the person below.")
    return typeahead.answer(request, forms.members(), "member", empty)


@require_safe
def organizations(request: Request) -> HttpResponse:
    name = "new_organization" if "new_organization-text" in request.GET else "organization"
    return typeahead.answer(request, forms.organizations(), name)


@require_safe
def modules(request: Request) -> HttpResponse:
    field = forms.modules()
    field.rows, _services = forms.narrow(_key(request, "product"), None)
    return typeahead.answer(request, field, "module", _("Choose the product first"))


@require_safe
def services(request: Request) -> HttpResponse:
    field = forms.services()
    _modules, field.rows = forms.narrow(_key(request, "product"), _key(request, "module"))
    return typeahead.answer(request, field, "service", _("Choose the product first"))


def _key(request: Request, name: str) -> int | None:
    written = request.GET.get(name, "")
    return int(written) if written.isdecimal() and len(written) < 18 else None


def _posted(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
