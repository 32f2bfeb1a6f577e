"""The words of our letters: which there are, changing them with a preview beside it, the sender and the signature."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.core.errors import NotAllowed, Refused
from guiche.installation import actions as installation_actions
from guiche.installation import models as installation
from guiche.installation.models import Installation
from guiche.notifications import examples, placeholders, shapes, wordings
from guiche.notifications.models import Wording
from guiche.notifications.shapes import Shape
from guiche.notifications.stationery import Letter
from guiche.notifications.wordings import Words
from guiche.web.http import Request, refuse, toast
from guiche.web.manage import trail
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show
from guiche.web.manage.letter_names import meanings
from guiche.web.manage.mail import FRAME_POLICY

_SALT = "guiche.web.manage.letters.preview"
_SECONDS = 24 * 60 * 60  # that a page with its preview may stay open


class WordsForm(forms.Form):
    """What is wrong with the words, the action says."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        required=False,
        help_text=gettext_lazy("It is the first line of the letter too. The number of the ticket comes before it."),
    )
    text = forms.CharField(
        label=gettext_lazy("Text under it"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Plain text; an empty line begins a paragraph. May be left empty."),
    )


class SenderForm(forms.Form):
    sender_name = forms.CharField(
        label=gettext_lazy("Sender of the letters"),
        required=False,
        help_text=gettext_lazy("Empty: the name of the portal."),
    )
    signature = forms.CharField(
        label=gettext_lazy("Signature"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("Under every letter, as you type it: address, telephone, hours. At most 6 lines."),
    )


@require_GET
def letters(request: Request) -> HttpResponse:
    """Every letter, with what it says in the language of the installation and who changed it."""
    own: dict[str, list[Wording]] = {}
    for row in Wording.objects.in_use().select_related("changed_by").order_by("-changed_at", "-id"):
        own.setdefault(row.letter, []).append(row)
    return show(
        request,
        "manage/letters/letters.html",
        title=_("Notices and e-mails"),
        text=_("What each letter says. The shipped words work as they are; nothing is needed to start."),
        crumbs=_crumbs()[:1],
        groups=[
            (_("To customers"), [_line(shape, own) for shape in shapes.CUSTOMERS]),
            (_("To the team"), [_line(shape, own) for shape in shapes.TEAM]),
        ],
        row=installation.current(),
        spoken=settings.LANGUAGE_CODE,
    )


def _line(shape: Shape, own: dict[str, list[Wording]]) -> dict[str, Any]:
    rows = own.get(shape.code, [])
    here = next((row for row in rows if row.language == settings.LANGUAGE_CODE), None)
    names = dict(settings.LANGUAGES)
    subject = here.subject if here else wordings.shipped(shape, settings.LANGUAGE_CODE).subject
    return {
        "shape": shape,
        "subject": placeholders.fill(subject, examples.values(shape, at=timezone.now())),
        "languages": [names.get(row.language, row.language) for row in rows],
        "latest": rows[0] if rows else None,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: Request, slug: str, language: str) -> HttpResponse:
    shape = _shape(slug, language)
    form = WordsForm(posted(request), initial=_in_force(shape, language)._asdict())
    if form.is_bound and form.is_valid():
        try:
            seen = request.POST.get("seen")
            wordings.write(shape, language, _words(form), by=request.user, at=timezone.now(), seen=seen)
        except NotAllowed:
            raise
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved. The letters from now on say this"))
            return redirect("manage:letter", slug, language)
    return _page(request, shape, language, form)


@require_POST
def preview(request: Request, slug: str, language: str) -> HttpResponse:
    """The letter that the words typed so far would make: to htmx alone, else on the whole page. Nothing is kept."""
    shape = _shape(slug, language)
    form = WordsForm(request.POST)
    if request.htmx:
        context = _preview(shape, language, form)
        return render(request, "manage/letters/_preview.html", context, status=422 if form.errors else 200)
    return _page(request, shape, language, form)


@require_GET
def sheet(request: Request, slug: str, language: str) -> HttpResponse:
    """A letter by itself, for the frame, of words that a preview sealed.

    Sealed, so that no address made elsewhere shows foreign words under our name.
    """
    shape = _shape(slug, language)
    words = _unsealed(request.GET.get("c", ""))
    answer = HttpResponse(examples.letter(shape, language, words, at=timezone.now()).html)
    answer.headers["Content-Security-Policy"] = FRAME_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@require_POST
def test(request: Request, slug: str, language: str) -> HttpResponse:
    """Send the letter with the words typed so far to who is typing them."""
    shape = _shape(slug, language)
    form = WordsForm(request.POST)
    if form.is_valid():
        try:
            examples.send(shape, language, _words(form), by=request.user, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as refusal:
            refuse(form, refusal)
    said = "" if form.errors else _("Test sent to %s") % request.user.email
    if request.htmx:
        context = _preview(shape, language, form)
        answer = render(request, "manage/letters/_preview.html", context, status=422 if form.errors else 200)
        return toast(answer, said) if said else answer
    if said:
        messages.success(request, said)
    return _page(request, shape, language, form)


@require_POST
def restore(request: Request, slug: str, language: str) -> HttpResponse:
    shape = _shape(slug, language)
    return press(
        request,
        lambda: wordings.restore(shape, language, by=request.user, at=timezone.now()),
        done=_("The original text is back. Yours is kept: you can take it again"),
        to=address("letter", slug, language),
        back=lambda request: letter(request, slug, language),
    )


@require_POST
def reuse(request: Request, slug: str, language: str) -> HttpResponse:
    shape = _shape(slug, language)
    return press(
        request,
        lambda: wordings.reuse(shape, language, by=request.user, at=timezone.now()),
        done=_("The letters from now on say your text"),
        to=address("letter", slug, language),
        back=lambda request: letter(request, slug, language),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sender(request: Request) -> HttpResponse:
    row = Installation.objects.filter(pk=1).first() or installation.current()
    initial = {"sender_name": row.sender_name, "signature": row.signature}
    page = FormPage(
        title=_("Sender and signature"),
        text=_("They hold for every letter, also those about access."),
        crumbs=_crumbs(),
        button=_("Save sender and signature"),
        done=_("Saved. The letters from now on carry them"),
        to=address("letters"),
    )
    return form_page(
        request,
        SenderForm(posted(request), initial=initial),
        lambda cleaned: installation_actions.change(cleaned, by=request.user, at=timezone.now()),
        page,
    )


def _page(request: Request, shape: Shape, language: str, form: WordsForm) -> HttpResponse:
    row = wordings.row_of(shape, language)
    seen = _preview(shape, language, form)
    to = _("To the team") if shape.for_team else _("To customers")
    return show(
        request,
        "manage/letters/letter.html",
        title=str(shape.label),
        text=to,
        crumbs=_crumbs(),
        form=form,
        failed=bool(form.errors),
        status=422 if form.errors else 200,
        row=row,
        version=wordings.version(row),
        tabs=[(name, address("letter", shape.slug, code), code == language, None) for code, name in settings.LANGUAGES],
        names=meanings(shape),
        entries=list(trail.last_of("notifications.wording", row.pk)) if row else [],
        **seen,
    )


def _preview(shape: Shape, language: str, form: WordsForm) -> dict[str, Any]:
    """Return what the preview shows: the letter and its sealed words, or why there is none."""
    context: dict[str, Any] = {"shape": shape, "spoken": language, "letter": None, "sealed": "", "faults": []}
    words = _typed(form) if form.is_bound else _in_force(shape, language)
    try:
        made: Letter | None = examples.letter(shape, language, words, at=timezone.now())
    except Refused as refusal:
        if not form.errors:
            refuse(form, refusal)
        made = None
    faults = [fault for found in form.errors.values() for fault in found]
    return context | {"letter": made, "sealed": signing.dumps(list(words), salt=_SALT, compress=True), "faults": faults}


def _typed(form: WordsForm) -> Words:
    form.is_valid()
    return _words(form)


def _words(form: WordsForm) -> Words:
    return Words(form.cleaned_data.get("subject", ""), form.cleaned_data.get("text", ""))


def _in_force(shape: Shape, language: str) -> Words:
    return wordings.own(shape.kind).get((shape.code, language)) or wordings.shipped(shape, language)


def _unsealed(sealed: str) -> Words:
    try:
        return Words(*signing.loads(sealed, salt=_SALT, max_age=_SECONDS))
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error


def _shape(slug: str, language: str) -> Shape:
    if slug not in shapes.BY_SLUG or language not in dict(settings.LANGUAGES):
        raise Http404
    return shapes.BY_SLUG[slug]


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Notices and e-mails"), address("letters"))]
