"""The keys of the desk, as a dialog that also is a page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guiche.web.http import Request


@require_safe
def shortcuts(request: Request) -> HttpResponse:
    groups = [
        (_("Queues and lists"), _lists()),
        (_("In a ticket"), _ticket()),
        (_("In text, fields and dialogs"), _everywhere()),
    ]
    return render(request, "desk/shortcuts.html", {"groups": groups, "section": ""})


def _lists() -> list[tuple[list[str], str]]:
    return [
        (["J"], _("Next ticket")),
        (["K"], _("Previous ticket")),
        (["Enter"], _("Open the chosen ticket")),
        (["/"], _("Search")),
        (["?"], _("This list")),
    ]


def _ticket() -> list[tuple[list[str], str]]:
    return [
        (["A"], _("Take the ticket")),
        (["R"], _("Answer the customer")),
        (["N"], _("Write an internal note")),
        (["D"], _("Record the diagnosis")),
    ]


def _everywhere() -> list[tuple[list[str], str]]:
    return [
        (["Ctrl", "Enter"], _("Send what you are writing")),
        (["↓", "↑"], _("Walk through what a search found; Enter chooses")),
        (["Esc"], _("Close the list, the menu or the dialog")),
        (["Tab"], _("Go to the next field or button")),
    ]
