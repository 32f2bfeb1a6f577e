"""What a page about one agreement shows: read once, its versions as tabs, its targets as lines, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from guiche.accounts.models import Team
from guiche.calendars.models import Calendar, Kind
from guiche.catalog.models import Severity
from guiche.core import formatting
from guiche.sla import rules
from guiche.sla import terms as said
from guiche.sla.clockwork import floored
from guiche.sla.metrics import Metric
from guiche.sla.models import Policy, PolicyVersion
from guiche.sla.rules import Rules
from guiche.sla.terms import Terms
from guiche.web.manage import policy_forms as forms
from guiche.web.manage.answers import address
from guiche.web.manage.policy_forms import Cell, Offered, TermsForm

DRAFT, WAITING, IN_FORCE, PAST = "draft", "waiting", "in_force", "past"
Tab = tuple[str, str, bool, str | None]


@dataclass(frozen=True)
class TeamLine:
    team: Team
    cells: list[Cell]


@dataclass(frozen=True)
class Known:
    """What a page about one agreement reads. `versions`: newest first, without those withdrawn.

    `rules` hold the draft too, as if it were published now.
    """

    one: Policy
    versions: Sequence[PolicyVersion]
    rules: Rules
    now: datetime  # a whole second, as those that clocks are counted in

    @cached_property
    def severities(self) -> Sequence[Severity]:
        return list(Severity.objects.order_by("level"))

    @cached_property
    def teams(self) -> Sequence[Team]:
        return list(Team.objects.order_by("name", "id"))

    @cached_property
    def calendars(self) -> Sequence[Calendar]:
        """Those that were ever published, by name."""
        found = [versions[0].calendar for versions in self.rules.calendar_versions.values()]
        return sorted(found, key=lambda one: (one.name, one.pk))

    @property
    def calendar_names(self) -> dict[int, str]:
        return {one.pk: one.name for one in self.calendars}

    @property
    def draft(self) -> PolicyVersion | None:
        return next((one for one in self.versions if one.is_draft), None)

    @property
    def in_force(self) -> PolicyVersion | None:
        return next((one for one in self.versions if one.effective_from and one.effective_from <= self.now), None)

    def before(self, version: PolicyVersion) -> PolicyVersion | None:
        """Return the version that `version` takes the place of."""
        return next((one for one in self.versions if one.number < version.number), None)

    def terms(self, version: PolicyVersion) -> Terms:
        return said.remembered(self.rules.by_version[version.pk], version.note)

    def offered(self, terms: Terms) -> Offered:
        """Return what may be chosen: what is in use, and what `terms` name already."""
        named = {terms.calendar, *terms.severity_calendars.values()}
        usable = [one for one in self.calendars if one.pk in named or (one.is_active and one.kind == Kind.HOURS)]
        teams = {key[2] for key in terms.targets}
        return Offered(
            self.severities,
            [one for one in self.teams if one.is_active or one.pk in teams],
            [(one.pk, one.name) for one in usable],
        )

    def differences(self, before: Terms, after: Terms) -> list[tuple[str, str, str]]:
        """Return what differs, how it was and how it is, in words."""
        named = any(key[2] for terms in (before, after) for key in terms.targets)
        teams = {one.pk: one.name for one in self.teams} if named else {}
        severities = {one.pk: one.name for one in self.severities}
        old, new = said.differences(before, after, said.Names(severities, teams, self.calendar_names))
        return [(part, old[part], new[part]) for part in new]

    def kind(self, one: PolicyVersion) -> str:
        """Return DRAFT, WAITING, IN_FORCE or PAST."""
        if one.is_draft or one.effective_from is None:
            return DRAFT
        if one.effective_from > self.now:
            return WAITING
        return IN_FORCE if one == self.in_force else PAST


def known_of(slug: str) -> Known:
    """Raises Http404."""
    rows = PolicyVersion.objects.filter(policy__slug=slug, withdrawn_at=None).select_related("policy")
    versions = list(rows.order_by("-number"))
    if not versions:
        raise Http404
    now, known = floored(timezone.now()), rules.current()
    for draft in (one for one in versions if one.is_draft):
        known = rules.with_version(known, draft, now)
    return Known(versions[0].policy, versions, known, now)


def tabs(known: Known, chosen: PolicyVersion) -> list[Tab]:
    """Return the versions, newest first, each with how it stands."""
    found: list[Tab] = []
    until: datetime | None = None
    for one in known.versions:
        href = address("policy-version", known.one.slug, one.number)
        found.append((_tab(known.kind(one), one, until), href, one == chosen, _("draft") if one.is_draft else None))
        until = one.effective_from or until
    return found


def _tab(kind: str, one: PolicyVersion, until: datetime | None) -> str:
    number = {"number": one.number}
    if kind == WAITING:
        return _("Version %(number)s, from %(day)s on") % {**number, "day": formatting.day(one.effective_from)}
    if kind == IN_FORCE:
        return _("Version %(number)s, in force") % number
    if kind == PAST:
        return _("Version %(number)s, until %(day)s") % {**number, "day": formatting.day(until)}
    return _("Version %(number)s") % number


def team_lines(known: Known, terms: Terms, before: Terms | None, form: TermsForm | None) -> list[TeamLine]:
    """Return the teams of the draft, or those that a version names, each with a cell for every severity."""
    keys = [*(one.pk for one in known.severities), None]
    named = {key[2] for key in terms.targets}
    teams = form.offered.teams if form else [one for one in known.teams if one.pk in named]
    return [
        TeamLine(one, [forms.cell((key, str(Metric.TEAM), one.pk), terms, before, form) for key in keys])
        for one in teams
    ]


def facts(known: Known, version: PolicyVersion, terms: Terms) -> list[tuple[str, str]]:
    """Return what a published version says beside its targets."""
    names = known.calendar_names
    since = formatting.full_moment(version.effective_from) if version.effective_from else ""
    beginning = (_("In force from"), since) if version.published_by_id else (_("Counts since"), _("as it was shipped"))
    return [
        beginning,
        (_("Calendar"), names.get(terms.calendar or 0, "") or _("the default one")),
        (_("At risk"), _("from %(percent)s%% used") % {"percent": terms.at_risk_percent}),
        (
            _("Solution"),
            _("its delivery ends the deadline") if terms.counts_delivery else _("its approval ends the deadline"),
        ),
        (_("What changed"), terms.note),
    ]
