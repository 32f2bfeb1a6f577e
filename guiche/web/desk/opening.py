"""A ticket opened at the desk, in the name of a customer: mostly somebody on the telephone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guiche.accounts.models import Team
from guiche.catalog.models import RequestType, Severity
from guiche.catalog.severity import Scale
from guiche.core.errors import Refused
from guiche.installation import models as installation
from guiche.organizations.actions import memberships
from guiche.organizations.models import Membership, Organization
from guiche.tickets.actions import opening
from guiche.tickets.models import Channel, Ticket
from guiche.web import uploads
from guiche.web.desk.forms import ProductForm, longer, members, organizations
from guiche.web.http import Request, refuse

CHANNELS = (Channel.PHONE, Channel.EMAIL, Channel.CHAT)
SCALE = [("", gettext_lazy("Not said")), *Scale.choices]


class NewForm(ProductForm):
    """Who asks (known, or registered on the spot), what about, and how they reached us."""

    member = members(label=gettext_lazy("Who is asking"), required=False)
    organization = organizations()
    new_name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    new_email = forms.CharField(
        label=gettext_lazy("E-mail"), max_length=254, required=False, widget=forms.TextInput({"type": "email"})
    )
    new_phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(one.value, one.label) for one in CHANNELS],
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
    )
    call_minutes = forms.IntegerField(
        label=gettext_lazy("Length of the call"), required=False, min_value=0, max_value=1440
    )
    request_type = forms.ModelChoiceField(
        label=gettext_lazy("Type"),
        queryset=RequestType.objects.none(),
        empty_label=gettext_lazy("Choose the type"),
        error_messages={"required": gettext_lazy("Choose the type")},
    )
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=200, error_messages={"required": gettext_lazy("Give it a title.")}
    )
    description = forms.CharField(
        label=gettext_lazy("What happened"),
        widget=longer(6),
        error_messages={"required": gettext_lazy("Describe what happened")},
    )
    severity = forms.ModelChoiceField(
        label=gettext_lazy("Severity"),
        help_text=gettext_lazy("For types in which it is chosen."),
        queryset=Severity.objects.all(),
        required=False,
        empty_label=gettext_lazy("Not said"),
    )
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"), choices=SCALE, required=False)
    impact = forms.ChoiceField(label=gettext_lazy("Impact"), choices=SCALE, required=False)
    team = forms.ModelChoiceField(
        label=gettext_lazy("Team"),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("The one of the product or type"),
    )
    contact_name = forms.CharField(label=gettext_lazy("Contact, if somebody else"), max_length=120, required=False)
    contact_phone = forms.CharField(label=gettext_lazy("Phone of the contact"), max_length=40, required=False)
    best_time = forms.CharField(label=gettext_lazy("Best time to call"), max_length=80, required=False)
    once_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, request: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].required = False
        fields: Any = self.fields  # Any: choices of models, whose rows are set here
        fields["request_type"].queryset = RequestType.objects.offered_to(request.user, None).order_by(
            "section", "position", "id"
        )
        fields["team"].queryset = Team.objects.filter(is_active=True).order_by("name", "id")
        self.offer(None)

    def clean(self) -> dict[str, Any]:
        """Either somebody known, or a name with an organisation."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if asked.get("member") or "member" in self.errors:
            return asked
        if not asked.get("new_name"):
            self.add_error("member", _("Choose who is asking, or register the person"))
        elif not asked.get("organization") and "organization" not in self.errors:
            self.add_error("organization", _("Choose the organisation of the new person"))
        return asked


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    if request.method != "POST":
        return _page(request, NewForm(initial=_initial(request), request=request), ())
    now, form = timezone.now(), NewForm(request.POST, request=request)
    files = uploads.own_unattached(request, request.POST.getlist("files"))
    valid = form.is_valid()
    try:
        files = uploads.taken(request, at=now)
        if valid:
            opened = _open(request, form, files, now)
            number = f"{installation.current().ticket_prefix}{opened.number}"
            messages.success(request, _("Ticket %(number)s opened") % {"number": number})
            return redirect("desk:ticket", opened.number)
    except Refused as refusal:
        refuse(form, refusal)
    return _page(request, form, files)


def _initial(request: Request) -> dict[str, Any]:
    """A ticket may begin from a person's page: their membership is in the address."""
    initial: dict[str, Any] = {"once_key": uuid.uuid4(), "channel": Channel.PHONE}
    asked = request.GET.get("pessoa", "")
    if asked.isdecimal() and len(asked) < 18:
        rows = Membership.objects.active().visible_to(request.user).select_related("user", "organization")
        initial["member"] = rows.filter(pk=int(asked)).first()
    return initial


def _page(request: Request, form: NewForm, files: Any) -> HttpResponse:
    failed = form.is_bound
    context = {"form": form, "files": files, "failed": failed}
    return render(request, "desk/opening/new.html", context, status=422 if failed else 200)


@transaction.atomic
def _open(request: Request, form: NewForm, files: Any, at: datetime) -> Ticket:
    """Register the person if they are new, and open the ticket: both or neither."""
    asked, key = form.cleaned_data, form.cleaned_data["once_key"]
    if key and (opened := Ticket.objects.filter(once_key=key, opened_by=request.user).first()):
        return opened  # the second press of the same button: the person was registered by the first
    member = asked["member"] or _register(request, asked, at)
    content = opening.Asked(
        request_type=asked["request_type"],
        organization=member.organization,
        requester=member.user,
        contact_name=asked["contact_name"] or member.user.name,
        contact_phone=asked["contact_phone"] or member.user.phone,
        contact_email=member.user.email or "",
        call_minutes=asked["call_minutes"] if asked["channel"] == Channel.PHONE else None,
        files=files,
        **{name: asked[name] for name in COPIED},
    )
    return opening.open_ticket(content, by=request.user, at=at, once_key=key)


COPIED = (
    *("title", "description", "product", "module", "service", "failure", "severity", "urgency", "impact"),
    *("best_time", "team", "channel"),
)


def _register(request: Request, asked: dict[str, Any], at: datetime) -> Membership:
    organization: Organization = asked["organization"]
    try:
        made = memberships.invite(
            organization,
            name=asked["new_name"],
            email=asked["new_email"],
            phone=asked["new_phone"],
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        # The same words beside the boxes of this form.
        refusal.fields = {f"new_{name}": words for name, words in refusal.fields.items()}
        raise
    if not isinstance(made, Membership):
        raise Refused(_("This person has to be approved first. Open the ticket in the name of a colleague."))
    return made
