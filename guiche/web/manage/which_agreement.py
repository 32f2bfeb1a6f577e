"""Which agreement would hold for a ticket, and why: every level that was looked at, and what each said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guiche.calendars.models import Calendar
from guiche.catalog.service_table import hours
from guiche.sla import choosing, places, rules
from guiche.sla.choosing import Agreement, Considered, Facts, Level
from guiche.sla.metrics import FOR_CUSTOMERS
from guiche.sla.models import Policy
from guiche.sla.rules import MINUTE, Rules
from guiche.web.http import Request
from guiche.web.manage import assignment_forms as forms
from guiche.web.manage import policies
from guiche.web.manage.answers import address, show


@dataclass(frozen=True)
class Step:
    """A level that was looked at, in words. `wins`: what of it holds."""

    level: str
    policy: str
    calendar: str
    city: str
    wins: Sequence[str]


@dataclass(frozen=True)
class Found:
    """What would hold, in words."""

    policy: str
    href: str
    because: str
    calendar: str
    calendar_because: str
    city: str
    targets: list[tuple[str, str]]
    from_table: bool


@require_GET
def which(request: Request) -> HttpResponse:
    form = forms.WhichForm(request.GET if "organization" in request.GET or "product" in request.GET else None)
    found, steps = None, list[Step]()
    if form.is_bound:
        _narrow(form)
        if form.is_valid():
            found, steps = _chosen(form.cleaned_data)
    return show(
        request,
        "manage/deadlines/which.html",
        title=_("Which agreement would hold"),
        text=_("For a ticket opened now. What is left out is as if the ticket did not have it."),
        crumbs=policies.crumbs(),
        form=form,
        asked=form.is_bound and form.is_valid(),
        found=found,
        steps=steps,
        searches={name: address("assignment-options", name) for name in ("organization", "module", "service")},
        failed=form.is_bound and not form.is_valid(),
        status=422 if form.is_bound and not form.is_valid() else 200,
    )


def _narrow(form: forms.WhichForm) -> None:
    """Let contract and unit be of the organisation that was chosen."""
    field: Any = form.fields["organization"]  # Any: a TypeaheadField, whose clean() gives a row
    try:
        form.narrow(field.clean(form["organization"].data))
    except ValidationError:
        form.narrow(None)  # its own error is said when the form is checked


def _chosen(said: Mapping[str, Any]) -> tuple[Found | None, list[Step]]:  # Any: rows of several models
    known, now = rules.current(), timezone.now()
    facts = _facts(said)
    agreement = choosing.choose(known.book, facts, now)
    names = _Names.of(known)
    considered = (
        agreement.considered
        if agreement
        else [Considered(Level(key[0]), known.book.levels.get(key)) for key in facts.levels()]
    )
    steps = [_step(one, agreement, names) for one in considered]
    return (_found(agreement, known, facts, names) if agreement else None), steps


def _facts(said: Mapping[str, Any]) -> Facts:  # Any: as above
    service, site = said["service"], said["site"]
    module = service.module if service else said["module"]
    product = module.product_id if module else _key(said["product"])
    return Facts(
        organization=_key(said["organization"]) or 0,
        request_type=_key(said["request_type"]) or 0,
        contract=_key(said["contract"]),
        product=product,
        module=_key(module),
        service=_key(service),
        severity=_key(said["severity"]),
        city=site.city if site else "",
        state=site.state if site else "",
    )


def _key(row: Model | None) -> int | None:
    return row.pk if row else None


@dataclass(frozen=True)
class _Names:
    policies: Mapping[int, Policy]
    calendars: Mapping[int, str]

    @classmethod
    def of(cls, known: Rules) -> _Names:
        return cls(Policy.objects.in_bulk(), dict(Calendar.objects.values_list("pk", "name")))


def _step(one: Considered, agreement: Agreement | None, names: _Names) -> Step:
    wins = []
    if agreement and one.level == agreement.policy_level and one.said and one.said.policy:
        wins.append(_("agreement"))
    if agreement and one.level == agreement.calendar_level and one.said and one.said.calendar:
        wins.append(_("calendar"))
    said = one.said
    policy = names.policies.get(said.policy) if said and said.policy else None
    return Step(
        str(places.WORDS[one.level]),
        _policy_words(policy, one, agreement),
        names.calendars.get(said.calendar, "") if said and said.calendar else "",
        {True: _("yes"), False: _("no")}.get(said.joins_city, "") if said and said.joins_city is not None else "",
        wins,
    )


def _policy_words(policy: Policy | None, one: Considered, agreement: Agreement | None) -> str:
    if policy is None:
        return ""
    order = list(Level)
    passed = agreement is None or order.index(one.level) < order.index(agreement.policy_level)
    return _("%(name)s (not in force yet)") % {"name": policy.name} if passed else policy.name


def _found(agreement: Agreement, known: Rules, facts: Facts, names: _Names) -> Found:
    calendar, city = known.calendars_of(agreement, facts)
    version = agreement.version
    policy = names.policies[version.policy]
    named = {"name": version.policy_name, "number": version.number}
    targets = [
        (str(metric.label), _("%(time)s of business time") % {"time": hours(seconds // MINUTE)})
        for metric in FOR_CUSTOMERS
        if (seconds := agreement.targets.get(metric))
    ]
    return Found(
        _("%(name)s, version %(number)s") % named,
        address("policy", policy.slug),
        str(places.WORDS[agreement.policy_level]),
        names.calendars.get(calendar, ""),
        _calendar_because(agreement),
        _city(agreement, city, names),
        targets,
        agreement.from_service_table,
    )


def _calendar_because(agreement: Agreement) -> str:
    if agreement.calendar_level == "severity":
        return _("the agreement names it for this severity")
    if agreement.calendar_level == "policy":
        return _("the agreement names it")
    if agreement.calendar_level == Level.DEFAULT and not _default_says(agreement):
        return _("the default calendar")
    return str(places.WORDS[Level(agreement.calendar_level)])


def _default_says(agreement: Agreement) -> bool:
    return any(one.level == Level.DEFAULT and one.said and one.said.calendar for one in agreement.considered)


def _city(agreement: Agreement, city: int | None, names: _Names) -> str:
    if not agreement.joins_city:
        return _("not looked at")
    return names.calendars.get(city, "") if city else _("wanted, but there is no calendar of this city or state")
