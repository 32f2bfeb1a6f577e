"""May this step be taken? Reads two rows and decides; no database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guiche.core.errors import Conflict, Refused
from guiche.workflows.stages import Need

if TYPE_CHECKING:
    from guiche.workflows.models import Status, Transition


class MoveRefused(Refused):
    """The step asks for something that was not given."""


class MovedOn(Conflict, MoveRefused):
    """The step no longer starts where the ticket stands."""


def check(transition: Transition, *, status: Status, given: Mapping[str, str]) -> None:
    """Raise MovedOn unless `transition` starts at `status`, MoveRefused unless `given` holds all that it asks for."""
    if transition.origin_id != status.pk:
        raise MovedOn(_("This has moved on: it is now “%s”. Look again before you decide.") % status.name)
    missing = [need for need in transition.asks if not given.get(need, "").strip()]
    if missing:
        fields = {need: str(question(need)) for need in missing}
        raise MoveRefused(" ".join(fields.values()), fields=fields)


def question(need: str) -> str:
    """Return the sentence that asks for `need`, in the active language."""
    sentences = {
        Need.COMMENT: _("Write the comment that goes with this step."),
        Need.REASON: _("Say the reason."),
        Need.SOLUTION: _("Write the solution for the customer."),
    }
    return sentences[Need(need)]
