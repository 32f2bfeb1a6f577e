"""Forms as they stand and as they stood: the plan of the rows, and a version kept of each publication."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from guiche.catalog import form_plan
from guiche.catalog.form_plan import OwnField, Plan, PlannedLine
from guiche.catalog.models import CustomField, FormField, FormVersion, RequestType

if TYPE_CHECKING:
    from guiche.accounts.models import User


def locked(request_type: RequestType, customs: Iterable[int] = ()) -> RequestType:
    """Lock `request_type`, and the types whose forms have one of `customs` too, always in the same order.

    Tickets are opened all the same: their rows only ask that the type be there.
    """
    sharing = FormField.objects.filter(custom__in=list(customs)).values_list("request_type", flat=True)
    wanted = {request_type.pk, *sharing}
    rows = RequestType.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=wanted).order_by("pk")
    return next(row for row in rows if row.pk == request_type.pk)


def plan_of(request_type: RequestType) -> Plan:
    """Return the form as customers see it, on paper. Two queries."""
    last = request_type.form_versions.values_list("number", flat=True).first()
    rows = request_type.form_fields.select_related("custom").order_by("position", "id")
    return Plan(last or 1, tuple(planned(row) for row in rows))


def planned(row: FormField) -> PlannedLine:
    own = own_of(row.custom) if row.custom else None
    return PlannedLine(row.code, own, row.is_required, row.help, row.rules)


def own_of(row: CustomField) -> OwnField:
    return OwnField(row.name, row.kind, tuple(row.choices), row.is_for_customers)


def begin(request_type: RequestType) -> None:
    """Keep the form as version 1 if it has none: before the first change of a form that nobody published."""
    if not request_type.form_versions.exists():
        plan = form_plan.dump(plan_of(request_type))
        request_type.form_versions.create(number=1, plan=plan)


def keep(request_type: RequestType, *, by: User, at: datetime) -> FormVersion:
    """Keep the form as it stands now as its next version. The caller holds the lock and called `begin` before."""
    before = plan_of(request_type)
    last = request_type.form_versions.values_list("number", flat=True).first() or 0
    plan = form_plan.dump(Plan(last + 1, before.lines))
    return request_type.form_versions.create(number=last + 1, plan=plan, published_at=at, published_by=by)
