import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guiche.accounts.models import User
from guiche.core import spreadsheets
from guiche.organizations import tasks
from guiche.organizations.models import Membership, PeopleImport
from guiche.web.portal import people_export
from tests.factories.accounts import make_user
from tests.factories.organizations import make_domain, make_membership, make_organization, make_site
from tests.letters_sent import letters_to

pytestmark = pytest.mark.django_db
PAGES = ["", "nova/", "importar/", "importar/modelo.csv", "pedidos/"]


@pytest.fixture
def acme():
    organization = make_organization(name="Acme")
    make_domain(organization=organization, name="acme.example")
    return organization


@pytest.fixture
def bia(client, acme):
    """The portal administrator of Acme, signed in."""
    user = make_user(name="Beatriz Melo")
    make_membership(user=user, organization=acme, is_portal_administrator=True)
    client.force_login(user)
    return user


def as_(user):
    browser = Client()
    browser.force_login(user)
    return browser


def comparable(text):
    """A page without what differs at each request."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def a_list(*lines, name="lista.csv"):
    return SimpleUploadedFile(name, "\n".join(["nome;e-mail;unidade;alcance", *lines]).encode())


class TestDoor:
    @pytest.mark.parametrize("page", PAGES)
    def test_only_who_administers_enters(self, acme, page):
        caio = make_membership(organization=acme).user
        ana = make_user(roles=["agent", "administrator"])

        statuses = [as_(user).get(f"/organizacao/pessoas/{page}").status_code for user in (caio, ana)]

        assert statuses == [403, 403]
        assert Client().get(f"/organizacao/pessoas/{page}").status_code == 302

    @pytest.mark.parametrize("page", PAGES)
    def test_opens_for_the_administrator(self, client, bia, page):
        assert client.get(f"/organizacao/pessoas/{page}").status_code == 200

    @pytest.mark.parametrize("act", ["", "email/", "acesso/", "convite/"])
    def test_case_166_somebody_of_another_organisation_does_not_exist(self, client, bia, act):
        foreign = make_membership(organization=make_organization())
        before = Membership.objects.filter(pk=foreign.pk).values().get()
        values = {"reach": "all", "role": "administrator", "email": "tomado@acme.example", "end": "1"}

        real = client.post(f"/organizacao/pessoas/{foreign.pk}/{act}", values)
        none = client.post(f"/organizacao/pessoas/999999/{act}", values)

        assert (real.status_code, none.status_code) == (404, 404)
        assert comparable(real.text) == comparable(none.text)
        assert Membership.objects.filter(pk=foreign.pk).values().get() == before

    def test_carla_is_on_no_page_of_acme(self, client, bia):
        carla = make_membership(user=make_user(name="Carla CANARY-B", email="carla@outra.example")).user

        pages = "".join(
            client.get(f"/organizacao/pessoas/{page}").text for page in ["", "?q=carla", "?situacao=ativas", "pedidos/"]
        )

        assert "CANARY" not in pages
        assert carla.email not in pages


class TestList:
    def test_costs_the_same_with_one_and_with_many(self, client, bia, acme, django_assert_max_num_queries):
        make_site(organization=acme)
        for _ in range(30):
            make_membership(organization=acme)

        with django_assert_max_num_queries(12):
            page = client.get("/organizacao/pessoas/")

        assert page.text.count('<tr role="row"') == 26  # 25 and the header
        assert 'rel="next"' in page.text

    def test_finds_without_accents_and_filters(self, client, bia, acme):
        make_membership(user=make_user(name="Lívia Rocha", password=None), organization=acme)

        assert "Lívia Rocha" in client.get("/organizacao/pessoas/?q=livia").text
        assert "Lívia Rocha" in client.get("/organizacao/pessoas/?situacao=convidadas").text
        assert "Lívia Rocha" not in client.get("/organizacao/pessoas/?situacao=ativas").text

    @pytest.mark.parametrize(
        "query", ["unidade=abc", "alcance=x", "situacao=x", "p=%00", "q=%25_%27", "unidade=9999999999999"]
    )
    def test_case_139_odd_filters_are_only_odd(self, client, bia, query):
        assert client.get(f"/organizacao/pessoas/?{query}").status_code == 200

    def test_says_no_term_of_an_invitation_that_was_taken_back(self, client, bia):
        client.post("/organizacao/pessoas/nova/", {"name": "Rita Reis", "email": "rita@acme.example", "reach": "own"})
        place = Membership.objects.get(user__email="rita@acme.example")
        assert "vale até" in client.get("/organizacao/pessoas/").text

        client.post(f"/organizacao/pessoas/{place.pk}/acesso/", {"end": "1"})

        assert "vale até" not in client.get("/organizacao/pessoas/").text

    def test_counts_one_person_as_one(self, client, bia):
        shown = client.get("/organizacao/pessoas/").text

        assert "Uma pessoa</span>" in shown
        assert "1 pessoas" not in shown


class TestExport:
    PATH = "/organizacao/pessoas/exportar.csv"

    @pytest.fixture
    def lines(self, client, bia):
        """The rows of the file under some filters."""

        def read(query=""):
            answer = client.get(f"{self.PATH}?{query}")
            assert answer.status_code == 200
            return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))

        return read

    def test_says_what_the_list_says(self, lines, acme):
        site = make_site(organization=acme, name="Laboratório")
        person = make_user(name="Lívia Rocha", email="livia@acme.example", phone="(11) 5555-0100")
        person.last_login = datetime(2026, 11, 20, 15, 5, tzinfo=UTC)
        person.save(update_fields=["last_login"])
        make_membership(user=person, organization=acme, site=site, reach="unit")

        header, _bia, livia = lines()

        assert header[:3] == ["Pessoa", "E-mail", "Telefone"]
        assert livia[:4] == ["Lívia Rocha", "livia@acme.example", "(11) 5555-0100", "Laboratório"]
        assert livia[4:] == ["A unidade", "Abre e acompanha", "Ativa", "2026-11-20 12:05", ""]

    def test_says_until_when_an_invitation_holds(self, client, lines, acme):
        client.post("/organizacao/pessoas/nova/", {"name": "Rita Reis", "email": "rita@acme.example", "reach": "own"})

        rita = lines("q=rita")[1]

        assert rita[6] == "Convite enviado"
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", rita[8])

    @pytest.mark.parametrize(
        "query",
        ["", "q=livia", "situacao=convidadas", "situacao=ativas", "alcance=unit", "unidade=x&situacao=suspensas"],
    )
    def test_takes_who_is_shown_and_nobody_else(self, client, lines, acme, query):
        make_membership(user=make_user(name="Lívia Rocha", password=None), organization=acme)
        make_membership(user=make_user(name="Otto Paz"), organization=acme, reach="unit")
        make_membership(user=make_user(name="Ivo Lima"), organization=acme, is_active=False)
        make_membership(user=make_user(name="Alheia"), organization=make_organization(name="Bela"))

        shown = client.get(f"/organizacao/pessoas/?{query}").text
        names = {"Beatriz Melo", "Lívia Rocha", "Otto Paz", "Ivo Lima", "Alheia"}
        listed = {name for name in names if re.search(rf'pessoas/\d+/">{name}</a>', shown)}

        assert {row[0] for row in lines(query)[1:]} == listed
        assert "Alheia" not in listed
        if listed:
            assert f'href="{self.PATH}{"?" if query else ""}{query.replace("&", "&amp;")}"' in shown

    def test_takes_every_page_in_the_order_of_the_list(self, lines, acme, django_assert_max_num_queries):
        for number in range(30):
            make_membership(user=make_user(name=f"Pessoa {29 - number:02}"), organization=acme)

        with django_assert_max_num_queries(12):
            found = lines()

        assert [row[0] for row in found[1:]] == ["Beatriz Melo", *(f"Pessoa {number:02}" for number in range(30))]

    def test_runs_nothing_that_somebody_wrote(self, client, bia, acme):
        site = make_site(organization=acme, name="@SUM(1)")
        make_membership(user=make_user(name='=HYPERLINK("http://x.example")'), organization=acme, site=site)

        text = client.get(self.PATH).content.decode("utf-8-sig")

        assert "'=HYPERLINK" in text
        assert "'@SUM(1)" in text
        assert not re.search(r"(^|;)\"?[=@]", text, re.MULTILINE)

    def test_says_that_there_is_more(self, lines, acme, monkeypatch):
        monkeypatch.setattr(people_export, "MOST_EXPORTED", 1)
        make_membership(organization=acme)

        found = lines()

        assert len(found) == 3
        assert found[2][0].startswith("Há mais: este arquivo leva as primeiras 1 pessoas")

    def test_only_who_administers_takes_it_and_no_one_keeps_it(self, client, bia, acme):
        caio = make_membership(organization=acme).user

        assert as_(caio).get(self.PATH).status_code == 403
        assert client.post(self.PATH).status_code == 405
        assert client.get(self.PATH)["Cache-Control"] == "private, no-store"
        assert re.search(r'"pessoas-\d{4}-\d\d-\d\d\.csv"', client.get(self.PATH)["Content-Disposition"])


class TestInvite:
    fields = {"name": "Rita Sá", "email": "rita@acme.example", "reach": "own"}

    def test_sends_the_invitation(self, client, bia, acme):
        answer = client.post("/organizacao/pessoas/nova/", self.fields)

        assert answer.status_code == 302
        assert Membership.objects.get(user__email="rita@acme.example").organization == acme
        assert letters_to("rita@acme.example")

    def test_keeps_what_was_typed(self, client, bia):
        answer = client.post("/organizacao/pessoas/nova/", {**self.fields, "email": "rita"})

        assert answer.status_code == 422
        assert 'value="Rita Sá"' in answer.text
        assert "Falta o @" in answer.text

    def test_case_166_posting_more_gives_no_more(self, client, bia, acme):
        extra = {"roles": "administrator", "organization": "1", "is_staff": "1", "is_active": "1", "works_here": "1"}

        client.post("/organizacao/pessoas/nova/", {**self.fields, **extra})

        rita = User.objects.get(email="rita@acme.example")
        assert rita.roles == []
        assert [place.organization for place in rita.memberships.all()] == [acme]

    def test_case_166_a_unit_of_another_organisation_is_refused(self, client, bia):
        answer = client.post("/organizacao/pessoas/nova/", {**self.fields, "site": make_site().pk})

        assert answer.status_code == 422
        assert not User.objects.filter(email="rita@acme.example").exists()


class TestPerson:
    def test_gets_another_reach(self, client, bia, acme):
        caio = make_membership(organization=acme)

        client.post(f"/organizacao/pessoas/{caio.pk}/", {"reach": "all", "role": "administrator"})

        caio.refresh_from_db()
        assert (caio.reach, caio.is_portal_administrator) == ("all", True)

    def test_loses_access_at_once(self, client, bia, acme):
        caio = make_membership(organization=acme)
        browser = as_(caio.user)
        assert browser.get("/perfil/").status_code == 200

        client.post(f"/organizacao/pessoas/{caio.pk}/acesso/", {"end": "1"})

        assert browser.get("/perfil/").status_code == 302
        client.post(f"/organizacao/pessoas/{caio.pk}/acesso/", {"restore": "1"})
        assert as_(caio.user).get("/perfil/").status_code == 200

    def test_gets_another_address_and_both_are_told(self, client, bia, acme):
        caio = make_membership(organization=acme, user=make_user(email="caio@acme.example"))

        client.post(f"/organizacao/pessoas/{caio.pk}/email/", {"email": "caio.lima@acme.example"})

        assert letters_to("caio@acme.example")
        assert letters_to("caio.lima@acme.example")

    def test_says_what_is_wrong_with_the_address(self, client, bia, acme):
        caio = make_membership(organization=acme)

        answer = client.post(f"/organizacao/pessoas/{caio.pk}/email/", {"email": "caio@outra.example"})

        assert answer.status_code == 422
        assert "caio@outra.example" in answer.text

    def test_is_invited_again(self, client, bia, acme):
        caio = make_membership(organization=acme, user=make_user(password=None))

        client.post(f"/organizacao/pessoas/{caio.pk}/convite/")
        client.post(f"/organizacao/pessoas/{caio.pk}/convite/")

        assert len(letters_to(caio.user.email)) == 2

    def test_case_166_is_not_oneself(self, client, bia):
        own = bia.memberships.get()

        answers = [
            client.post(f"/organizacao/pessoas/{own.pk}/acesso/", {"end": "1"}),
            client.post(f"/organizacao/pessoas/{own.pk}/email/", {"email": "outra@acme.example"}),
        ]

        assert "Esta pessoa é você" in client.get(f"/organizacao/pessoas/{own.pk}/").text
        assert all(answer.status_code in {403, 422} for answer in answers)
        bia.refresh_from_db()
        assert (bia.email != "outra@acme.example", bia.memberships.get().is_active) == (True, True)


class TestImport:
    def test_shows_what_comes_in_and_why_the_rest_does_not(self, client, bia):
        place = client.post(
            "/organizacao/pessoas/importar/", {"file": a_list("Rita;rita@acme.example", "X Y;x@gmail.com")}
        )

        page = client.get(place["Location"]).text

        assert "rita@acme.example" in page
        assert "provedor público" in page
        assert not User.objects.filter(email="rita@acme.example").exists()

    def test_brings_the_good_lines_in_and_reports(self, client, bia, acme):
        path = client.post(
            "/organizacao/pessoas/importar/", {"file": a_list("Rita;rita@acme.example", "Davi;davi@acme.example", ";x")}
        )["Location"]
        client.post(path, {"invite": "on"})
        assert client.post(path).status_code == 422  # once

        tasks.apply_people_import(import_id=PeopleImport.objects.get().pk)
        tasks.apply_people_import(import_id=PeopleImport.objects.get().pk)

        assert Membership.objects.filter(organization=acme).count() == 3
        assert len(letters_to("rita@acme.example")) == 1
        assert "2 pessoas incluídas" in client.get(path).text

    def test_without_invitations_no_letter_leaves(self, client, bia):
        path = client.post("/organizacao/pessoas/importar/", {"file": a_list("Rita;rita@acme.example")})["Location"]
        client.post(path, {})

        tasks.apply_people_import(import_id=PeopleImport.objects.get().pk)

        assert User.objects.filter(email="rita@acme.example").exists()
        assert not letters_to("rita@acme.example")

    @pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", "só uma coluna\nx".encode()])
    def test_names_what_is_wrong_with_a_file(self, client, bia, content):
        answer = client.post("/organizacao/pessoas/importar/", {"file": SimpleUploadedFile("lista.xlsx", content)})

        assert answer.status_code == 422
        assert "error-summary" in answer.text

    @pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", "\uff1d1+1", " =1", "'=1"])
    def test_case_130_what_is_given_back_is_no_formula(self, client, bia, name):
        path = client.post("/organizacao/pessoas/importar/", {"file": a_list(f'"{name}";fora@gmail.com')})["Location"]

        rows = client.get(f"{path}recusadas.csv").content.decode("utf-8-sig").splitlines()

        assert rows[1].lstrip('"').startswith("'")

    def test_gives_back_what_each_line_said(self, client, bia):
        sent = SimpleUploadedFile(
            "lista.csv",
            b"nome;e-mail;telefone;alcance;papel\nRita;fora@gmail.com;+55 11 4000-0000;a unidade;administra\n"
            b"Rui;rui@acme.example;;tudo e mais;",
        )
        path = client.post("/organizacao/pessoas/importar/", {"file": sent})["Location"]

        rows = spreadsheets.read(client.get(f"{path}recusadas.csv").content)

        assert rows[1][:6] == ["Rita", "fora@gmail.com", "+55 11 4000-0000", "", "A unidade", "Administra o portal"]
        assert rows[2][:6] == ["Rui", "rui@acme.example", "", "", "tudo e mais", ""]

    def test_somebody_elses_list_does_not_exist(self, client, bia, acme):
        path = client.post("/organizacao/pessoas/importar/", {"file": a_list("Rita;rita@acme.example")})["Location"]
        other = make_membership(is_portal_administrator=True).user
        colleague = make_membership(organization=acme, is_portal_administrator=True).user

        assert [as_(user).get(path).status_code for user in (other, colleague)] == [404, 404]


class TestSwitch:
    def test_changes_what_the_header_names(self, client, bia):
        second = make_membership(user=bia, organization=make_organization(name="Segunda"))

        client.post("/organizacao/trocar/", {"membership": second.pk})

        assert client.get("/organizacao/pessoas/").status_code == 403  # not an administrator there
        assert "Segunda" in client.get("/perfil/").text

    def test_case_029_is_among_ones_own(self, client, bia):
        make_membership(user=bia)

        assert client.post("/organizacao/trocar/", {"membership": make_membership().pk}).status_code == 403

    def test_is_skipped_with_one(self, client, bia):
        assert client.get("/organizacao/trocar/")["Location"] == "/"
