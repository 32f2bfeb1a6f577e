"""What is said from the desk: answers and notes, with or without a step; corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiche.core.errors import Conflict, Refused
from guiche.drafts import actions as drafts
from guiche.files.models import StoredFile
from guiche.tickets.actions import conversation, moving
from guiche.tickets.models import Comment, CommentVersion, Ticket
from guiche.web import uploads
from guiche.web.desk import dialogs, pane
from guiche.web.desk.forms import CommentForm, ReasonForm, ReplyForm
from guiche.web.http import Request, safe_next, visible_or_404
from guiche.workflows.models import Transition

if TYPE_CHECKING:
    from guiche.accounts.models import User


@require_POST
def reply(request: Request, number: int) -> HttpResponse:
    """Send what the composer holds. Refused, it comes back as it was typed, with what happened in view."""
    ticket, now = visible_or_404(Ticket.objects.select_related("status"), request.user, number=number), timezone.now()
    form = ReplyForm(request.POST)
    form.is_valid()
    files: Sequence[StoredFile] | None = None
    try:
        files = uploads.taken(request, at=now)
        said = _say(ticket, form, files, by=request.user, at=now)
    except Refused as refusal:
        if isinstance(refusal, Conflict) and _was_said(ticket, form, request.user):
            said = _("Answer sent")  # the second press of the same button: the first one said it
        else:
            return _refused(request, number, form, files, refusal)
    drafts.discard(request.user, f"reply:{number}")
    return pane.changed(request, number, said, composer=True)


def _say(ticket: Ticket, form: ReplyForm, files: Sequence[StoredFile], *, by: User, at: datetime) -> str:
    if not form.is_valid():
        raise Refused(_("Something in this form is not as the page made it. Reload the page and send again."))
    body, key, seen = form.cleaned_data["body"], form.cleaned_data["once_key"], form.cleaned_data["seen"]
    step = _step(ticket, form.cleaned_data["step"])
    if form.is_note:
        if step is not None:
            raise Refused(_("A note stays with the team. To take this step, write an answer to the customer."))
        conversation.note(ticket, by=by, at=at, body=body, files=files, once_key=key)
        return _("Note kept")
    if form.is_diagnosis and step is not None:
        raise Refused(_("A diagnosis changes no status. To take this step, write an answer to the customer."))
    _check_nothing_crossed(ticket, by, seen, key)
    if form.is_diagnosis:
        conversation.diagnose(ticket, by=by, at=at, body=body, files=files, once_key=key)
        return _("Diagnosis recorded")
    if step is None:
        conversation.comment(ticket, by=by, at=at, body=body, files=files, once_key=key)
        return _("Answer sent")
    given = {str(need): body for need in step.asks}
    moving.take(ticket, step, by=by, at=at, given=given, files=files, seen=seen, once_key=key)
    return _("Answer sent: %(status)s") % {"status": step.target.name}


def _step(ticket: Ticket, pk: int | None) -> Transition | None:
    if pk is None:
        return None
    steps = Transition.objects.filter(origin__workflow=ticket.status.workflow_id).select_related("target", "origin")
    step = get_object_or_404(steps, pk=pk)
    if not pane.is_said_in_composer(step):
        raise Http404
    return step


def _check_nothing_crossed(ticket: Ticket, by: User, seen: int | None, key: UUID | None) -> None:
    """Ask once, with the new words in view, before an answer goes out over what others said meanwhile."""
    if seen is None or (key and Comment.objects.filter(once_key=key, author=by).exists()):
        return
    said = ticket.timeline.filter(pk__gt=seen, comment__isnull=False, comment__is_internal=False).exclude(actor=by)
    newer = said.select_related("actor").order_by("id").last()
    if newer is not None:
        raise moving.CrossedWords(_("%s wrote while you were writing. Read it before you send.") % newer.actor.name)


def _was_said(ticket: Ticket, form: ReplyForm, by: User) -> bool:
    key = form.cleaned_data.get("once_key") if form.is_valid() else None
    return bool(key) and Comment.objects.filter(once_key=key, ticket=ticket, author=by).exists()


def _refused(
    request: Request, number: int, form: ReplyForm, files: Sequence[StoredFile] | None, refusal: Refused
) -> HttpResponse:
    crossed = isinstance(refusal, Conflict)
    if not crossed:
        form.add_error("body", refusal.message)
    if files is None:  # the files themselves were refused: those sent before are still there
        files = uploads.own_unattached(request, request.POST.getlist("files"))
    shown = pane.context(
        request,
        pane.found(request, number),
        here=safe_next(request, reverse("desk:ticket", args=[number])),
        form=form,
        files=files,
        conflict=refusal.message if crossed else "",
        since=form.cleaned_data.get("seen") or 0,
    )
    shown |= {"failed": True, "oob": bool(request.htmx), "renews_composer": True}
    if request.htmx:
        return render(request, "desk/tickets/changed.html", shown, status=422)
    return pane.whole(request, shown, status=409 if crossed else 422)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, number: int, pk: int) -> HttpResponse:
    """Correct what one said, for five minutes."""
    ticket, comment = _comment(request, number, pk)
    if comment.author_id != request.user.pk:
        raise Http404
    given = request.POST if request.method == "POST" else None
    # In a dialog it stands beside the composer, whose box has this name too.
    form = CommentForm(given, initial={"body": comment.body}, auto_id="correction_%s")
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/edit.html",
        lambda: conversation.edit(comment, by=request.user, at=timezone.now(), body=form.cleaned_data["body"]),
        said=_("Comment corrected"),
        comment=comment,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def redact(request: Request, number: int, pk: int) -> HttpResponse:
    """Take the words of a comment away; only administrators."""
    ticket, comment = _comment(request, number, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/redact.html",
        lambda: conversation.redact(comment, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]),
        said=_("Comment redacted"),
        comment=comment,
    )


@require_safe
def versions(request: Request, number: int, pk: int) -> HttpResponse:
    """What an edited comment said before."""
    ticket, comment = _comment(request, number, pk)
    rows = CommentVersion.objects.filter(comment=comment).select_related("replaced_by")
    context = {"ticket": ticket, "comment": comment, "versions": rows}
    return render(request, "desk/tickets/versions.html", context)


def _comment(request: Request, number: int, pk: int) -> tuple[Ticket, Comment]:
    ticket = visible_or_404(Ticket.objects, request.user, number=number)
    comments = Comment.objects.visible_to(request.user).select_related("ticket", "author")
    return ticket, get_object_or_404(comments, ticket=ticket, pk=pk)
