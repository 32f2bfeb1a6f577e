"""An agreement on its page: its versions, the draft that is written, and what each would promise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.core.errors import NotAllowed, Refused
from guiche.sla import terms as said
from guiche.sla.actions import versions as actions
from guiche.sla.metrics import FOR_CUSTOMERS
from guiche.sla.models import Policy, PolicyVersion
from guiche.sla.terms import Terms
from guiche.web import editing
from guiche.web.editing import Kept
from guiche.web.http import Request, refuse
from guiche.web.manage import policies, policy_pages, simulator
from guiche.web.manage import policy_forms as forms
from guiche.web.manage.answers import address, press, show
from guiche.web.manage.policy_forms import Offered, TermsForm
from guiche.web.manage.policy_pages import Known, known_of

form_or_post = require_http_methods(["GET", "HEAD", "POST"])
SIMULATOR = "simulador"  # the element that htmx puts an answer in


@require_GET
def policy(request: Request, slug: str) -> HttpResponse:
    """The draft, or else the version in force, or else the newest."""
    return _policy(request, slug)


def _policy(request: Request, slug: str) -> HttpResponse:
    known = known_of(slug)
    chosen = known.draft or known.in_force or next(iter(known.versions), None)
    if chosen is None:
        raise Http404
    return _page(request, known, chosen)


@require_GET
def version(request: Request, slug: str, number: int) -> HttpResponse:
    known = known_of(slug)
    return _page(request, known, _numbered(known, number))


@require_GET
def simulate(request: Request, slug: str, number: int) -> HttpResponse:
    """The answer of the simulator alone, or without htmx on the page of its version."""
    known = known_of(slug)
    chosen = _numbered(known, number)
    if request.htmx.target != SIMULATOR:
        return _page(request, known, chosen)
    return show(request, "manage/deadlines/simulator.html", title="", **_simulated(request, known, chosen))


def _numbered(known: Known, number: int) -> PolicyVersion:
    found = next((one for one in known.versions if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _page(request: Request, known: Known, chosen: PolicyVersion, form: TermsForm | None = None) -> HttpResponse:
    terms, before = known.terms(chosen), known.before(chosen)
    old = known.terms(before) if before else None
    if chosen.is_draft and form is None:
        offered = known.offered(terms)
        form = TermsForm(offered=offered, initial=forms.terms_values(terms, offered))
        editing.watch(form)
    return show(
        request,
        "manage/deadlines/policy.html",
        title=_("Deadlines (SLA) %s") % known.one.name,
        text=policies.usage(policies.found(known.one.slug)),
        crumbs=policies.crumbs(),
        kind=known.kind(chosen),
        tabs=policy_pages.tabs(known, chosen),
        form=form,
        lines=forms.lines([*known.severities, None], terms, old, known.calendar_names, form),
        team_lines=policy_pages.team_lines(known, terms, old, form),
        severities=known.severities,
        metrics=[metric.label for metric in FOR_CUSTOMERS],
        facts=policy_pages.facts(known, chosen, terms),
        old_number=before.number if before else None,
        draft=known.draft,
        **_simulated(request, known, chosen),
        **({"failed": True, "status": 422} if form is not None and form.is_bound else {}),
    )


def _simulated(request: Request, known: Known, chosen: PolicyVersion) -> dict[str, Any]:  # Any: for the template
    asked = request.GET if "abertura" in request.GET else None
    first: dict[str, Any] = {"abertura": simulator.first_question(known.now), "gravidade": _second(known)}
    form = forms.SimulatorForm(asked, severities=known.severities, initial=first, auto_id="sim_%s")
    values = form.cleaned_data if form.is_bound and form.is_valid() else first
    if form.is_bound and not form.is_valid():
        return {"simulator_form": form, "answer": None, "version": chosen, "one": known.one, "instead": ""}
    severity = next((one for one in known.severities if one.pk == values["gravidade"]), None)
    here = known.rules.by_version[chosen.pk]
    answer = simulator.answer(known.rules, here, severity, values["abertura"], known.calendar_names)
    instead = simulator.instead(known.rules, known.in_force, chosen, severity, values["abertura"])
    return {"simulator_form": form, "answer": answer, "version": chosen, "one": known.one, "instead": instead}


def _second(known: Known) -> int | None:
    return known.severities[min(1, len(known.severities) - 1)].pk if known.severities else None


@require_POST
def begin(request: Request, slug: str) -> HttpResponse:
    return _press(request, slug, actions.begin, _("Draft begun with what the last version says"))


@form_or_post
def save(request: Request, slug: str) -> HttpResponse:
    """Keep what the boxes of the draft say."""
    known = known_of(slug)
    if known.draft is None or request.method != "POST":
        return redirect(address("policy", slug))
    terms = known.terms(known.draft)
    offered = known.offered(terms)
    form = TermsForm(request.POST, offered=offered, initial=forms.terms_values(terms, offered))
    editing.watch(form)
    if form.is_valid() and _saved(request, known.one, form):
        messages.success(request, _("Draft saved. Nothing is promised by it yet."))
        return redirect(address("policy", slug))
    return _page(request, known, known.draft, form)


def _saved(request: Request, one: Policy, form: TermsForm) -> bool:
    kept = Kept(row=one, read=lambda row: _values(row, form.offered), acts=("policy.drafted",))
    try:
        editing.save(
            form,
            kept,
            lambda _cleaned: actions.save_draft(one, form.terms(), by=request.user, at=timezone.now()),
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        refuse(form, refusal)
        return False
    return True


def _values(one: Policy, offered: Offered) -> dict[str, object]:
    """Return every box of the draft as it is saved now."""
    draft = actions.draft_of(one)
    return forms.terms_values(said.of(draft) if draft else Terms(), offered)


@require_POST
def discard(request: Request, slug: str) -> HttpResponse:
    return _press(request, slug, actions.discard, _("Draft discarded"))


@require_POST
def withdraw(request: Request, slug: str, number: int) -> HttpResponse:
    chosen = _numbered(known_of(slug), number)
    done = _("Version withdrawn: it never begins")
    return _press(request, slug, lambda _one, **told: actions.withdraw(chosen, **told), done)


def _press(request: Request, slug: str, act: Callable[..., object], done: str) -> HttpResponse:
    one = policies.found(slug)
    return press(
        request,
        lambda: act(one, by=request.user, at=timezone.now()),
        done=done,
        to=address("policy", slug),
        back=lambda again: _policy(again, slug),
    )
