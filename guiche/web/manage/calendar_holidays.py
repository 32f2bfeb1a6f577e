"""Which holidays a calendar keeps: the form in which they are chosen one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiche.calendars import holidays as known
from guiche.calendars import words
from guiche.calendars.plan import Holiday, Level, OptionalDay, Plan
from guiche.core import formatting
from guiche.web.manage.calendar_forms import TimeField

YEARS = 2  # looked at for what there is: some days are not in every year
_STATES = [("", _("None: the national ones alone")), *((code, name) for code, name in known.STATES.items())]


@dataclass(frozen=True)
class Line:
    """An optional day as the form draws it."""

    words: str
    chosen: BoundField
    opens: BoundField
    closes: BoundField


class HolidaysForm(forms.Form):
    """`drawn` is the place whose days are on the page: those of another one are kept until they are seen."""

    keeps_law = forms.BooleanField(label=_("Keep the holidays of the law"), required=False)
    state = forms.ChoiceField(label=_("State of the country"), choices=_STATES, required=False)
    city = forms.ChoiceField(
        label=_("City"), required=False, help_text=_("Those whose own holidays are known. Others are days of your own.")
    )
    kept = forms.MultipleChoiceField(
        label=_("National and state holidays"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without its mark, a holiday is a working day."),
    )
    drawn = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, today: date, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        state, city = place_of(str(self["drawn"].value() or ""))
        self.offered = offered(today, state, city)
        public = [one for one in self.offered if one.level != Level.OPTIONAL]
        chosen = str(self["state"].value() or "")
        self.fields["kept"].choices = [(one.code, _said(one, state, city)) for one in public]  # type: ignore[attr-defined]  # of a ChoiceField
        self.fields["city"].choices = [("", gettext("None")), *((one, one) for one in known.cities_of(chosen))]  # type: ignore[attr-defined]  # as above
        self.optional = [one for one in self.offered if one.level == Level.OPTIONAL]
        for number, one in enumerate(self.optional):
            self.fields[f"day-{number}"] = forms.BooleanField(label=one.code, required=False)
            self.fields[f"opens-{number}"] = TimeField(
                label=gettext("%(day)s opens at") % {"day": one.code}, required=False
            )
            self.fields[f"closes-{number}"] = TimeField(
                label=gettext("%(day)s closes at") % {"day": one.code}, required=False
            )

    @property
    def lines(self) -> Iterator[Line]:
        for number, one in enumerate(self.optional):
            parts = (self[f"day-{number}"], self[f"opens-{number}"], self[f"closes-{number}"])
            yield Line(f"{one.code}, {formatting.long_day(one.day, _noon(one.day))}", *parts)

    def changed(self, plan: Plan) -> Plan:
        """Return `plan` with what a valid form says."""
        said = self.cleaned_data
        shown = {one.code for one in self.offered}
        place = (said["state"], said["city"] if said["city"] in known.cities_of(said["state"]) else "")
        stays = place == (plan.state, plan.city)
        declined = [one.code for one in self.offered if one.level != Level.OPTIONAL and one.code not in said["kept"]]
        declined += [code for code in plan.declined if stays and code not in shown]
        optional = [*self._chosen(), *(one for one in plan.optional if one.code not in shown)]
        return replace(
            plan,
            country="BR" if said["keeps_law"] else "",
            state=place[0],
            city=place[1],
            declined=_as_before(declined, plan.declined),
            optional=_as_before(optional, plan.optional),
        )

    def field_of(self, place: int, plan: Plan) -> str:
        """Return the field that the optional day at `place` in what `changed` made was said in."""
        codes = [one.code for one in self.optional]
        code = plan.optional[place].code
        return f"opens-{codes.index(code)}" if code in codes else ""

    def _chosen(self) -> Iterator[OptionalDay]:
        said = self.cleaned_data
        for number, one in enumerate(self.optional):
            if said[f"day-{number}"]:
                yield OptionalDay(one.code, said[f"opens-{number}"], said[f"closes-{number}"])


def values(plan: Plan, today: date, drawn: str | None = None) -> dict[str, object]:
    """Return what the form begins with, for the place of `plan` or the one that is drawn."""
    state, city = place_of(drawn) if drawn is not None else (plan.state, plan.city)
    here = offered(today, state, city)
    chosen = {one.code: one for one in plan.optional}
    found: dict[str, object] = {
        "keeps_law": bool(plan.country),
        "state": plan.state,
        "city": plan.city,
        "kept": [one.code for one in here if one.level != Level.OPTIONAL and one.code not in plan.declined],
        "drawn": drawn_of(state, city),
    }
    for number, one in enumerate(one for one in here if one.level == Level.OPTIONAL):
        part = chosen.get(one.code)
        found |= {
            f"day-{number}": part is not None,
            f"opens-{number}": part.opens if part else None,
            f"closes-{number}": part.closes if part else None,
        }
    return found


def redrawn(sent: Any, today: date) -> dict[str, object]:  # Any: a QueryDict, as Django annotates it
    """Return what a form begins with that shows the days of the place just chosen, with all that was typed before.

    Days that were not on the page are kept.
    """
    state, city = place_of(drawn_of(sent.get("state", ""), sent.get("city", "")))
    before = offered(today, *place_of(sent.get("drawn", "")))
    now, seen = offered(today, state, city), {one.code for one in before}
    new = [one.code for one in now if one.level != Level.OPTIONAL and one.code not in seen]
    old = [one.code for one in before if one.level == Level.OPTIONAL]
    found: dict[str, object] = {
        "keeps_law": bool(sent.get("keeps_law")),
        "state": state,
        "city": city,
        "kept": [*sent.getlist("kept"), *new],
        "drawn": drawn_of(state, city),
    }
    for number, one in enumerate(one for one in now if one.level == Level.OPTIONAL):
        for name in ("day", "opens", "closes"):
            found[f"{name}-{number}"] = sent.get(f"{name}-{old.index(one.code)}", "") if one.code in old else ""
    return found


def offered(today: date, state: str, city: str) -> Sequence[Holiday]:
    """Return the holidays of a place, each once, by the day on which it falls next from the beginning of this year."""
    found: dict[str, Holiday] = {}
    for year in range(today.year, today.year + YEARS):
        for one in known.offered(year, state, city):
            found.setdefault(one.code, one)
    return sorted(found.values(), key=lambda one: (one.day.month, one.day.day, one.code))


def drawn_of(state: str, city: str) -> str:
    return f"{state}|{city}"


def place_of(drawn: str) -> tuple[str, str]:
    state, _bar, city = drawn.partition("|")
    return (state if state in known.STATES else ""), (city if city in known.cities_of(state) else "")


def _said(one: Holiday, state: str, city: str) -> str:
    plan = Plan("UTC", (), state=state, city=city)
    return f"{one.code}, {formatting.long_day(one.day, _noon(one.day))}, {words.of_holiday(one, plan)}"


def _noon(day: date) -> datetime:
    # The year of the day itself: it goes without saying.
    return datetime(day.year, 7, 1, tzinfo=UTC)


def _as_before(now: Sequence[Any], before: Sequence[Any]) -> tuple[Any, ...]:  # Any: codes, or days
    """Return `now` in the order that `before` had: the same said in another order is no change."""
    return tuple(before) if sorted(map(repr, now)) == sorted(map(repr, before)) else tuple(now)
