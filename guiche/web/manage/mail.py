"""Letters: what left, what waits and what needs a person; in a demonstration, the letters themselves."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guiche.grids import paging
from guiche.installation import actions as installation_actions
from guiche.installation import models as installation
from guiche.mail import actions, folder
from guiche.mail.models import OutgoingMail, RefusedAddress
from guiche.mail.querysets import OutgoingMailQuerySet
from guiche.web.http import Request
from guiche.web.manage.answers import Crumbs, address, press, show

SIZE = 50
SHOWN_ADDRESSES = 20
LETTERS = 40  # of a demonstration, on one page
# What a letter's page may do when it stands in its frame: nothing but be seen, and open its links in a new window.
FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups"
)


@require_GET
def mail(request: Request) -> HttpResponse:
    return _mail(request)


def _mail(request: Request) -> HttpResponse:
    view = request.GET.get("ver", "tudo")
    page = paging.page(_of_view(view).for_log(), request.GET.get("p", ""), size=SIZE, key="pk")
    refused = RefusedAddress.objects.order_by("-refused_at", "-id")
    return show(
        request,
        "manage/mail/mail.html",
        title=_("Mail"),
        text=_("Letters that left and that wait. Nothing is ever sent twice by itself."),
        crumbs=_crumbs()[:1],
        page=page,
        view=view,
        tabs=_tabs(view),
        refused=list(refused[:SHOWN_ADDRESSES]),
        held=installation.current().mail_held,
    )


def _of_view(view: str) -> OutgoingMailQuerySet:
    rows = OutgoingMail.objects.all()
    now = timezone.now()
    views = {
        "esperando": rows.waiting(),
        "desconhecidas": rows.unknown(at=now),
        "recusadas": rows.failed(),
        "retidas": rows.held(),
    }
    return views.get(view, rows)


def _tabs(view: str) -> list[tuple[str, str, bool, int | None]]:
    words = {
        "tudo": (_("All letters"), None),
        "esperando": (_("Waiting"), None),
        "desconhecidas": (_("Unknown"), paging.counted(_of_view("desconhecidas"))),
        "recusadas": (_("Refused letters"), paging.counted(_of_view("recusadas"))),
        "retidas": (_("Held"), paging.counted(_of_view("retidas"))),
    }
    return [(label, f"?ver={key}", key == view, count) for key, (label, count) in words.items()]


@require_POST
def resend(request: Request, pk: int) -> HttpResponse:
    letter = get_object_or_404(OutgoingMail, pk=pk)
    return press(
        request,
        lambda: actions.resend(letter, by=request.user, at=timezone.now()),
        done=_("The letter to %s is in the queue again") % letter.recipient,
        to=f"{address('mail')}?ver=desconhecidas",
        back=_mail,
    )


@require_POST
def release(request: Request) -> HttpResponse:
    """After a restore: let the installation send letters again, and those that were held."""

    def act() -> None:
        installation_actions.change({"mail_held": False}, by=request.user, at=timezone.now())
        actions.release_held(by=request.user, at=timezone.now())

    return press(request, act, done=_("Letters leave again"), to=address("mail"), back=_mail)


@require_GET
def demonstration(request: Request) -> HttpResponse:
    """The letters of a demonstration, and one of them open. There is no such page elsewhere."""
    _check_demonstration()
    asked, number = request.GET.get("para", "").strip(), _page_number(request)
    letters = folder.letters(asked, skip=(number - 1) * LETTERS, limit=LETTERS + 1)
    opened = folder.open_letter(request.GET.get("carta", "")) or (
        folder.open_letter(letters[0].name) if letters else None
    )
    return show(
        request,
        "manage/mail/demonstration.html",
        title=_("Letters of the demonstration"),
        text=_("Nothing leaves a demonstration: its letters lie here, as people would get them."),
        crumbs=[(_("Administration"), address("home")), (_("Mail"), address("mail"))],
        letters=letters[:LETTERS],
        asked=asked,
        here=urlencode({"para": asked, "p": number}),
        newer=urlencode({"para": asked, "p": number - 1}) if number > 1 else "",
        older=urlencode({"para": asked, "p": number + 1}) if len(letters) > LETTERS else "",
        opened=opened,
        links=_links(opened.text) if opened else [],
    )


def _page_number(request: Request) -> int:
    given = request.GET.get("p", "")
    return max(1, int(given)) if given.isdecimal() and len(given) < 6 else 1


@require_GET
def demonstration_body(request: Request, name: str) -> HttpResponse:
    """A letter by itself, for the frame: no script, no form, no picture from elsewhere."""
    _check_demonstration()
    letter = folder.open_letter(name)
    if letter is None:
        raise Http404
    answer = HttpResponse(letter.html or _as_page(letter.text))
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _as_page(text: str) -> str:
    return format_html("<!doctype html><meta charset='utf-8'><title>.</title><pre>{}</pre>", text)


def _links(text: str) -> list[str]:
    """The addresses in a letter that lead back here: the frame opens them in a new window, these in this one."""
    words = (word.strip("<>().,") for word in text.split())
    return list(dict.fromkeys(word for word in words if word.startswith(f"{settings.ADDRESS}/")))


def _check_demonstration() -> None:
    if not settings.DEMONSTRATION:
        raise Http404


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Mail"), address("mail"))]
