"""Who else follows a ticket, and who answers for it at the customer."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guiche.core.errors import Refused
from guiche.tickets.actions import sharing
from guiche.tickets.models import Ticket
from guiche.web.desk import dialogs, forms, moves, pane
from guiche.web.http import Request, visible_or_404

ASKED = ["GET", "HEAD", "POST"]


@require_http_methods(ASKED)
def contact(request: Request, number: int) -> HttpResponse:
    ticket = visible_or_404(Ticket.objects, request.user, number=number)
    initial = {
        "name": ticket.contact_name,
        "phone": ticket.contact_phone,
        "email": ticket.contact_email,
        "best_time": ticket.best_time,
    }
    form = forms.ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/contact.html",
        lambda: sharing.change_contact(ticket, by=request.user, at=timezone.now(), **form.cleaned_data),
        said=_("Contact changed"),
    )


@require_http_methods(ASKED)
def share(request: Request, number: int) -> HttpResponse:
    """Who follows the ticket, and adding one more."""
    ticket = pane.found(request, number)
    form = forms.ShareForm(request.POST if request.method == "POST" else None)
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/share.html",
        lambda: sharing.share(
            ticket,
            form.cleaned_data["address"],
            by=request.user,
            at=timezone.now(),
            whole=form.cleaned_data["whole"],
        ),
        said=_("Ticket shared"),
    )


@require_POST
def stop_sharing(request: Request, number: int) -> HttpResponse:
    ticket = visible_or_404(Ticket.objects, request.user, number=number)
    person, copy = _key(request, "person"), _key(request, "copy")
    try:
        sharing.stop_sharing(ticket, by=request.user, at=timezone.now(), participant_id=person, copy_id=copy)
    except Refused as refusal:
        return moves.refused(request, number, refusal)
    return pane.changed(request, number, _("Removed from the ticket"))


def _key(request: Request, name: str) -> int | None:
    written = request.POST.get(name, "")
    return int(written) if written.isdecimal() and len(written) < 18 else None
