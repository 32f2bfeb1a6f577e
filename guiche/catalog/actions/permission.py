"""The question that every action of the catalogue asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from guiche.catalog import policies
from guiche.core.errors import NotAllowed

if TYPE_CHECKING:
    from guiche.accounts.models import User


def check(by: User) -> None:
    """Raise NotAllowed unless `by` may change the catalogue."""
    if not policies.can_configure(by):
        raise NotAllowed(_("Only administrators change the catalogue."))
