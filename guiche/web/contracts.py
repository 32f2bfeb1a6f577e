"""The contracts of an organisation as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.assets import coverage
from guiche.assets.contracts import local_day
from guiche.assets.coverage import State
from guiche.assets.models import Contract
from guiche.core import formatting
from guiche.workflows.stages import Family

if TYPE_CHECKING:
    from guiche.accounts.models import User
    from guiche.organizations.models import Organization

_STATES = {
    State.IN_FORCE: (gettext_lazy("In force"), Family.END),
    State.TO_BEGIN: (gettext_lazy("Not begun yet"), Family.NEW),
    State.EXPIRED: (gettext_lazy("Expired"), Family.CANCELLED),
    State.ENDED: (gettext_lazy("Ended"), Family.CANCELLED),
}


@dataclass(frozen=True)
class Line:
    """One contract, in words."""

    contract: Contract
    state: str
    family: str  # of `parts/status.html`
    period: str
    covers: str


def lines(organization: Organization, reader: User, *, at: datetime) -> list[Line]:
    """Return what `reader` may see of the contracts of `organization`, those not ended first. One query."""
    day = local_day(organization, at)
    seen = Contract.objects.visible_to(reader).of(organization.pk).for_list()
    return [_line(one, coverage.state(one, day)) for one in seen]


def _line(one: Contract, state: State) -> Line:
    words, family = _STATES[state]
    covers = ", ".join(one.product_names) or _("all products")
    return Line(one, str(words), family, _period(one, state), covers)


def _period(one: Contract, state: State) -> str:
    first = formatting.day(one.valid_from)
    if one.valid_until is not None:
        return _("%(first)s to %(last)s") % {"first": first, "last": formatting.day(one.valid_until)}
    sentence = _("from %(first)s") if state == State.TO_BEGIN else _("since %(first)s")
    return sentence % {"first": first}
