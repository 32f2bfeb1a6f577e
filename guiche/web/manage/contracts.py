"""The contracts of a customer: each a form, and two buttons on the customer's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guiche.assets.actions import contracts as actions
from guiche.assets.models import Contract
from guiche.catalog.models import Product
from guiche.organizations.models import Organization
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage.answers import FormPage, address, form_page, posted, press
from guiche.web.manage.organizations import crumbs, form_or_post, found, page_of

_DAY_WRONG = gettext_lazy("Write the day as in 25/11/2026")


def _day(**options: Any) -> forms.DateField:  # Any: as Django annotates fields
    # The browser's own calendar wants and sends ISO days, whatever the language.
    errors = {"invalid": _DAY_WRONG, "required": gettext_lazy("Choose the first day")}
    return forms.DateField(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), error_messages=errors, **options)


class ContractForm(forms.Form):
    number = forms.CharField(
        label=gettext_lazy("Number of the contract"),
        max_length=actions.LONGEST_NUMBER,
        help_text=gettext_lazy("As both sides know it. The customer sees it on the ticket."),
        error_messages={"required": gettext_lazy("Write the number of the contract")},
    )
    valid_from = _day(label=gettext_lazy("First day"))
    valid_until = _day(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: it holds until somebody ends it."),
    )
    products = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Products it covers"),
        queryset=Product.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None marked: all of them."),
    )
    note = forms.CharField(
        label=gettext_lazy("Notes for the team"),
        required=False,
        max_length=actions.LONGEST_NOTE,
        widget=forms.Textarea,
        help_text=gettext_lazy("The customer never sees them."),
    )

    def __init__(self, *arguments: Any, contract: Contract | None = None, **options: Any) -> None:
        # Any: as Django annotates forms.
        super().__init__(*arguments, **options)
        named = Q(pk__in=contract.covered.values("product")) if contract else Q()
        offered = Product.objects.filter(Q(is_active=True) | named)
        self.fields["products"].queryset = offered.order_by("position", "name", "id")  # type: ignore[attr-defined]  # of a ModelMultipleChoiceField


@form_or_post
def new(request: Request, pk: int) -> HttpResponse:
    one = found(request, pk)
    form = ContractForm(posted(request))
    page = FormPage(
        title=_("New contract"),
        text=_("Tickets opened while it is in force are under it. Those that are open already keep what they have."),
        crumbs=crumbs(one),
        button=_("Save contract"),
        done=_("Contract saved"),
        to=_back(pk),
    )
    return form_page(
        request, form, lambda cleaned: actions.create(one, by=request.user, at=timezone.now(), **cleaned), page
    )


@form_or_post
def edit(request: Request, pk: int, contract_id: int) -> HttpResponse:
    one, contract = _contract(request, pk, contract_id)
    form = ContractForm(posted(request), contract=contract, initial=_values(contract))
    page = FormPage(
        title=_("Contract %s") % contract.number,
        text=_("Tickets that are under it stay under it."),
        crumbs=crumbs(one),
        button=_("Save contract"),
        done=_("Contract saved"),
        to=_back(pk),
        kept=Kept(row=contract, read=_values, acts=("contract.changed",)),
    )
    return form_page(
        request, form, lambda cleaned: actions.change(contract, by=request.user, at=timezone.now(), **cleaned), page
    )


@require_POST
def end(request: Request, pk: int, contract_id: int) -> HttpResponse:
    return _press(request, pk, contract_id, actions.end, _("Contract ended: no new ticket is under it"))


@require_POST
def reopen(request: Request, pk: int, contract_id: int) -> HttpResponse:
    return _press(request, pk, contract_id, actions.reopen, _("Contract opened again: its days count as before"))


def _press(request: Request, pk: int, contract_id: int, act: Callable[..., object], done: str) -> HttpResponse:
    _one, contract = _contract(request, pk, contract_id)
    return press(
        request,
        lambda: act(contract, by=request.user, at=timezone.now()),
        done=done,
        to=_back(pk),
        back=lambda again: page_of(again, pk),
    )


def _contract(request: Request, pk: int, contract_id: int) -> tuple[Organization, Contract]:
    one = found(request, pk)
    return one, get_object_or_404(Contract.objects.visible_to(request.user).of(pk), pk=contract_id)


def _values(contract: Contract) -> dict[str, object]:
    plain = {name: getattr(contract, name) for name in ("number", "valid_from", "valid_until", "note")}
    return plain | {"products": list(contract.covered.values_list("product_id", flat=True))}


def _back(pk: int) -> str:
    return address("organization", pk) + "#contratos"
