"""What the desk types into: the composer, and the dialogs that change a ticket."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import Team, User
from guiche.assets.models import Contract
from guiche.catalog.models import Failure, Module, Product, RequestType, Service, Severity
from guiche.core.text import normalize
from guiche.organizations.models import Membership, Organization
from guiche.tickets.models import Ticket
from guiche.web.typeahead import Rows, TypeaheadField
from guiche.workflows.models import Transition
from guiche.workflows.stages import Need

REPLY, NOTE, DIAGNOSIS = "reply", "note", "diagnosis"


def longer(rows: int = 3) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class ReplyForm(forms.Form):
    """The composer. `step` is the button that also moves the ticket; `seen` the last line on the screen."""

    mode = forms.ChoiceField(choices=[(REPLY, ""), (NOTE, ""), (DIAGNOSIS, "")], required=False)
    body = forms.CharField(label=_("Text of the answer"), required=False, strip=False, widget=forms.Textarea)
    once_key = forms.UUIDField(required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    step = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    @property
    def is_note(self) -> bool:
        return bool(self.cleaned_data.get("mode") == NOTE)

    @property
    def is_diagnosis(self) -> bool:
        return bool(self.cleaned_data.get("mode") == DIAGNOSIS)


class MoveForm(forms.Form):
    """A text for each thing that a step asks for."""

    LABELS = {
        Need.COMMENT: _("Comment to the customer"),
        Need.REASON: _("Reason"),
        Need.SOLUTION: _("Solution, as the customer will read it"),
    }
    once_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs = [Need(need) for need in step.asks]
        for need in self.needs:
            self.fields[str(need)] = forms.CharField(label=self.LABELS[need], required=False, widget=longer(5))

    def given(self) -> dict[str, str]:
        return {str(need): self.cleaned_data.get(str(need), "") for need in self.needs}


class CommentForm(forms.Form):
    body = forms.CharField(label=_("Text"), required=False, strip=False, widget=longer(8))


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,  # the action says it; a form with more to fill in asks for all of it at once
        max_length=500,
        widget=longer(),
        error_messages={"required": _("Say the reason.")},
    )


class AssignForm(forms.Form):
    """Who works the ticket from now on; nobody leaves it to the team."""

    assignee = forms.ModelChoiceField(
        label=_("Responsible person"), queryset=User.objects.none(), required=False, empty_label=_("Nobody: the team")
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.at_the_desk()
        if ticket.team.is_restricted:
            people = people.filter(teams=ticket.team)
        self.fields["assignee"].queryset = people.for_list()  # type: ignore[attr-defined]  # a choice of models


class TransferForm(ReasonForm):
    """Another team. The reason comes after it."""

    field_order = ["team", "reason"]
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.none(),
        empty_label=_("Choose the team"),
        error_messages={"required": _("Choose the team")},
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        teams = Team.objects.filter(is_active=True).exclude(pk=ticket.team_id)
        self.fields["team"].queryset = teams.order_by("name", "id")  # type: ignore[attr-defined]  # a choice of models


class SeverityForm(ReasonForm):
    field_order = ["severity", "reason"]
    severity = forms.ModelChoiceField(
        label=_("Severity"), queryset=Severity.objects.all(), required=False, empty_label=_("Without severity")
    )


def by_name(rows: Rows, text: str) -> Rows:
    """Rows whose name holds every word of `text`."""
    for word in normalize(text).split()[:6]:
        rows = rows.filter(search_key__contains=word)
    return rows.order_by("search_key", "id")


def modules() -> TypeaheadField:
    return TypeaheadField(label=_("Module"), rows=Module.objects.none(), search=by_name, required=False)


def services() -> TypeaheadField:
    return TypeaheadField(
        label=_("Service"),
        rows=Service.objects.none(),
        search=by_name,
        hint=lambda row: row.module.name,
        required=False,
    )


class ProductForm(forms.Form):
    """Product, module, service and failure: each is looked for inside the one before."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.objects.none(), required=False, empty_label=_("Without product")
    )
    module = modules()
    service = services()
    failure = forms.ModelChoiceField(
        label=_("What failed"), queryset=Failure.objects.none(), required=False, empty_label=_("Not said")
    )

    def offer(self, organization: Organization) -> None:
        """Narrow the choices to what `organization` has and to what was chosen so far."""
        products = Product.objects.of(organization)
        product = _number(self["product"].value())
        module = self["module"].value()
        chosen = _number(module[0] if isinstance(module, tuple) else module)
        self.fields["product"].queryset = products.order_by("position", "name", "id")  # type: ignore[attr-defined]
        narrowed = narrow(product, chosen)
        self.fields["module"].rows, self.fields["service"].rows = narrowed  # type: ignore[attr-defined]
        failures = Failure.objects.filter(is_active=True, product=product) if product else Failure.objects.none()
        self.fields["failure"].queryset = failures  # type: ignore[attr-defined]


def narrow(product: int | None, module: int | None) -> tuple[Rows, Rows]:
    """Return the modules of a product, and the services of a module or else of the product."""
    if product is None:
        return Module.objects.none(), Service.objects.none()
    services = Service.objects.filter(is_active=True, module__is_active=True, module__product=product)
    if module is not None:
        services = services.filter(module=module)
    return Module.objects.filter(is_active=True, product=product), services.select_related("module")


class ClassifyForm(ProductForm, ReasonForm):
    """What the ticket is about. A type of another workflow is another ticket."""

    field_order = ["title", "request_type", "product", "module", "service", "failure", "contract", "reason"]
    title = forms.CharField(label=_("Title"), max_length=200, error_messages={"required": _("Give it a title.")})
    request_type = forms.ModelChoiceField(label=_("Type"), queryset=RequestType.objects.none(), empty_label=None)
    contract = forms.ModelChoiceField(
        label=_("Contract"),
        queryset=Contract.objects.none(),
        required=False,
        empty_label=_("Under no contract"),
        help_text=_("Its deadlines hold. The customer sees the number."),
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = RequestType.objects.active().filter(workflow=ticket.status.workflow_id)
        types = same | RequestType.objects.filter(pk=ticket.request_type_id)
        self.fields["request_type"].queryset = types.order_by("section", "position", "id")  # type: ignore[attr-defined]
        self.offer(ticket.organization)
        self._offer_contracts(ticket)

    def _offer_contracts(self, ticket: Ticket) -> None:
        """Those of the organisation that were not ended, and the one it has; no box where there are none.

        Nor in what was sent without one: the first contract came after the page was drawn, and takes nothing away.
        """
        own = Contract.objects.of(ticket.organization_id)
        offered = own.filter(Q(is_active=True) | Q(pk=ticket.contract_id)).for_list()
        if offered.exists() and (not self.is_bound or "contract" in self.data):
            self.fields["contract"].queryset = offered  # type: ignore[attr-defined]  # a choice of models
        else:
            del self.fields["contract"]


def organizations() -> TypeaheadField:
    return TypeaheadField(
        label=_("Organisation"),
        rows=Organization.objects.active(),
        search=by_name,
        hint=lambda row: row.erp_code or row.cnpj,
        error_messages={"required": _("Choose the organisation")},
    )


def teams() -> TypeaheadField:
    """Who is to work a ticket, where it is not the team of the product or type."""
    return TypeaheadField(
        label=_("Team"), rows=Team.objects.filter(is_active=True), search=_team_search, required=False
    )


def _team_search(rows: Rows, text: str) -> Rows:
    return rows.filter(name__icontains=text.strip()).order_by("name", "id")


def people_search(rows: Rows, text: str) -> Rows:
    """Members by name, e-mail, phone, or the name of their organisation."""
    for word in normalize(text).split()[:6]:
        rows = rows.filter(Q(user__search_key__contains=word) | Q(organization__search_key__contains=word))
    return rows.order_by("user__search_key", "id")


def members(**options: Any) -> TypeaheadField:
    """Somebody in an organisation: the choice is the membership, its words are the person's name."""
    rows = Membership.objects.active().select_related("user", "organization")
    return TypeaheadField(rows=rows, search=people_search, words=lambda row: row.user.name, hint=_where, **options)


def _where(row: Membership) -> str:
    return f"{row.organization.name} · {row.user.email or row.user.phone}".strip(" ·")


class OrganizationForm(ReasonForm):
    """Another requester, and with them another organisation."""

    field_order = ["member", "reason"]
    member = members(label=_("Requester"), error_messages={"required": _("Choose who asks for it")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel", "inputmode": "tel"})
    )
    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput({"type": "email", "inputmode": "email"}),
    )
    best_time = forms.CharField(label=_("Best time to call"), max_length=80, required=False)


class ShareForm(forms.Form):
    address = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput({"type": "email", "inputmode": "email"}),
    )
    whole = forms.BooleanField(
        label=_("Show what was said before, too"),
        help_text=_("For somebody of another company. Whoever has no account gets letters only."),
        required=False,
    )


def _number(value: Any) -> int | None:  # Any: a key, a row, or what was typed
    if hasattr(value, "pk"):
        return int(value.pk)
    written = str(value or "")
    return int(written) if written.isdecimal() and len(written) < 18 else None
