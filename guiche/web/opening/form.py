"""The opening form of one request type, for one person and organisation."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guiche.accounts.models import User as Person
from guiche.catalog import conditions
from guiche.catalog.fields import Kind, StandardField
from guiche.catalog.models import Failure, Impact, Module, Product, RequestType, Service, Severity
from guiche.catalog.severity import SeveritySource
from guiche.core import written
from guiche.organizations.models import Membership, Organization
from guiche.sla import quoting
from guiche.tickets.actions.opening import Asked
from guiche.tickets.models import Channel
from guiche.web.opening import fields
from guiche.web.opening.pickers import PickerField, RowChoiceField
from guiche.web.opening.sheets import Part
from guiche.web.typeahead import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import QueryDict

    from guiche.accounts.models import User
    from guiche.catalog.models import FormField
    from guiche.sla.quoting import Ground
    from guiche.web.opening.sheets import Sheet
    from guiche.web.uploads import Gathered

COPIED = ("title", "product", "module", "service", "failure", "severity", "service_impact")
COPIED_OR_BLANK = (
    *("description", "urgency", "impact", "contact_name", "contact_phone", "contact_email", "best_time"),
)


def people_of(organization: Organization | None) -> Rows:
    """Return the active people of `organization`; nobody while none is chosen."""
    members = Membership.objects.active().filter(organization=organization)
    return Person.objects.active().filter(pk__in=members.values("user"))


def products_of(organization: Organization | None, kind: RequestType | None = None) -> Rows:
    """Return the products of `organization`, those that `kind` is for when it is bound to some."""
    if organization is None:
        return Product.objects.none()
    return Product.objects.of(organization) if kind is None else _products(organization.pk, kind.pk)


def _products(organization_id: int, kind_id: int) -> Rows:
    bound = RequestType.products.through.objects.filter(requesttype=kind_id)
    rows = Product.objects.of(Organization(pk=organization_id))
    return rows.filter(~Exists(bound) | Exists(bound.filter(product=OuterRef("pk"))))


def _modules(product_id: int) -> Rows:
    return Module.objects.filter(product=product_id, is_active=True)


def _services(module_id: int) -> Rows:
    return Service.objects.filter(module=module_id, is_active=True)


def _failures(product_id: int) -> Rows:
    return Failure.objects.filter(product=product_id, is_active=True)


def _severities() -> Rows:
    return Severity.objects.all()


def _impacts(service_id: int) -> Rows:
    return Impact.objects.filter(service=service_id).select_related("severity")


def _with_ground(*given: Any, rows_of: Callable[..., Rows]) -> Rows:  # Any: ids of the rows, and the keys of the ground
    ids, keys = given[:-4], given[-4:]
    return quoting.grounded(rows_of(*ids), *keys)


class OpeningForm(forms.Form):
    """See the package. `gathered` are the files that came; `known` are rows chosen before this page, by field.

    `may_name_others` (portal administrators) asks on whose behalf. A custom field for a person offers the active
    people of the organisation to staff and to who reaches all of it (`reaches_all`); to others only themselves, who
    may not learn there who their colleagues are.
    """

    def __init__(
        self,
        sheet: Sheet,
        *,
        by: User,
        organization: Organization | None,
        data: QueryDict | None = None,
        typed: QueryDict | None = None,
        gathered: Gathered | None = None,
        known: Mapping[str, Model | None] | None = None,
        requester: User | None = None,
        may_name_others: bool = False,
        reaches_all: bool = False,
        for_staff: bool = False,
    ) -> None:
        super().__init__(data, label_suffix="")
        self.sheet, self.by, self.organization = sheet, by, organization
        self.gathered, self.requester, self.for_staff, self.typed = gathered, requester, for_staff, typed
        self.may_name_others = may_name_others or for_staff
        self.sees_colleagues = reaches_all or self.may_name_others
        self.ground: Ground | None = None  # of promises, where it came with rows that were read
        self.cleared: list[str] = []  # labels of what a change above it made blank
        self.service_impacts: list[Impact] = []
        for line in sheet.lines:
            if self._is_for_me(line):
                self.fields.update(fields.of(line))
        if for_staff and "contact_email" in self.fields:
            self.fields["contact_email"].required = False  # who telephones may have none
        self._fill(known or {})
        self._offer_people()
        self._hang_together()
        self.shown = {line.code for line in conditions.shown(sheet.lines, self._said())}
        self._hide()

    # What is asked of whom.

    def _is_for_me(self, line: FormField) -> bool:
        if line.standard == StandardField.ON_BEHALF_OF:
            return self.may_name_others and self.requester is None
        if line.standard == StandardField.URGENCY:
            return self.kind.severity_source == SeveritySource.MATRIX
        return True

    @property
    def kind(self) -> RequestType:
        return self.sheet.kind

    def parts(self) -> list[tuple[Part, list[FormField]]]:
        """Return the parts of the page with the lines that may show in each."""
        parts = [(part, [line for line in lines if self._may_show(line)]) for part, lines in self.sheet.parts()]
        return [(part, lines) for part, lines in parts if lines]

    def _may_show(self, line: FormField) -> bool:
        """Whether the page has a place for `line`: for what is asked, and for what a choice may bring."""
        comes_with_product = line.standard == StandardField.FAILURE and "product" in self.fields
        return bool(self.names_of(line) or line.conditions or comes_with_product)

    def names_of(self, line: FormField) -> list[str]:
        """Return the fields that a line shows at this moment, in order."""
        names = fields.NAMES.get(line.standard, (line.code,))
        return [name for name in names if name in self.fields]

    @property
    def deciders(self) -> set[str]:
        """The fields whose answer changes what else is asked."""
        deciding = conditions.asked(self.sheet.lines) | {"product", "module"}
        if self.kind.has_deadlines:
            deciding |= {"service"}  # it may have deadlines of its own
        if self.kind.severity_source == SeveritySource.SERVICE:
            deciding.add("service")
        return deciding & set(self.fields)

    # What was typed before, and what we know already.

    def _fill(self, known: Mapping[str, Model | None]) -> None:
        contact = self.requester or self.by
        self.initial = {
            "contact_name": contact.name,
            "contact_phone": contact.phone,
            "contact_email": contact.email or "",
            **known,
            "on_behalf_of": self.by if not self.for_staff else None,
        }
        for name, field in self.fields.items():
            self._recall(name, field)

    def _recall(self, name: str, field: forms.Field) -> None:
        """Show again what was typed into a field before."""
        if self.typed is not None and not field.widget.value_omitted_from_data(self.typed, {}, name):
            self.initial[name] = field.widget.value_from_datadict(self.typed, {}, name)

    def _add(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field
        self._recall(name, field)

    def _raw(self, name: str) -> Any:  # Any: whatever the widget of the field reads
        if self.is_bound:
            return self.fields[name].widget.value_from_datadict(self.data, {}, name)
        return self.initial.get(name)

    # Product → module → service → impact.

    def _hang_together(self) -> None:
        if self.organization is None:
            self._drop("product")
        product = self._pick("product", _products, self.organization, self.kind)
        if "product" not in self.fields:
            self._drop("module", "service")
        module = self._pick("module", _modules, product)
        self._require_service()
        service = self._pick("service", _services, module)
        self._pick("failure", _failures, product)
        if not module:
            self._drop("service")
        if not product:
            self._drop("failure")
        self._ask_severity(service)

    def _require_service(self) -> None:
        if "service" in self.fields and self.kind.severity_source == SeveritySource.SERVICE:
            self.fields["service"].required = self.fields["product"].required

    def _pick(self, name: str, rows_of: Callable[..., Rows], *above: Model | None) -> Any:  # Any: a row of its model
        """Give the picker the rows of what is chosen `above` it and return what is chosen of them.

        Without rows to choose from there is no such field.
        """
        field = self.fields.get(name)
        if not isinstance(field, PickerField):
            return None
        ids = [row.pk for row in above if row is not None]
        if len(ids) < len(above):
            field.wait()
        elif not field.look(rows_of, *ids, value=self._raw(name)):
            self._drop(name)
            return None
        chosen = self.answer(name)
        if not self.is_bound:
            if chosen is None and _says_something(self.initial.get(name)):
                self.cleared.append(str(field.label))
            self.initial[name] = chosen
        return chosen

    def _drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    # Severity: chosen, or from the impact on the service; the matrix asks by its own line.

    def _ask_severity(self, service: Service | None) -> None:
        line = next((one for one in self.sheet.lines if one.standard == StandardField.SEVERITY), None)
        if self.kind.severity_source == SeveritySource.CHOSEN and line is not None:
            field = RowChoiceField(
                label=gettext_lazy("How bad it is"),
                rows=self._severities(),
                required=line.is_required,
                help_text=line.help,
                error_messages={"required": _("Choose the severity.")},
            )
            self._add("severity", field)
        elif self.kind.severity_source == SeveritySource.SERVICE and service is not None:
            self._ask_impact(service)

    def _ask_impact(self, service: Service) -> None:
        self.service_impacts = self._grounded(_impacts, service.pk)
        if self.service_impacts:
            missing = _("Choose the impact on the operation.")
            wrong = {"required": missing, "invalid_choice": missing}
            field = RowChoiceField(label=gettext_lazy("Impact"), rows=self.service_impacts, error_messages=wrong)
            self._add("service_impact", field)

    def _severities(self) -> list[Severity]:
        return self._grounded(_severities)

    def _grounded(self, rows_of: Callable[..., Rows], *ids: int) -> list[Any]:  # Any: rows of some model
        """Return rows of `rows_of(*ids)`; what a promise is made from comes with them, and is kept."""
        if self.organization is None or not self.kind.has_deadlines:
            return written.rows(rows_of, *ids)
        keys = quoting.ground_keys(self.organization, self.kind, self.asks, at=timezone.now())
        found = written.rows(_with_ground, *ids, *keys, rows_of=rows_of)
        self.ground = quoting.ground_in(found[0], self.kind) if found else None
        return found

    # What is known while it is filled in.

    def answer(self, name: str) -> Any:  # Any: a row, or the text of a choice
        """Return what a field says now, whether the form is complete or not; None without an answer."""
        field = self.fields.get(name)
        if field is None:
            return None
        try:
            return field.clean(self._raw(name))
        except ValidationError:
            return None

    @property
    def asks(self) -> User:
        """In whose name it is, as far as the form says."""
        if self.requester is not None or "on_behalf_of" not in self.fields:
            return self.requester or self.by
        return self.answer("on_behalf_of") or self.by

    # People.

    def _offer_people(self) -> None:
        if "on_behalf_of" in self.fields:
            self._offer("on_behalf_of", partial(people_of, self.organization))
            self._field_of_people("on_behalf_of").know(self.by)
        for line in self.sheet.lines:
            if line.custom is not None and line.custom.kind == Kind.PERSON:
                everybody = partial(people_of, self.organization)
                self._offer(line.code, everybody if self.sees_colleagues else everybody().filter(pk=self.by.pk))

    def _offer(self, name: str, people: Rows | Callable[[], Rows]) -> None:
        field = self._field_of_people(name)
        field.rows = people
        if not self.sees_colleagues:
            field.few = [self.by]

    def _field_of_people(self, name: str) -> PickerField:
        field = self.fields[name]
        assert isinstance(field, PickerField)  # made by fields.of
        return field

    # Conditions.

    def _said(self) -> dict[str, str | list[str]]:
        """Return what each field that decides about others says now, as `conditions.shown` takes it."""
        deciding = conditions.asked(self.sheet.lines) & set(self.fields)
        return {name: self._says(name) for name in deciding}

    def _says(self, name: str) -> str | list[str]:
        field, raw = self.fields[name], self._raw(name)
        if isinstance(field, PickerField):
            chosen = self.answer(name)
            return str(chosen.pk) if chosen else ""
        if isinstance(field, forms.BooleanField):
            return conditions.CHECKED if raw else ""
        return list(raw) if isinstance(raw, (list, tuple)) else str(raw or "")

    def _hide(self) -> None:
        """Forget the fields of hidden lines: they are not asked, not checked and not kept."""
        for line in self.sheet.lines:
            if line.code not in self.shown:
                self._drop(*self.names_of(line))
        if "service" not in self.fields:
            self._drop("service_impact")
        self.order_fields(self._in_page_order())

    def _in_page_order(self) -> list[str]:
        """What is wrong is listed in the order in which it stands on the page."""
        names: list[str] = []
        for part, lines in self.parts():
            names += [name for line in lines for name in self.names_of(line)]
            names += ["service_impact"] if part == Part.ABOUT else []
        return names

    # What comes out.

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "files" not in self.fields:
            return cleaned
        for message in self.gathered.errors if self.gathered else ():
            self.add_error("files", message)
        line = next(one for one in self.sheet.lines if one.standard == StandardField.ATTACHMENTS)
        if line.is_required and not self.files_kept and "files" not in self.errors:
            self.add_error("files", _("Attach a file."))
        return cleaned

    @property
    def files_kept(self) -> list[Any]:
        """The files that are here, whatever else is wrong."""
        return self.gathered.files if self.gathered else []

    def asked(self, *, channel: str = Channel.PORTAL, **more: Any) -> Asked:  # Any: the other fields of Asked
        """Return what is asked, for `tickets.actions.opening`. `more`: follow_up_of, team, call_minutes."""
        said, organization = self.cleaned_data, self.organization
        assert organization is not None  # without one nothing is opened
        values: dict[str, Any] = {name: said[name] for name in COPIED if name in said}
        values |= {name: said.get(name) or "" for name in COPIED_OR_BLANK}
        return Asked(
            request_type=self.kind,
            organization=organization,
            requester=self.requester or said.get("on_behalf_of") or self.by,
            copies=said.get("copies", ()),
            answers={line.custom: said[line.code] for line in self.sheet.lines if line.custom and line.code in said},
            files=self.files_kept if "files" in self.fields else (),
            channel=channel,
            **values,
            **more,
        )


def _says_something(value: Any) -> bool:  # Any: what a picker's widget reads
    return any(value) if isinstance(value, tuple) else bool(value)
