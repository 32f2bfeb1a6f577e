"""People: the list, one person, and all that administrators do with a person."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.accounts.actions import merging
from guiche.accounts.actions import people as actions
from guiche.accounts.models import User
from guiche.accounts.querysets import UserQuerySet
from guiche.accounts.roles import Role
from guiche.audit.models import Entry
from guiche.grids import paging
from guiche.tickets.models import Ticket
from guiche.web import typeahead
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import people_forms as forms
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show
from guiche.web.proofs import freshly_proven

SIZE = 25
SHOWN_ENTRIES = 10
form_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def people(request: Request) -> HttpResponse:
    view = request.GET.get("ver", "equipe")
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    rows = _of_view(view)
    if words:
        rows = rows.named_like(words)
    rows = rows.prefetch_related("memberships__organization", "teams")
    page = paging.page(rows, request.GET.get("p", ""), size=SIZE, key="search_key", descending=False)
    return show(
        request,
        "manage/people/people.html",
        title=_("People and roles"),
        text=_("Who works here, and the contacts of every customer."),
        crumbs=_crumbs(),
        page=page,
        query=words,
        view=view,
        tabs=_tabs(view),
    )


def _of_view(view: str) -> UserQuerySet:
    everybody = User.objects.get_queryset().filter(merged_into=None).exclude(roles__contains=[Role.SYSTEM])
    if view == "contatos":
        return everybody.contacts().active()
    if view == "sem-acesso":
        return everybody.filter(is_active=False)
    return everybody.staff().active()


def _tabs(view: str) -> list[tuple[str, str, bool, None]]:
    words = {"equipe": _("Team"), "contatos": _("Contacts"), "sem-acesso": _("Without access")}
    return [(label, f"?ver={key}", key == view, None) for key, label in words.items()]


@require_GET
def options(request: Request) -> HttpResponse:
    """What the boxes that look for a contact offer."""
    itself = request.GET.get("exceto", "")
    field = forms.contact_field(but=int(itself) if itself.isdecimal() and len(itself) < 10 else None)
    return typeahead.answer(request, field, "other", _("No contact with these words."))


@form_or_post
@freshly_proven
def new(request: Request) -> HttpResponse:
    form = forms.StaffForm(posted(request))
    page = FormPage(
        title=_("New person of the team"),
        text=_("They get an e-mail to create the password. Contacts are invited on the page of their organisation."),
        crumbs=[*_crumbs(), (_("People and roles"), address("people"))],
        button=_("Register and invite"),
        done=lambda user: _("Invitation sent to %s") % user.email,
        to=lambda user: address("person", user.pk),
    )
    return form_page(
        request,
        form,
        lambda cleaned: actions.register_staff(**cleaned, by=request.user, at=timezone.now()),
        page,
    )


@require_GET
def person(request: Request, pk: int) -> HttpResponse:
    return _person(request, pk)


def _person(request: Request, pk: int) -> HttpResponse:
    one = _found(pk)
    entries = Entry.objects.filter(subject_kind="accounts.user", subject_id=str(pk)).select_related("actor")
    return show(
        request,
        "manage/people/person.html",
        title=one.name,
        text=one.email or _("Without e-mail: by telephone only"),
        crumbs=[*_crumbs(), (_("People and roles"), address("people"))],
        one=one,
        memberships=list(one.memberships.select_related("organization", "site").order_by("organization__name", "id")),
        teams=list(one.teams.all()),
        sessions=one.sessions.count(),
        entries=list(entries.order_by("-id")[:SHOWN_ENTRIES]),
    )


@form_or_post
def edit(request: Request, pk: int) -> HttpResponse:
    one = _found(pk)
    form = forms.PersonForm(posted(request), initial=_record(one))
    return _page(
        request,
        one,
        form,
        lambda cleaned: actions.change(one, by=request.user, at=timezone.now(), **cleaned),
        title=_("Change name and telephone"),
        kept=Kept(row=one, read=_record, acts=("person.changed",)),
        button=_("Save"),
        done=_("Saved"),
    )


def _record(one: User) -> dict[str, object]:
    return {"name": one.name, "phone": one.phone, "language": one.language}


@form_or_post
@freshly_proven
def roles(request: Request, pk: int) -> HttpResponse:
    one = _found(pk)
    form = forms.RolesForm(posted(request), initial={"roles": one.roles})
    return _page(
        request,
        one,
        form,
        lambda cleaned: actions.grant_roles(one, cleaned["roles"], by=request.user, at=timezone.now()),
        title=_("Change roles"),
        kept=Kept(
            row=one,
            read=lambda row: {"roles": row.roles},
            acts=("person.roles_changed",),
            before=actions.lock_administrators,
        ),
        text=_("Every administrator is told. Sessions of this person end, and new ones follow the new roles."),
        button=_("Change roles"),
        done=_("Roles changed"),
    )


@form_or_post
@freshly_proven
def change_email(request: Request, pk: int) -> HttpResponse:
    one = _found(pk)
    form = forms.EmailForm(posted(request), initial={"email": one.email or ""})
    return _page(
        request,
        one,
        form,
        lambda cleaned: actions.change_email(one, cleaned["email"], by=request.user, at=timezone.now()),
        title=_("Change e-mail"),
        kept=Kept(row=one, read=lambda row: {"email": row.email or ""}, acts=("person.email_changed",)),
        text=_("Both addresses are told, and every session of this person ends."),
        button=_("Change e-mail"),
        done=_("E-mail changed"),
    )


@form_or_post
def deactivate(request: Request, pk: int) -> HttpResponse:
    one = _found(pk)
    waiting = Ticket.objects.open().filter(assignee=one).count()
    form = forms.DeactivateForm(posted(request), person=one, waiting=waiting)
    return _page(
        request,
        one,
        form,
        lambda cleaned: actions.deactivate(one, by=request.user, at=timezone.now(), successor=cleaned.get("successor")),
        title=_("Take the access away"),
        text=_("Sessions end at once. What this person wrote and asked stays, and the access can be given back."),
        button=_("Take the access away"),
        variant="danger",
        done=_("Access taken away"),
    )


@form_or_post
def merge(request: Request, pk: int) -> HttpResponse:
    one = _found(pk)
    form = forms.MergeForm(posted(request), person=one)
    return _page(
        request,
        one,
        form,
        lambda cleaned: merging.merge(cleaned["other"], into=one, by=request.user, at=timezone.now()),
        title=_("Merge another record into this one"),
        text=_(
            "For two records of the same person. Memberships and tickets come here, and the other record is closed."
        ),
        button=_("Merge records"),
        done=_("Records merged"),
        searches={"other": f"{address('person-options')}?exceto={pk}"},
    )


def _page(request: Request, one: User, form: forms.AnyForm, act: forms.Act, **words: object) -> HttpResponse:
    crumbs = [*_crumbs(), (_("People and roles"), address("people")), (one.name, address("person", one.pk))]
    page = FormPage(crumbs=crumbs, to=address("person", one.pk), **words)  # type: ignore[arg-type]  # words of FormPage
    return form_page(request, form, act, page)


@require_POST
def reactivate(request: Request, pk: int) -> HttpResponse:
    return _button(
        request, pk, lambda one: actions.reactivate(one, by=request.user, at=timezone.now()), _("Access given back")
    )


@require_POST
def invite(request: Request, pk: int) -> HttpResponse:
    return _button(
        request, pk, lambda one: actions.invite(one, by=request.user, at=timezone.now()), _("Invitation sent again")
    )


@require_POST
def end_sessions(request: Request, pk: int) -> HttpResponse:
    return _button(
        request, pk, lambda one: actions.end_sessions(one, by=request.user, at=timezone.now()), _("Sessions ended")
    )


def _button(request: Request, pk: int, act: Callable[[User], object], done: str) -> HttpResponse:
    one = _found(pk)
    return press(
        request,
        lambda: act(one),
        done=done,
        to=address("person", pk),
        back=lambda again: _person(again, pk),
    )


def _found(pk: int) -> User:
    """Anybody but the system: administrators see everybody."""
    everybody = User.objects.get_queryset().exclude(roles__contains=[Role.SYSTEM])
    return get_object_or_404(everybody.select_related("merged_into", "photo"), pk=pk)


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home"))]
