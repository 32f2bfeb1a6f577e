import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guiche.accounts import first_access, tasks
from guiche.accounts.models import AccessRequest, LinkPurpose, User
from guiche.mail.models import OutgoingMail
from guiche.organizations.models import JoinRequest
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.organizations import make_domain, make_membership
from tests.letters_sent import letters_to, link_to
from tests.web.public.test_signin import sign_in, with_app

pytestmark = pytest.mark.django_db
PHRASE = "uma frase bem longa"
DEGENERATE = ["%20", "null", "None", "0", "undefined", "-", "A" * 42, "A" * 44, "A" * 43]
DEGENERATE += ["%00" + "A" * 42, "'" * 43, "é" * 43]
OPEN_BY_TOKEN = ["public:first-password", "public:choose-password", "public:confirm", "public:set-up"]


def answer_requests():
    """What the worker does with the requests of this test."""
    for request in AccessRequest.objects.filter(answered_at=None):
        tasks.answer_access_request(request_id=request.pk)


@pytest.fixture
def livia():
    return make_membership(user=make_user(name="Lívia Rocha", email="livia@acme.example", password=None)).user


class TestAsking:
    @pytest.mark.parametrize("path", ["/primeiro-acesso/", "/senha/"])
    def test_leads_from_the_address_to_a_session(self, client, livia, path):
        client.post(path, {"email": "Livia@acme.example"})
        answer_requests()
        link = link_to(livia.email)

        assert "Crie sua senha" in client.get(link).text
        answer = client.post(link, {"password": PHRASE})

        assert answer.status_code == 302
        assert client.get("/perfil/").status_code == 200
        assert client.get(link).status_code == 404  # case 1: once

    def test_speaks_of_other_sessions_only_where_there_may_be_some(self, client, livia):
        ended = "As outras sessões abertas são encerradas"
        client.post("/primeiro-acesso/", {"email": livia.email})
        answer_requests()
        link = link_to(livia.email)
        assert ended not in client.get(link).text

        client.post(link, {"password": PHRASE})
        client.logout()
        client.post("/senha/", {"email": livia.email})
        answer_requests()

        assert ended in client.get(link_to(livia.email)).text

    @pytest.mark.parametrize("path", ["/primeiro-acesso/", "/senha/"])
    def test_case_010_the_answer_is_the_same_for_any_address(self, livia, path):
        texts = []
        for address in ("livia@acme.example", "ninguem@acme.example"):
            client = Client()
            answer = client.post(path, {"email": address})
            text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.text).replace(address, "ADDRESS")
            texts.append((answer.status_code, text))

        assert texts[0] == texts[1]
        assert AccessRequest.objects.count() == 2  # the same work, whoever it is

    def test_case_010_no_letter_is_written_by_the_page(self, client, livia):
        client.post("/senha/", {"email": livia.email})

        assert not OutgoingMail.objects.exists()

    def test_case_151_the_page_says_nothing_of_the_limit(self, client, livia):
        answers = {client.post("/senha/", {"email": livia.email}).status_code for _ in range(8)}
        answer_requests()

        assert answers == {200}
        assert len(letters_to(livia.email)) == 3

    @pytest.mark.parametrize("headers", [{"x-forwarded-host": "evil.example"}, {"forwarded": "host=evil.example"}])
    def test_case_011_the_link_is_of_the_installation(self, client, livia, headers):
        client.post("/senha/", {"email": livia.email}, headers=headers)
        answer_requests()

        assert "http://127.0.0.1:8000/" in letters_to(livia.email)[0].text
        assert "evil" not in letters_to(livia.email)[0].text

    def test_case_119_a_foreign_host_is_refused(self, client):
        assert client.get("/entrar/", headers={"host": "evil.example"}).status_code == 400

    def test_says_what_is_wrong_with_an_address_and_keeps_it(self, client):
        answer = client.post("/senha/", {"email": "livia"})

        assert answer.status_code == 422
        assert "Falta o @" in answer.text
        assert 'value="livia"' in answer.text

    def test_case_004_a_letter_goes_to_one_address(self, client, livia):
        client.post("/senha/", {"email": f"{livia.email}, mal@evil.example"})

        assert not AccessRequest.objects.exists()


class TestLinks:
    def test_the_addresses_in_letters_are_those_of_the_site(self):
        token = "A" * 43
        routes = {
            LinkPurpose.SETUP: "public:set-up",
            LinkPurpose.INVITATION: "public:first-password",
            LinkPurpose.FIRST_ACCESS: "public:first-password",
            LinkPurpose.NEW_PASSWORD: "public:choose-password",
            LinkPurpose.CONFIRM_ADDRESS: "public:confirm",
        }

        assert {purpose: path % token for purpose, path in first_access.PATHS.items()} == {
            purpose: reverse(route, args=[token]) for purpose, route in routes.items()
        }

    @pytest.mark.parametrize("route", OPEN_BY_TOKEN)
    def test_case_002_degenerate_tokens_are_answered_alike(self, client, route):
        make_user(password=None)
        place = reverse(route, args=["TOKEN"])
        texts = set()
        for token in DEGENERATE:
            for answer in (client.get(place.replace("TOKEN", token)), client.post(place.replace("TOKEN", token))):
                assert answer.status_code == 404
                texts.add(re.sub(r'(value|action)="[^"]*"', "", answer.text))

        assert len(texts) == 1

    def test_case_014_a_new_password_does_not_skip_the_second_step(self, client):
        bruno = make_membership(user=make_user(email="bruno@acme.example")).user
        with_app(bruno)
        token = first_access.issue(LinkPurpose.NEW_PASSWORD, user=bruno, at=timezone.now())

        answer = client.post(f"/senha/nova/{token}/", {"password": PHRASE})

        assert answer["Location"] == "/entrar/segundo-fator/"
        assert client.get("/perfil/").status_code == 302

    def test_case_160_a_new_password_ends_every_session(self, client):
        bruno = make_membership().user
        sign_in(client, bruno)
        token = first_access.issue(LinkPurpose.NEW_PASSWORD, user=bruno, at=timezone.now())

        Client().post(f"/senha/nova/{token}/", {"password": PHRASE})

        assert client.get("/perfil/").status_code == 302
        assert any("senha foi trocada" in mail.subject for mail in letters_to(bruno.email))

    def test_case_158_the_session_is_new(self, client, livia):
        client.get("/entrar/")
        planted = client.session
        planted.save()
        client.cookies["guiche"] = planted.session_key
        token = first_access.issue(LinkPurpose.INVITATION, user=livia, at=timezone.now())

        client.post(f"/primeiro-acesso/{token}/", {"password": PHRASE})

        assert client.cookies["guiche"].value != planted.session_key

    def test_a_weak_password_is_refused_and_not_shown_again(self, client, livia):
        token = first_access.issue(LinkPurpose.INVITATION, user=livia, at=timezone.now())

        answer = client.post(f"/primeiro-acesso/{token}/", {"password": "livia2026"})

        assert answer.status_code == 422
        assert "livia2026" not in answer.text
        assert client.get(f"/primeiro-acesso/{token}/").status_code == 200

    def test_case_007_the_old_password_and_session_are_worth_nothing_after_an_arrival(self, client, livia):
        livia.set_password(PASSWORD)
        livia.save()
        thief = Client()
        sign_in(thief, livia)
        token = first_access.issue(LinkPurpose.INVITATION, user=livia, at=timezone.now())

        client.post(f"/primeiro-acesso/{token}/", {"password": PHRASE})

        assert thief.get("/perfil/").status_code == 302
        assert sign_in(Client(), livia).status_code == 422


class TestRegistration:
    def fields(self, **values):
        return {"name": "Rita Sá", "email": "rita@acme.example", "company": "Acme", **values}

    def test_a_verified_domain_leads_in(self, client):
        make_domain(name="acme.example")
        client.post("/cadastro/", self.fields())
        answer_requests()

        answer = client.post(link_to("rita@acme.example"), {"password": PHRASE})

        assert answer.status_code == 302
        assert User.objects.get(email="rita@acme.example").memberships.count() == 1

    def test_another_one_leads_to_a_request(self, client):
        client.post("/cadastro/", self.fields())
        answer_requests()

        answer = client.post(link_to("rita@acme.example"))

        assert "Pedido enviado" in answer.text
        assert JoinRequest.objects.waiting().get().email == "rita@acme.example"

    def test_case_143_what_else_is_sent_is_left_aside(self, client):
        make_domain(name="acme.example")
        extra = {"roles": "administrator", "is_active": "1", "organization": "1", "reach": "all", "is_staff": "1"}
        client.post("/cadastro/", self.fields(**extra))
        answer_requests()
        client.post(link_to("rita@acme.example"), {"password": PHRASE, **extra})

        rita = User.objects.get(email="rita@acme.example")

        assert (rita.roles, rita.memberships.get().reach) == ([], "own")


class TestSetUp:
    def test_makes_the_first_administrator_and_closes(self, client):
        path = first_access.setup_link(timezone.now()).removeprefix("http://127.0.0.1:8000")
        assert client.get(path).status_code == 200

        values = {"name": "Elisa Prado", "email": "elisa@lume.example", "password": PHRASE}
        answer = client.post(path, values)

        assert answer.status_code == 302
        assert User.objects.get(email="elisa@lume.example").roles == ["administrator"]
        assert client.get(path).status_code == 404  # case 19

    def test_case_019_is_gone_once_somebody_administers(self, client):
        path = first_access.setup_link(timezone.now()).removeprefix("http://127.0.0.1:8000")
        make_user(roles=["administrator"])

        assert client.get(path).status_code == 404
        assert client.post(path, {"name": "X Y", "email": "x@y.example", "password": PHRASE}).status_code == 404


class TestHealth:
    def test_answers_without_a_session(self, client):
        assert [client.get(path).status_code for path in ("/livez", "/readyz")] == [200, 200]
        assert "guiche" not in client.cookies


def test_nothing_else_of_the_library_is_mounted():
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/login/", "/accounts/password/reset/", "/signup/"):
        assert Client().get(path).status_code in {302, 404}
        assert not Client().get(path).headers.get("Location", "/entrar/").startswith("/accounts")
