"""How every dialog that changes a ticket is answered: a question, a refusal beside its field, or what was changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guiche.core.errors import Refused
from guiche.tickets.models import Ticket
from guiche.web.desk import pane
from guiche.web.http import Request, refuse, safe_next


def answer(
    request: Request,
    ticket: Ticket,
    form: Form,
    template: str,
    act: Callable[[], object],
    *,
    said: str,
    **shown: Any,  # Any: what the template shows besides the form
) -> HttpResponse:
    """Ask with `template`; posted and valid, `act` and answer that the ticket was changed. Refused, ask again: 422."""
    if form.is_bound and form.is_valid():
        try:
            act()
        except Refused as refusal:
            refuse(form, refusal)
        else:
            return pane.changed(request, ticket.number, said if form.has_changed() else _("Nothing was changed"))
    failed = form.is_bound
    here = safe_next(request, reverse("desk:ticket", args=[ticket.number]))
    context = {"ticket": ticket, "form": form, "failed": failed, "here": here, "section": "tickets", **shown}
    return render(request, template, context, status=422 if failed else 200)
