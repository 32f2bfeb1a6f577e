"""What a ticket says in the provider's own fields, changed at the desk in a dialog that is also a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from guiche.catalog import conditions
from guiche.catalog.actions.form_versions import plan_of
from guiche.catalog.answer_words import words_of
from guiche.catalog.fields import Kind
from guiche.catalog.form_changes import rules_in_words
from guiche.catalog.models import CustomField, FormField
from guiche.tickets.actions import answering
from guiche.tickets.models import Ticket
from guiche.web import typeahead
from guiche.web.desk import dialogs
from guiche.web.desk.forms import ReasonForm
from guiche.web.http import Request, visible_or_404
from guiche.web.opening import fields
from guiche.web.opening.form import people_of
from guiche.web.opening.pickers import by_person

if TYPE_CHECKING:
    from collections.abc import Sequence

SAID_BY_TICKET = ("product_id", "module_id", "service_id", "failure_id", "severity_id", "urgency", "impact")


class AnswersForm(ReasonForm):
    """The own fields of the type's form, as `ticket` answers them. Staff may leave blank what customers may not.

    A field that hangs on the ticket is there when it appears now; one that hangs on another own field is always there,
    says when it counts, and what is typed into it then goes when it does not appear.
    """

    def __init__(self, *arguments: Any, ticket: Ticket, lines: Sequence[FormField], **options: Any) -> None:
        # Any: as Django annotates forms.
        super().__init__(*arguments, **options)
        self.lines, self.ticket = lines, ticket
        known = _said_by(ticket)
        self.asked = [line for line in lines if _is_own(line) and _may_appear(line, lines, known)]
        for line in self.asked:
            self.fields[line.code] = _field(line, ticket, self.initial.get(line.code))
        self.order_fields([*(line.code for line in self.asked), "reason"])

    def answers(self) -> dict[Any, Any]:
        """Return the answers by own field; blank for one that does not appear with the others as they are."""
        said = _said_by(self.ticket) | {line.code: _text(self.cleaned_data.get(line.code)) for line in self.asked}
        shown = {line.code for line in conditions.shown(self.lines, said)}
        return {line.custom: self.cleaned_data[line.code] if line.code in shown else None for line in self.asked}


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, number: int) -> HttpResponse:
    ticket = visible_or_404(Ticket.objects.for_page(), request.user, number=number)
    lines = list(ticket.request_type.form_fields.select_related("custom").order_by("position", "id"))
    posted = request.POST if request.method == "POST" else None
    form = AnswersForm(posted, ticket=ticket, lines=lines, initial=_initial(ticket))
    return dialogs.answer(
        request,
        ticket,
        form,
        "desk/tickets/answers.html",
        lambda: answering.change(
            ticket, form.answers(), by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"]
        ),
        said=_("Fields changed"),
        conditions=_conditions(ticket),
    )


def _said_by(ticket: Ticket) -> dict[str, str | list[str]]:
    """What the ticket answers of what conditions may ask, as `conditions.shown` takes it."""
    return {name.removesuffix("_id"): str(getattr(ticket, name) or "") for name in SAID_BY_TICKET}


def _may_appear(line: FormField, lines: Sequence[FormField], known: dict[str, str | list[str]]) -> bool:
    """Whether `line` appears whatever the other own fields say: only what the ticket says is asked."""
    codes = {one.code: one for one in lines}
    waiting, seen = [line], {line.code}
    while waiting:
        for rule in waiting.pop().rules:
            above = codes.get(conditions.bringer(rule.field))
            if above is None or (not above.custom and not conditions.holds(rule, known)):
                return False
            if above.code not in seen:
                seen.add(above.code)
                waiting.append(above)
    return True


def _is_own(line: FormField) -> bool:
    return line.custom is not None and line.custom.is_active


def _field(line: FormField, ticket: Ticket, answer: Any) -> forms.Field:  # Any: one type a kind
    if line.custom and line.custom.kind == Kind.PERSON:
        people = people_of(ticket.organization)
        field: forms.Field = typeahead.TypeaheadField(rows=people, search=by_person, required=False)
        field.label, field.help_text = line.custom.name, line.help
        return field
    field = fields.of(line)[line.code]
    field.required = False
    if line.custom and isinstance(field, forms.ChoiceField):
        field.choices = _choices(line.custom, answer)
    return field


def _choices(custom: CustomField, answer: Any) -> list[tuple[str, Any]]:  # Any: one type a kind; lazy words
    """The options, with what was answered when it is one no more: it goes only if somebody chooses another."""
    answered = answer if isinstance(answer, list) else [answer] if answer else []
    blank = [] if custom.kind == Kind.CHOICES else [("", gettext_lazy("Not answered"))]
    return [*blank, *((one, one) for one in dict.fromkeys([*custom.choices, *answered]))]


def _text(value: Any) -> str | list[str]:  # Any: what a field cleaned
    if value is True:
        return conditions.CHECKED
    return list(value) if isinstance(value, list) else str(value or "")


def _initial(ticket: Ticket) -> dict[str, Any]:
    """What the ticket answers now, by code. Any: one value a kind. One query."""
    rows = ticket.answers.select_related("field", "person")
    return {f"custom-{row.field_id}": getattr(row, answering.COLUMNS[Kind(row.field.kind)]) for row in rows}


def _conditions(ticket: Ticket) -> dict[str, str]:
    """When each own field appears, in words, by code."""
    plan = plan_of(ticket.request_type)
    words = words_of(plan)
    said = {line.code: rules_in_words(line, plan.lines, words) for line in plan.lines if line.own}
    return {code: _("Appears when %s") % when for code, when in said.items() if when}
