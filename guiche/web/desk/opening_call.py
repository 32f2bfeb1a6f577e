"""Who asks for a ticket that the desk opens, how they reached us, and of which type it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.accounts.models import Team, User
from guiche.catalog.models import RequestType, Section
from guiche.organizations.models import Membership, Organization
from guiche.tickets.models import Channel
from guiche.web.desk.forms import members, organizations, teams
from guiche.web.typeahead import TypeaheadField, TypeaheadWidget

if TYPE_CHECKING:
    from guiche.core.errors import Refused

CHANNELS = (Channel.PHONE, Channel.EMAIL, Channel.CHAT)


def _line(label: Any, longest: int, kind: str = "text") -> forms.CharField:  # Any: a lazy text
    return forms.CharField(label=label, max_length=longest, required=False, widget=forms.TextInput({"type": kind}))


class Caller:
    """Who asks, as far as what was `said` in the page tells: found, or written down to be registered.

    Two hidden values tell what the page was drawn for: `drawn_for`, the membership, and `organization`.
    """

    def __init__(self, said: QueryDict) -> None:
        self.said = said

    @cached_property
    def found(self) -> Membership | None:
        """The membership that was chosen, or the only one that fits what was typed."""
        return next((row for row in self.memberships if row.pk == self._key), None)

    @cached_property
    def _key(self) -> int | None:
        if key := _id(self.said, "member"):
            return key
        found = _resolved(members(required=False), "member", self.said)
        return found.pk if found else None

    @cached_property
    def memberships(self) -> list[Membership]:
        """Every place of the person who was chosen, in the order of their names: they may ask for any of them."""
        if self._key is None:
            return []
        same = Membership.objects.filter(pk=self._key).values("user")
        rows = Membership.objects.active().filter(user__in=same).select_related("user", "organization")
        return list(rows.order_by("organization__search_key", "id"))

    @cached_property
    def membership(self) -> Membership | None:
        """The place in which the person asks. The choice between several counts for the person it was drawn for."""
        if self.found is None or self.said.get("drawn_for") != str(self.found.pk):
            return self.found
        wanted = self.said.get("belongs")
        return next((row for row in self.memberships if str(row.pk) == wanted), self.found)

    @cached_property
    def new_organization(self) -> Organization | None:
        found: Organization | None = _resolved(organizations(), "new_organization", self.said)
        return found

    @cached_property
    def organization(self) -> Organization | None:
        """Whose ticket it becomes; while nobody is chosen, the one that the page was drawn for."""
        if self.membership is not None:
            organization: Organization = self.membership.organization
            return organization
        drawn = _id(self.said, "organization")
        if self.new_organization is not None or drawn is None:
            return self.new_organization
        return Organization.objects.active().filter(pk=drawn).first()

    @property
    def person(self) -> User:
        """Who asks: without a row while they are not registered, and without a name while nobody is chosen."""
        if self.membership is not None:
            person: User = self.membership.user
            return person
        said = {name: self.said.get(f"new_{name}", "").strip() for name in ("name", "email", "phone")}
        return User(name=said["name"], email=said["email"] or None, phone=said["phone"])

    def with_contact(self) -> QueryDict:
        """Return what was said, with the contact of who asks where it is blank or still that of somebody before."""
        said, before = self.said.copy(), _contact(self._asked_before())
        for name, value in _contact(self.person).items():
            typed = said.get(name, "").strip()
            if not typed or typed == before.get(name):
                said[name] = value
        return said

    def _asked_before(self) -> User | None:
        drawn = _id(self.said, "drawn_for")
        if drawn is None or (self.found and self.found.pk == drawn):
            return None
        row = Membership.objects.filter(pk=drawn).select_related("user").first()
        return row.user if row else None

    @property
    def is_new(self) -> bool:
        return self.membership is None and any(self.said.get(f"new_{name}") for name in ("name", "email", "phone"))


class CallForm(forms.Form):
    """Who asks (known, or registered on the spot), how they came, the type and the team.

    Shown with errors for `data`, and with what was `typed` before without them.
    """

    member = members(label=gettext_lazy("Who is asking"), required=False)
    new_name = _line(gettext_lazy("Name"), 120)
    new_email = _line(gettext_lazy("E-mail"), 254, "email")
    new_phone = _line(gettext_lazy("Phone"), 40, "tel")
    new_organization = organizations()
    channel = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(one.value, one.label) for one in CHANNELS],
        widget=forms.RadioSelect,
        initial=Channel.PHONE,
    )
    call_minutes = forms.IntegerField(
        label=gettext_lazy("Length of the call"), required=False, min_value=0, max_value=1440
    )
    request_type = forms.ChoiceField(
        label=gettext_lazy("Type"),
        error_messages={
            "required": gettext_lazy("Choose the type"),
            "invalid_choice": gettext_lazy("This kind of request is not available for this organisation."),
        },
    )
    team = teams()

    def __init__(self, by: User, *, data: QueryDict | None = None, typed: QueryDict | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.by = by
        self.said = data if data is not None else typed if typed is not None else QueryDict()
        self.caller = Caller(self.said)
        self.fields["new_organization"].required = False
        types: Any = self.fields["request_type"]  # Any: a choice
        types.choices = self._types  # asked for when they are drawn or checked, not before
        for name, field in self.fields.items():
            if not field.widget.value_omitted_from_data(self.said, {}, name):
                self.initial[name] = field.widget.value_from_datadict(self.said, {}, name)
        self.initial["member"] = self.caller.found or self.initial.get("member")
        self.initial["team"] = self._team_as_drawn() or self.initial.get("team")
        self.initial["new_organization"] = self.caller.new_organization or self.initial.get("new_organization")

    def _team_as_drawn(self) -> Team | None:
        """The team by the name that the page showed: it is looked for when the form is sent."""
        key, name = _id(self.said, "team"), self.said.get("team-text", "")
        return Team(pk=key, name=name) if key and name else None

    def _types(self) -> list[tuple[str, Any]]:  # Any: the pairs of a section
        offered = list(RequestType.objects.offered_to(self.by, self.caller.organization).order_by("position", "id"))
        sections = [
            (str(section.label), [(kind.slug, kind.name) for kind in offered if kind.section == section])
            for section in Section
        ]
        return [("", _("Choose the type")), *((label, kinds) for label, kinds in sections if kinds)]

    @property
    def slug(self) -> str:
        """The type whose form is drawn: the chosen one, or the one of the page before (`drawn_type`, hidden in it)."""
        return self.said.get("request_type") or self.said.get("drawn_type") or ""

    @property
    def is_choosing_type(self) -> bool:
        """Whether the types are offered although the form of one is drawn: on request, or when it cannot be opened."""
        return "retype" in self.said or "request_type" in self.errors

    # What comes out.

    def clean(self) -> dict[str, Any]:
        """Either somebody known, or a name with an organisation."""
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        if asked.get("member") or "member" in self.errors:
            return asked
        if not asked.get("new_name"):
            self.add_error("member", _("Choose who is asking, or register the person"))
        elif not asked.get("new_organization") and "new_organization" not in self.errors:
            self.add_error("new_organization", _("Choose the organisation of the new person"))
        return asked

    def more(self) -> dict[str, Any]:
        """Return what this form adds to `OpeningForm.asked`."""
        channel = self.cleaned_data["channel"]
        minutes = self.cleaned_data["call_minutes"] if channel == Channel.PHONE else None
        return {"channel": channel, "call_minutes": minutes, "team": self.cleaned_data["team"]}

    def refuse(self, refusal: Refused, also: forms.Form) -> None:
        """Put what a rule said beside its field, of this form or of the one that goes `also`."""
        for name, message in refusal.fields.items():
            if self.caller.is_new and f"new_{name}" in self.fields:
                self.add_error(f"new_{name}", message)
            elif name in also.fields:
                also.add_error(name, message)
            else:
                self.add_error(name if name in self.fields else None, message)
        if not refusal.fields:
            self.add_error(None, refusal.message)


def _contact(person: User | None) -> Mapping[str, str]:
    if person is None:
        return {}
    return {"contact_name": person.name, "contact_phone": person.phone, "contact_email": person.email or ""}


def _id(said: QueryDict, name: str) -> int | None:
    written = said.get(name) or ""
    return int(written) if written.isdecimal() and len(written) < 18 else None


def _resolved(field: TypeaheadField, name: str, said: QueryDict) -> Any:  # Any: a row of what the field chooses among
    try:
        return field.clean(TypeaheadWidget().value_from_datadict(said, {}, name))
    except ValidationError:
        return None
