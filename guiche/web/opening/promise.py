"""What an opening form promises as it stands: the deadlines of this ticket, and what another severity would give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.catalog import severity as severities
from guiche.catalog.models import MatrixCell, Severity
from guiche.catalog.severity import Matrix, SeveritySource
from guiche.sla import promise_words, quoting
from guiche.sla.metrics import Metric

if TYPE_CHECKING:
    from guiche.sla.quoting import Offer, Promise, Quote
    from guiche.web.opening.form import OpeningForm

LAST = (
    Metric.SOLUTION,
    Metric.DIAGNOSIS,
    Metric.FIRST_RESPONSE,
)  # what a severity is told apart by, first that is there
_UNTIL = {
    Metric.FIRST_RESPONSE: gettext_lazy("Deadline for the first response"),
    Metric.DIAGNOSIS: gettext_lazy("Deadline for the diagnosis"),
    Metric.SOLUTION: gettext_lazy("Deadline for the solution"),
}


class Standing(StrEnum):
    NONE = "none"  # nothing is promised to this type
    UNDECIDED = "undecided"  # the severity decides, and is not known yet
    PROMISED = "promised"


class Line(NamedTuple):
    """A name, and until when in words."""

    name: str
    when: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of it. `notes`: what each severity promises, by its id, in a few words."""

    standing: Standing
    rows: list[Line] = field(default_factory=list)
    last: Line | None = None  # the deadline that matters most, for where there is one line only
    hours: str = ""  # of its calendar, in words
    under_contract: bool = False
    counts_from: str = ""  # blank: at once
    others: list[Line] = field(default_factory=list)  # of the other severities, the mildest first
    goal: str = ""  # which deadline `others` are of, where all are of one
    notes: Mapping[int | None, str] = field(default_factory=dict)


def shown(form: OpeningForm, *, at: datetime) -> Shown | None:
    """Return what `form` promises at `at`; None while it is of no organisation."""
    if form.organization is None:
        return None
    if not form.kind.has_deadlines:
        return Shown(Standing.NONE)
    matrix = MatrixCell.objects.as_matrix() if form.kind.severity_source == SeveritySource.MATRIX else None
    chosen, offered = _chosen(form, matrix), _offered(form, matrix)
    quote = quoting.quote(
        form.organization,
        form.kind,
        at=at,
        requester=form.asks,
        product=form.answer("product"),
        module=form.answer("module"),
        service=form.answer("service"),
        severity=chosen,
        offered=offered,
        ground=form.ground,
    )
    return _shown(quote, chosen, offered)


def _chosen(form: OpeningForm, matrix: Matrix | None) -> Severity | None:
    return severities.derive(
        form.kind,
        chosen=form.answer("severity"),
        service_impact=form.answer("service_impact"),
        urgency=form.answer("urgency") or "",
        impact=form.answer("impact") or "",
        matrix=matrix,
    )


def _offered(form: OpeningForm, matrix: Matrix | None) -> list[Severity]:
    """Return the severities that the form may come to, the mildest first."""
    found: Iterable[Severity] = (matrix or {}).values()
    if "severity" in form.fields:
        found = form.fields["severity"].rows  # type: ignore[attr-defined]  # a RowChoiceField
    elif "service_impact" in form.fields:
        found = [one.severity for one in form.service_impacts]
    return sorted({one.pk: one for one in found}.values(), key=lambda one: -one.level)


def _shown(quote: Quote, chosen: Severity | None, offered: list[Severity]) -> Shown:
    if not quote.promises_something:
        return Shown(Standing.NONE)
    present = quote.present
    is_promised = present is not None and bool(present.promises)
    if not is_promised and (chosen or not offered):
        return Shown(Standing.NONE, notes=_notes(quote))
    some = present if is_promised and present else next(one for one in quote.offers.values() if one.promises)
    rows = [(one, _when(some, one)) for one in some.promises] if is_promised else []
    return Shown(
        Standing.PROMISED if is_promised else Standing.UNDECIDED,
        rows=[Line(str(one.metric.label), when) for one, when in rows],
        last=Line(str(_UNTIL[rows[-1][0].metric]), rows[-1][1]) if rows else None,
        hours=promise_words.hours(some, quote.at),
        under_contract=quote.contract is not None,
        counts_from=promise_words.when_said(some.counts_from, some.zone) if some.counts_from > quote.at else "",
        others=list(_others(quote, [one for one in offered if one != chosen])),
        goal=_goal(quote),
        notes=_notes(quote),
    )


def _others(quote: Quote, offered: list[Severity]) -> Iterator[Line]:
    for one in offered:
        offer = quote.offers.get(one.pk)
        if offer and (last := last_of(offer)):
            yield Line(one.name, _when(offer, last))


def _goal(quote: Quote) -> str:
    found = {str(last.metric.label) for one in quote.offers.values() if (last := last_of(one))}
    return found.pop() if len(found) == 1 else ""


def _when(offer: Offer, promise: Promise) -> str:
    if promise.due_at is None:
        return _("begins when the team takes it up")
    return promise_words.when(promise.due_at, offer.zone)


def _notes(quote: Quote) -> dict[int | None, str]:
    return {key: note(last) for key, offer in quote.offers.items() if (last := last_of(offer))}


def last_of(offer: Offer | None) -> Promise | None:
    """Return the promise that a severity is told apart by: the solution where there is one."""
    found = (offer.promise(metric) for metric in LAST) if offer else ()
    return next((one for one in found if one is not None), None)


def note(promise: Promise) -> str:
    """Return "Solução em 12 h úteis"."""
    sentences = {
        Metric.FIRST_RESPONSE: _("First response in %(time)s"),
        Metric.DIAGNOSIS: _("Diagnosis in %(time)s"),
        Metric.SOLUTION: _("Solution in %(time)s"),
    }
    return sentences[promise.metric] % {"time": promise_words.business(promise.target)}
