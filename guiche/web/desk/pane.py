"""The pane of one ticket: everything it shows, and the answers that renew its parts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from guiche.accounts.anybody import anybody
from guiche.core import written
from guiche.drafts.models import Draft
from guiche.files.models import StoredFile
from guiche.organizations.models import Site
from guiche.sla import reading
from guiche.tickets import policies
from guiche.tickets.models import CopiedAddress, Participant, Ticket
from guiche.tickets.querysets import TicketQuerySet
from guiche.web import answered, chips, timeline
from guiche.web.desk.forms import REPLY, ReplyForm
from guiche.web.http import Request, safe_next
from guiche.workflows.models import Transition
from guiche.workflows.stages import Need, Stage

if TYPE_CHECKING:
    from guiche.accounts.models import User

SIDE_ROWS = 5  # other tickets and sites at the side
SAID_IN_COMPOSER = frozenset({Need.COMMENT, Need.SOLUTION})


@dataclass
class Steps:
    """The steps a person may take from here, by how they are offered."""

    take: Transition | None = None  # out of the status where tickets begin, asking nothing
    offer: Transition | None = None  # a button beside Send
    sends: list[Transition] = field(default_factory=list)  # in the menu beside Send
    others: list[Transition] = field(default_factory=list)  # buttons of their own


def found(request: Request, number: int) -> Ticket:
    """Return the ticket with everything its page shows, or 404. One query."""
    seen = written.rows(_seen, request.user.pk, number, roles=tuple(request.user.roles))
    if not seen:
        raise Http404
    return seen[0]


def _seen(user_id: int, number: int, *, roles: tuple[str, ...]) -> TicketQuerySet:
    user = anybody(user_id, roles)
    return _with_surroundings(Ticket.objects.visible_to(user), user).for_page().with_answers().filter(number=number)


def _with_surroundings(rows: TicketQuerySet, user: User) -> TicketQuerySet:
    """Add, inside the one query, the people around a ticket and what else of its customer is open."""
    people = Participant.objects.filter(ticket=OuterRef("pk")).order_by("user__name", "pk")
    copies = CopiedAddress.objects.filter(ticket=OuterRef("pk")).order_by("address")
    sites = Site.objects.filter(organization=OuterRef("organization"), is_active=True).order_by("name", "pk")
    seen = Ticket.objects.visible_to(user).order_by("-touched_at", "-pk")
    related = seen.filter(Q(follow_up_of=OuterRef("pk")) | Q(pk=OuterRef("follow_up_of")))
    open_there = seen.open().filter(organization=OuterRef("organization")).exclude(pk=OuterRef("pk"))
    counted = open_there.order_by().values("organization").annotate(n=Count("pk")).values("n")
    row = JSONObject(number="number", title="title", family="status__family")
    return rows.annotate(
        people_in=ArraySubquery(people.values(one=JSONObject(id="pk", name="user__name", email="user__email"))),
        copied_to=ArraySubquery(copies.values(one=JSONObject(id="pk", address="address"))),
        site_names=ArraySubquery(sites.values("name")[: SIDE_ROWS + 1]),
        related=ArraySubquery(related.values(one=row)[:SIDE_ROWS]),
        open_there=ArraySubquery(open_there.values(one=row)[:SIDE_ROWS]),
        clock_rows=reading.clocks_within(for_staff=True),
        open_there_count=Coalesce(Subquery(counted), 0),
    )


def context(
    request: Request,
    ticket: Ticket,
    *,
    here: str = "",
    form: ReplyForm | None = None,
    files: Sequence[StoredFile] | None = None,
    conflict: str = "",
    since: int = 0,
) -> dict[str, Any]:
    """Return what the templates of the pane expect. `since`: lines after it are marked as new. Five queries."""
    now = timezone.now()
    shown = timeline.entries(ticket, request.user)
    draft = _draft(request.user, ticket) if form is None else None
    drafted = draft.content if draft else {}
    initial = {"body": drafted.get("body", ""), "mode": drafted.get("mode") or REPLY}
    return {
        "ticket": ticket,
        "opener": timeline.opener(ticket, shown),
        "answered": answered.said(ticket.answered, for_staff=True),  # type: ignore[attr-defined]  # annotated in found()
        "here": here or reverse("desk:ticket", args=[ticket.number]),
        "form": form or ReplyForm(initial=initial),
        "mode": _mode(form, initial),
        "files": _files(draft) if files is None else files,
        "draft": draft,
        "once_key": uuid.uuid4(),
        "steps": steps(request.user, ticket),
        "clocks": chips.panel(reading.stands(ticket.clock_rows, now), now, for_staff=True),  # type: ignore[attr-defined]  # annotated in found()
        "can_diagnose": policies.can_diagnose(request.user, ticket),
        "timeline": timeline.folded(shown),
        "last_said": timeline.last_said(shown, request.user),
        "seen": max((one.id for one in shown), default=0),
        "since": since,
        "conflict": conflict,
        "can_redact": policies.can_redact(request.user),
        "back": reverse("desk:home"),
        "back_name": "",
        "section": "tickets",
    }


def _mode(form: ReplyForm | None, initial: dict[str, Any]) -> str:
    return str((form.data.get("mode") if form else initial["mode"]) or REPLY)


def _draft(user: User, ticket: Ticket) -> Draft | None:
    return Draft.objects.visible_to(user).at(f"reply:{ticket.number}").first()


def _files(draft: Draft | None) -> list[StoredFile]:
    return list(draft.files.all()) if draft else []


def steps(user: User, ticket: Ticket) -> Steps:
    """Return the steps that `user` may take on `ticket`, sorted by how they are offered. One query."""
    sorted_steps, has = Steps(), policies.rights(user, ticket)
    for step in written.rows(_ways_out, ticket.status_id):
        if not policies.can_take(user, ticket, step, has):
            continue
        if ticket.status.stage == Stage.NEW and step.target.stage == Stage.IN_PROGRESS and not step.asks:
            sorted_steps.take = sorted_steps.take or step
        elif not is_said_in_composer(step):
            sorted_steps.others.append(step)
        elif step.target.stage == Stage.AWAITING_VALIDATION and sorted_steps.offer is None:
            sorted_steps.offer = step
        else:
            sorted_steps.sends.append(step)
    return sorted_steps


def _ways_out(status_id: int) -> QuerySet[Transition]:
    return Transition.objects.filter(origin=status_id).select_related("target").order_by("position", "id")


def is_said_in_composer(step: Transition) -> bool:
    """Whether what the step asks for is one text for the customer, which the composer holds."""
    return len(step.asks) == 1 and step.asks[0] in SAID_IN_COMPOSER


def changed(request: Request, number: int, said: str, *, composer: bool = False) -> HttpResponse:
    """Answer that the ticket was changed: to htmx the parts that show it, what is being typed left alone."""
    here = safe_next(request, reverse("desk:ticket", args=[number]))
    if not request.htmx:
        messages.success(request, said)
        return redirect(here)
    ticket = Ticket.objects.visible_to(request.user).filter(number=number).first()
    if ticket is None:  # handed to a team whose tickets this person does not see
        messages.success(request, said)
        return HttpResponse(headers={"HX-Redirect": reverse("desk:home")})
    shown = context(request, found(request, number), here=here) | {
        "oob": True,
        "renews_composer": composer,
        "told": said,
    }
    response = render(request, "desk/tickets/changed.html", shown)
    if not composer:
        response["HX-Reswap"] = "none"
    response["HX-Trigger"] = json.dumps({"close-dialog": True, "queue-changed": True})
    return response


def whole(request: Request, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer with the page of the ticket alone."""
    return render(request, "desk/tickets/ticket.html", shown, status=status)
