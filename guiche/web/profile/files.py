"""Files of everybody who signed in: give one, fetch one, fetch all of a ticket, take back one not sent yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guiche.core.errors import Refused
from guiche.files import actions, serving
from guiche.files.models import StoredFile
from guiche.tickets.models import Attachment, Ticket
from guiche.tickets.querysets import AttachmentQuerySet
from guiche.web import downloads, uploads
from guiche.web.http import Request, visible_or_404


@require_POST
def upload(request: Request) -> HttpResponseBase:
    """Keep the one `file` of this request, as the person's own. Answers JSON: what it is, or why not."""
    given = request.FILES.getlist("file")
    if len(given) != 1 or len(request.FILES) != 1:
        return JsonResponse({"message": _("Send one file at a time.")}, status=422)
    try:
        stored = actions.keep(given[0], by=request.user, at=timezone.now())
    except Refused as refusal:
        return JsonResponse({"message": refusal.message}, status=422)
    kept = {
        "id": str(stored.pk),
        "name": stored.name,
        "size": stored.size,
        "is_picture": stored.is_picture,
        "href": reverse("profile:attachment", args=[stored.pk]),
    }
    return JsonResponse(kept, status=201)


@require_safe
def attachment(request: Request, key: UUID) -> HttpResponseBase:
    """One file that the person may see; `?baixar` as a download."""
    return _handed(_seen(request, key), request, as_download="baixar" in request.GET)


@require_safe
def thumbnail(request: Request, key: UUID) -> HttpResponseBase:
    try:
        small = serving.serve_thumbnail(_seen(request, key), to=request.user)
    except FileNotFoundError:
        small = None
    if small is None:
        raise Http404
    return downloads.served(small)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def unsent(request: Request, key: UUID) -> HttpResponseBase:
    """One's own file that hangs on no ticket yet: fetched by GET, taken back by POST or DELETE."""
    stored = _own_unsent(request, key)
    if request.method in {"POST", "DELETE"}:
        actions.discard(stored)
        return HttpResponse(status=204)
    return _handed(stored, request)


@require_safe
def all_of_ticket(request: Request, number: int) -> HttpResponseBase:
    """Every file of a ticket that the person may see, in one ZIP; those that the virus scanner holds are left out."""
    ticket = visible_or_404(Ticket.objects.all(), request.user, number=number)
    seen = _attachments(request).filter(ticket=ticket).order_by("comment_id", "position", "id")
    entries = list(_entries(request, seen))
    if not entries:
        raise Http404
    return downloads.zipped(entries, name=f"{ticket.number}.zip")


def _attachments(request: Request) -> AttachmentQuerySet:
    return Attachment.objects.visible_to(request.user).select_related("file")


def _seen(request: Request, key: UUID) -> StoredFile:
    """Return the file of an attachment that the person may see, or their own not sent yet.

    `key` is of the attachment, or of its file: a picture pasted into a text has an address before it has a ticket.
    """
    found = _attachments(request).filter(Q(pk=key) | Q(file=key)).first()
    return found.file if found else _own_unsent(request, key)


def _own_unsent(request: Request, key: UUID) -> StoredFile:
    found = uploads.own_unattached(request, [str(key)])
    if not found:
        raise Http404
    return found[0]


def _handed(stored: StoredFile, request: Request, *, as_download: bool = False) -> HttpResponseBase:
    try:
        return downloads.served(serving.serve(stored, to=request.user, as_download=as_download))
    except FileNotFoundError:  # a backup without its files
        raise Http404 from None


def _entries(request: Request, seen: AttachmentQuerySet) -> Iterator[downloads.Entry]:
    for row in seen:
        with suppress(serving.FileHeldBack, FileNotFoundError):
            path = serving.serve(row.file, to=request.user).path
            yield downloads.Entry(row.file.name, path, timezone.localtime(row.file.created_at))
