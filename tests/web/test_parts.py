"""guiche/web/templates/parts, controls.py and typeahead.py: what macros draw."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from guiche.installation import models as installation
from guiche.web import controls, jinja, typeahead
from tests.web import gallery

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "circle"}


class Outline(HTMLParser):
    """Collects ids, references to ids, and tags that do not close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.references: set[str] = set()
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.attributes += [name for name, _ in attrs]
        if named.get("id"):
            self.ids.append(str(named["id"]))
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "popovertarget"):
            self.references.update((named.get(name) or "").split())
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


@pytest.fixture
def request_(rf: RequestFactory, monkeypatch: pytest.MonkeyPatch) -> HttpRequest:
    row = installation.Installation(pk=1, name="Lume", tagline="Suporte", brand_hue=20)
    monkeypatch.setattr(installation, "current", lambda: row)
    request = rf.get("/")
    request.user = AnonymousUser()
    request.user.name, request.user.works_here = "Marina Duarte", False  # type: ignore[attr-defined]  # what a person has
    request.htmx = False  # type: ignore[attr-defined]  # as the middleware of django_htmx
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # as the middleware of messages
    return request


@pytest.fixture
def html(request_: HttpRequest) -> str:
    with translation.override("pt-br"):
        return gallery.page(request_)


def rendered(source: str, **context: Any) -> str:
    with translation.override("pt-br"):
        return str(engines["jinja2"].from_string(source).render(context))


class TestGallery:
    def test_closes_what_it_opens(self, html: str) -> None:
        assert Outline(html).open == []

    def test_points_only_at_what_is_there(self, html: str) -> None:
        outline = Outline(html)

        assert outline.references - {"dialogo-titulo"} <= set(outline.ids)  # arrives with what the dialog shows

    def test_has_no_code_or_style_in_the_page(self, html: str) -> None:
        outline = Outline(html)

        assert not [name for name in outline.attributes if name == "style" or name.startswith("on") or name == "hx-on"]
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)

    def test_escapes_what_was_typed(self, html: str) -> None:
        assert "Impressora &lt;b&gt;" in html
        assert "Impressora <b>" not in html

    def test_speaks_portuguese(self, html: str) -> None:
        assert "Pular para o conteúdo" in html
        assert "(opcional)" in html
        assert "<title>Erro: Componentes · Lume Suporte</title>" in html

    def test_tells_the_header_of_the_brand_it_shows(self, html: str, request_: HttpRequest) -> None:
        assert "<style>:root{--brand-h:20;--brand-c:0.075}</style>" in html
        assert request_.style_source.startswith("'sha256-")  # type: ignore[attr-defined]  # set by brand.style


class TestField:
    FIELD = '{% from "parts/field.html" import field %}{{ field(form[name]) }}'

    def test_ties_help_and_error_to_the_box(self) -> None:
        form = gallery.EveryKind({"title": ""})

        answer = rendered(self.FIELD, form=form, name="title")

        assert 'aria-describedby="id_title-help id_title-error"' in answer
        assert 'aria-invalid="true"' in answer
        assert 'for="id_title"' in answer

    def test_leaves_the_checking_to_the_server(self) -> None:
        answer = rendered(self.FIELD, form=gallery.EveryKind(), name="title")

        assert "required" not in answer
        assert "maxlength" not in answer

    def test_never_gives_a_password_back(self) -> None:
        answer = rendered(self.FIELD, form=gallery.EveryKind({"secret": "segredo"}), name="secret")

        assert "segredo" not in answer
        assert 'autocomplete="current-password"' in answer

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("title", "text"),
            ("email", "email"),
            ("phone", "tel"),
            ("days", "number"),
            ("on", "date"),
            ("product", "select"),
            ("reach", "radios"),
            ("roles", "checks"),
            ("keep", "check"),
            ("sheet", "file"),
            ("text", "textarea"),
            ("secret", "password"),
            ("hidden", "hidden"),
        ],
    )
    def test_knows_every_kind(self, name: str, kind: str) -> None:
        assert controls.control(gallery.EveryKind()[name]).kind == kind

    def test_keeps_what_was_chosen(self) -> None:
        form = gallery.EveryKind({"product": "r", "roles": ["a", "s"], "keep": "on"})

        assert '<option value="r" selected>' in rendered(self.FIELD, form=form, name="product")
        assert rendered(self.FIELD, form=form, name="roles").count(" checked") == 2
        assert " checked" in rendered(self.FIELD, form=form, name="keep")

    def test_writes_a_date_as_the_box_wants_it(self) -> None:
        form = gallery.EveryKind(initial={"on": gallery.timezone.now().date().replace(2025, 3, 9)})

        assert 'value="2025-03-09"' in rendered(self.FIELD, form=form, name="on")

    def test_starts_a_text_on_its_own_line(self) -> None:
        form = gallery.EveryKind(initial={"text": "\nSegunda linha"})

        assert ">\n\nSegunda linha</textarea>" in rendered(self.FIELD, form=form, name="text")


class TestErrorSummary:
    def test_links_each_error_to_its_field(self) -> None:
        answer = rendered(
            '{% from "parts/error_summary.html" import error_summary %}{{ error_summary(form) }}',
            form=gallery.refused_form(),
        )

        assert 'href="#id_email"' in answer
        assert "Este chamado mudou" in answer
        assert "<b>Falta corrigir 5 informações</b>" in answer

    def test_is_nothing_for_a_form_in_order(self) -> None:
        answer = rendered(
            '{% from "parts/error_summary.html" import error_summary %}{{ error_summary(form) }}',
            form=gallery.EveryKind(),
        )

        assert answer.strip() == ""


class TestPill:
    def test_shows_the_customer_the_customers_name(self) -> None:
        status = gallery.Status(name="Em triagem", customer_name="Aberto", family="new")
        source = '{% from "parts/status.html" import pill %}{{ pill(status) }}|{{ pill(status, for_staff=true) }}'

        for_customer, for_staff = rendered(source, status=status).split("|")

        assert "Aberto" in for_customer
        assert "triagem" not in for_customer
        assert "Em triagem" in for_staff


class TestMark:
    @pytest.mark.parametrize(
        ("label", "text", "marked"),
        [
            ("Brother 8080DN", "8080", "Brother <mark>8080</mark>DN"),
            ("Impressão", "impressao", "<mark>Impressão</mark>"),
            ("<b>", "b", "&lt;<mark>b</mark>&gt;"),
            ("PACS", "", "PACS"),
            ("PACS", "zz", "PACS"),
        ],
    )
    def test_underlines_where_it_fits(self, label: str, text: str, marked: str) -> None:
        assert typeahead.mark(label, text) == marked


class TestDoor:
    def test_is_nothing_where_no_area_exists(self) -> None:
        assert jinja.door("nowhere:at-all") == ""


class TestUndefined:
    def test_a_name_that_was_not_given_raises(self) -> None:
        with pytest.raises(Exception, match="nothing_here"):
            rendered("{{ nothing_here }}")


class TestComboboxOfferings:
    def test_offers_what_fits_when_the_text_fits_several(self) -> None:
        chosen = typeahead.Chosen("", "pac", (typeahead.Row("1", "PACS"), typeahead.Row("2", "Pacote")))
        form = gallery.EveryKind()
        form.fields["title"].chosen = lambda _: chosen  # type: ignore[attr-defined]  # as TypeaheadField
        answer = rendered(
            '{% from "parts/combobox.html" import combobox %}{{ combobox(form["title"], "/busca/") }}', form=form
        )

        assert answer.count('type="radio"') == 2
        assert 'type="hidden"' not in answer
        assert 'value="pac"' in answer


def test_every_person_has_one_tone() -> None:
    people = [SimpleNamespace(pk=number) for number in range(8)]

    assert {jinja.avatar_tone(person.pk) for person in people} == {"brand", "info", "work", "ok"}
    assert jinja.avatar_tone(5) == jinja.avatar_tone(5)
