"""The form of a request type: what it asks of whom, what hangs together, what comes out."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone, translation

from guiche.accounts.models import User
from guiche.catalog.conditions import Condition
from guiche.catalog.fields import Kind
from guiche.catalog.fields import StandardField as F
from guiche.catalog.models import RequestType
from guiche.organizations.models import Organization
from guiche.tickets.models import Channel
from guiche.web.opening import sheets
from guiche.web.opening.form import OpeningForm
from guiche.web.uploads import Gathered
from tests.factories import catalog as make
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db
PRODUCT_FORM = ((F.TITLE, True), (F.PRODUCT, True), (F.FAILURE, False), (F.DESCRIPTION, False))


@pytest.fixture(autouse=True)
def _in_portuguese() -> Any:
    with translation.override("pt-br"):
        yield


def posted(**values: Any) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [str(value)])
    return data


def form_of(kind: RequestType, by: User, organization: Organization, **options: Any) -> OpeningForm:
    sheet = sheets.find(by, organization, kind.slug)
    assert sheet is not None
    return OpeningForm(sheet, by=by, organization=organization, **options)


class TestFind:
    def test_finds_nothing_that_is_not_offered(
        self, bruno: User, ana: User, acme: Organization, bela: Organization
    ) -> None:
        inside = make.make_request_type(is_for_customers=False)
        old = make.make_request_type(is_active=False)
        bound = make.make_request_type()
        bound.products.add(make.make_product(organizations=[bela]))

        assert [sheets.find(bruno, acme, kind.slug) for kind in (inside, old, bound)] == [None, None, None]
        assert sheets.find(ana, acme, inside.slug) is not None

    def test_keeps_fields_of_staff_from_customers(self, bruno: User, ana: User, acme: Organization) -> None:
        kind = make.make_request_type()
        secret = make.make_custom_field(name="Custo", is_for_customers=False)
        gone = make.make_custom_field(name="Antigo", is_active=False)
        for custom in (secret, gone):
            make.make_form_field(request_type=kind, custom=custom)

        assert f"custom-{secret.pk}" not in form_of(kind, bruno, acme).fields
        assert f"custom-{secret.pk}" in form_of(kind, ana, acme, for_staff=True).fields
        assert f"custom-{gone.pk}" not in form_of(kind, ana, acme, for_staff=True).fields

    def test_asks_for_a_title_even_where_nobody_laid_one_out(self, bruno: User, acme: Organization) -> None:
        assert list(form_of(make.make_request_type(form=()), bruno, acme).fields) == ["title"]

    def test_costs_one_query(self, bruno: User, acme: Organization, django_assert_num_queries: Any) -> None:
        kind = make.shipped_type()

        with django_assert_num_queries(1):
            sheet = sheets.find(bruno, acme, kind.slug)
            assert sheet is not None
            assert sheet.kind.workflow.slug == "suporte"

    def test_puts_a_custom_field_where_the_line_before_it_stands(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=((F.TITLE, True),))
        make.make_form_field(request_type=kind, custom=make.make_custom_field(name="Sala"))
        make.make_form_field(request_type=kind, standard=F.DESCRIPTION)

        parts = form_of(kind, bruno, acme).parts()

        assert [(part.value, len(lines)) for part, lines in parts] == [("what", 2), ("details", 1)]


class TestContact:
    def test_is_filled_in_from_the_profile(self, bruno: User, acme: Organization) -> None:
        bruno.phone = "(11) 4000-0000"
        form = form_of(make.shipped_type(), bruno, acme)

        assert form["contact_name"].value() == "Bruno Braga"
        assert form["contact_phone"].value() == "(11) 4000-0000"
        assert form["contact_email"].value() == "bruno@acme.example"

    def test_is_that_of_the_customer_when_staff_open(self, ana: User, bruno: User, acme: Organization) -> None:
        form = form_of(make.shipped_type(), ana, acme, requester=bruno, for_staff=True)

        assert form["contact_name"].value() == "Bruno Braga"
        assert "on_behalf_of" not in form.fields

    def test_is_required_or_not_as_the_type_says(self, bruno: User, acme: Organization) -> None:
        blank = posted(title="A tela trava", description="x")

        incident, question = (
            form_of(make.shipped_type(slug), bruno, acme, data=blank) for slug in ("falha-tecnica", "duvida")
        )

        assert {"contact_name", "contact_phone", "contact_email"} <= set(incident.errors)
        assert not set(question.errors) & {"contact_name", "contact_phone", "contact_email"}

    def test_says_what_is_wrong_with_an_address(self, bruno: User, acme: Organization) -> None:
        data = posted(title="A tela trava", contact_email="bruno.acme", copies="a@acme.example, torto")

        errors = form_of(make.shipped_type("duvida"), bruno, acme, data=data).errors

        assert "Exemplo: nome@hospital.com.br" in errors["contact_email"][0]
        assert "torto" in errors["copies"][0]

    def test_takes_copies_apart(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type()
        data = posted(title="t", description="d", copies="A@acme.example; b@acme.example\n a@acme.example,")

        form = form_of(kind, bruno, acme, data=data)

        assert form.is_valid(), form.errors
        assert form.asked().copies == ["a@acme.example", "b@acme.example"]


class TestCascade:
    def test_waits_for_the_product(self, bruno: User, acme: Organization) -> None:
        for _number in range(2):
            make.make_module(product=make.make_product())

        form = form_of(make.make_request_type(form=PRODUCT_FORM), bruno, acme)

        assert form.fields["module"].waits
        assert "service" not in form.fields
        assert "failure" not in form.fields

    def test_leaves_out_what_has_nothing_to_choose_from(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=PRODUCT_FORM)

        assert set(form_of(kind, bruno, acme).fields) == {"title", "description"}
        assert form_of(kind, bruno, acme, data=posted(title="t")).is_valid()

    def test_chooses_what_is_alone(self, bruno: User, acme: Organization) -> None:
        module = make.make_module()

        form = form_of(make.make_request_type(form=PRODUCT_FORM), bruno, acme)

        assert form["product"].value() == module.product
        assert form["module"].value() == module

    def test_takes_the_one_that_is_alone_when_a_browser_sends_nothing(self, bruno: User, acme: Organization) -> None:
        module = make.make_module()

        form = form_of(make.make_request_type(form=PRODUCT_FORM), bruno, acme, data=posted(title="t"))

        assert form.is_valid(), form.errors
        assert form.asked().module == module

    def test_requires_the_module_only_of_a_product_that_has_some(self, bruno: User, acme: Organization) -> None:
        bare, full = make.make_product(), make.make_product()
        for _number in range(2):
            make.make_module(product=full)
        kind = make.make_request_type(form=PRODUCT_FORM)

        assert form_of(kind, bruno, acme, data=posted(title="t", product=bare.pk)).is_valid()
        assert "module" in form_of(kind, bruno, acme, data=posted(title="t", product=full.pk)).errors

    def test_47_refuses_what_the_organisation_does_not_have(
        self, bruno: User, acme: Organization, bela: Organization
    ) -> None:
        foreign = make.make_module(product=make.make_product(name="Só da Bela", organizations=[bela]))
        make.make_product(organizations=[acme])
        make.make_product(organizations=[acme])
        kind = make.make_request_type(form=PRODUCT_FORM)

        by_id = form_of(kind, bruno, acme, data=posted(title="t", product=foreign.product_id, module=foreign.pk))
        by_name = form_of(kind, bruno, acme, data=posted(title="t", product__text="Só da Bela"))

        assert "product" in by_id.errors
        assert "product" in by_name.errors

    def test_47_refuses_a_module_of_another_product(self, bruno: User, acme: Organization) -> None:
        ours, other = make.make_module(), make.make_module()
        make.make_module(product=ours.product)

        data = posted(title="t", product=ours.product_id, module=other.pk)

        assert "module" in form_of(make.make_request_type(form=PRODUCT_FORM), bruno, acme, data=data).errors

    def test_offers_only_the_products_that_the_type_is_for(self, bruno: User, acme: Organization) -> None:
        mine, _other = make.make_product(), make.make_product()
        kind = make.make_request_type(form=PRODUCT_FORM)
        kind.products.add(mine)

        assert form_of(kind, bruno, acme).fields["product"].few == [mine]

    def test_forgets_the_module_of_the_product_before_and_says_so(self, bruno: User, acme: Organization) -> None:
        old, new = make.make_module(), make.make_module()
        make.make_module(product=new.product)

        typed = posted(title="t", product=new.product_id, module=old.pk)
        form = form_of(make.make_request_type(form=PRODUCT_FORM), bruno, acme, typed=typed)

        assert form["module"].value() is None
        assert form.cleared == ["Módulo"]

    def test_searches_once_there_are_many(self, bruno: User, acme: Organization) -> None:
        product = make.make_product()
        modules = [make.make_module(product=product, name=f"Módulo {number:04}") for number in range(40)]
        kind = make.make_request_type(form=PRODUCT_FORM)

        form = form_of(kind, bruno, acme, data=posted(title="t", product=product.pk, module__text="modulo 0007"))

        assert form.fields["module"].few is None
        assert form.is_valid(), form.errors
        assert form.asked().module == modules[7]

    def test_offers_the_few_that_fit_a_text(self, bruno: User, acme: Organization) -> None:
        product = make.make_product()
        for number in range(40):
            make.make_module(product=product, name=f"Módulo {number:04}")
        kind = make.make_request_type(form=PRODUCT_FORM)

        form = form_of(kind, bruno, acme, data=posted(title="t", product=product.pk, module__text="modulo 000"))

        assert "module" in form.errors
        assert len(form.fields["module"].chosen(form["module"]).offered) == 8


class TestSeverity:
    def test_is_chosen_from_the_cards(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=((F.TITLE, True), (F.SEVERITY, True)), severity_source="chosen")
        total = make.severity(1)

        missing = form_of(kind, bruno, acme, data=posted(title="t"))
        form = form_of(kind, bruno, acme, data=posted(title="t", severity=total.pk))

        assert "severity" in missing.errors
        assert form.is_valid()
        assert form.asked().severity == total

    def test_is_not_asked_of_a_type_with_another_source(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(
            form=((F.TITLE, True), (F.SEVERITY, True)), severity_source="fixed", fixed_severity=make.severity(4)
        )

        form = form_of(kind, bruno, acme, data=posted(title="t", severity=make.severity(1).pk))

        assert form.is_valid()
        assert form.asked().severity is None

    def test_follows_from_the_impact_on_the_service(self, bruno: User, acme: Organization) -> None:
        impact = make.make_impact(level=1)
        make.make_impact(service=impact.service, level=4)
        kind = make.make_request_type(form=((F.TITLE, True), (F.PRODUCT, True)), severity_source="service")

        chosen = {"title": "t", "service": impact.service_id}
        form = form_of(kind, bruno, acme, data=posted(**chosen, service_impact=impact.pk))

        assert "service_impact" in form_of(kind, bruno, acme, data=posted(**chosen)).errors
        assert form.is_valid(), form.errors
        assert form.asked().service_impact == impact

    def test_47_refuses_an_impact_of_another_service(self, bruno: User, acme: Organization) -> None:
        impact, other = make.make_impact(), make.make_impact()
        kind = make.make_request_type(form=((F.TITLE, True), (F.PRODUCT, True)), severity_source="service")

        module = impact.service.module
        chosen = {"title": "t", "product": module.product_id, "module": module.pk, "service": impact.service_id}

        assert "service_impact" in form_of(kind, bruno, acme, data=posted(**chosen, service_impact=other.pk)).errors

    def test_comes_from_urgency_and_impact(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=((F.TITLE, True), (F.URGENCY, True)), severity_source="matrix")

        form = form_of(kind, bruno, acme, data=posted(title="t", urgency="high", impact="low"))

        assert form.is_valid()
        assert (form.asked().urgency, form.asked().impact) == ("high", "low")
        assert set(form_of(kind, bruno, acme, data=posted(title="t", urgency="x")).errors) == {"urgency", "impact"}

    def test_help_for_it_breaks_no_form(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(severity_source="chosen")
        make.make_form_field(request_type=kind, standard="severity", help="Escolha com calma")

        assert form_of(kind, bruno, acme).fields["severity"].help_text == "Escolha com calma"


class TestTyped:
    def test_comes_back_whatever_kind_of_field_it_was(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=((F.TITLE, True), (F.SEVERITY, True)), severity_source="chosen")
        check = custom(kind, kind=Kind.CHECKBOX)
        several = custom(kind, kind=Kind.CHOICES, choices=["a", "b", "c"])
        total = make.severity(1)

        typed = posted(title="t", severity=total.pk, **{check: "on", several: ["a", "c"]})
        form = form_of(kind, bruno, acme, typed=typed)

        said = {name: form[name].value() for name in ("title", "severity", check, several)}
        assert said == {"title": "t", "severity": str(total.pk), check: True, several: ["a", "c"]}
        assert not form.errors

    def test_brings_back_the_impact_on_the_service(self, bruno: User, acme: Organization) -> None:
        impact = make.make_impact()
        kind = make.make_request_type(form=((F.TITLE, True), (F.PRODUCT, True)), severity_source="service")

        form = form_of(kind, bruno, acme, typed=posted(service=impact.service_id, service_impact=impact.pk))

        assert form["service_impact"].value() == str(impact.pk)


class TestErrors:
    def test_stand_in_the_order_of_the_page(self, bruno: User, acme: Organization) -> None:
        make.make_product()
        make.make_product()

        form = form_of(make.shipped_type(), bruno, acme, data=posted(title=""))

        names = [name for name in form.fields if name in form.errors]
        assert names == [
            *("title", "product", "severity", "description", "contact_name", "contact_phone", "contact_email"),
        ]


class TestOnBehalfOf:
    def test_is_for_portal_administrators_and_staff(
        self, ana: User, bruno: User, beatriz: User, acme: Organization
    ) -> None:
        kind = make.shipped_type()

        assert "on_behalf_of" not in form_of(kind, bruno, acme).fields
        assert "on_behalf_of" in form_of(kind, beatriz, acme, may_name_others=True).fields
        assert "on_behalf_of" in form_of(kind, ana, acme, for_staff=True).fields

    def test_is_oneself_unless_somebody_is_chosen(self, beatriz: User, caio: User, acme: Organization) -> None:
        kind = make.make_request_type()

        own = form_of(kind, beatriz, acme, may_name_others=True, data=posted(title="t", description="d"))
        others = form_of(
            kind, beatriz, acme, may_name_others=True, data=posted(title="t", description="d", on_behalf_of=caio.pk)
        )

        assert own.is_valid()
        assert own.asked().requester == beatriz
        assert others.is_valid()
        assert others.asked().requester == caio

    def test_47_is_nobody_of_another_organisation(self, beatriz: User, carla: User, acme: Organization) -> None:
        data = posted(title="t", description="d", on_behalf_of=carla.pk)

        form = form_of(make.make_request_type(), beatriz, acme, may_name_others=True, data=data)

        assert "on_behalf_of" in form.errors


def custom(request_type: RequestType, /, **values: Any) -> str:
    required = values.pop("is_required", False)
    made = make.make_custom_field(**values)
    make.make_form_field(request_type=request_type, custom=made, is_required=required)
    return f"custom-{made.pk}"


class TestCustomFields:
    @pytest.mark.parametrize(
        ("kind", "choices", "typed", "kept"),
        [
            (Kind.TEXT, [], " sala 2 ", "sala 2"),
            (Kind.LONG_TEXT, [], "um\ndois", "um\ndois"),
            (Kind.NUMBER, [], "12,5", Decimal("12.5")),
            (Kind.DATE, [], "2026-11-19", date(2026, 11, 19)),
            (Kind.DATE, [], "19/11/2026", date(2026, 11, 19)),
            (Kind.CHOICE, ["Térreo", "Alto"], "Alto", "Alto"),
            (Kind.CHOICES, ["Térreo", "Alto"], ["Térreo", "Alto"], ["Térreo", "Alto"]),
            (Kind.CHECKBOX, [], "on", True),
        ],
    )
    def test_are_typed(
        self, bruno: User, acme: Organization, kind: Kind, choices: list[str], typed: Any, kept: Any
    ) -> None:
        request_type = make.make_request_type(form=((F.TITLE, True),))
        name = custom(request_type, kind=kind, choices=choices)

        form = form_of(request_type, bruno, acme, data=posted(title="t", **{name: typed}))

        assert form.is_valid(), form.errors
        assert list(form.asked().answers.values()) == [kept]

    @pytest.mark.parametrize(
        ("kind", "typed"),
        [
            (Kind.NUMBER, "doze"),
            (Kind.NUMBER, "NaN"),
            (Kind.NUMBER, "1e999999"),
            (Kind.DATE, "amanhã"),
            (Kind.CHOICE, "outro"),
            (Kind.CHOICES, ["outro"]),
            (Kind.TEXT, "x" * 501),
        ],
    )
    def test_say_what_is_wrong(self, bruno: User, acme: Organization, kind: Kind, typed: Any) -> None:
        request_type = make.make_request_type(form=((F.TITLE, True),))
        name = custom(request_type, kind=kind, choices=["Térreo"])

        assert name in form_of(request_type, bruno, acme, data=posted(title="t", **{name: typed})).errors

    @pytest.mark.parametrize("kind", list(Kind))
    def test_are_required_or_not(self, bruno: User, acme: Organization, kind: Kind) -> None:
        request_type = make.make_request_type(form=((F.TITLE, True),))
        optional = custom(request_type, kind=kind, choices=["Térreo"])
        required = custom(request_type, kind=kind, choices=["Térreo"], is_required=True, name="Andar")

        errors = form_of(request_type, bruno, acme, data=posted(title="t")).errors

        assert optional not in errors
        # A contact who sees no colleagues has one person to choose: themselves.
        assert (required in errors) == (kind != Kind.PERSON)
        assert kind == Kind.PERSON or errors[required] == ["Responda “Andar”."]

    def test_name_people_of_the_organisation_only(
        self, beatriz: User, caio: User, carla: User, acme: Organization
    ) -> None:
        request_type = make.make_request_type(form=((F.TITLE, True),))
        name = custom(request_type, kind=Kind.PERSON)

        def form(person: User) -> OpeningForm:
            data = posted(title="t", **{name: person.pk})
            return form_of(request_type, beatriz, acme, may_name_others=True, data=data)

        assert form(caio).is_valid()
        assert name in form(carla).errors

    def test_name_colleagues_for_who_reaches_all_only(self, bruno: User, caio: User, acme: Organization) -> None:
        request_type = make.make_request_type(form=((F.TITLE, True),))
        name = custom(request_type, kind=Kind.PERSON)

        def form(by: User, person: User, **options: Any) -> OpeningForm:
            return form_of(request_type, by, acme, data=posted(title="t", **{name: person.pk}), **options)

        assert form(bruno, caio, reaches_all=True).is_valid()
        assert name in form(caio, bruno).errors
        assert form(caio, caio).is_valid()

    def test_show_their_own_help(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=())
        make.make_form_field(request_type=kind, standard=F.DESCRIPTION, help="Conte tudo")

        assert form_of(kind, bruno, acme).fields["description"].help_text == "Conte tudo"


class TestConditions:
    @pytest.fixture
    def kind(self) -> RequestType:
        return make.make_request_type(form=((F.TITLE, True),))

    def when(self, request_type: RequestType, decider: str, value: str, /, **values: Any) -> str:
        made = make.make_custom_field(**values)
        make.make_form_field(request_type=request_type, custom=made, is_required=True, when=[Condition(decider, value)])
        return f"custom-{made.pk}"

    def test_ask_only_when_the_other_field_has_the_value(
        self, kind: RequestType, bruno: User, acme: Organization
    ) -> None:
        place = custom(kind, kind=Kind.CHOICE, choices=["Casa", "Hospital"])
        room = self.when(kind, place, "Hospital")

        at_home = form_of(kind, bruno, acme, data=posted(title="t", **{place: "Casa", room: "escondido"}))
        at_work = form_of(kind, bruno, acme, data=posted(title="t", **{place: "Hospital"}))

        assert at_home.is_valid(), at_home.errors
        assert "escondido" not in at_home.asked().answers.values()
        assert room in at_work.errors

    def test_hide_what_hangs_on_what_is_hidden(self, kind: RequestType, bruno: User, acme: Organization) -> None:
        first = custom(kind, kind=Kind.CHECKBOX)
        second = self.when(kind, first, "on")
        third = self.when(kind, second, "x")

        form = form_of(kind, bruno, acme, data=posted(title="t", **{second: "x", third: "y"}))

        assert form.is_valid(), form.errors
        assert {second, third}.isdisjoint(form.fields)

    def test_survive_a_circle(self, kind: RequestType, bruno: User, acme: Organization) -> None:
        one, other = make.make_custom_field(), make.make_custom_field()
        for field, decider in ((one, other), (other, one)):
            make.make_form_field(request_type=kind, custom=field, when=[Condition(f"custom-{decider.pk}", "x")])

        assert form_of(kind, bruno, acme, data=posted(title="t", **{f"custom-{one.pk}": "x"})).is_valid()

    def test_never_show_what_hangs_on_a_field_of_staff(
        self, kind: RequestType, bruno: User, acme: Organization
    ) -> None:
        secret = custom(kind, is_for_customers=False)
        shown = self.when(kind, secret, "x")

        form = form_of(kind, bruno, acme, data=posted(title="t", **{secret: "x", shown: "y"}))

        assert shown not in form.fields
        assert form.is_valid()

    def test_never_show_by_is_not_what_hangs_on_a_field_of_staff(
        self, kind: RequestType, bruno: User, acme: Organization
    ) -> None:
        secret = custom(kind, is_for_customers=False)
        made = make.make_custom_field()
        make.make_form_field(request_type=kind, custom=made, when=[Condition(secret, "x", is_equal=False)])

        assert f"custom-{made.pk}" not in form_of(kind, bruno, acme, data=posted(title="t")).fields

    def test_must_all_hold(self, kind: RequestType, bruno: User, acme: Organization) -> None:
        place = custom(kind, kind=Kind.CHOICE, choices=["Casa", "Hospital"])
        box = custom(kind, kind=Kind.CHECKBOX)
        made = make.make_custom_field()
        rules = [Condition(place, "Casa", is_equal=False), Condition(box, "on")]
        make.make_form_field(request_type=kind, custom=made, is_required=True, when=rules)
        name = f"custom-{made.pk}"

        def asked(**typed: Any) -> bool:
            return name in form_of(kind, bruno, acme, data=posted(title="t", **typed)).fields

        assert [asked(), asked(**{place: "Hospital"}), asked(**{place: "Casa", box: "on"})] == [False, False, False]
        assert asked(**{place: "Hospital", box: "on"})
        assert asked(**{box: "on"})  # no answer is not "Casa"

    def test_follow_the_severity(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=((F.TITLE, True), (F.SEVERITY, True)), severity_source="chosen")
        since = self.when(kind, "severity", str(make.severity(1).pk))

        assert since in form_of(kind, bruno, acme, data=posted(title="t", severity=make.severity(1).pk)).errors
        assert form_of(kind, bruno, acme, data=posted(title="t", severity=make.severity(4).pk)).is_valid()


class TestFiles:
    def test_are_required_when_the_type_says_so(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=((F.TITLE, True), (F.ATTACHMENTS, True)))

        assert "files" in form_of(kind, bruno, acme, data=posted(title="t"), gathered=Gathered([], [])).errors

    def test_say_what_was_wrong_with_them(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=((F.TITLE, True), (F.ATTACHMENTS, False)))

        form = form_of(kind, bruno, acme, data=posted(title="t"), gathered=Gathered([], ["“a.exe” é um programa"]))

        assert form.errors["files"] == ["“a.exe” é um programa"]

    def test_are_left_out_of_a_form_without_them(self, bruno: User, acme: Organization) -> None:
        kind = make.make_request_type(form=((F.TITLE, True),))

        form = form_of(kind, bruno, acme, data=posted(title="t"), gathered=Gathered([object()], []))  # type: ignore[list-item]

        assert form.is_valid()
        assert form.asked().files == ()


class TestAsked:
    def test_143_takes_nothing_that_the_form_does_not_ask(self, bruno: User, acme: Organization, carla: User) -> None:
        data = posted(
            title="t",
            description="d",
            requester=carla.pk,
            on_behalf_of=carla.pk,
            opened_by=carla.pk,
            team="1",
            status="1",
            channel="import",
            severity=make.severity(1).pk,
            number="1",
            legacy_number="9",
        )

        form = form_of(make.make_request_type(), bruno, acme, data=data)

        assert form.is_valid(), form.errors
        asked = form.asked()
        assert (asked.requester, asked.organization, asked.channel) == (bruno, acme, Channel.PORTAL)
        assert (asked.team, asked.severity) == (None, None)

    def test_takes_what_the_page_adds(self, bruno: User, acme: Organization, ana: User) -> None:
        before = make_ticket(requester=bruno, at=timezone.now())
        form = form_of(
            make.make_request_type(),
            ana,
            acme,
            for_staff=True,
            requester=bruno,
            data=posted(title="t", description="d"),
        )

        assert form.is_valid(), form.errors
        asked = form.asked(channel=Channel.PHONE, follow_up_of=before, call_minutes=4)
        assert (asked.requester, asked.channel, asked.follow_up_of, asked.call_minutes) == (bruno, "phone", before, 4)

    def test_refuses_a_title_that_is_too_long_instead_of_cutting_it(self, bruno: User, acme: Organization) -> None:
        form = form_of(make.make_request_type(), bruno, acme, data=posted(title="x" * 201, description="d"))

        assert form.errors["title"] == ["O texto tem 201 caracteres e o limite é 200. Resuma."]
