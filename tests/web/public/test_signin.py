import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client, override_settings
from django.utils import timezone

from guiche.accounts.models import Session
from guiche.audit.models import Entry
from guiche.installation.models import Installation, forget
from guiche.organizations.models import Membership
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.organizations import make_membership
from tests.letters_sent import letters_to

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def bruno():
    return make_membership(user=make_user(name="Bruno Lima", email="bruno@acme.example")).user


@pytest.fixture
def ana():
    return make_user(name="Ana", roles=["agent"], email="ana@lume.example")


def sign_in(client, user, password=PASSWORD, **values):
    return client.post("/entrar/", {"email": user.email, "password": password, "remember": "on", **values})


def with_app(user):
    """Give `user` a code app, and return the code of now."""
    totp.TOTP.activate(user, SECRET)
    return code_at(time.time())


def code_at(moment):
    return totp.format_hotp_value(totp.hotp_value(SECRET, int(moment) // 30))


class TestSignIn:
    def test_lets_in_and_says_whose_session_it_is(self, client, bruno):
        answer = sign_in(client, bruno, "picote-canhoto-2026")

        session = Session.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert (session.user, session.address) == (bruno, "127.0.0.1")
        assert Entry.objects.filter(act="person.signed_in", actor=bruno).exists()

    def test_goes_where_the_person_wanted_only_on_this_site(self, client, bruno):
        assert sign_in(client, bruno, next="/chamados/")["Location"] == "/chamados/"
        client.post("/sair/")
        assert sign_in(client, bruno, next="//evil.example/")["Location"] == "/"

    def test_a_wrong_pair_keeps_the_e_mail_and_never_the_password(self, client, bruno):
        answer = sign_in(client, bruno, "errada-errada")

        assert answer.status_code == 422
        assert "bruno@acme.example" in answer.text
        assert "errada-errada" not in answer.text
        assert "E-mail ou senha não conferem" in answer.text

    def test_case_010_says_the_same_of_an_address_that_nobody_has(self, client, bruno):
        texts = []
        for address in ("bruno@acme.example", "ninguem@acme.example"):
            answer = client.post("/entrar/", {"email": address, "password": "errada-errada"})
            texts.append((answer.status_code, _comparable(answer.text, address)))

        assert texts[0] == texts[1]

    def test_case_013_the_hash_is_not_the_password(self, client, bruno):
        assert sign_in(client, bruno, bruno.password).status_code == 422

    @pytest.mark.parametrize("address", ["*)(uid=*", "' OR 1=1 --", "bruno@acme.example\x00", "a" * 300])
    def test_case_022_odd_addresses_are_only_wrong(self, client, address):
        assert client.post("/entrar/", {"email": address, "password": PASSWORD}).status_code == 422

    def test_five_wrong_ones_pause_for_15_minutes_whoever_it_is(self, client, bruno):
        for address in ("bruno@acme.example", "ninguem@acme.example"):
            for _ in range(5):
                client.post("/entrar/", {"email": address, "password": "errada-errada"})
            answer = client.post("/entrar/", {"email": address.upper(), "password": PASSWORD})
            assert answer.status_code == 429
            assert "Pausamos as tentativas" in answer.text
        assert not Session.objects.filter(user=bruno).exists()

    def test_a_right_one_is_not_counted(self, client, bruno):
        for _ in range(7):
            assert sign_in(client, bruno).status_code == 302
            client.post("/sair/")

    def test_case_152_a_header_does_not_change_the_network(self, client, bruno):
        for number in range(70):
            client.post(
                "/entrar/",
                {"email": f"p{number}@acme.example", "password": "errada"},
                headers={"x-forwarded-for": f"198.51.100.{number}"},
            )

        assert sign_in(client, bruno).status_code == 429

    @override_settings(TRUSTED_PROXIES=1)
    def test_case_119_behind_our_proxy_its_word_counts_and_what_stands_before_does_not(self, client, bruno):
        client.post(
            "/entrar/",
            {"email": bruno.email, "password": PASSWORD},
            headers={"x-forwarded-for": "1.2.3.4, 198.51.100.7"},
        )

        assert Session.objects.get().address == "198.51.100.7"

    @pytest.mark.parametrize("header", ["X-Forwarded-User", "Remote-User", "X-Auth-User", "X-Remote-User"])
    def test_case_008_no_header_signs_anybody_in(self, client, bruno, header):
        answer = client.get("/perfil/", headers={header: bruno.email})

        assert answer.status_code == 302
        assert answer["Location"].startswith("/entrar/")

    def test_without_an_organisation_there_is_no_way_in(self, client, bruno):
        Membership.objects.update(is_active=False)

        answer = sign_in(client, bruno)

        assert answer.status_code == 403
        assert not Session.objects.filter(user=bruno).exists()

    def test_keep_me_decides_the_life_of_the_cookie(self, client, bruno):
        kept = sign_in(client, bruno)
        client.post("/sair/")
        brief = client.post("/entrar/", {"email": bruno.email, "password": PASSWORD})

        assert kept.cookies["guiche"]["max-age"] == 14 * 24 * 3600
        assert brief.cookies["guiche"]["max-age"] == ""


class TestSession:
    def test_case_158_the_key_and_the_csrf_secret_are_new(self, client, bruno):
        client.get("/entrar/")
        planted = client.session
        planted["x"] = 1
        planted.save()
        client.cookies["guiche"] = planted.session_key
        before = client.cookies["guiche-csrf"].value

        sign_in(client, bruno)

        assert client.cookies["guiche"].value != planted.session_key
        assert client.cookies["guiche-csrf"].value != before
        assert not Session.objects.filter(session_key=planted.session_key).exists()

    def test_case_160_signing_out_ends_it_at_once(self, client, bruno):
        sign_in(client, bruno)
        key = client.cookies["guiche"].value

        assert client.get("/sair/").status_code == 405
        client.post("/sair/")

        again = Client()
        again.cookies["guiche"] = key
        assert again.get("/perfil/").status_code == 302

    def test_case_160_lost_access_ends_at_the_next_request(self, client, bruno):
        sign_in(client, bruno)
        Membership.objects.update(is_active=False)

        assert client.get("/perfil/").status_code == 302

    @pytest.mark.parametrize(
        ("who", "idle", "still"),
        [
            ("bruno", timedelta(hours=11), True),
            ("bruno", timedelta(hours=13), False),
            ("ana", timedelta(minutes=29), True),
            ("ana", timedelta(minutes=31), False),
        ],
    )
    def test_case_161_is_over_when_nothing_is_done(self, client, request, who, idle, still, monkeypatch):
        sign_in(client, request.getfixturevalue(who))
        later = timezone.now() + idle

        monkeypatch.setattr("django.utils.timezone.now", lambda: later)

        assert (client.get("/perfil/").status_code == 200) is still

    def test_case_161_is_over_in_the_end_though_it_is_used(self, client, ana, monkeypatch):
        sign_in(client, ana)
        start = timezone.now()

        for minutes in range(20, 13 * 60, 20):
            moment = start + timedelta(minutes=minutes)
            monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
            status = client.get("/perfil/").status_code
            assert (status == 200) is (minutes < 12 * 60)

    def test_case_161_what_the_page_asks_by_itself_keeps_nothing_awake(self, client, ana, monkeypatch):
        sign_in(client, ana)
        start = timezone.now()

        for minutes in (20, 40):
            monkeypatch.setattr("django.utils.timezone.now", lambda now=start + timedelta(minutes=minutes): now)
            answer = client.get("/notificacoes/contagem/")

        assert answer.status_code == 302

    def test_case_161_a_new_device_is_told(self, bruno):
        first, second = Client(), Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
        sign_in(first, bruno)
        first.post("/sair/")
        sign_in(first, bruno)
        assert not letters_to(bruno.email)

        sign_in(second, bruno)

        letter = letters_to(bruno.email)[0]
        assert "Firefox, Windows" in letter.text
        assert not letter.secret


class TestSecondStep:
    def test_case_014_the_password_alone_opens_nothing(self, client, bruno):
        with_app(bruno)

        answer = sign_in(client, bruno)

        assert answer["Location"] == "/entrar/segundo-fator/"
        assert client.get("/perfil/").status_code == 302
        assert not Session.objects.filter(user=bruno).exists()

    def test_the_code_opens(self, client, bruno):
        code = with_app(bruno)
        sign_in(client, bruno)

        answer = client.post("/entrar/segundo-fator/", {"code": code})

        assert answer.status_code == 302
        assert client.get("/perfil/").status_code == 200

    def test_case_016_a_code_works_once(self, bruno):
        code = with_app(bruno)
        for client, status in ((Client(), 302), (Client(), 422)):
            sign_in(client, bruno)
            assert client.post("/entrar/segundo-fator/", {"code": code}).status_code == status

    @pytest.mark.parametrize("spelt", ["{}", " {} ", "halves"])
    def test_case_016_a_code_is_used_up_for_as_long_as_it_would_be_right(self, bruno, spelt):
        code = with_app(bruno)
        sign_in(first := Client(), bruno)
        assert first.post("/entrar/segundo-fator/", {"code": code}).status_code == 302
        cache.clear()  # what the library remembers for 30 seconds

        sign_in(second := Client(), bruno)
        again = f"{code[:3]} {code[3:]}" if spelt == "halves" else spelt.format(code)
        assert second.post("/entrar/segundo-fator/", {"code": again}).status_code == 422

    def test_case_016_nor_does_a_used_one_confirm(self, client, bruno):
        code = with_app(bruno)
        sign_in(client, bruno)
        client.post("/entrar/segundo-fator/", {"code": code})
        cache.clear()

        assert client.post("/perfil/seguranca/confirmar/codigo/", {"code": code}).status_code == 422

    def test_case_016_a_code_of_another_time_does_not(self, client, bruno):
        with_app(bruno)
        sign_in(client, bruno)

        assert client.post("/entrar/segundo-fator/", {"code": code_at(time.time() - 95)}).status_code == 422

    def test_case_016_five_wrong_ones_close_the_door(self, client, bruno):
        code = with_app(bruno)
        sign_in(client, bruno)
        for number in range(5):
            client.post("/entrar/segundo-fator/", {"code": f"00000{number}"})

        answer = client.post("/entrar/segundo-fator/", {"code": code})

        assert answer.status_code == 422
        assert "Tentativas demais" in answer.text

    def test_a_reserve_code_opens_once(self, bruno):
        with_app(bruno)
        code = RecoveryCodes.activate(bruno).get_unused_codes()[0]
        for client, status in ((Client(), 302), (Client(), 422)):
            sign_in(client, bruno)
            assert client.post("/entrar/segundo-fator/", {"code": code}).status_code == status

    def test_the_secret_is_not_readable_in_the_table(self, bruno):
        from allauth.mfa.adapter import get_adapter

        totp.TOTP.activate(bruno, get_adapter().encrypt(SECRET))

        assert SECRET not in str(Authenticator.objects.values_list("data", flat=True))

    @pytest.mark.parametrize("path", ["/mesa/", "/perfil/", "/notificacoes/", "/"])
    def test_case_014_staff_enrol_before_any_door_opens(self, client, path):
        Installation.objects.update_or_create(pk=1, defaults={"staff_second_factor": True})
        forget()
        ana = make_user(roles=["agent", "administrator"])
        sign_in(client, ana)

        answer = client.get(path)

        assert (answer.status_code, answer["Location"]) == (302, "/perfil/seguranca/")
        assert client.get("/perfil/seguranca/").status_code == 200
        forget()

    def test_case_014_contacts_are_not_asked(self, client, bruno):
        Installation.objects.update_or_create(pk=1, defaults={"staff_second_factor": True})
        forget()
        sign_in(client, bruno)

        assert client.get("/perfil/").status_code == 200
        forget()


class TestForms:
    def test_case_115_without_its_token_nothing_is_posted(self, bruno):
        client = Client(enforce_csrf_checks=True)
        client.force_login(bruno)

        for path in ("/entrar/", "/sair/", "/senha/", "/perfil/", "/perfil/senha/", "/perfil/sessoes/", "/cadastro/"):
            for values in ({}, {"csrfmiddlewaretoken": "x" * 64}):
                assert client.post(path, values).status_code == 403

    def test_case_118_no_origin_is_let_in(self, client):
        answer = client.get("/entrar/", headers={"origin": "https://evil.example"})

        assert "Access-Control-Allow-Origin" not in answer

    @pytest.mark.parametrize("path", ["/entrar/", "/senha/", "/cadastro/", "/primeiro-acesso/x/", "/privacidade/"])
    def test_case_121_the_policy_allows_nothing_inline(self, client, path):
        answer = client.get(path)

        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert not re.search(r"<[^>]+\son\w+=|<script(?![^>]*src=)|\sstyle=", answer.text)

    def test_case_122_other_methods_are_refused_alike(self, client):
        for method in ("put", "delete", "patch", "trace"):
            assert getattr(client, method)("/entrar/").status_code == 405


def _comparable(text, address):
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    return text.replace(address, "ADDRESS")
