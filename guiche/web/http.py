"""The few helpers that every view uses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from guiche.core.errors import Refused
from guiche.organizations.models import Membership, Organization

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from guiche.accounts.models import User

_Row = TypeVar("_Row", bound=Model, covariant=True)


class Request(HttpRequest):
    """A request as it reaches a view: a person, and what the middleware found out about them, a query each at most."""

    user: User  # anonymous only under `public`
    htmx: HtmxDetails
    area: str
    bell_count: int
    memberships: list[Membership]  # active ones, the current first
    organization: Organization | None  # the current one
    administers: bool  # a portal administrator of the current organisation
    areas: list[tuple[str, str, str]]  # route, words, icon of the other areas


class Seen(Protocol[_Row]):
    """Rows, or their manager, that know who may see them."""

    def visible_to(self, user: User) -> QuerySet[_Row]: ...


def visible_or_404(rows: Seen[_Row], user: User, **which: Any) -> _Row:
    """Return the one row of `rows` that `user` may see; a foreign one is answered like one that does not exist."""
    found = rows.visible_to(user).filter(**which).first()
    if found is None:
        raise Http404
    return found


def membership_in(request: Request, organization_id: int) -> Membership | None:
    """Return the person's active membership in an organisation, from those that the request already holds."""
    return next((row for row in request.memberships if row.organization_id == organization_id), None)


def refuse(form: BaseForm, refusal: Refused) -> None:
    """Put what a rule said into `form`: beside the fields that it names and the form has, on top otherwise; once."""
    here = {name: message for name, message in refusal.fields.items() if name in form.fields}
    elsewhere = dict.fromkeys(message for name, message in refusal.fields.items() if name not in here)
    for name, message in here.items():
        form.add_error(name, message)
    for message in elsewhere if refusal.fields else [refusal.message]:
        if message not in here.values():
            form.add_error(None, message)


def safe_next(request: HttpRequest, default: str) -> str:
    """Return where the person wanted to go (`next`), if it is an address of ours from its first slash on."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # A word without a slash would be taken for the name of a route by whoever redirects there.
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, None) else default


def go(request: HttpRequest, to: str, *arguments: Any) -> HttpResponse:
    """Send the person to the route `to`: a redirect, or to htmx the order to load that page."""
    response = redirect(to, *arguments)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return response


def toast(response: HttpResponse, text: str, *, undo: str = "") -> HttpResponse:
    """Let `response`, to htmx, show `text` for a moment; `undo` is the address that takes it back."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": text, "undo": undo, "undoLabel": _("Undo")}})
    return response
