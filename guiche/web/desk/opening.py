"""A ticket opened at the desk, in the name of a customer: mostly somebody on the telephone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiche.core import formatting
from guiche.core.errors import Refused
from guiche.drafts import actions as drafts
from guiche.drafts.models import Draft
from guiche.installation import models as installation
from guiche.tickets.actions import opening
from guiche.tickets.models import Ticket
from guiche.web import uploads
from guiche.web.desk.opening_call import CallForm
from guiche.web.http import Request
from guiche.web.opening import answers, once, promise, sheets
from guiche.web.opening.answers import Addresses
from guiche.web.opening.form import OpeningForm
from guiche.web.uploads import Gathered

PLACE = "opening:desk"  # of the draft: one for each person


@dataclass(frozen=True, slots=True)
class Paper:
    """The two forms of the page: who asks and of which type, and the form of that type (None: not chosen yet)."""

    call: CallForm
    form: OpeningForm | None

    def is_valid(self) -> bool:
        """Whether both are; both are looked at, so that everything that is missing is said at once."""
        valid = self.call.is_valid()
        return self.form is not None and self.form.is_valid() and valid


def _paper(request: Request, said: QueryDict, gathered: Gathered | None = None, *, checked: bool = False) -> Paper:
    """Return the forms as `said` shapes them; `checked` says what is wrong with it."""
    call = CallForm(request.user, data=said if checked else None, typed=said)
    # Not the offered ones only: nothing that was typed is lost when the organisation turns out not to have this type.
    sheet = sheets.find(request.user, None, call.slug) if call.slug else None
    if sheet is None:
        return Paper(call, None)
    content = call.caller.with_contact()
    form = OpeningForm(
        sheet,
        by=request.user,
        organization=call.caller.organization,
        requester=call.caller.person,
        for_staff=True,
        data=content if checked else None,
        typed=content,
        gathered=gathered,
    )
    return Paper(call, form)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    if request.method == "POST":
        return _open(request, timezone.now())
    draft = drafts.find(request.user, PLACE)
    typed = answers.typed_in(draft) if draft else QueryDict(mutable=True)
    asked, other = request.GET.get("pessoa", ""), None
    if asked and typed.get("member") != asked:  # from a person's page, whose ticket it is not that was left here
        draft, other = None, draft
        typed = QueryDict(mutable=True)
        typed["member"] = asked
    paper = _paper(request, typed, answers.files_in(draft) if draft else None)
    return _page(request, paper, draft=draft, other_draft=other)


def _open(request: Request, at: datetime) -> HttpResponse:
    before, key = once.before(request, once.key_of(request))
    if before:
        return _to_opened(request, before)
    paper, similar = _paper(request, request.POST, uploads.gathered(request, at=at), checked=True), []
    if paper.is_valid():
        similar = _unseen(request, paper)
        opened = None if similar else _opened(request, paper, at, key)
        if opened is not None:
            drafts.discard(request.user, PLACE)
            number = f"{installation.current().ticket_prefix}{opened.number}"
            messages.success(request, _("Ticket %(number)s opened") % {"number": number})
            return redirect("desk:ticket", opened.number)
    # The other half of a double click may have opened it meanwhile, with its files.
    if before := once.opened_by(request, key):
        return _to_opened(request, before)
    return _page(request, paper, similar=similar, key=key, status=422)


def _opened(request: Request, paper: Paper, at: datetime, key: uuid.UUID) -> Ticket | None:
    """Return the ticket, or None after saying in the forms what a rule has against it."""
    assert paper.form is not None  # who calls has found it valid
    asked = paper.form.asked(**paper.call.more())
    known = paper.call.caller.membership is not None
    act = opening.open_ticket if known else opening.open_for_newcomer
    try:
        return act(asked, by=request.user, at=at, once_key=key)
    except Refused as refusal:
        paper.call.refuse(refusal, paper.form)
    return None


def _unseen(request: Request, paper: Paper) -> list[Ticket]:
    assert paper.form is not None  # who calls has found it valid
    organization = paper.call.caller.organization
    return once.unseen(request, organization, paper.form.cleaned_data["title"]) if organization else []


def _to_opened(request: Request, ticket: Ticket) -> HttpResponse:
    once.say_if_another(request, ticket)
    return redirect("desk:ticket", ticket.number)


def _page(
    request: Request,
    paper: Paper,
    *,
    draft: Draft | None = None,
    other_draft: Draft | None = None,
    similar: list[Ticket] | None = None,
    key: uuid.UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "call": paper.call,
        "form": paper.form,
        "promise": _promise(paper),
        "to": _addresses(),
        "draft": draft,
        "other_draft": other_draft,
        "similar": similar or [],
        "looked_for": "",
        "once_key": key or uuid.uuid4(),
        "failed": status == 422,
    }
    return render(request, "desk/opening/new.html", context, status=status)


@require_POST
def fields(request: Request) -> HttpResponse:
    """The page as the choices made so far shape it: to htmx, what changed of it."""
    paper = _paper(request, request.POST, uploads.gathered(request, at=timezone.now()))
    if not request.htmx:
        return _page(request, paper, key=once.key_of(request))
    to = replace(_addresses(), is_live=True)
    context = {"call": paper.call, "form": paper.form, "promise": _promise(paper), "to": to}
    if paper.form is not None and (request.htmx.trigger or "").startswith("decides-"):
        changed = {"changed": answers.changed(paper.form, request)}
        return render(request, "desk/opening/fields.html", context | changed)
    return render(request, "desk/opening/sheet.html", context)


@require_safe
def promised(request: Request) -> HttpResponse:
    """The deadlines of a ticket as it is written so far: the parts of the page that say them."""
    paper = _paper(request, request.GET)
    return render(request, "desk/opening/promise.html", {"promise": _promise(paper)})


def _promise(paper: Paper) -> promise.Shown | None:
    """What the ticket would be promised now; None while its type or organisation is not known."""
    return promise.shown(paper.form, at=timezone.now()) if paper.form is not None else None


@require_POST
def draft(request: Request) -> HttpResponse:
    """Keep what was typed so far; with `discard`, forget it and begin again."""
    if "discard" in request.POST:
        drafts.discard(request.user, PLACE)
        return redirect("desk:new")
    now = timezone.now()
    if once.opened_by(request, once.key_of(request)):
        return JsonResponse({"time": formatting.clock(now)})  # late news of a form that was sent: no draft comes back
    return answers.keep_draft(request, PLACE, at=now)


def _addresses() -> Addresses:
    return Addresses(
        fields=reverse("desk:opening-fields"),
        products=reverse("desk:opening-products"),
        modules=reverse("desk:module-options"),
        services=reverse("desk:service-options"),
        failures=reverse("desk:opening-failures"),
        people=reverse("desk:opening-people"),
        upload=reverse("profile:upload"),
        draft=reverse("desk:opening-draft"),
        similar=reverse("desk:similar"),
        promise=reverse("desk:opening-promise"),
    )
