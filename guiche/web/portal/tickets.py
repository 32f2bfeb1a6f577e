"""One ticket, as its customers follow it: read, comment, judge, share."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Concat, JSONObject
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiche.accounts.anybody import anybody
from guiche.core import formatting, written
from guiche.core.errors import NotAllowed, Refused
from guiche.drafts import actions as drafts
from guiche.drafts.models import Draft
from guiche.files.models import StoredFile
from guiche.notifications import bell
from guiche.sla import reading
from guiche.tickets import policies
from guiche.tickets.actions import conversation, moving, sharing
from guiche.tickets.models import Comment, CopiedAddress, Following, Participant, Ticket
from guiche.tickets.querysets import TicketQuerySet
from guiche.web import answered, chips, timeline, uploads
from guiche.web.http import Request, go, membership_in, refuse
from guiche.web.portal import step_words
from guiche.workflows.models import Transition
from guiche.workflows.stages import ENDED, Need, Stage, Taker

_TELEPHONE = forms.TextInput({"type": "tel", "inputmode": "tel"})
_EMAIL = forms.TextInput({"type": "email"})


class CommentForm(forms.Form):
    body = forms.CharField(label=gettext_lazy("Comment"), required=False, widget=forms.Textarea)
    once_key = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ContactForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=40, required=False, widget=_TELEPHONE)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, required=False, widget=_EMAIL)
    best_time = forms.CharField(label=gettext_lazy("Best time to call"), max_length=80, required=False)


class ShareForm(forms.Form):
    address = forms.CharField(label=gettext_lazy("E-mail"), max_length=254, required=False, widget=_EMAIL)


class MoveForm(forms.Form):
    """The words that a step asks for: one text, whatever its kind."""

    words = forms.CharField(required=False, widget=forms.Textarea)
    once_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: Transition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.need = Need(step.asks[0]) if step.asks else None
        self.fields["words"].label = step_words.question(step, self.need)

    def given(self) -> dict[str, str]:
        return {self.need or Need.COMMENT: self.cleaned_data["words"]}


def _ticket(request: Request, number: int) -> Ticket:
    return _first_or_404(written.rows(_seen, request.user.pk, number, roles=tuple(request.user.roles)))


def _first_or_404(rows: list[Ticket]) -> Ticket:
    if not rows:
        raise Http404
    return rows[0]


def _seen(user_id: int, number: int, *, roles: tuple[str, ...]) -> TicketQuerySet:
    return Ticket.objects.visible_to(anybody(user_id, roles)).for_page().filter(number=number)


@require_safe
def ticket(request: Request, number: int) -> HttpResponse:
    found = _whole(request, number)
    kept = Draft(pk=found.draft_id, content=found.draft_content, updated_at=found.draft_at) if found.draft_id else None
    form = CommentForm(initial={"once_key": uuid.uuid4(), "body": kept.content.get("body", "") if kept else ""})
    return _page(request, found, form, files=list(kept.files.all()) if kept else (), kept=kept)


def _whole(request: Request, number: int) -> Any:  # Any: a ticket with what is around it
    """Return the ticket with who follows it, what the person hears of it and their draft, all in one query."""
    return _first_or_404(written.rows(_with_surroundings, request.user.pk, number, roles=tuple(request.user.roles)))


def _with_surroundings(user_id: int, number: int, *, roles: tuple[str, ...]) -> TicketQuerySet:
    draft = Draft.objects.visible_to(anybody(user_id, roles)).filter(
        place=Concat(Value("comment:"), OuterRef("number"), output_field=TextField())
    )
    wanted = Following.objects.filter(ticket=OuterRef("pk"), user=user_id)
    people = Participant.objects.filter(ticket=OuterRef("pk")).order_by("user__name", "pk")
    copies = CopiedAddress.objects.filter(ticket=OuterRef("pk")).order_by("address")
    return (
        _seen(user_id, number, roles=roles)
        .with_answers()
        .annotate(
            people_in=ArraySubquery(people.values(one=JSONObject(pk="pk", name="user__name", user_id="user_id"))),
            copied_to=ArraySubquery(copies.values(one=JSONObject(pk="pk", name="address"))),
            following=Subquery(wanted.values(one=JSONObject(by_email="by_email", in_bell="in_bell"))),
            draft_id=Subquery(draft.values("pk")),
            draft_content=Subquery(draft.values("content")),
            draft_at=Subquery(draft.values("updated_at")),
            clock_rows=reading.clocks_within(for_staff=False),
        )
    )


def _place(found: Ticket) -> str:
    return f"comment:{found.number}"


def _page(
    request: Request,
    found: Any,  # of _whole()
    form: forms.Form,
    *,
    status: int = 200,
    files: Sequence[StoredFile] = (),
    kept: Draft | None = None,
) -> HttpResponse:
    now, rights = timezone.now(), _rights(request, found)
    shown = timeline.entries(found, request.user, is_member=rights.is_member)
    if shown:
        sharing.mark_read(found, by=request.user, activity_id=shown[-1].id)
        if request.bell_count > 0:
            bell.mark_ticket_read(request.user, found, at=now)
    context = {
        "ticket": found,
        "answered": answered.said(found.answered, for_staff=False),
        "form": form,
        "files": files,
        "draft": kept,
        "rights": rights,
        "can_comment": policies.can_comment(request.user, found, rights),
        "steps": _steps(request, found, rights, now),
        "silent_days": reading.silent_days(found, found.clock_rows, now),
        "is_reopenable": moving.is_reopenable(found, now),
        "following": found.following,
        # Who follows, for members of the ticket's organisation.
        "followers": {"people": found.people_in, "addresses": found.copied_to} if rights.is_member else {},
        "clocks": chips.panel(reading.stands(found.clock_rows, now), now, for_staff=False, may_judge=rights.may_judge),
        "timeline": timeline.folded(shown),
        "last_said": timeline.last_said(shown, request.user),
        "last_id": shown[-1].id if shown else 0,
        "failed": status == 422 if request.method == "POST" else False,
    }
    return render(request, "portal/tickets/ticket.html", context, status=status)


def _rights(request: Request, found: Ticket) -> policies.Rights:
    return policies.rights_of_member(request.user, found, membership_in(request, found.organization_id))


def _ways_out(status_id: int) -> QuerySet[Transition]:
    return Transition.objects.filter(origin=status_id).select_related("target", "origin").order_by("position", "id")


def _steps(request: Request, found: Ticket, rights: policies.Rights, at: datetime) -> dict[str, Any]:
    """The steps this person may take: the two of the verdict by name, reopening, and the others."""
    steps = written.rows(_ways_out, found.status_id)
    may = [step for step in steps if policies.can_take(request.user, found, step, rights)]
    validating = found.status.stage == Stage.AWAITING_VALIDATION
    ended = found.status.has_ended
    sorted_steps: dict[str, Any] = {"approve": None, "reject": None, "reopen": None, "others": []}
    for step in may:
        if validating and step.target.stage == Stage.DONE:
            sorted_steps["approve"] = step
        elif validating and step.target.stage not in ENDED:
            sorted_steps["reject"] = step
        elif ended:
            sorted_steps["reopen"] = step if moving.is_reopenable(found, at) else None
        elif not (found.status.stage == Stage.WAITING_ON_CUSTOMER and step.target.stage == Stage.IN_PROGRESS):
            sorted_steps["others"].append(step)  # the answer itself brings a waiting ticket back
    return sorted_steps


@require_safe
def news(request: Request, number: int) -> HttpResponse:
    """How much is new since `desde`, as a button: the page never moves by itself."""
    found = _ticket(request, number)
    since = request.GET.get("desde", "")
    lines = found.timeline.visible_to(request.user).exclude(actor=request.user)
    if not _rights(request, found).is_member:
        lines = lines.exclude(kind__in=timeline.SHARING)
    count = lines.filter(pk__gt=int(since[:18])).count() if since.isdecimal() else 0
    return render(request, "portal/tickets/_news.html", {"ticket": found, "count": count, "last_id": since or 0})


@require_POST
def comment(request: Request, number: int) -> HttpResponse:
    found, now = _ticket(request, number), timezone.now()
    form = CommentForm(request.POST)
    files: Sequence[StoredFile] = ()
    if form.is_valid():
        try:
            files = uploads.taken(request, at=now)
            key, body = form.cleaned_data["once_key"], form.cleaned_data["body"]
            conversation.comment(found, by=request.user, at=now, body=body, files=files, once_key=key)
        except Refused as refusal:
            refuse(form, refusal)
    if form.is_valid():
        drafts.discard(request.user, _place(found))
        messages.success(request, _("Comment sent"))
        return redirect(reverse("portal:ticket", args=[number]) + "#novidades")
    return _page(request, _whole(request, number), form, status=422, files=files)


@require_POST
def draft(request: Request, number: int) -> HttpResponse:
    """Keep what is being typed. An empty box forgets it; words that were sent meanwhile are not kept again."""
    found, now = _ticket(request, number), timezone.now()
    form = CommentForm(request.POST)
    form.is_valid()
    key, body = form.cleaned_data.get("once_key"), form.cleaned_data.get("body") or ""
    files = uploads.own_unattached(request, request.POST.getlist("files"))
    said = bool(key) and Comment.objects.filter(ticket=found, author=request.user, once_key=key).exists()
    if not said and not body and not files:
        drafts.discard(request.user, _place(found))
    elif not said:
        try:
            drafts.save(request.user, _place(found), {"body": body}, files, at=now)
        except Refused as refusal:
            return JsonResponse({"message": refusal.message}, status=422)
    return JsonResponse({"time": formatting.clock(now)})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: Request, number: int, pk: int) -> HttpResponse:
    found, now = _ticket(request, number), timezone.now()
    said = get_object_or_404(Comment.objects.visible_to(request.user), ticket=found, pk=pk, author=request.user)
    # In a dialog it stands beside the composer, whose box has this name too.
    form = CommentForm(request.POST or None, initial={"body": said.body}, auto_id="correction_%s")
    if request.method == "POST" and form.is_valid():
        try:
            conversation.edit(said, by=request.user, at=now, body=form.cleaned_data["body"])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Comment corrected"))
            return go(request, "portal:ticket", number)
    return _dialog(request, "portal/tickets/edit_comment.html", {"ticket": found, "form": form, "comment": said}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, number: int, pk: int) -> HttpResponse:
    """One step: asked on a page of its own or in a dialog; a step that asks nothing is a button that posts here."""
    found, now = _ticket(request, number), timezone.now()
    step = get_object_or_404(Transition.objects.select_related("origin", "target"), pk=pk)
    if step.origin.workflow_id != found.status.workflow_id or Taker.CUSTOMER not in step.takers:
        raise Http404
    form = MoveForm(request.POST if request.method == "POST" else None, step=step, initial={"once_key": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            given, key = form.given(), form.cleaned_data["once_key"]
            files = uploads.taken(request, at=now)
            moving.take(found, step, by=request.user, at=now, given=given, files=files, once_key=key)
        except Refused as refusal:
            refuse(form, refusal)
            if refusal.fields and form.need in refusal.fields:
                form.errors.pop("__all__", None)
                form.add_error("words", step_words.missing(step) or refusal.fields[form.need])
        else:
            messages.success(request, step_words.done(step))
            return go(request, "portal:ticket", number)
    context = {"ticket": found, "form": form, "step": step, "headline": step_words.headline(step)}
    return _dialog(request, "portal/tickets/move.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def still_need(request: Request, number: int) -> HttpResponse:
    """Count silence from the beginning. Where a letter leads: it asks, since looking at an address changes nothing."""
    found, now = _ticket(request, number), timezone.now()
    if request.method == "POST":
        try:
            day = formatting.long_day(conversation.still_need(found, by=request.user, at=now).closes_at)
        except Refused as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, _("The ticket stays open. Without an answer, it closes by itself on %s.") % day)
        return redirect("portal:ticket", number)
    if found.closes_at is None or not policies.can_comment(request.user, found, _rights(request, found)):
        return redirect("portal:ticket", number)
    return render(request, "portal/tickets/still_need.html", {"ticket": found})


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: Request, number: int) -> HttpResponse:
    found, now = _ticket(request, number), timezone.now()
    if not _rights(request, found).may_arrange:  # the form alone says how to reach the contact
        raise NotAllowed(_("Only who opened the ticket, the portal administrator or the team can change the contact."))
    initial = {
        "name": found.contact_name,
        "phone": found.contact_phone,
        "email": found.contact_email,
        "best_time": found.best_time,
    }
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            sharing.change_contact(found, by=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Contact changed"))
            return go(request, "portal:ticket", number)
    return _dialog(request, "portal/tickets/contact.html", {"ticket": found, "form": form}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: Request, number: int) -> HttpResponse:
    found, now = _ticket(request, number), timezone.now()
    form = ShareForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sharing.share(found, form.cleaned_data["address"], by=request.user, at=now)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("%(address)s now follows this ticket") % form.cleaned_data)
            return go(request, "portal:ticket", number)
    context = {"ticket": found, "form": form, "rights": _rights(request, found)}
    return _dialog(request, "portal/tickets/share.html", context, form)


@require_POST
def stop_sharing(request: Request, number: int) -> HttpResponse:
    found = _ticket(request, number)
    person, copy = request.POST.get("person", ""), request.POST.get("copy", "")
    sharing.stop_sharing(
        found,
        by=request.user,
        at=timezone.now(),
        participant_id=int(person) if person.isdecimal() and len(person) < 18 else None,
        copy_id=int(copy) if copy.isdecimal() and len(copy) < 18 else None,
    )
    still_seen = Ticket.objects.visible_to(request.user).filter(number=number).exists()
    left = _("This person or address no longer follows the ticket") if still_seen else _("You left the ticket")
    messages.success(request, left)
    return go(request, "portal:ticket", number) if still_seen else go(request, "portal:tickets")


@require_POST
def follow(request: Request, number: int) -> HttpResponse:
    """What the person wants to hear of this ticket: two check boxes, sent as they are ticked."""
    found = _ticket(request, number)
    by_email, in_bell = "by_email" in request.POST, "in_bell" in request.POST
    sharing.follow(found, by=request.user, by_email=by_email, in_bell=in_bell)
    if request.htmx:
        return render(request, "portal/tickets/_following_saved.html", {})
    messages.success(request, _("Notices of this ticket saved"))
    return go(request, "portal:ticket", number)


def _dialog(request: Request, template: str, context: dict[str, Any], form: forms.Form) -> HttpResponse:
    refused = form.is_bound and not form.is_valid()
    context = {**context, "failed": refused}
    return render(request, template, context, status=422 if refused else 200)
