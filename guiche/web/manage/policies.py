"""Agreements on deadlines: the list, whom each is made with, and making, naming and archiving one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guiche.core import formatting
from guiche.sla import places
from guiche.sla.actions import policies as actions
from guiche.sla.choosing import Level
from guiche.sla.models import Assignment, Policy, PolicyVersion, Retargeting
from guiche.sla.places import Place
from guiche.web.editing import Kept
from guiche.web.http import Request
from guiche.web.manage import policy_forms as forms
from guiche.web.manage import retargeting
from guiche.web.manage.answers import Crumbs, FormPage, address, form_page, posted, press, show
from guiche.web.manage.assignment_forms import EVERYBODY, LEVELS

form_or_post = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 200  # assignments on the page
_LEVELS = {level: place for place, level in enumerate(places.WORDS)}


@dataclass(frozen=True)
class Line:
    """An agreement in the list: how it stands, and who has it."""

    policy: Policy
    state: str
    uses: str
    is_default: bool


@dataclass(frozen=True)
class Given:
    """What one place has."""

    row: Assignment
    level: str
    name: str
    city: str


@require_GET
def deadlines(request: Request) -> HttpResponse:
    return page(request)


def page(request: Request) -> HttpResponse:
    rows = list(Policy.objects.with_uses())
    count, has_default = Assignment.objects.count(), Assignment.objects.default().exists()
    return show(
        request,
        "manage/deadlines/deadlines.html",
        title=_("Deadlines (SLA)"),
        text=_("What is promised, to whom, and in which hours. Each agreement is changed in versions."),
        crumbs=_crumbs()[:1],
        lines=_lines([one for one in rows if one.is_active], timezone.now()),
        archived=[one for one in rows if not one.is_active],
        given=given(list(Assignment.objects.in_order()[:SHOWN])),
        hidden=max(0, count - SHOWN),
        passes=[(address("retargeting", one.pk), retargeting.sentence(one, timezone.now())) for one in _under_way()],
        places=[(slug, words) for slug, words in LEVELS.items() if slug != EVERYBODY or not has_default],
    )


def _under_way() -> QuerySet[Retargeting]:
    """The passes through the open tickets that go on or wait, the newest first."""
    return Retargeting.objects.filter(state__in=retargeting.UNDER_WAY).order_by("-pk")[:5]


def given(rows: Sequence[Assignment]) -> list[Given]:
    """Return what places have, most specific first, as the page says it."""
    joins = {True: _("yes"), False: _("no"), None: ""}
    found = [(place, row) for row in rows if (place := places.of(row))]
    found.sort(key=lambda one: (_LEVELS[one[0].level], one[0].name))
    return [Given(row, _level(place), place.name, joins[row.joins_city]) for place, row in found]


def _level(place: Place) -> str:
    """Return what a place is, but for the last one, whose name says it."""
    return "" if place.level == Level.DEFAULT else str(places.WORDS[place.level])


def _lines(rows: Sequence[Policy], now: datetime) -> list[Line]:
    versions: dict[int, list[PolicyVersion]] = {}
    for version in PolicyVersion.objects.filter(withdrawn_at=None).order_by("number"):
        versions.setdefault(version.policy_id, []).append(version)
    return [Line(one, _state(versions.get(one.pk, []), now), _uses(one), bool(one.default_count)) for one in rows]


def _state(versions: Sequence[PolicyVersion], now: datetime) -> str:
    begun = [one for one in versions if one.effective_from and not one.is_draft and one.effective_from <= now]
    waiting = [one for one in versions if one.effective_from and not one.is_draft and one.effective_from > now]
    said = [_("version %(number)s in force") % {"number": begun[-1].number}] if begun else [_("not in force")]
    said += [
        _("version %(number)s from %(when)s on")
        % {"number": one.number, "when": formatting.moment_text(one.effective_from)}
        for one in waiting
        if one.effective_from
    ]
    return " · ".join([*said, *([_("a draft")] if versions and versions[-1].is_draft else [])])


def _uses(one: Policy) -> str:
    organizations = one.organization_count + (one.others_count if one.default_count else 0)
    said = []
    if organizations:
        said.append(ngettext("%(n)s organisation", "%(n)s organisations", organizations) % {"n": organizations})
    if one.contract_count:
        said.append(ngettext("%(n)s contract", "%(n)s contracts", one.contract_count) % {"n": one.contract_count})
    if count := one.other_count:
        said.append(ngettext("%(n)s product or type", "%(n)s products or types", count) % {"n": count})
    return ", ".join(said) or _("nobody has it")


@form_or_post
def new(request: Request) -> HttpResponse:
    page_said = FormPage(
        title=_("New agreement"),
        text=_("It begins as a draft. Nothing is promised by it until it is published and somebody has it."),
        crumbs=_crumbs(),
        button=_("Make agreement"),
        done=_("Agreement made"),
        to=lambda made: address("policy", made.slug),
    )
    return form_page(
        request,
        forms.NewPolicyForm(posted(request)),
        lambda cleaned: actions.create(by=request.user, at=timezone.now(), **cleaned),
        page_said,
    )


@form_or_post
def rename(request: Request, slug: str) -> HttpResponse:
    one = found(slug)
    page_said = FormPage(
        title=_("Rename agreement"),
        crumbs=crumbs(one),
        button=_("Save"),
        done=_("Agreement renamed"),
        to=address("policy", slug),
        kept=Kept(row=one, read=forms.policy_values, acts=("policy.renamed",)),
    )
    return form_page(
        request,
        forms.PolicyForm(posted(request), initial=forms.policy_values(one)),
        lambda cleaned: actions.rename(one, by=request.user, at=timezone.now(), **cleaned),
        page_said,
    )


@require_POST
def archive(request: Request, slug: str) -> HttpResponse:
    return _press(request, slug, actions.archive, _("Agreement archived: tickets keep what it promised them"))


@require_POST
def restore(request: Request, slug: str) -> HttpResponse:
    return _press(request, slug, actions.restore, _("Agreement brought back"))


def _press(request: Request, slug: str, act: Callable[..., object], done: str) -> HttpResponse:
    one = found(slug)
    return press(
        request,
        lambda: act(one, by=request.user, at=timezone.now()),
        done=done,
        to=address("deadlines"),
        back=page,
    )


def found(slug: str) -> Policy:
    return get_object_or_404(Policy.objects.with_uses(), slug=slug)


def usage(one: Policy) -> str:
    """Return the sentence below the name of an agreement: when it holds, and who has it."""
    general = _("Holds where contract, organisation, product and type have none of their own.")
    has = one.organization_count + one.default_count + one.contract_count + one.other_count
    who = _("Who has it: %s.") % _uses(one) if has else _("Nobody has it yet.")
    return " ".join(part for part in (general if one.default_count else "", who, one.note) if part)


def crumbs(one: Policy | None = None) -> Crumbs:
    way = _crumbs()
    return [*way, (one.name, address("policy", one.slug))] if one else way


def _crumbs() -> Crumbs:
    return [(_("Administration"), address("home")), (_("Deadlines (SLA)"), address("deadlines"))]
