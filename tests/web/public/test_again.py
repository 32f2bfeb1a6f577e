"""A form whose page was too old: nothing that was typed is lost, and nothing is offered to a page from elsewhere."""

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver

from guiche.tickets.models import Comment
from guiche.web.portal import tickets as pages
from guiche.web.public.again import SECRET
from tests.factories.accounts import PASSWORD
from tests.factories.tickets import make_ticket

pytestmark = pytest.mark.django_db
HERE = "http://testserver"
WORDS = "O exame 4471 não abre.\nSó o da tarde, “de novo” & <b>sempre</b>."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ticket(bruno):
    return make_ticket(requester=bruno)


@pytest.fixture
def browser(bruno, settings):
    """Bruno's, which checks tokens as the product does."""
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    client = Client(enforce_csrf_checks=True, headers={"origin": HERE})
    client.force_login(bruno)
    return client


def token_of(browser, path):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(path).text)[1]


@pytest.fixture
def stale(browser, ticket):
    """The token of a page that was open before Bruno signed in once more, on another tab."""
    token = token_of(browser, f"/chamados/{ticket.number}/")
    browser.cookies["guiche-csrf"] = "n" * 32
    return token


def comment(browser, ticket, token, **more):
    headers = more.pop("headers", {})
    values = {"csrfmiddlewaretoken": token, "body": WORDS, **more}
    return browser.post(f"/chamados/{ticket.number}/comentar/", values, headers=headers)


def offered_by(page):
    """Return the address and the fields of the form that a page offers to send again."""
    form = page.split('id="digitado"')[1]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return re.search(r'action="([^"]+)"', form)[1], {name: unescape(value) for name, value in fields}


class TestStaleForm:
    def test_shows_what_was_typed_and_sends_it_again(self, browser, ticket, stale, bruno):
        answer = comment(browser, ticket, stale)

        assert answer.status_code == 403
        assert "Enviar de novo" in answer.text
        assert f"como {bruno.name}" in answer.text
        address, fields = offered_by(answer.text)
        assert browser.post(address, fields).status_code == 302
        assert Comment.objects.filter(ticket=ticket, body=WORDS, author=bruno).count() == 1

    def test_what_was_typed_is_no_markup(self, browser, ticket, stale):
        page = comment(browser, ticket, stale).text

        assert "<b>sempre</b>" not in page
        assert "&lt;b&gt;sempre&lt;/b&gt;" in page

    def test_names_the_files_that_it_cannot_keep(self, browser, ticket, stale):
        files = [SimpleUploadedFile("captura.png", b"x"), SimpleUploadedFile('"><script>.pdf', b"x")]

        page = comment(browser, ticket, stale, files=files).text

        assert "captura.png" in page
        assert "sem os arquivos" in page
        assert "<script>." not in page

    def test_to_htmx_it_is_a_notice_and_a_fresh_token(self, browser, ticket, stale):
        answer = comment(browser, ticket, stale, headers=HTMX)

        token = json.loads(answer["HX-Trigger"])["token-renewed"]["token"]
        assert "envie mais uma vez" in answer.text
        assert WORDS not in unescape(answer.text)
        comment(browser, ticket, token, headers=HTMX)
        assert Comment.objects.filter(ticket=ticket, body=WORDS).exists()

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "https://evil.example"},
            {"origin": "null"},
            {"origin": ""},
            {"origin": f"{HERE}.evil.example"},
            {"origin": f"{HERE}:8080"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
        ],
    )
    @pytest.mark.parametrize("more", [{}, HTMX])
    def test_case_115_from_elsewhere_nothing_is_offered(self, browser, ticket, stale, headers, more):
        answer = comment(browser, ticket, stale, headers={**headers, **more})

        assert answer.status_code == 403
        assert "HX-Trigger" not in answer
        assert "O exame 4471" not in answer.text

    def test_case_115_without_an_origin_nothing_is_offered(self, bruno, ticket, stale):
        plain = Client(enforce_csrf_checks=True)
        plain.force_login(bruno)
        plain.cookies["guiche-csrf"] = "n" * 32

        assert "O exame 4471" not in comment(plain, ticket, stale).text

    def test_case_115_without_its_cookie_nothing_is_offered(self, browser, ticket, stale):
        del browser.cookies["guiche-csrf"]

        assert "O exame 4471" not in comment(browser, ticket, stale).text

    @pytest.mark.parametrize("token", ["", "x", "é" * 32, "a" * 5000])
    def test_case_115_what_never_was_a_token_is_no_old_one(self, browser, ticket, stale, token):
        answer = comment(browser, ticket, token)

        assert answer.status_code == 403
        assert not Comment.objects.filter(body=WORDS).exists()

    def test_no_password_is_shown_again(self, browser, stale):
        values = {"csrfmiddlewaretoken": stale, "old": PASSWORD, "new": "frase-nova-do-bruno"}

        page = browser.post("/perfil/senha/", values).text

        assert PASSWORD not in page
        assert "frase-nova" not in page
        assert "digitado" not in page

    def test_leads_nowhere_else(self, browser, stale):
        answer = browser.post("//evil.example/comentar/", {"csrfmiddlewaretoken": stale, "body": WORDS})

        assert 'action="//' not in answer.text


class TestGate:
    def test_who_signed_in_on_another_tab_goes_in(self, browser, stale):
        values = {"csrfmiddlewaretoken": stale, "email": "bruno@acme.example", "password": PASSWORD}

        assert browser.post("/entrar/", values)["Location"] == "/"
        assert browser.post("/entrar/", {**values, "next": "/chamados/"})["Location"] == "/chamados/"
        assert browser.post("/entrar/", {**values, "next": "//evil.example/"})["Location"] == "/"
        assert browser.post("/entrar/segundo-fator/", {"csrfmiddlewaretoken": stale, "code": "1"})["Location"] == "/"

    def test_who_did_not_keeps_the_e_mail_and_types_the_password(self, browser, stale):
        browser.cookies.pop("guiche")

        values = {"email": "bruno@acme.example", "password": PASSWORD, "next": "/x/"}
        answer = browser.post("/entrar/", {"csrfmiddlewaretoken": stale, **values})

        assert answer.status_code == 403
        assert 'value="bruno@acme.example"' in answer.text
        assert 'name="next" value="/x/"' in answer.text
        assert PASSWORD not in answer.text


class TestDatabaseAway:
    def test_case_229_what_was_typed_is_on_the_page(self, browser, ticket, monkeypatch, stale):
        token = token_of(browser, f"/chamados/{ticket.number}/")

        def away(*args, **values):
            raise OperationalError("the connection is lost")

        with monkeypatch.context() as during:
            during.setattr(pages.conversation, "comment", away)
            browser.raise_request_exception = False
            answer = comment(browser, ticket, token)

        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        address, fields = offered_by(answer.text)
        assert browser.post(address, fields).status_code == 302
        assert Comment.objects.filter(ticket=ticket, body=WORDS).count() == 1


class TestSessionOver:
    def test_a_plain_form_is_shown_and_sent_after_signing_in(self, browser, ticket, bruno, settings):
        token = token_of(browser, f"/chamados/{ticket.number}/")
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        answer = comment(browser, ticket, token)

        assert answer.status_code == 403
        assert "Sua sessão terminou" in answer.text
        address, fields = offered_by(answer.text)
        browser.force_login(bruno)
        browser.cookies["guiche-csrf"] = "n" * 32  # as signing in on the other tab left it
        once_more = browser.post(address, fields)
        assert f"como {bruno.name}" in once_more.text
        assert browser.post(*offered_by(once_more.text)).status_code == 302
        assert Comment.objects.filter(ticket=ticket, body=WORDS, author=bruno).count() == 1

    def test_case_115_from_elsewhere_it_is_the_gate_alone(self, browser, ticket, settings):
        token = token_of(browser, f"/chamados/{ticket.number}/")
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        answer = comment(browser, ticket, token, headers={"sec-fetch-site": "cross-site"})

        assert answer.status_code == 302
        assert answer["Location"].startswith("/entrar/")

    def test_no_password_is_shown(self, browser, ticket, settings):
        token = token_of(browser, f"/chamados/{ticket.number}/")
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        answer = browser.post("/perfil/senha/", {"csrfmiddlewaretoken": token, "old": PASSWORD, "new": "frase-nova"})

        assert answer.status_code == 302

    def test_where_nothing_was_written_it_is_the_gate_alone(self, browser, ticket, settings):
        token = token_of(browser, f"/chamados/{ticket.number}/")
        del browser.cookies[settings.SESSION_COOKIE_NAME]
        answer = browser.post("/arquivos/", {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("a.txt", b"x")})

        assert answer.status_code == 302


def _kinds(of: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for kind in of.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _is_secret(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.PasswordInput)


def test_every_box_of_a_secret_is_named() -> None:
    """A form that gets a password under a new name must not give it back."""
    assert get_resolver().url_patterns  # every form of every door is there
    ours = {kind for kind in _kinds(forms.BaseForm) if kind.__module__.startswith("guiche.")}
    boxes = {name for kind in ours for name, field in getattr(kind, "base_fields", {}).items() if _is_secret(field)}

    assert boxes >= {"password", "old", "new"}
    assert boxes - SECRET == set()
