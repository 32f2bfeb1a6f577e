"""Publishing the draft of an agreement: what it would do to the open tickets first, then when and for whom."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guiche.core.errors import NotAllowed, Refused
from guiche.sla import effects as reckoning
from guiche.sla import terms as said
from guiche.sla.actions import versions as actions
from guiche.sla.models import Policy, PolicyVersion
from guiche.sla.terms import Terms
from guiche.web.http import Request, refuse
from guiche.web.manage import effects, policies
from guiche.web.manage import policy_forms as forms
from guiche.web.manage.answers import address, posted, show
from guiche.web.manage.policy_forms import PublishForm
from guiche.web.manage.policy_pages import Known, known_of

form_or_post = require_http_methods(["GET", "HEAD", "POST"])


@form_or_post
def publish(request: Request, slug: str) -> HttpResponse:
    known = known_of(slug)
    if known.draft is None:
        messages.info(request, _("There is no draft to publish."))
        return redirect(address("policy", slug))
    form = PublishForm(posted(request))
    if form.is_bound and form.is_valid() and (to := _published(request, known.one, form)):
        return redirect(to)
    return _page(request, known, known.draft, form)


def _published(request: Request, one: Policy, form: PublishForm) -> str:
    """Publish, and return where to go on; blank when a rule said no, which `form` then says."""
    said_here, at = form.cleaned_data, timezone.now()
    for_open = said_here["audience"] == forms.NEW_AND_OPEN
    try:
        made = actions.publish(
            one,
            by=request.user,
            at=at,
            effective_from=said_here["effective_from"],
            for_open=for_open,
            expected=said_here["expected"] or None,
        )
    except NotAllowed:
        raise
    except Refused as refusal:
        refuse(form, refusal)
        return ""
    scheduled = made.effective_from is not None and made.effective_from > at
    words = _("Version %(number)s scheduled") if scheduled else _("Version %(number)s published")
    messages.success(request, words % {"number": made.number})
    return (effects.asked(request.user, at) if for_open else "") or address("policy-version", one.slug, made.number)


def _page(request: Request, known: Known, draft: PolicyVersion, form: PublishForm) -> HttpResponse:
    one, terms, before = known.one, known.terms(draft), known.before(draft)
    counts = reckoning.of(known.rules, at=known.now, chooses=True, replaced=one.pk)
    return show(
        request,
        "manage/deadlines/publish.html",
        title=_("Publish version %(number)s") % {"number": draft.number},
        text=_("Nothing changes until you publish it. A published version never changes again."),
        crumbs=policies.crumbs(one),
        one=one,
        draft=draft,
        form=form,
        expected=said.mark(terms),
        audience=form["audience"].value() or forms.NEW_ONLY,
        told=effects.told(counts, request.user, known.now),
        changes=known.differences(known.terms(before) if before else Terms(), terms),
        is_first=before is None,
        hints=[hint.sentence for hint in said.hints(terms)],
        failed=form.is_bound,
        status=422 if form.is_bound else 200,
    )
