"""Workflows: the list, and the editor with its picture. What is changed here waits in a draft until it is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.installation import models as installation
from guiche.tickets.models import Ticket
from guiche.web.http import Request, refuse
from guiche.web.manage import trail
from guiche.web.manage import workflow_forms as forms
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show
from guiche.web.manage.ordering import places
from guiche.workflows import actions, narrow_picture, picture
from guiche.workflows import plan as planning
from guiche.workflows.models import Workflow
from guiche.workflows.plan import Plan, PlanRefused

form_or_post = require_http_methods(["GET", "HEAD", "POST"])
Edit = Callable[[Plan], Plan]


@require_GET
def workflows(request: Request) -> HttpResponse:
    rows = Workflow.objects.prefetch_related("statuses", "request_types")
    return show(
        request,
        "manage/workflows/workflows.html",
        title=_("Workflows and statuses"),
        text=_("The ways a ticket goes. The shipped ones work as they are."),
        crumbs=_crumbs()[:1],
        workflows=list(rows),
    )


@require_GET
def workflow(request: Request, slug: str) -> HttpResponse:
    """The whole workflow; `?status=` or `?passo=` opens one for editing ("novo" for a new one)."""
    return _workflow(request, slug)


def _workflow(
    request: Request,
    slug: str,
    *,
    status_form: forms.StatusForm | None = None,
    step_form: forms.StepForm | None = None,
    opened: str = "",
) -> HttpResponse:
    one = _found(slug)
    published = actions.plan_of(one)
    draft, lost = _draft(request, one)
    plan = draft or published
    refused = status_form or step_form
    status = {"status": 422} if refused and refused.is_bound else {}
    status_key = request.GET.get("status", "") if not refused else opened if status_form else ""
    step_key = request.GET.get("passo", "") if not refused else opened if step_form else ""
    return show(
        request,
        "manage/workflows/workflow.html",
        title=_("Workflow %s") % one.name,
        text=_usage(one),
        crumbs=_crumbs(),
        one=one,
        plan=plan,
        is_draft=draft is not None,
        lost=lost,
        outdated=draft is not None and draft.version != one.version,
        changes=planning.changes(published, plan),
        problems=planning.problems(plan),
        wide=picture.wide(plan),
        narrow=narrow_picture.draw(plan),
        sentence=picture.sentence(plan),
        status_key=status_key,
        status_form=status_form or forms.status_form(plan, status_key),
        step_key=step_key,
        step_form=step_form or forms.step_form(plan, step_key, origin=request.GET.get("de", "")),
        step_notes=_step_notes(plan),
        failed=bool(refused and refused.is_bound),
        entry=trail.last_of("workflows.workflow", one.pk, 1).first(),
        **forms.words(),
        **status,
    )


def _draft(request: Request, one: Workflow) -> tuple[Plan | None, bool]:
    """The draft of this person, and whether there is one that cannot be read any more."""
    try:
        return actions.draft_of(one, by=request.user), False
    except PlanRefused:
        return None, True


def _usage(one: Workflow) -> str:
    names = ", ".join(one.request_types.values_list("name", flat=True)) or _("no request type")
    count = Ticket.objects.filter(status__workflow=one, ended_at=None).count()
    return _("Used in %(types)s. Open tickets in this workflow: %(count)d.") % {"types": names, "count": count}


def _step_notes(plan: Plan) -> dict[str, str]:
    """What happens besides, by key of the step."""
    days = installation.current().reopening_days
    notes = {}
    for step in plan.steps:
        if step.happens_by_itself:
            notes[step.key] = forms.term(plan.status(step.origin))
        elif "system" in step.takers:
            notes[step.key] = _("Happens by itself when the customer answers")
        elif plan.status(step.origin).stage == "done" and "customer" in step.takers:
            notes[step.key] = _("For the customer, within %d days") % days
    return notes


@form_or_post
def status(request: Request, slug: str, key: str) -> HttpResponse:
    """Change a status in the draft, or add one (key "novo")."""
    one = _found(slug)
    if request.method != "POST":
        return redirect(f"{address('workflow', slug)}?status={key}#status-{key}")
    form = forms.StatusForm(request.POST, prefix="status")
    edit = lambda plan: planning.put_status(plan, form.planned(plan, key))  # noqa: E731  # one line, used once
    if _edited(request, one, form, edit):
        return redirect(f"{address('workflow', slug)}#statuses")
    return _workflow(request, slug, status_form=form, opened=key)


@form_or_post
def step(request: Request, slug: str, key: str) -> HttpResponse:
    """Change a transition in the draft, or add one (key "novo")."""
    one = _found(slug)
    if request.method != "POST":
        return redirect(f"{address('workflow', slug)}?passo={key}#step-form")
    form = forms.StepForm(request.POST, plan=_plan(request, one), prefix="step")
    edit = lambda plan: planning.put_step(plan, form.planned(plan, key))  # noqa: E731  # one line, used once
    if _edited(request, one, form, edit):
        return redirect(f"{address('workflow', slug)}#steps")
    return _workflow(request, slug, step_form=form, opened=key)


def _edited(request: Request, one: Workflow, form: Any, edit: Edit) -> bool:
    """Apply `edit` to the draft; False when the form or a rule says no. Any: one of two forms."""
    if not form.is_valid():
        return False
    try:
        actions.change(one, edit, by=request.user, at=timezone.now())
    except PlanRefused as refusal:
        refuse(form, refusal)
        return False
    return True


@require_POST
def status_move(request: Request, slug: str, key: str) -> HttpResponse:
    def edit(plan: Plan) -> Plan:
        index = plan.statuses.index(plan.status(key))
        return planning.move_status(plan, key, places(request, index))

    return _press(request, slug, lambda one: _change(request, one, edit), "", "statuses")


@require_POST
def status_remove(request: Request, slug: str, key: str) -> HttpResponse:
    return _press(
        request,
        slug,
        lambda one: _change(request, one, lambda plan: planning.remove_status(plan, key)),
        _("Status removed from the draft"),
        "statuses",
    )


@require_POST
def step_remove(request: Request, slug: str, key: str) -> HttpResponse:
    return _press(
        request,
        slug,
        lambda one: _change(request, one, lambda plan: planning.remove_step(plan, key)),
        _("Transition removed from the draft"),
        "steps",
    )


@require_POST
def publish(request: Request, slug: str) -> HttpResponse:
    return _press(
        request,
        slug,
        lambda one: actions.publish(one, by=request.user, at=timezone.now()),
        _("Changes published"),
        "",
    )


@require_POST
def discard(request: Request, slug: str) -> HttpResponse:
    return _press(request, slug, lambda one: actions.discard(one, by=request.user), _("Draft discarded"), "")


@form_or_post
def new(request: Request) -> HttpResponse:
    page = FormPage(
        title=_("New workflow"),
        text=_("It begins as a copy; change it before a request type uses it."),
        crumbs=_crumbs(),
        button=_("Make workflow"),
        done=_("Workflow made"),
        to=lambda made: address("workflow", made.slug),
    )
    return form_page(
        request,
        forms.CopyForm(posted(request)),
        lambda cleaned: actions.copy(cleaned["original"], name=cleaned["name"], by=request.user, at=timezone.now()),
        page,
    )


@form_or_post
def rename(request: Request, slug: str) -> HttpResponse:
    one = _found(slug)
    page = FormPage(
        title=_("Rename workflow"),
        crumbs=[*_crumbs(), (one.name, address("workflow", slug))],
        button=_("Rename"),
        done=_("Workflow renamed"),
        to=address("workflow", slug),
    )
    return form_page(
        request,
        forms.RenameForm(posted(request), initial={"name": one.name}),
        lambda cleaned: actions.rename(one, name=cleaned["name"], by=request.user, at=timezone.now()),
        page,
    )


def _press(request: Request, slug: str, act: Callable[[Workflow], Any], done: str, anchor: str) -> HttpResponse:
    # Any: whatever the action returns.
    one = _found(slug)
    to = address("workflow", slug) + (f"#{anchor}" if anchor else "")
    return press(request, lambda: act(one), done=done, to=to, back=lambda again: _workflow(again, slug))


def _change(request: Request, one: Workflow, edit: Edit) -> None:
    actions.change(one, edit, by=request.user, at=timezone.now())


def _plan(request: Request, one: Workflow) -> Plan:
    draft, _lost = _draft(request, one)
    return draft or actions.plan_of(one)


def _found(slug: str) -> Workflow:
    return get_object_or_404(Workflow.objects.select_related("published_by"), slug=slug)


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Workflows and statuses"), address("workflows"))]
