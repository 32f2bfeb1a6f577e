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
    known = [(title, _known(entries)) for title, entries in _entries()]
    here = max(
        (href for _title, links in known for href, _label in links if request.path.startswith(href)),
        key=len,
        default="",
    )
    return [
        Section(title, [Link(href, label, href == here) for href, label in links]) for title, links in known if links
    ]


def _entries() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (
            _("Catalogue"),
            [
                ("products", _("Products and modules")),
                ("request-types", _("Types and forms")),
                ("workflows", _("Workflows and statuses")),
            ],
        ),
        (
            _("Deadlines"),
            [
                ("deadlines", _("Deadlines (SLA)")),
                ("calendars", _("Calendars")),
                ("escalations", _("Warnings of deadlines")),
                ("severities", _("Severities")),
                ("service-table", _("Service table")),
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


def _known(entries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the address and the words of what exists."""
    found = []
    for name, label in entries:
        try:
            found.append((reverse(f"manage:{name}"), label))
        except NoReverseMatch:
            continue
    return found
