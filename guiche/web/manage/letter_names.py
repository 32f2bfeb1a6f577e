"""What the names in braces mean, for whoever writes the words of a letter."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from guiche.notifications import examples, placeholders
from guiche.notifications.shapes import Shape


def meanings(shape: Shape) -> list[tuple[str, str, str]]:
    """Return each name, what stands in its place, and an example; those that are always empty here are left out."""
    known = examples.values(shape, at=timezone.now())
    said = _meanings()
    return [(f"{{{name}}}", said[name], known[name]) for name in placeholders.NAMES if known[name]]


def _meanings() -> dict[str, str]:
    return {
        placeholders.NEWS: _("what happened, in the shipped words"),
        placeholders.NEXT_STEP: _("what the customer may do about it, and until when"),
        placeholders.ACTOR: _("who did it"),
        placeholders.READER: _("who reads the letter"),
        placeholders.NUMBER: _("number of the ticket"),
        placeholders.TITLE: _("title of the ticket"),
        placeholders.STATUS: _("status, as its reader knows it"),
        placeholders.DAY: _("day on which silence closes it; empty without one"),
        placeholders.ORGANIZATION: _("organisation of the ticket"),
        placeholders.ASSIGNEE: _("who is responsible for it"),
        placeholders.TEAM: _("team of the ticket"),
        placeholders.PORTAL: _("name of the portal"),
    }
