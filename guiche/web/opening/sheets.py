"""The form of a request type as administrators laid it out: which lines, in which part of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.validators import slug_re
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from guiche.accounts.anybody import anybody
from guiche.catalog.fields import StandardField
from guiche.catalog.models import FormField, RequestType
from guiche.core import written
from guiche.organizations.models import Organization

if TYPE_CHECKING:
    from guiche.accounts.models import User


class Part(TextChoices):
    """The parts of the page, in their order."""

    WHAT = "what", _("What is happening")
    ABOUT = "about", _("Product and module")
    SEVERITY = "severity", _("How bad it is")
    DETAILS = "details", _("Details")
    CONTACT = "contact", _("Contact")


PARTS = {
    StandardField.TITLE: Part.WHAT,
    StandardField.ON_BEHALF_OF: Part.ABOUT,
    StandardField.PRODUCT: Part.ABOUT,
    StandardField.FAILURE: Part.ABOUT,
    StandardField.SEVERITY: Part.SEVERITY,
    StandardField.URGENCY: Part.SEVERITY,
    StandardField.DESCRIPTION: Part.DETAILS,
    StandardField.ATTACHMENTS: Part.DETAILS,
    StandardField.CONTACT: Part.CONTACT,
    StandardField.CONTACT_EMAIL: Part.CONTACT,
    StandardField.BEST_TIME: Part.CONTACT,
    StandardField.COPIES: Part.CONTACT,
}


NEEDED = ("fixed_severity", "workflow", "default_team")  # what opening asks of the type


@dataclass(frozen=True, slots=True)
class Sheet:
    """A request type with the lines of its form that one person may see, in order."""

    kind: RequestType
    lines: list[FormField]

    def parts(self) -> list[tuple[Part, list[FormField]]]:
        """Return the lines by part. A custom field stands where the standard one before it stands."""
        placed: dict[Part, list[FormField]] = {part: [] for part in Part}
        current = Part.DETAILS
        for line in self.lines:
            current = PARTS[StandardField(line.standard)] if line.standard else current
            # In whose name stands after what it is about: most people never touch it.
            placed[current].append(line)
        placed[Part.ABOUT].sort(key=lambda line: line.standard == StandardField.ON_BEHALF_OF)
        return [(part, lines) for part, lines in placed.items() if lines]


def find(user: User, organization: Organization | None, slug: str) -> Sheet | None:
    """Return the form behind `slug` as `user` may open it there (anywhere: None), or None if not offered. One query."""
    if not slug_re.match(slug):  # it may come from a form
        return None
    ids = (slug, *([organization.pk] if organization else ()))
    roles = tuple(user.roles)
    lines = written.rows(_lines, *ids, roles=roles)
    kinds = [lines[0].request_type] if lines else written.rows(_kinds, *ids, roles=roles)
    return Sheet(kinds[0], _with_title(kinds[0], lines)) if kinds else None


def _kinds(slug: str, *organization: int, roles: tuple[str, ...]) -> QuerySet[RequestType]:
    where = Organization(pk=organization[0]) if organization else None
    return RequestType.objects.offered_to(anybody(0, roles), where).filter(slug=slug).select_related(*NEEDED)


def _lines(slug: str, *organization: int, roles: tuple[str, ...]) -> QuerySet[FormField]:
    own = Q() if roles else Q(custom__is_for_customers=True)
    rows = FormField.objects.filter(request_type__in=_kinds(slug, *organization, roles=roles).select_related(None))
    rows = rows.filter(Q(custom__isnull=True) | Q(custom__is_active=True) & own)
    related = ("custom", *(f"request_type__{name}" for name in NEEDED))
    return rows.select_related(*related).order_by("position", "id")


def _with_title(kind: RequestType, lines: list[FormField]) -> list[FormField]:
    """No ticket goes without a title, whatever the form says."""
    if any(line.standard == StandardField.TITLE for line in lines):
        return lines
    return [FormField(request_type=kind, standard=StandardField.TITLE, is_required=True), *lines]
