"""The forms about calendars: what one is, its hours, its holidays, days of its own, and when a version begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guiche.calendars import clock, ical, plan_check
from guiche.calendars import holidays as known
from guiche.calendars.actions.keeping import LONGEST_NAME
from guiche.calendars.actions.versions import LONGEST_NOTE
from guiche.calendars.hours import Window
from guiche.calendars.models import Kind
from guiche.calendars.plan import MonthDay, OwnDay, Plan, WorkedDay
from guiche.core import formatting
from guiche.core.text import typed
from guiche.web import zones

NOW, DAY, PAST = "now", "day", "past"
_NAME = {"required": _("Write a name.")}
_DAY_WRONG = {"invalid": _("Write the day as in 25/11/2026"), "required": _("Choose the day.")}
_STATES = [("", _("None: the national ones alone")), *((code, name) for code, name in known.STATES.items())]


def _day(**options: Any) -> forms.DateField:  # Any: as Django annotates fields
    # The browser's own calendar wants and sends ISO days, whatever the language.
    return forms.DateField(
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), error_messages=dict(_DAY_WRONG), **options
    )


class TimeField(forms.CharField):
    """A time of the day as people type it: seconds after midnight, None for a blank."""

    def __init__(self, **options: Any) -> None:  # Any: as Django annotates fields
        widget = forms.TextInput({"inputmode": "text", "placeholder": "13h30", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:  # Any: what was typed, or seconds
        return formatting.time_of_day(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:  # Any: as Django annotates it
        text = super().to_python(value)
        if not text:
            return None
        found = clock.seconds(str(text))
        if found is None:
            raise forms.ValidationError(gettext("Write the time as in 13:00 or 13:30."))
        return found

    def validate(self, value: Any) -> None:  # Any: as Django annotates it
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"])

    def run_validators(self, value: Any) -> None:
        """Those of a text do not fit a number."""

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: as Django annotates it
        return _typed(self.prepare_value(initial)) != _typed(data)


class WindowsField(forms.CharField):
    """The hours of a day as people type them: windows, none for a blank."""

    def __init__(self, **options: Any) -> None:  # Any: as Django annotates fields
        super().__init__(max_length=200, widget=forms.TextInput({"autocomplete": "off"}), **options)

    def prepare_value(self, value: Any) -> Any:  # Any: what was typed, or windows
        return clock.windows_text(tuple(value)) if isinstance(value, (tuple, list)) else value

    def to_python(self, value: Any) -> Any:  # Any: as Django annotates it
        found = clock.windows(str(super().to_python(value) or ""))
        if found is None:
            raise forms.ValidationError(gettext("Write the hours as in 8:00 to 12:00 and 13:00 to 18:00."))
        if fault := plan_check.windows_fault(found):
            raise forms.ValidationError(fault)
        return found

    def validate(self, value: Any) -> None:  # Any: as Django annotates it
        if not value and self.required:
            raise forms.ValidationError(self.error_messages["required"])

    def run_validators(self, value: Any) -> None:
        """Those of a text do not fit windows."""

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: as Django annotates it
        return _typed(self.prepare_value(initial)) != _typed(data)


def _typed(value: object) -> str:
    return " ".join(str(value or "").split())


# A calendar.


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, error_messages=_NAME)


class NewCalendarForm(NameForm):
    kind = forms.ChoiceField(
        label=_("What it says"),
        choices=[
            (Kind.HOURS, _("When the team works: hours and holidays")),
            (Kind.CITY, _("When a city of customers stands still: its holidays alone")),
        ],
        initial=Kind.HOURS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a kind from the list.")},
    )
    state = forms.ChoiceField(
        label=_("State of the country"), choices=[("", _("Choose")), *_STATES[1:]], required=False
    )
    city = forms.CharField(
        label=_("City"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("Of a calendar of a city, as it stands in the units of customers. Its days are added afterwards."),
    )


# What a version says.


class HoursForm(forms.Form):
    """The hours of each weekday, and where the clock hangs."""

    zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *arguments: Any, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self.fields["zone"].choices = zones.grouped()  # type: ignore[attr-defined]  # of a ChoiceField
        for number, name in enumerate(weekday_names()):
            self.fields[f"weekly-{number}"] = WindowsField(label=name, required=False)
        self.order_fields([f"weekly-{number}" for number in range(7)])

    @property
    def weekly(self) -> tuple[tuple[Window, ...], ...]:
        return tuple(self.cleaned_data[f"weekly-{number}"] for number in range(7))


def hours_values(plan: Plan) -> dict[str, object]:
    return {"zone": plan.zone} | {f"weekly-{number}": windows for number, windows in enumerate(plan.weekly)}


def weekday_names() -> list[str]:
    names = gettext("Monday Tuesday Wednesday Thursday Friday Saturday Sunday").split()
    return [name[:1].upper() + name[1:] for name in names]


class OwnDayForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("It stands beside every deadline that skips this day."),
        error_messages=_NAME,
    )
    day = _day(label=_("Day"))
    is_yearly = forms.BooleanField(label=_("Every year on this day"), required=False)
    opens = TimeField(label=_("Opens at"), required=False, help_text=_("Only when it opens late."))
    closes = TimeField(
        label=_("Closes at"), required=False, help_text=_("Only when it closes early. Both empty: closed all day.")
    )

    @property
    def own(self) -> OwnDay:
        said = self.cleaned_data
        day: date = said["day"]
        when = MonthDay(day.month, day.day) if said["is_yearly"] else day
        return OwnDay(" ".join(typed(said["name"]).split()), when, said["opens"], said["closes"])


def own_values(own: OwnDay, today: date) -> dict[str, object]:
    """Return what the form begins with; a day of every year is shown in its next year."""
    is_yearly = isinstance(own.day, MonthDay)
    years = range(today.year, today.year + 9)  # a leap year is among them
    day = own.day if isinstance(own.day, date) else next(day for year in years if (day := own.of(year)))
    return {"name": own.name, "day": day, "is_yearly": is_yearly, "opens": own.opens, "closes": own.closes}


class WorkedDayForm(forms.Form):
    name = forms.CharField(
        label=_("Reason"), max_length=200, error_messages={"required": _("Say why, as in: migration of the weekend.")}
    )
    day = _day(label=_("Day"))
    hours = WindowsField(
        label=_("Hours of this day"),
        help_text=_("As in 8:00 to 12:00 and 13:00 to 18:00. They take the place of the hours of its weekday."),
        error_messages={"required": _("Write from when to when. A day that is closed is a day of its own.")},
    )

    @property
    def worked(self) -> WorkedDay:
        said = self.cleaned_data
        return WorkedDay(said["day"], " ".join(typed(said["name"]).split()), said["hours"])


def worked_values(worked: WorkedDay) -> dict[str, object]:
    return {"name": worked.name, "day": worked.day, "hours": worked.windows}


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("File of a calendar"),
        help_text=_("In iCalendar (.ics), of at most 1 MB. Whole days are brought in, also those of every year."),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty. Choose another one.")},
    )

    def clean_file(self) -> Any:  # Any: a file that was sent
        sent = self.cleaned_data["file"]
        if sent.size > ical.MOST_BYTES:
            raise forms.ValidationError(gettext("This file is larger than 1 MB. Export only the holidays."))
        return sent


# When a version begins.


class PublishForm(forms.Form):
    """`looked` and `expected` carry what the preview on the page was made of."""

    when = forms.ChoiceField(
        label=_("From when it counts"),
        choices=[(NOW, _("From now on")), (DAY, _("From a day on")), (PAST, _("Correct the past"))],
        initial=NOW,
        error_messages={"required": _("Choose from when it counts.")},
    )
    day = _day(label=_("Day"), required=False)
    hour = TimeField(label=_("Time"), required=False, help_text=_("Empty: from midnight on."))
    note = forms.CharField(
        label=_("Why it changed"), required=False, max_length=LONGEST_NOTE, help_text=_("It stands in the audit trail.")
    )
    looked = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
    expected = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, zone: str, **options: Any) -> None:  # Any: as Django annotates forms
        super().__init__(*arguments, **options)
        self._zone = ZoneInfo(zone)

    def clean(self) -> dict[str, Any]:  # Any: as Django annotates it
        values = super().clean() or {}
        if values.get("when") in (DAY, PAST) and not values.get("day") and "day" not in self.errors:
            self.add_error("day", gettext("Choose the day."))
        if values.get("day") and not 1990 <= values["day"].year < 2200:
            self.add_error("day", gettext("Choose a day from 1990 to 2199."))
        return values

    @property
    def corrects_past(self) -> bool:
        return bool(self.cleaned_data["when"] == PAST)

    @property
    def since(self) -> datetime | None:
        """The beginning, on the wall clock of the calendar; None: now."""
        said = self.cleaned_data
        if said["when"] == NOW:
            return None
        midnight = datetime.combine(said["day"], time.min)
        wall = midnight + timedelta(seconds=said["hour"] or 0)
        return wall.replace(tzinfo=self._zone)

    @property
    def choice(self) -> str:
        """What a preview depends on."""
        said = self.cleaned_data
        return " ".join(str(part) for part in (said["when"], said["day"], said["hour"], said["expected"]))


def key(day: date | MonthDay) -> str:
    """Return what names a day in an address: "2025-12-24", or "12-24" every year."""
    return f"{day.month:02d}-{day.day:02d}" if isinstance(day, MonthDay) else day.isoformat()


def local_day(zone: str) -> date:
    return timezone.localdate(timezone=ZoneInfo(zone))
