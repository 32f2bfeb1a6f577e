"""Brand, contact and rules of the portal, with how the brand looks in both themes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guiche.core.errors import Refused
from guiche.installation import actions
from guiche.installation import models as installation
from guiche.installation.models import Installation
from guiche.web import zones
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import trail
from guiche.web.manage.answers import FormPage, address, form_page


class BrandForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name of the portal"),
        max_length=80,
        error_messages={"required": gettext_lazy("Write the name of the portal, of at most 80 characters.")},
    )
    tagline = forms.CharField(label=gettext_lazy("Second word of the brand"), max_length=40, required=False)
    claim = forms.CharField(label=gettext_lazy("Sentence of the sign-in page"), max_length=160, required=False)
    logo = forms.FileField(
        label=gettext_lazy("Logo"), required=False, help_text=gettext_lazy("PNG, JPEG or WebP. It is shown 28 px high.")
    )
    removes_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    brand_hue = forms.IntegerField(
        label=gettext_lazy("Hue"),
        widget=forms.NumberInput({"type": "range"}),
        help_text=gettext_lazy("0 is pink, 90 yellow, 195 the shipped teal, 270 blue."),
    )
    brand_chroma = forms.DecimalField(
        label=gettext_lazy("Strength of the colour"),
        widget=forms.NumberInput({"type": "range"}),
        help_text=gettext_lazy("0 is grey, 0,16 the strongest."),
    )
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    hours_text = forms.CharField(
        label=gettext_lazy("Support hours"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("As people read them: Suporte de segunda a sexta, das 8h às 18h."),
    )
    email = forms.EmailField(label=gettext_lazy("Support e-mail"), required=False)
    access_email = forms.EmailField(
        label=gettext_lazy("E-mail for access trouble"),
        required=False,
        help_text=gettext_lazy("Shown to who cannot get in."),
    )
    ticket_prefix = forms.CharField(label=gettext_lazy("Prefix of ticket numbers"), max_length=8, required=False)
    reopening_days = forms.IntegerField(label=gettext_lazy("Days in which a ticket can be reopened"))
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    contacts_start_at_list = forms.BooleanField(
        label=gettext_lazy("Contacts start at the list of tickets"), required=False
    )
    staff_second_factor = forms.BooleanField(
        label=gettext_lazy("Second factor required for the team"),
        required=False,
        help_text=gettext_lazy("Who has none is asked to set one up at the next sign-in."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self.fields["time_zone"].choices = zones.grouped()  # type: ignore[attr-defined]  # of a ChoiceField


@require_http_methods(["GET", "HEAD", "POST"])
def brand(request: Request) -> HttpResponse:
    row = Installation.objects.filter(pk=1).first() or installation.current()
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    page = FormPage(
        title=_("Brand and contact"),
        text=_("What customers see. The shipped brand works as it is; nothing is needed to start."),
        crumbs=[(_("Administration"), address("home"))],
        button=_("Save brand and contact"),
        done=_("Saved. Every page shows it in a few seconds"),
        to=address("brand"),
        template="manage/brand.html",
        more={"row": row, "entries": list(trail.last_of("installation.installation", 1))},
        kept=Kept(row=row, read=_values, acts=("installation.changed",)),
    )
    return form_page(request, BrandForm(*bound, initial=_values(row)), lambda cleaned: _save(cleaned, request), page)


def _values(row: Installation) -> dict[str, object]:
    names = [name for name in BrandForm.base_fields if name not in {"logo", "removes_logo"}]
    return {name: getattr(row, name) for name in names}


@transaction.atomic
def _save(cleaned: dict[str, Any], request: Request) -> None:  # Any: what the form cleaned
    by, at = request.user, timezone.now()
    logo, removes = cleaned.pop("logo"), cleaned.pop("removes_logo")
    actions.change(cleaned, by=by, at=at)
    if logo or removes:
        try:
            actions.set_logo(logo or None, by=by, at=at)
        except Refused as refusal:
            raise Refused(refusal.message, fields={"logo": refusal.message}) from refusal
