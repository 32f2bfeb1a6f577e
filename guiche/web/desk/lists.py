"""Every ticket the desk may see, by what it is looked for: the list with its filters, and the search."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from guiche.accounts.models import Team, User
from guiche.grids import paging
from guiche.organizations.models import Organization
from guiche.tickets.models import Outcome, Ticket
from guiche.tickets.querysets import TicketQuerySet
from guiche.web import chips
from guiche.web.deadlines import Form
from guiche.web.desk.forms import organizations
from guiche.web.http import Request
from guiche.workflows.stages import Family

SIZE = 25
FOUND = 10  # people and organisations that a search shows
SHORTEST = 2  # letters that are worth a search
# "*+" gives no space back: a long run of them is read once, not once for each place where it could be parted.
NUMBER = re.compile(r"^\s*+(?:[A-Za-z]{1,8}\s*+-?\s*+|#\s*+)?(\d{1,15})\s*+$")
VIEWS = {"abertos": _("Still open"), "encerrados": _("Already ended"), "todos": _("All")}


class FilterForm(forms.Form):
    """What narrows the list. Everything is in the address; what cannot be read narrows nothing."""

    q = forms.CharField(label=_("Search by title, description or number"), max_length=200, required=False)
    equipe = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("Every team")
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Every status")), *Family.choices])
    desfecho = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("Every outcome")), *Outcome.choices]
    )
    organization = organizations()
    meus = forms.BooleanField(label=_("Only mine"), required=False)

    def __init__(self, data: Any, *, user: User) -> None:  # Any: a QueryDict
        super().__init__(data)
        self.user = user
        self.fields["organization"].required = False
        teams = Team.objects.filter(pk__in=Team.objects.open_to(user).values("pk"))
        self.fields["equipe"].queryset = teams.order_by("name", "id")  # type: ignore[attr-defined]  # a choice of models

    def narrow(self, rows: TicketQuerySet) -> TicketQuerySet:
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("equipe"):
            rows = rows.filter(team=asked["equipe"])
        if asked.get("status"):
            rows = rows.filter(status__family=asked["status"])
        if asked.get("desfecho"):
            rows = rows.ended_as(asked["desfecho"])
        if asked.get("organization"):
            rows = rows.of(asked["organization"])
        if asked.get("meus"):
            rows = rows.filter(assignee=self.user)
        return _worded(rows, asked.get("q", ""))

    @property
    def is_narrowing(self) -> bool:
        return any(self.cleaned_data.values())


def _worded(rows: TicketQuerySet, words: str) -> TicketQuerySet:
    words = words.replace("\x00", "").strip()
    if match := NUMBER.match(words):
        return rows.filter(_numbered(match.group(1)))
    return rows.worded_like(words) if words else rows


def _numbered(digits: str) -> Q:
    """Ours, or the number it had in an older tool or has in the ERP."""
    return Q(number=int(digits)) | Q(external_number=digits) | Q(legacy_number=digits)


@require_safe
def tickets(request: Request) -> HttpResponse:
    view = request.GET.get("ver", "abertos")
    view = view if view in VIEWS else "abertos"
    form = FilterForm(request.GET, user=request.user)
    rows = form.narrow(_of_view(Ticket.objects.visible_to(request.user), view))
    page = paging.page(rows.for_list(), request.GET.get("p", ""), size=SIZE, key="touched_at")
    context = {
        "page": page,
        "chips": chips.of_rows(page.rows, timezone.now(), Form.BRIEF, for_staff=True),
        "view": view,
        "form": form,
        "tabs": _tabs(request, view),
        "address": _address(request),
    }
    return render(request, "desk/lists/tickets.html", context)


def _of_view(rows: TicketQuerySet, view: str) -> TicketQuerySet:
    if view == "abertos":
        return rows.open()
    return rows.ended() if view == "encerrados" else rows


def _tabs(request: Request, view: str) -> list[tuple[str, str, bool, None]]:
    return [(str(words), _address(request, ver=key), key == view, None) for key, words in VIEWS.items()]


def _address(request: Request, **changed: str) -> str:
    """Return the present filters as the beginning of an address; the place in the list is left out."""
    asked = request.GET.copy()
    asked.pop("p", None)
    if changed.get("ver") == "abertos":
        asked.pop("desfecho", None)  # what is open has none, and shows no box for it
    for name, value in changed.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


@require_safe
def search(request: Request) -> HttpResponse:
    """A number goes straight to its ticket; words look into tickets, people and organisations."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    seen = Ticket.objects.visible_to(request.user)
    if match := NUMBER.match(words):
        found = seen.filter(_numbered(match.group(1))).order_by("-id").first()
        if found is not None:
            return redirect("desk:ticket", found.number)
    enough = len(words) >= SHORTEST
    rows = seen.worded_like(words).for_list() if enough else seen.none()
    page = paging.page(rows, request.GET.get("p", ""), size=SIZE, key="touched_at")
    context = {
        "words": words,
        "page": page,
        "chips": chips.of_rows(page.rows, timezone.now(), Form.BRIEF, for_staff=True),
        "people": list(_people(words)) if enough else [],
        "organizations": list(_organizations(request.user, words)) if enough else [],
    }
    return render(request, "desk/lists/search.html", context)


def _people(words: str) -> Any:  # Any: a queryset of users
    """Customers, of whom the desk sees everybody."""
    return User.objects.contacts().named_like(words).for_list()[:FOUND]


def _organizations(user: User, words: str) -> Any:  # Any: a queryset of organisations
    return Organization.objects.visible_to(user).named_like(words).for_list()[:FOUND]
