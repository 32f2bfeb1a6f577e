"""What a step says to customers. Administrators name steps; the common ones get whole sentences here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guiche.workflows.models import Transition
from guiche.workflows.stages import ENDED, Need, Stage


def headline(step: Transition) -> str:
    """Return what stands above the question and on its button: a verb with its object."""
    if rejects(step):
        return _("Reject solution")
    return _("Reopen ticket") if step.origin.stage in ENDED else step.name


def question(step: Transition, need: Need | None) -> str:
    """Return what is asked above the box."""
    if rejects(step):
        return _("What is still wrong?")
    if step.origin.stage in ENDED:
        return _("What happened again?")
    if step.target.stage == Stage.CANCELLED:
        return _("Why is it no longer needed?")
    words = {Need.REASON: _("Reason"), Need.SOLUTION: _("Solution")}
    return words.get(need, _("Comment")) if need else _("Comment")


def missing(step: Transition) -> str:
    """Return what to do where the question was left empty; nothing where the rule's own words are the best."""
    if rejects(step):
        return _("Say what is still wrong: the team starts from there.")
    return _("Say what happened again: the team starts from there.") if step.origin.stage in ENDED else ""


def done(step: Transition) -> str:
    """Return what is confirmed after it."""
    if rejects(step):
        return _("Solution rejected. The ticket went back to work.")
    if step.origin.stage in ENDED:
        return _("Ticket reopened")
    if step.target.stage == Stage.CANCELLED:
        return _("Ticket cancelled")
    if step.origin.stage == Stage.AWAITING_VALIDATION and step.target.stage == Stage.DONE:
        return _("Solution approved. Thank you for telling us.")
    return _("Done: %(step)s") % {"step": step.name}


def rejects(step: Transition) -> bool:
    """Say whether `step` refuses a delivered solution."""
    return step.origin.stage == Stage.AWAITING_VALIDATION and step.target.stage not in ENDED
