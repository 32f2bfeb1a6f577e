"""Teams of the desk: who shares a queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from guiche.accounts.actions import teams as actions
from guiche.accounts.models import Team, User
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import trail
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, show

form_or_post = require_http_methods(["GET", "HEAD", "POST"])


class TeamForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, error_messages={"required": gettext_lazy("Name the team")}
    )
    people = forms.ModelMultipleChoiceField(
        label=gettext_lazy("People"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Agents, supervisors and back office."),
    )
    is_restricted = forms.BooleanField(
        label=gettext_lazy("Restricted"),
        required=False,
        help_text=gettext_lazy("Only its people see its tickets."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def __init__(self, *arguments: Any, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self.fields["people"].queryset = User.objects.at_the_desk().for_list()  # type: ignore[attr-defined]  # of a ModelMultipleChoiceField


@require_GET
def teams(request: Request) -> HttpResponse:
    rows = Team.objects.annotate(count=Count("people")).prefetch_related("people")
    return show(
        request,
        "manage/teams/teams.html",
        title=_("Teams"),
        text=_("Each request type has a team, and each team a queue at the desk."),
        crumbs=_crumbs()[:1],
        teams=list(rows),
    )


@form_or_post
def new(request: Request) -> HttpResponse:
    page = FormPage(
        title=_("New team"), crumbs=_crumbs(), button=_("Make team"), done=_("Team made"), to=address("teams")
    )
    return form_page(request, TeamForm(posted(request)), lambda cleaned: _create(cleaned, request), page)


def _create(cleaned: dict[str, Any], request: Request) -> Team:  # Any: what the form cleaned
    cleaned.pop("is_active")
    return actions.create(by=request.user, at=timezone.now(), **cleaned)


@form_or_post
def team(request: Request, slug: str) -> HttpResponse:
    one = get_object_or_404(Team, slug=slug)
    page = FormPage(
        title=one.name,
        crumbs=_crumbs(),
        button=_("Save team"),
        done=_("Team saved"),
        to=address("teams"),
        template="manage/teams/team.html",
        more={"entries": list(trail.last_of("accounts.team", one.pk))},
        kept=Kept(row=one, read=_values, acts=("team.changed",)),
    )
    return form_page(
        request,
        TeamForm(posted(request), initial=_values(one)),
        lambda cleaned: actions.change(one, by=request.user, at=timezone.now(), **cleaned),
        page,
    )


def _values(one: Team) -> dict[str, object]:
    return {
        "name": one.name,
        "is_restricted": one.is_restricted,
        "is_active": one.is_active,
        "people": one.people.all(),
    }


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Teams"), address("teams"))]
