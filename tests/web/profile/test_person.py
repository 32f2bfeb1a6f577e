import io
import time
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from guiche.accounts.actions import people
from guiche.accounts.models import Session, User
from guiche.installation.models import Installation, forget
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.organizations import make_membership, make_organization
from tests.letters_sent import letters_to
from tests.web.public.test_signin import sign_in

pytestmark = pytest.mark.django_db
HIDDEN = """
    roles is_active is_staff is_superuser permissions email email_verified password organization organizations
    memberships reach site is_portal_administrator id pk last_area merged_into created_at deactivated_at
    password_changed_at search_key teams groups UserID user photo photo_id last_login access_links sessions
    date_joined username role admin works_here at_the_desk user_permissions theme__class phone__exact
""".split()  # noqa: SIM905  # reads better so


@pytest.fixture
def bruno():
    return make_membership(user=make_user(name="Bruno Lima", email="bruno@acme.example")).user


@pytest.fixture
def inside(client, bruno):
    sign_in(client, bruno)
    return client


def picture(kind="PNG", size=(600, 300)):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "CAMERA-CANARY"
    Image.new("RGB", size, "teal").save(out, kind, exif=exif)
    return SimpleUploadedFile("eu.png", out.getvalue(), content_type="image/png")


class TestData:
    fields = {"name": "Bruno Souza", "phone": "(11) 4000-0000", "language": "pt-br", "time_zone": "America/Manaus"}

    def test_are_saved(self, inside, bruno):
        assert inside.post("/perfil/", self.fields).status_code == 302

        bruno.refresh_from_db()
        assert (bruno.name, bruno.phone, bruno.time_zone) == ("Bruno Souza", "(11) 4000-0000", "America/Manaus")

    def test_are_kept_as_typed_when_refused(self, inside):
        answer = inside.post("/perfil/", {**self.fields, "name": "", "phone": "(11) 98765-4321"})

        assert answer.status_code == 422
        assert "(11) 98765-4321" in answer.text
        assert "Escreva o nome completo" in answer.text
        assert "<title>Erro: " in answer.text

    def test_case_143_nothing_else_is_written(self, inside, bruno):
        before = User.objects.filter(pk=bruno.pk).values().get()

        inside.post("/perfil/", {**self.fields, **dict.fromkeys(HIDDEN, "1")})
        inside.post("/perfil/aparencia/", {"theme": "dark", **dict.fromkeys(HIDDEN, "1")})

        after = User.objects.filter(pk=bruno.pk).values().get()
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {"name", "phone", "time_zone", "search_key", "theme"}

    def test_keys_are_offered_where_there_are_some(self, client, ana):
        client.force_login(ana)
        page = client.get("/perfil/aparencia/").text
        client.post("/perfil/aparencia/", {"theme": "dark"})
        ana.refresh_from_db()

        assert "has_shortcuts" in page
        assert (ana.theme, ana.has_shortcuts) == ("dark", False)

    def test_keys_are_not_offered_to_customers_nor_switched_off(self, inside, bruno):
        page = inside.get("/perfil/aparencia/").text
        inside.post("/perfil/aparencia/", {"theme": "dark"})
        bruno.refresh_from_db()

        assert "has_shortcuts" not in page
        assert (bruno.theme, bruno.has_shortcuts) == ("dark", True)

    def test_case_145_who_may_change_their_name_does_not_change_their_address(self, inside, bruno):
        inside.post("/perfil/", {**self.fields, "email": "tomado@acme.example"})

        bruno.refresh_from_db()
        assert bruno.email == "bruno@acme.example"

    @pytest.mark.parametrize("path", ["", "foto/", "senha/", "seguranca/", "sessoes/", "aparencia/"])
    def test_are_for_who_signed_in(self, client, path):
        answer = client.get(f"/perfil/{path}")

        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/entrar/")


class TestPhoto:
    def test_is_a_clean_square(self, inside, bruno):
        assert inside.post("/perfil/foto/", {"photo": picture("JPEG")}).status_code == 302

        answer = inside.get(f"/pessoas/{bruno.pk}/foto/")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert Image.open(io.BytesIO(content)).size == (256, 256)
        assert b"CANARY" not in content

    def test_says_what_is_wrong_with_the_file(self, inside):
        answer = inside.post("/perfil/foto/", {"photo": SimpleUploadedFile("eu.svg", b"<svg onload=alert(1)>")})

        assert answer.status_code == 422
        assert "eu.svg" in answer.text

    def test_is_taken_away(self, inside, bruno):
        inside.post("/perfil/foto/", {"photo": picture()})
        inside.post("/perfil/foto/", {"remove": "1"})

        bruno.refresh_from_db()
        assert bruno.photo is None

    def test_of_another_company_does_not_exist(self, inside, bruno):
        inside.post("/perfil/foto/", {"photo": picture()})
        carla, colleague = (
            make_membership().user,
            make_membership(organization=bruno.memberships.get().organization).user,
        )

        seen = {}
        for name, user in (("carla", carla), ("colleague", colleague), ("ana", make_user(roles=["agent"]))):
            browser = Client()
            browser.force_login(user)
            seen[name] = browser.get(f"/pessoas/{bruno.pk}/foto/").status_code
        assert seen == {"carla": 404, "colleague": 200, "ana": 200}


class TestPassword:
    def test_changes_and_keeps_this_session_alone(self, inside, bruno):
        other = Client()
        sign_in(other, bruno)

        answer = inside.post("/perfil/senha/", {"old": PASSWORD, "new": "outra frase bem longa"})

        assert answer.status_code == 302
        assert inside.get("/perfil/").status_code == 200
        assert other.get("/perfil/").status_code == 302
        assert any("senha foi trocada" in mail.subject for mail in letters_to(bruno.email))

    def test_shows_no_password_again(self, inside):
        answer = inside.post("/perfil/senha/", {"old": "errada-errada", "new": "outra frase bem longa"})

        assert answer.status_code == 422
        assert "errada-errada" not in answer.text
        assert "outra frase" not in answer.text


class TestSessions:
    def test_one_is_ended(self, inside, bruno):
        other = Client(headers={"user-agent": "Mozilla/5.0 (Android 16) Chrome/140.0"})
        sign_in(other, bruno)
        page = inside.get("/perfil/sessoes/").text
        identifier = page.split('name="session" value="')[1].split('"')[0]

        assert "Chrome, Android" in page
        inside.post("/perfil/sessoes/", {"session": identifier})

        assert other.get("/perfil/").status_code == 302
        assert inside.get("/perfil/").status_code == 200

    def test_the_keys_are_not_on_the_page(self, inside, bruno):
        sign_in(Client(), bruno)

        page = inside.get("/perfil/sessoes/").text

        assert not any(key in page for key in Session.objects.values_list("session_key", flat=True))

    def test_those_of_others_stay(self, inside):
        stranger = Client()
        carla = make_membership().user
        sign_in(stranger, carla)
        from guiche.accounts.sessions import public_id

        key = Session.objects.get(user=carla).session_key
        inside.post("/perfil/sessoes/", {"session": public_id(key)})
        inside.post("/perfil/sessoes/")

        assert stranger.get("/perfil/").status_code == 200


class TestSecondFactor:
    def enrol(self, client):
        from allauth.mfa.totp.internal import auth as totp

        client.get("/perfil/seguranca/aplicativo/")
        secret = client.session[totp.SECRET_SESSION_KEY]
        code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
        return client.post("/perfil/seguranca/aplicativo/", {"code": code})

    def test_an_app_is_added_with_reserve_codes_and_a_letter(self, inside, bruno, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            answer = self.enrol(inside)

        codes = inside.get(answer["Location"]).text
        assert codes.count("<li><code>") == 10
        assert Authenticator.objects.filter(user=bruno, type="totp").exists()
        assert any("segundo fator" in mail.subject for mail in letters_to(bruno.email))

    def test_a_wrong_code_adds_nothing(self, inside, bruno):
        inside.get("/perfil/seguranca/aplicativo/")

        assert inside.post("/perfil/seguranca/aplicativo/", {"code": "000000"}).status_code == 422
        assert not Authenticator.objects.exists()

    def test_later_it_asks_who_it_is(self, inside, bruno):
        later = time.time() + 600

        with mock.patch("time.time", return_value=later):
            answer = inside.get("/perfil/seguranca/aplicativo/")
            assert answer["Location"].startswith("/perfil/seguranca/confirmar/")
            assert inside.post(answer["Location"], {"password": "errada-errada"}).status_code == 422
            assert inside.post(answer["Location"], {"password": PASSWORD}).status_code == 302
            assert inside.get("/perfil/seguranca/aplicativo/").status_code == 200

    def test_the_last_one_stays_where_it_is_required(self, client, django_capture_on_commit_callbacks):
        ana = make_user(roles=["agent"])
        sign_in(client, ana)
        self.enrol(client)
        Installation.objects.update_or_create(pk=1, defaults={"staff_second_factor": True})
        forget()

        answer = client.post("/perfil/seguranca/aplicativo/remover/")

        assert answer.status_code == 422
        assert Authenticator.objects.filter(user=ana, type="totp").exists()
        forget()

    def test_it_is_taken_away(self, inside, bruno):
        self.enrol(inside)

        inside.post("/perfil/seguranca/aplicativo/remover/")

        assert not Authenticator.objects.exists()

    @pytest.mark.parametrize(
        "path", ["chaves/nova/", "codigos/", "codigos/novos/", "aplicativo/remover/", "confirmar/"]
    )
    def test_its_pages_open(self, inside, path):
        self.enrol(inside)

        assert inside.get(f"/perfil/seguranca/{path}").status_code == 200


def test_case_160_a_role_that_was_taken_ends_the_session(client):
    ana = make_user(roles=["agent", "supervisor"])
    sign_in(client, ana)
    from django.utils import timezone

    people.grant_roles(ana, ["agent"], by=make_user(roles=["administrator"]), at=timezone.now())

    assert client.get("/perfil/").status_code == 302


def test_a_person_of_two_companies_sees_both(client):
    bruno = make_membership().user
    make_membership(user=bruno, organization=make_organization(name="Segunda"))
    sign_in(client, bruno)

    assert "Segunda" in client.get("/organizacao/trocar/").text
