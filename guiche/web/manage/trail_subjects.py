"""What the lines of the audit trail are about, by name: found for a whole page in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from guiche.accounts.models import Team, User
from guiche.assets.models import Contract
from guiche.audit.models import Entry
from guiche.calendars.models import Calendar
from guiche.catalog.models import Module, Product, RequestType, Service, Severity
from guiche.notifications.models import Wording
from guiche.organizations.models import Domain, Group, JoinRequest, Membership, Organization, Site
from guiche.sla.models import Policy
from guiche.workflows.models import Workflow

Key = tuple[str, str]  # kind and id, as an entry writes them


@dataclass(frozen=True, slots=True)
class Subject:
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where one kind of thing has its name and its page: `place` is the column that the address asks for."""

    model: type[Model]
    route: str
    place: str = "pk"
    name: str = "name"
    of: str = ""  # the column with the name of what it belongs to


_KINDS = {
    "accounts.user": _Kind(User, "person"),
    "accounts.team": _Kind(Team, "team", "slug"),
    "organizations.organization": _Kind(Organization, "organization"),
    "organizations.group": _Kind(Group, "group"),
    "organizations.site": _Kind(Site, "organization", "organization_id", of="organization__name"),
    "organizations.domain": _Kind(Domain, "organization", "organization_id", of="organization__name"),
    "organizations.membership": _Kind(
        Membership, "organization", "organization_id", name="user__name", of="organization__name"
    ),
    "assets.contract": _Kind(Contract, "organization", "organization_id", name="number", of="organization__name"),
    "organizations.joinrequest": _Kind(JoinRequest, "join-requests", ""),
    "catalog.product": _Kind(Product, "product", "slug"),
    "catalog.module": _Kind(Module, "product", "product__slug", of="product__name"),
    "catalog.service": _Kind(Service, "product", "module__product__slug", of="module__product__name"),
    "catalog.requesttype": _Kind(RequestType, "request-type", "slug"),
    "catalog.severity": _Kind(Severity, "severity", "level"),
    "calendars.calendar": _Kind(Calendar, "calendar"),
    "sla.policy": _Kind(Policy, "policy", "slug"),
    "workflows.workflow": _Kind(Workflow, "workflow", "slug"),
    "notifications.wording": _Kind(Wording, "letters", "", name="subject"),
}
# Details that hold the id of something.
_IDS = {
    "person": "accounts.user",
    "successor": "accounts.user",
    "merged": "accounts.user",
    "organization": "organizations.organization",
    "site": "organizations.site",
    "service": "catalog.service",
    "people": "accounts.user",
    "organizations": "organizations.organization",
}


def found(entries: Iterable[Entry]) -> dict[Key, Subject]:
    """Return what `entries` are about and what their details point at, as far as it still exists. One query."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for kind, key in (pair for entry in entries for pair in _keys(entry)):
        if kind in _KINDS and key.isdecimal() and len(key) < 19:
            wanted[kind].add(int(key))
    parts = [_rows(kind, ids) for kind, ids in sorted(wanted.items())]
    rows = parts[0].union(*parts[1:], all=True) if parts else []
    return {(kind, key): Subject(name, _href(_KINDS[kind], place)) for kind, key, name, place in rows}


def pointed_at(name: str, value: object) -> Key | None:
    """Return what the detail `name` points at, None when it holds something else."""
    return (_IDS[name], str(value)) if name in _IDS and isinstance(value, int | str) else None


def _keys(entry: Entry) -> Iterator[Key]:
    yield entry.subject_kind, entry.subject_id
    for details in (entry.details, entry.details.get("before"), entry.details.get("after")):
        if isinstance(details, dict):
            for name, value in details.items():
                each = value if isinstance(value, list) else [value]
                yield from (key for one in each if (key := pointed_at(name, one)))


def _rows(kind: str, ids: set[int]) -> QuerySet[Any, tuple[str, str, str, str]]:  # Any: of any model
    one = _KINDS[kind]
    name = Concat(one.name, Value(" · "), one.of, output_field=TextField()) if one.of else Cast(one.name, TextField())
    place = Cast(F(one.place), TextField()) if one.place else Value("", TextField())
    rows = one.model._default_manager.filter(pk__in=ids).order_by()
    rows = rows.annotate(
        the_kind=Value(kind, CharField()), the_key=Cast("pk", TextField()), the_name=name, the_place=place
    )
    named: QuerySet[Any, tuple[str, str, str, str]]
    named = rows.values_list("the_kind", "the_key", "the_name", "the_place")
    return named


def _href(kind: _Kind, place: str) -> str:
    return reverse(f"manage:{kind.route}", args=[place] if kind.place else [])
