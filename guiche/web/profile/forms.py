"""The forms of my own record."""

from __future__ import annotations

import zoneinfo
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guiche.accounts.actions.access import LONGEST_PASSWORD
from guiche.accounts.models import Language, Theme

if TYPE_CHECKING:
    from django.http import QueryDict

    from guiche.accounts.models import User

# Brazil's zones first, by the names people know; then those of neighbours and of who calls from afar.
ZONES = (
    ("America/Sao_Paulo", _("Brasília")),
    ("America/Manaus", "Manaus"),
    ("America/Cuiaba", "Cuiabá"),
    ("America/Campo_Grande", "Campo Grande"),
    ("America/Porto_Velho", "Porto Velho"),
    ("America/Boa_Vista", "Boa Vista"),
    ("America/Rio_Branco", "Rio Branco"),
    ("America/Eirunepe", "Eirunepé"),
    ("America/Belem", "Belém"),
    ("America/Fortaleza", "Fortaleza"),
    ("America/Recife", "Recife"),
    ("America/Maceio", "Maceió"),
    ("America/Bahia", "Salvador"),
    ("America/Araguaina", "Araguaína"),
    ("America/Noronha", "Fernando de Noronha"),
    ("America/Argentina/Buenos_Aires", "Buenos Aires"),
    ("America/Montevideo", "Montevideo"),
    ("America/Asuncion", "Asunción"),
    ("America/Santiago", "Santiago"),
    ("America/La_Paz", "La Paz"),
    ("America/Lima", "Lima"),
    ("America/Bogota", "Bogotá"),
    ("America/Mexico_City", "Ciudad de México"),
    ("America/New_York", "New York"),
    ("Europe/Lisbon", "Lisboa"),
    ("Europe/Madrid", "Madrid"),
    ("UTC", "UTC"),
)


def zone_choices(chosen: str, empty: object) -> list[tuple[str, object]]:
    """Return the zones to choose from, each with its distance from Greenwich today; `chosen` is always among them."""
    known = [(name, label) for name, label in ZONES if name in _available()]
    if chosen and chosen not in dict(known):
        known.append((chosen, chosen.replace("_", " ")))
    now = timezone.now()
    return [("", empty), *((name, f"{label} ({_distance(name, now)})") for name, label in known)]


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write the full name")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's own
        chosen = str(self.initial.get("time_zone") or "")
        self.fields["time_zone"].choices = zone_choices(chosen, _("The organisation's"))  # type: ignore[attr-defined]


class AppearanceForm(forms.Form):
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices, required=False)
    has_shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        help_text=_("On the desk: J and K walk the queue, R answers, ? shows them all."),
        required=False,
    )

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        super().__init__(data, initial={"theme": user.theme, "has_shortcuts": user.has_shortcuts})
        if not user.at_the_desk:  # only the desk has them
            del self.fields["has_shortcuts"]


class PhotoForm(forms.Form):
    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP of up to 5 MB. It is cut to a square."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"required": _("Choose a picture"), "empty": _("This picture is empty. Choose it again.")},
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Write your password")},
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        help_text=_("At least 10 characters. A short sentence is worth more than symbols."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Write the new password")},
    )


@lru_cache
def _available() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _distance(name: str, at: datetime) -> str:
    """Return "GMT-3", "GMT-3:30"."""
    offset = at.astimezone(zoneinfo.ZoneInfo(name)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"GMT{sign}{hours}" + (f":{rest:02d}" if rest else "")
