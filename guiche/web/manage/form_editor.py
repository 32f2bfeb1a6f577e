"""The form of a request type: its lines with a preview. What is changed here waits in a draft until it is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.catalog import form_changes, form_plan
from guiche.catalog.actions import forms as actions
from guiche.catalog.actions.form_versions import plan_of
from guiche.catalog.answer_words import words_of
from guiche.catalog.form_plan import FormRefused, OwnField, Plan, PlannedLine, Words
from guiche.catalog.models import RequestType
from guiche.core.errors import Refused
from guiche.web.http import Request, refuse
from guiche.web.manage import catalog_forms as forms
from guiche.web.manage import form_lines as lines
from guiche.web.manage.answers import FormPage, address, form_page, posted, press, show
from guiche.web.manage.ordering import places
from guiche.web.manage.request_types import crumbs, found, tabs

form_or_post = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
def fields(request: Request, slug: str) -> HttpResponse:
    """The lines of the form; `?campo=` opens one for editing."""
    return _fields(request, slug, opened=request.GET.get("campo", ""))


def _fields(
    request: Request, slug: str, *, opened: str = "", form: forms.LineForm | None = None, must_open: bool = False
) -> HttpResponse:
    """The editor, with the line `opened` open; 404 when it must be and is not there."""
    one = found(slug)
    published = plan_of(one)
    draft, lost = _draft(request, one)
    plan = draft.plan if draft else published
    words = words_of(plan, published, draft.base if draft else published)
    line = plan.get(opened)
    if line is None and must_open:
        raise Http404
    more: dict[str, Any] = {"status": 422} if form and form.is_bound else {}  # Any: what show() takes
    return show(
        request,
        "manage/forms/fields.html",
        title=_("Form of %s") % one.name,
        text=_("%(sentence)s. Workflow %(workflow)s.") % {"sentence": one.sentence, "workflow": one.workflow.name},
        crumbs=crumbs(),
        one=one,
        tabs=tabs(one, "fields", len(plan.lines)),
        lines=lines.of(plan, published, words),
        **_opened(one, plan, line, form),
        **_previewed(request, plan, published, words, opened),
        **_published(request, one, plan, words),
        **_drafted(draft, published, words),
        lost=lost,
        **more,
    )


Shown = dict[str, Any]  # what the page shows; Any: as show() takes it


def _opened(one: RequestType, plan: Plan, line: PlannedLine | None, form: forms.LineForm | None) -> Shown:
    """The open line, with its form: as it was sent, or of what the line holds."""
    if line is None:
        return {"opened": "", "form": None, "failed": False, "also_in": []}
    form = form or lines.form_of(plan, line, form_plan.unasked(one.severity_source))
    return {"opened": line.code, "form": form, "failed": form.is_bound, "also_in": lines.also_in(one, line)}


def _previewed(request: Request, plan: Plan, published: Plan, words: Words, opened: str) -> Shown:
    viewer = "equipe" if request.GET.get("ver") == "equipe" else "cliente"
    return {
        "viewer": viewer,
        "preview": lines.preview(plan, published, words, for_staff=viewer == "equipe", opened=opened),
        "preview_words": lines.preview_words(plan, words, opened),
    }


def _published(request: Request, one: RequestType, plan: Plan, words: Words) -> Shown:
    """Who published last, who else is changing the form, and what keeps `plan` from being published."""
    return {
        "version": one.form_versions.select_related("published_by").first(),
        "others": list(one.form_drafts.exclude(user=request.user).select_related("user")),
        "problems": form_plan.problems(plan, words, form_plan.unasked(one.severity_source)),
    }


def _drafted(draft: actions.Draft | None, published: Plan, words: Words) -> Shown:
    """What the draft changes, and what somebody else published after it was begun."""
    if draft is None:
        return {"is_draft": False, "outdated": False, "changes": []}
    return {
        "is_draft": True,
        "changes": form_changes.changes(draft.base, draft.plan, words),
        "outdated": draft.base != published,
        "theirs": form_changes.changes(draft.base, published, words),
        "both": form_changes.changed_by_both(draft.base, draft.plan, published),
    }


def _draft(request: Request, one: RequestType) -> tuple[actions.Draft | None, bool]:
    """The draft of this person, and whether there is one that cannot be read any more."""
    try:
        return actions.draft_of(one, by=request.user), False
    except FormRefused:
        return None, True


def _plan(request: Request, one: RequestType) -> Plan:
    draft, _lost = _draft(request, one)
    return draft.plan if draft else plan_of(one)


@form_or_post
def field(request: Request, slug: str, code: str) -> HttpResponse:
    """Change a line in the draft; a refused form stays open under its row, with what was typed."""
    if request.method != "POST":
        return _fields(request, slug, opened=code, must_open=True)
    one = found(slug)
    plan = _plan(request, one)
    line = plan.get(code)
    if line is None:
        return press(request, lambda: plan.line(code), done="", to="", back=lambda again: _fields(again, slug))
    again = request.POST.get("again", "")
    form = lines.form_of(plan, line, form_plan.unasked(one.severity_source), data=request.POST, again=again)
    if not again and form.is_valid():
        try:
            _put(request, one, lines.planned(form, line))
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Field changed in the draft"))
            return redirect(f"{address('request-type', slug)}#field-{code}")
    return _fields(request, slug, opened=code, form=form)


def _put(request: Request, one: RequestType, line: PlannedLine) -> None:
    actions.check_own_name(line)
    _change(request, one, lambda plan: form_plan.put(plan, line))


def _change(request: Request, one: RequestType, edit: actions.Edit) -> Plan:
    return actions.change(one, edit, by=request.user, at=timezone.now())


@require_POST
def field_move(request: Request, slug: str, code: str) -> HttpResponse:
    one = found(slug)

    def edit(plan: Plan) -> Plan:
        return form_plan.move(plan, code, places(request, plan.lines.index(plan.line(code))))

    return press(
        request,
        lambda: _change(request, one, edit),
        done="",
        to=f"{address('request-type', slug)}#field-{code}",
        back=lambda again: _fields(again, slug),
    )


@require_POST
def field_remove(request: Request, slug: str, code: str) -> HttpResponse:
    one = found(slug)
    return press(
        request,
        lambda: _change(request, one, lambda plan: form_plan.remove(plan, code)),
        done=_("Field removed from the draft. What was answered is kept"),
        to=address("request-type", slug),
        back=lambda again: _fields(again, slug, opened=code),
    )


@form_or_post
def field_add(request: Request, slug: str) -> HttpResponse:
    """Choose a field that the form does not have yet, or make an own one."""
    one = found(slug)
    done = _("Field added at the end of the draft")
    if request.method == "POST" and (code := request.POST.get("code", "")):
        return press(
            request,
            lambda: _change(request, one, actions.added(code)),
            done=done,
            to=f"{address('request-type', slug)}#field-{code}",
            back=lambda again: _fields(again, slug),
        )
    page = FormPage(
        title=_("Add field to %s") % one.name,
        crumbs=[*crumbs(), (one.name, address("request-type", slug))],
        button=_("Make own field and add"),
        done=done,
        to=lambda made: f"{address('request-type', slug)}?campo={made.code}#field-{made.code}",
        template="manage/forms/add.html",
        more={"offered": lines.offered(_plan(request, one))},
    )
    return form_page(
        request, forms.CustomFieldForm(posted(request)), lambda cleaned: _make(one, cleaned, request), page
    )


def _make(one: RequestType, cleaned: dict[str, Any], request: Request) -> PlannedLine:
    """Put a new own field at the end of the draft. Any: what the form cleaned."""
    own = OwnField(**{**cleaned, "choices": tuple(cleaned["choices"].splitlines())})
    actions.check_own_name(PlannedLine("", own))
    return _change(request, one, actions.added("", own=own)).lines[-1]


@require_POST
def publish(request: Request, slug: str) -> HttpResponse:
    by, at = request.user, timezone.now()
    return _press(request, slug, lambda one: actions.publish(one, by=by, at=at), done=_("Form published"))


@require_POST
def discard(request: Request, slug: str) -> HttpResponse:
    return _press(request, slug, lambda one: actions.discard(one, by=request.user), done=_("Draft discarded"))


@require_POST
def bring_along(request: Request, slug: str) -> HttpResponse:
    """Put what this person changed upon what somebody else published meanwhile."""
    by, at = request.user, timezone.now()
    said = _("Your changes now stand upon the published form. Check them, then publish")
    return _press(request, slug, lambda one: actions.bring_along(one, by=by, at=at), done=said)


def _press(request: Request, slug: str, act: Callable[[RequestType], object], *, done: str) -> HttpResponse:
    """Do what a button of the whole draft says."""
    one = found(slug)
    to = address("request-type", slug)
    return press(request, lambda: act(one), done=done, to=to, back=lambda again: _fields(again, slug))


@require_GET
def versions(request: Request, slug: str) -> HttpResponse:
    """Who published what, newest first: each version with what it changed of the one before."""
    one = found(slug)
    rows = list(one.form_versions.select_related("published_by"))
    plans = [form_plan.load(row.plan) for row in rows]
    words = words_of(*plans)
    told = [
        (row, form_changes.changes(older, plan, words))
        for row, plan, older in zip(rows, plans, [*plans[1:], None], strict=True)
        if older is not None
    ]
    return show(
        request,
        "manage/forms/versions.html",
        title=_("Versions of the form"),
        text=_(
            "What was published, when and by whom. Open tickets keep the answers of the form they were opened with."
        ),
        crumbs=[*crumbs(), (one.name, address("request-type", slug))],
        one=one,
        versions=told,
        first=rows[-1] if rows else None,
    )
