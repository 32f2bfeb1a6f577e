"""Which lines of the audit trail: by who, what, when and words. All of it stands in the address."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import CharField, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiche.accounts.models import User
from guiche.audit.models import Entry
from guiche.core.fields import SortKey
from guiche.core.text import normalize
from guiche.organizations.models import Domain, Membership, Organization, Site
from guiche.web.manage import acts

# What the first word of an act belongs to. A group is chosen by its name, one act by its code.
GROUPS = {
    "person": ("person", "join_request", "people_import"),
    "membership": ("membership",),
    "organization": ("organization", "group", "site", "domain", "contract"),
    "product": ("product", "module", "service", "impact", "failure", "service_table", "severity", "matrix"),
    "form": ("form", "request_type", "custom_field"),
    "workflow": ("workflow",),
    "team": ("team",),
    "calendar": ("calendar",),
}
REST = "installation"
_DAY_WRONG = {"invalid": _("Write the day as in 25/11/2026")}


def _day() -> forms.DateInput:
    # The browser's own calendar wants and sends ISO days, whatever the language.
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TrailForm(forms.Form):
    """The filters; the names of the fields are those of the address."""

    texto = forms.CharField(label=_("Words"), max_length=100, required=False, strip=True)
    quem = forms.CharField(label=_("Who"), max_length=100, required=False, strip=True)
    sobre = forms.ChoiceField(label=_("What"), required=False)
    de = forms.DateField(label=_("From the day"), required=False, error_messages=_DAY_WRONG, widget=_day())
    ate = forms.DateField(label=_("Until the day"), required=False, error_messages=_DAY_WRONG, widget=_day())

    def __init__(self, *arguments: Any, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self.fields["sobre"].choices = [("", gettext("Everything")), *_choices()]  # type: ignore[attr-defined]  # of a ChoiceField

    def clean(self) -> dict[str, Any]:  # Any: as Django annotates it
        values = super().clean() or {}
        first, last = values.get("de"), values.get("ate")
        if first and last and last < first:
            self.add_error("ate", gettext("The period ends before it begins. Choose a later day"))
        return values

    @property
    def address(self) -> str:
        """What was filled in, as part of an address; "" without filters."""
        return urlencode([(name, given) for name in self.fields if (given := self.data.get(name, ""))])


def filtered(rows: QuerySet[Entry], values: dict[str, Any]) -> QuerySet[Entry]:
    """Return `rows` that `values` of a TrailForm let through; days are those of the active zone."""
    if values.get("sobre"):
        rows = rows.filter(_of_acts(values["sobre"]))
    if values.get("quem"):
        rows = rows.filter(actor__in=User.objects.named_like(values["quem"]))
    if values.get("de"):
        rows = rows.filter(at__gte=_midnight(values["de"]))
    if values.get("ate"):
        rows = rows.filter(at__lt=_midnight(values["ate"] + timedelta(days=1)))
    for word in values.get("texto", "").split()[:6]:
        rows = rows.filter(_about(word))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _of_acts(chosen: str) -> Q:
    if chosen not in (*GROUPS, REST):
        return Q(act=chosen)
    if chosen == REST:
        others = Q()
        for group in GROUPS:
            others |= _of_acts(group)
        return ~others
    found = Q()
    for first in GROUPS[chosen]:
        found |= Q(act__startswith=f"{first}.")
    return found


def _about(word: str) -> Q:
    """What a line shows holds `word`: its act, its details, or the name of whom or what it is about."""
    key = normalize(word)
    people = User.objects.named_like(word)
    organizations = Organization.objects.named_like(word)
    of_it = Q(organization__in=organizations)
    places = Membership.objects.filter(Q(user__in=people) | of_it)
    said = [code for code, words in acts.every().items() if key in normalize(words)]
    found = Q(act__in=said) | Q(pk__in=_with_details(key))
    for kind, rows in (
        ("accounts.user", people),
        ("organizations.organization", organizations),
        ("organizations.membership", places),
        ("organizations.site", Site.objects.filter(of_it)),
        ("organizations.domain", Domain.objects.filter(of_it)),
    ):
        found |= Q(subject_kind=kind, subject_id__in=_keys(rows))
    return found


def _with_details(key: str) -> QuerySet[Entry, int]:
    written = Entry.objects.annotate(written=SortKey(Cast("details", TextField())))
    return written.filter(written__contains=key).order_by().values_list("pk", flat=True)


def _keys(rows: QuerySet[Any]) -> QuerySet[Any, str]:  # Any: of any model
    keys: QuerySet[Any, str] = rows.order_by().annotate(key=Cast("pk", CharField())).values_list("key", flat=True)
    return keys


def _choices() -> list[tuple[Any, Any]]:  # Any: a choice, or words and the choices of a group
    """The groups, and under each its acts by name."""
    group_of = {first: name for name, firsts in GROUPS.items() for first in firsts}
    grouped: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, words in acts.every().items():
        grouped[group_of.get(code.partition(".")[0], REST)].append((code, words))
    return [
        (name, [(key, gettext("All of: %s") % name), *sorted(grouped[key], key=lambda one: normalize(one[1]))])
        for key, name in group_names().items()
    ]


def group_names() -> dict[str, str]:
    return {
        "person": gettext("People"),
        "membership": gettext("Memberships"),
        "organization": gettext("Organisations"),
        "product": gettext("Catalogue"),
        "form": gettext("Forms"),
        "workflow": gettext("Workflows"),
        "team": gettext("Teams"),
        "calendar": gettext("Calendars"),
        REST: gettext("Portal"),
    }
