"""The menu at the side of administration: only what exists."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from guiche.web.http import Request


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    links: list[Link]


def of(request: Request) -> list[Section]:
    """Return the menu, with the entry that the current address belongs to marked."""
    made = [Section(title, _links(request, entries)) for title, entries in _entries()]
    return [section for section in made if section.links]


def _entries() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            _("Catalogue"),
            [
                ("products", _("Products and modules")),
                ("request-types", _("Types and forms")),
                ("workflows", _("Workflows and statuses")),
                ("severities", _("Severities")),
            ],
        ),
        (
            _("People"),
            [
                ("organizations", _("Organisations")),
                ("groups", _("Business groups")),
                ("people", _("People and roles")),
                ("join-requests", _("Access requests")),
                ("teams", _("Teams")),
            ],
        ),
        (
            _("Portal"),
            [
                ("brand", _("Brand and contact")),
                ("letters", _("Notices and e-mails")),
                ("mail", _("Mail")),
                ("trail", _("Audit trail")),
            ],
        ),
    ]


def _links(request: Request, entries: list[tuple[str, str]]) -> list[Link]:
    links = []
    for name, label in entries:
        try:
            href = reverse(f"manage:{name}")
        except NoReverseMatch:
            continue
        links.append(Link(href, label, request.path.startswith(href)))
    return links
